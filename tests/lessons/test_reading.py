"""A lesson's file: what is read of it, and how its faults are named."""

import re
from pathlib import Path

import pytest

from cnnviz.lessons import files
from cnnviz.lessons.facts import starts
from cnnviz.lessons.lesson import Asked, Do, Lesson, Predict, Transfer
from cnnviz.lessons.reading import LARGEST_FILE, course, language_of, own_lessons, read
from cnnviz.lessons.sheet import sheet

GOOD = """
title = "Flip, slide, multiply, add"
minutes = 4
about = "How a filter makes one row of numbers of another."

[notes]
aim = "Compute a convolution by hand."
likely = ["The flip is forgotten."]
room = "Why has the result more numbers than the signal?"

[[step]]
kind = "predict"
page = "convolution_1d"
set_up = { signal = "3,2,1,0", filter = "1,0,-1" }
ask = "What is the third result?"
let = { y = "convolve([3, 2, 1, 0], [1, 0, -1])", z = "cross_correlate([3, 2, 1, 0], [1, 0, -1])" }
answer = "y[2]"
wrong = [
  { when = "given == z[2]", say = "{given} is what comes without the flip." },
  { say = "It is {y[2]}." },
]
why = "3 times −1 and 1 times 1 are {y[2]}."

[[step]]
kind = "do"
page = "convolution_1d"
words = "A stride leaves results out."
do = "Set the stride to 2."
until = "line.stride == 2"
missing = [{ say = "The stride is {line.stride}." }]
done = "Left are {line.results}."

[[step]]
kind = "transfer"
open = false
vary = { a = { least = 1, most = 9, count = 3 }, b = { of = [2, 3] } }
let = { y = "convolve(a, [b])" }
where = "y[0] != y[1]"
ask = "{a} by {b}?"
choices = ["{y[1]}", "{y[0]}"]
answer = "1"
wrong = [{ say = "No: {given} is the second." }]
why = "Each sample is multiplied."
"""


def lesson(folder: Path, text: str = GOOD) -> Lesson:
    path = folder / "02-slide.toml"
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_a_question_is_asked_answered_and_its_wrong_answers_explained(tmp_path: Path) -> None:
    step = lesson(tmp_path).steps[0]
    assert isinstance(step, Predict)
    asked = step.asked(0, starts())
    assert asked.answer == -2
    assert asked.right(-2)
    assert not asked.right(2)
    assert asked.reason(2) == "2 is what comes without the flip."
    assert asked.reason(5) == "It is −2."
    assert asked.why == "3 times −1 and 1 times 1 are −2."


def test_a_task_says_what_is_missing_until_it_is_done(tmp_path: Path) -> None:
    step = lesson(tmp_path).steps[1]
    assert isinstance(step, Do)
    facts = starts()
    assert step.left(facts) == "The stride is 1."
    facts |= {"line.stride": 2, "line.results": [3, -2, -1]}
    assert step.left(facts) is None
    assert step.done.filled(facts) == "Left are 3, −2, −1."


def test_a_question_differs_by_its_seed_and_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    step = lesson(tmp_path).steps[2]
    assert isinstance(step, Transfer)
    asked = [step.asked(seed, starts()) for seed in range(20)]
    assert len({each.text for each in asked}) > 15
    assert asked[4].text == step.asked(4, starts()).text
    assert asked[4].choices == step.asked(4, starts()).choices
    assert {str(each.answer) for each in asked} == {
        "0",
        "1",
    }  # choices aren't always in the same order
    for each in asked:
        right, wrong = each.answer, 1 - int(str(each.answer))
        assert isinstance(right, int)
        assert each.choices[right] == str(each.names["y"][0])
        assert each.right(right)
        assert not each.right(wrong)
        assert each.reason(wrong) == f"No: {each.choices[wrong]} is the second."


@pytest.mark.parametrize(
    ("found", "instead", "said"),
    [
        ("minutes = 4", "minutes = 9", "minutes: Input should be less than or equal to 5"),
        ('title = "Flip, slide, multiply, add"', "", "title: Field required"),
        ('answer = "y[2]"', 'answer = "x[2]"', "step 1: answer: “x[2]”: there is no x"),
        ('"line.stride == 2"', '"line.strid == 2"', "step 2: until: “line.strid == 2”: there is"),
        ('kind = "do"', 'kind = "go"', "step 2: Input tag 'go'"),
        ("open = false", "opened = false", "step 3, opened: Extra inputs"),
        ("{y[0]}", "{y[0}", "step 3, choices 2:"),
        ('when = "given == z[2]", say = "{given}', 'say = "{', "step 1, wrong 1, say:"),
        ('{ say = "It is {y[2]}." },', "", "step 1: wrong: the last one needs to fit always"),
        ('page = "convolution_1d"', 'page = "convolution"', "step 1, page: Input should be"),
        ('z = "cross', 'line = "1", z = "cross', None),
        ('z = "cross', 'max = "1", z = "cross', "step 1: let: 'max' can't be a name"),
        ("[notes]", "[note]", "notes: Field required"),
        ("minutes = 4", "minutes = ", "isn't TOML"),
    ],
)
def test_a_fault_is_named_by_file_step_and_field(
    found: str, instead: str, said: str | None, tmp_path: Path
) -> None:
    assert found in GOOD
    if said is None:
        lesson(tmp_path, GOOD.replace(found, instead, 1))
        return
    with pytest.raises(ValueError, match=r"^02-slide\.toml: ") as refused:
        lesson(tmp_path, GOOD.replace(found, instead, 1))
    assert said in str(refused.value)


def test_each_fault_has_a_line(tmp_path: Path) -> None:
    text = GOOD.replace("minutes = 4", "minutes = 9").replace("y[2]", "q[2]")
    with pytest.raises(ValueError, match="minutes") as refused:
        lesson(tmp_path, text)
    assert len(str(refused.value).splitlines()) > 1


def test_a_condition_that_no_draw_meets_is_told(tmp_path: Path) -> None:
    step = lesson(tmp_path, GOOD.replace('"y[0] != y[1]"', '"b == 4"')).steps[2]
    assert isinstance(step, Transfer)
    with pytest.raises(ValueError, match=r"where: .* held in none of"):
        step.drawn(0, starts())


def test_choices_that_are_alike_are_told(tmp_path: Path) -> None:
    step = lesson(tmp_path, GOOD.replace("{y[1]}", "{y[0]}", 1)).steps[2]
    assert isinstance(step, Transfer)
    with pytest.raises(ValueError, match="two are alike"):
        step.asked(0, starts())


def test_a_file_that_is_too_large_or_isnt_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"02-slide\.toml: must have at most"):
        lesson(tmp_path, GOOD + "#" * LARGEST_FILE)
    with pytest.raises(ValueError, match=r"gone\.toml: can't be read"):
        read(tmp_path / "gone.toml")


def test_the_browsers_language_is_taken_where_there_are_lessons_in_it() -> None:
    assert [language_of(each) for each in ("de-AT", "de", "en-GB", "fr", "", None)] == [
        *("de", "de", "en", "en", "en", "en")
    ]
    assert list(course("de")) == list(course())


PICTURE = """
picture = "p"
answer = "place_of_largest(p)"
let = { p = "[[0, 5, 1], [2, 0, 4]]" }
"""


def with_a_picture(tmp_path: Path, written: str = PICTURE) -> Lesson:
    old = 'answer = "y[2]"'
    before, after = GOOD.split(old, 1)
    head, _, rest = before.rpartition("let = ")
    text = f"{head}{written}{rest.partition(chr(10))[2]}{after}"
    return lesson(tmp_path, text.replace("z[2]", "p[0]").replace("{y[2]}", "{p[0][1]}"))


def asked_in(tmp_path: Path, written: str) -> Asked:
    step = with_a_picture(tmp_path, written).steps[0]
    assert isinstance(step, Predict)
    return step.asked(0, starts())


def test_a_place_is_answered_in_a_picture_within_so_many_rows_and_columns(tmp_path: Path) -> None:
    asked = asked_in(tmp_path, PICTURE)
    assert asked.picture == [[0, 5, 1], [2, 0, 4]]
    assert asked.answer == [0, 1]
    assert [asked.right(place) for place in ([0, 1], [0, 2], [1, 1])] == [True, False, False]
    assert all(map(asked.may_be, ([0, 0], [1, 2])))
    assert not any(map(asked.may_be, ([2, 0], [0, 3], [-1, 0], [0], [0, 1, 0], 1, 0.5)))
    assert asked_in(tmp_path, PICTURE + "tolerance = 1\n").right([1, 2])
    printed = sheet(with_a_picture(tmp_path), 1, answers=False)
    assert "<tr><td>2</td><td>0</td><td>4</td></tr>" in printed


@pytest.mark.parametrize(
    ("found", "instead", "said"),
    [
        ('"place_of_largest(p)"', '"5"', "answer: 5 isn't a place"),
        ('"place_of_largest(p)"', '"[2, 0]"', "answer: [2, 0] isn't a place"),
        ('picture = "p"', 'picture = "p[0]"', "picture: 'p[0]' isn't rows of numbers"),
        ('picture = "p"\n', "", "answer: [0, 1] is no number"),
        ('picture = "p"', 'picture = "p"\nchoices = ["a", "b"]', "picture: an answer is one of"),
        ("let", 'colours = "red"\nlet', "colours: Input should be 'signed' or 'ink'"),
    ],
)
def test_a_picture_that_cannot_be_answered_in_is_told(
    found: str, instead: str, said: str, tmp_path: Path
) -> None:
    assert found in PICTURE
    with pytest.raises(ValueError, match=re.escape(said)):
        asked_in(tmp_path, PICTURE.replace(found, instead, 1))


def test_lessons_of_ones_own_that_are_too_many_are_told_of_with_their_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(files.OWN, str(tmp_path))
    for number in range(files.MOST_OWN):
        (tmp_path / f"ours-{number:03}.toml").write_text(GOOD, encoding="utf-8")
    found, faults = own_lessons()
    assert (len(found), faults) == (files.MOST_OWN, [])
    for name in ("zz-a", "zz-b", "aa"):
        (tmp_path / f"{name}.toml").write_text(GOOD, encoding="utf-8")
    found, faults = own_lessons()
    assert list(found)[::99] == ["aa", "ours-098"]
    assert faults == [
        "CNNVIZ_LESSONS names a folder of 103 lessons: there may be 100, so the last 3 by their "
        "names are left out"
    ]


def test_a_folder_of_ones_own_adds_lessons_and_leaves_out_what_has_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = list(course())
    assert files.names() == shipped
    assert own_lessons() == ({}, [])
    monkeypatch.setenv(files.OWN, str(tmp_path / "none"))
    assert list(course()) == shipped
    said = "CNNVIZ_LESSONS names no folder: there are no lessons of one's own"
    assert own_lessons() == ({}, [said])
    monkeypatch.setenv(files.OWN, str(tmp_path))
    (tmp_path / "de").mkdir()
    (tmp_path / "ours.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "de" / "ours.toml").write_text(GOOD.replace("Flip", "Umdrehen"), encoding="utf-8")
    (tmp_path / "de" / "nur.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.toml").write_text(GOOD.replace("minutes = 4", "minutes = 9"), encoding="utf-8")
    (tmp_path / "a b.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / f"{shipped[0]}.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / files.BANK).write_text("", encoding="utf-8")

    assert list(course()) == [*shipped, "nur", "ours"]
    assert course()["ours"].title.startswith("Flip")
    assert (course("de")["ours"].title[:8], course("de")["ours"].language) == ("Umdrehen", "de")
    assert course()["nur"].language == "de"
    found, faults = own_lessons()
    assert list(found) == ["nur", "ours"]
    for said in ("bad.toml: minutes: ", "a b.toml: must be called", "is what a lesson that comes"):
        assert sum(said in fault for fault in faults) == 1
    assert set(files.names()) >= {"nur", "ours"}

    # Read again once it has been changed.
    (tmp_path / "ours.toml").write_text(GOOD.replace("Flip", "Turn it"), encoding="utf-8")
    assert course()["ours"].title.startswith("Turn it")
