"""The shipped lessons and questions: all of them can be asked, and their answers are torch's."""

import contextlib
import csv
import io
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnnviz.lessons import check, files, reading
from cnnviz.lessons.answers import number_in
from cnnviz.lessons.expressions import Expression
from cnnviz.lessons.facts import starts
from cnnviz.lessons.lesson import Asked, BankQuestion, Do, Lesson, Look, Predict, Transfer
from cnnviz.lessons.sheet import sheet
from cnnviz.lessons.words import WORDS

SEEDS = range(12)
ENGLISH = reading.course()
BANK = reading.bank()
QUESTIONS = [
    *(
        pytest.param(step, id=f"{name}-{number}")
        for name, lesson in ENGLISH.items()
        for number, step in enumerate(lesson.steps, 1)
        if isinstance(step, Predict | Transfer)
    ),
    *(pytest.param(each, id=f"bank-{number}") for number, each in enumerate(BANK, 1)),
]


# Numbers that somebody may give.
COMMON = [*range(-80, 1300), *(n / 1000 for n in range(-2000, 2000))]


def wrong_answers(asked: Asked) -> list[float] | list[list[int]]:
    """What somebody may say who doesn't know."""
    if asked.picture is not None:
        return [place for place in places(asked.picture) if not asked.right(place)]
    if asked.choices:
        return [place for place in range(len(asked.choices)) if place != asked.answer]
    assert isinstance(asked.answer, int | float)
    apart = 2 * asked.question.tolerance + 1
    return [asked.answer + apart, asked.answer - apart, -asked.answer - apart, 12345.5]


def places(picture: list[list[float]]) -> list[list[int]]:
    return [[row, column] for row in range(len(picture)) for column in range(len(picture[0]))]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_can_be_asked_with_any_numbers(
    question: Predict | Transfer | BankQuestion,
) -> None:
    asked = [question.asked(seed, starts()) for seed in SEEDS]
    for each in asked:
        assert not isinstance(each.answer, str)
        assert each.right(each.answer)  # pyright: ignore[reportArgumentType]
        assert each.why
        for wrong in wrong_answers(each):
            assert not each.right(wrong)
            assert each.reason(wrong)
        told = [each.text, each.why, *each.choices]
        assert not any(character in text for text in told for character in "{}")
    if question.vary:
        assert len({each.text for each in asked}) > 1, "it should differ from learner to learner"


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_reason_for_a_wrong_answer_is_met_by_some_wrong_answer(
    question: Predict | Transfer | BankQuestion,
) -> None:
    """A reason that fits no wrong answer, or only the right one, would never be read."""
    unmet = {id(reason) for reason in question.wrong if reason.when is not None}
    for seed in range(40):
        asked = question.asked(seed, starts())
        names = asked.names
        said = asked.choices or wrong_answers(asked)
        if not asked.choices and asked.picture is None:
            said = [n for n in (*COMMON, names.get("t", 0)) if not asked.right(n)]
        for reason in question.wrong:
            if reason.when is None or id(reason) not in unmet:
                continue
            if any(reason.when.value({**names, "given": given}) for given in said):
                unmet.discard(id(reason))
        if not unmet:
            break
    assert not [r.when.text for r in question.wrong if id(r) in unmet and r.when]


def written_out(text: str) -> Iterator[tuple[str, float, float]]:
    """The sums in a text, as "3 · (−1) + 2 · 0 = −3": each with its value and what is said."""
    for equal in re.finditer(r" = (−?\d[\d,]*(?:\.\d+)?)(?! ?%)", text):
        left = text[: equal.start()]
        plain = left.removesuffix(" rounded down, + 1")
        run = re.search(r"[\d.()·−+/ ]*$", plain)
        assert run
        for begin in re.finditer(r"(?:^|(?<=[ (]))[\d(−]", run.group()):
            each = run.group()[begin.start() :]
            if not re.search(r" [·−+/] ", each):
                continue
            with contextlib.suppress(ValueError):
                value = Expression(each.replace("·", "*").replace("−", "-"), {}).value({})
                said = float(equal.group(1).replace("−", "-").replace(",", ""))
                yield each, (value if plain == left else math.floor(value) + 1), said
                break


def told(lesson: Lesson) -> Iterator[str]:
    """All that a lesson may say, with numbers drawn by several seeds."""
    for step in lesson.steps:
        if isinstance(step, Look | Do):
            yield step.words.filled(starts())
            continue
        for seed in SEEDS:
            asked = step.asked(seed, starts())
            yield from (asked.text, asked.why)
            for wrong in wrong_answers(asked)[:50]:
                yield asked.reason(wrong)


@pytest.mark.parametrize("language", files.LANGUAGES)
def test_every_sum_that_a_lesson_writes_out_is_right(language: str) -> None:
    found: set[str] = set()
    for lesson in reading.course(language).values():
        for text in told(lesson) if lesson.language == language else ():
            for written, value, said in written_out(text):
                assert value == pytest.approx(said, abs=0.006), text
                found.add(written)
    assert len(found) > 5


def test_a_sum_that_is_wrong_is_found() -> None:
    sums = [*written_out("So 3 · (−1) + 2 · 0 = −3, and (28 − 3) / 4 rounded down, + 1 = 8.")]
    assert [(value, said) for _, value, said in sums] == [(-3, -3), (7, 8)]


@pytest.mark.parametrize("lesson", ENGLISH.values(), ids=ENGLISH)
def test_a_lesson_opens_with_a_question_and_closes_with_one_on_something_new(
    lesson: Lesson,
) -> None:
    assert isinstance(lesson.steps[0], Predict)
    assert isinstance(lesson.steps[-1], Transfer)
    assert {type(step) for step in lesson.steps} >= {Predict, Do, Transfer}
    for step in lesson.steps:
        if isinstance(step, Do):
            assert step.left(starts()) is not None, "nothing would be left to do as it opens"
            step.done.filled(starts())
        if isinstance(step, Look | Do):
            assert step.words.filled(starts())


def test_there_are_ten_lessons_of_at_most_five_minutes_and_forty_questions() -> None:
    assert len(ENGLISH) == 10
    assert max(lesson.minutes for lesson in ENGLISH.values()) <= 5
    assert len(BANK) >= 40


def test_the_bank_asks_about_every_lesson_and_leads_back_to_a_step_that_is_there() -> None:
    assert {each.lesson for each in BANK} == set(ENGLISH)
    for each in BANK:
        assert each.at <= len(ENGLISH[each.lesson].steps)


@pytest.mark.parametrize("language", files.LANGUAGES)
def test_a_lesson_has_the_same_structure_in_every_language(language: str) -> None:
    for name, lesson in reading.course(language).items():
        for there, english in zip(lesson.steps, ENGLISH[name].steps, strict=True):
            assert type(there) is type(english)
            assert (there.page, there.set_up, there.mark) == (
                *(english.page, english.set_up, english.mark),
            )
            if isinstance(there, Do) and isinstance(english, Do):
                assert there.until.text == english.until.text
                assert len(there.missing) == len(english.missing)
            if isinstance(there, Predict | Transfer) and isinstance(english, Predict | Transfer):
                assert there.answer.text == english.answer.text
                assert there.vary == english.vary
                assert len(there.choices) == len(english.choices)
                assert [r.when and r.when.text for r in there.wrong] == [
                    r.when and r.when.text for r in english.wrong
                ]


def test_the_first_two_lessons_are_in_german_and_the_rest_falls_back_to_english() -> None:
    german = reading.course("de")
    assert [lesson.language for lesson in german.values()] == ["de"] * 2 + ["en"] * 8


@pytest.mark.parametrize("name", ["bank", "01-nearness", "02-flip-slide"])
def test_german_numbers_have_a_comma_and_are_answered_with_one_or_a_point(name: str) -> None:
    point, facts = re.compile(r"\d\.\d"), starts()
    numbers = {"line.results": [0.5, 1.25, -2.5], "line.filter": [0.5], "line.position": 1.5}
    steps = reading.bank("de") if name == "bank" else reading.course("de")[name].steps
    for step in steps:
        if isinstance(step, Look | Do):
            done = [step.done, *(r.say for r in step.missing)] if isinstance(step, Do) else []
            for text in (step.words, step.do, *done):
                assert text is None or not point.search(text.filled(facts | numbers))
            continue
        for seed in SEEDS:
            asked = step.asked(seed, facts)
            replies = map(asked.reason, wrong_answers(asked))
            for text in (asked.text, *asked.choices, asked.why, *replies):
                assert not point.search(text), text
            if not isinstance(asked.answer, list) and not asked.choices:
                typed = repr(asked.answer)
                for each in (typed, typed.replace(".", ",")):
                    given = number_in(each, "de")
                    assert given is not None
                    assert asked.right(given)


def questions_of(lesson: Lesson) -> list[Predict | Transfer]:
    return [step for step in lesson.steps if isinstance(step, Predict | Transfer)]


@pytest.mark.parametrize("name", ["01-nearness", "02-flip-slide"])
def test_a_german_lesson_asks_and_answers_as_the_english_one(name: str) -> None:
    pairs = zip(questions_of(reading.course("de")[name]), questions_of(ENGLISH[name]), strict=True)
    for there, english in pairs:
        for seed in SEEDS:
            german, asked = there.asked(seed, starts()), english.asked(seed, starts())
            assert german.answer == asked.answer
            assert german.text != asked.text
            for wrong in wrong_answers(german):
                assert german.reason(wrong)


@pytest.mark.parametrize("language", [each for each in files.LANGUAGES if each != files.ENGLISH])
def test_a_question_has_the_same_answer_in_every_language(language: str) -> None:
    for other, english in zip(reading.bank(language), BANK, strict=True):
        assert (other.lesson, other.at) == (english.lesson, english.at)
        assert (other.answer.text, other.vary, len(other.choices), other.tolerance) == (
            *(english.answer.text, english.vary, len(english.choices), english.tolerance),
        )
        assert [r.when and r.when.text for r in other.wrong] == [
            r.when and r.when.text for r in english.wrong
        ]
        for seed in SEEDS:
            mine, asked = other.asked(seed, starts()), english.asked(seed, starts())
            assert mine.answer == asked.answer
            assert mine.text != asked.text
            assert mine.why
            assert all(map(mine.reason, wrong_answers(mine)))


@pytest.mark.parametrize(
    ("found", "instead", "said"),
    [
        ("", "", "must have .* questions as in English, has 1"),
        ('answer = "1"', 'answer = "2"', "question 1, answer: must be '1' with 0 choices"),
    ],
)
def test_questions_in_another_language_that_are_not_the_english_ones_are_told(
    found: str, instead: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = (
        '[[question]]\nlesson = "01-nearness"\nask = "How many?"\nanswer = "1"\n'
        'wrong = [{ say = "One." }]\nwhy = "One."\n'
    )
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / files.BANK).write_text(one.replace(found, instead), encoding="utf-8")
    monkeypatch.setattr(reading, "HERE", tmp_path)
    if found:
        (tmp_path / "bank.toml").write_text(one, encoding="utf-8")
        english = tuple(reading.read_bank(tmp_path / "bank.toml").question)
        monkeypatch.setattr(reading, "_english_bank", lambda: english)
    else:
        monkeypatch.setattr(reading, "_english_bank", lambda: BANK)
    with pytest.raises(ValueError, match=f"^bank.toml: {said}"):
        reading.bank.__wrapped__("de")


@pytest.mark.parametrize("language", files.LANGUAGES)
def test_a_sheet_is_wholly_in_its_language(language: str) -> None:
    lesson, words = reading.course(language)["02-flip-slide"], WORDS[language]
    made = sheet(lesson, 1, answers=True)
    assert f'<html lang="{language}">' in made
    for text in (words.aim, words.likely, words.room, words.about_minutes.format(lesson.minutes)):
        assert text in made
    assert words.aim not in sheet(lesson, 1, answers=False)


def test_what_was_answered_is_a_table_with_every_choice_in_words() -> None:
    before, after = check.two_sheets(BANK, 3)
    sheets = {"before": before, "after": after}
    questions = check.asked(sheets["before"], BANK)
    assert {bool(asked.choices) for asked in questions} == {True, False}
    for place in range(len(questions)):
        # As the page keeps it, whatever was asked for.
        sheets["before"] = sheets["before"].answered(place, 1.0)
    text = check.as_csv(sheets, BANK, dict.fromkeys(range(1, 11), 4))
    rows = list(csv.DictReader(io.StringIO(text)))
    *rated, score = rows[2 * check.QUESTIONS :]
    assert [(row["when"], row["question"], row["answered"]) for row in rated] == [
        ("usability", str(number), "4") for number in range(1, 11)
    ]
    assert [row["asked"] for row in rated] == list(check.STATEMENTS)
    assert (score["question"], score["answered"]) == ("score", "50.0")
    one_less = check.as_csv(sheets, BANK, dict.fromkeys(range(2, 11), 4))
    assert one_less.splitlines()[-1] == 'usability,score,,,"System Usability Scale, 0 to 100",,,'
    assert {row["right"] for row in rows[check.QUESTIONS :]} == {""}
    for row, asked in zip(rows, questions, strict=False):
        assert row["answered"] == (asked.choices[1] if asked.choices else "1.0")
        assert row["right"] == str(asked.right(1.0)).lower()


def test_only_a_choice_that_is_there_or_a_number_can_be_an_answer() -> None:
    questions = [question.asked(1, starts()) for question in BANK]
    of_choices = next(asked for asked in questions if asked.choices)
    of_number = next(asked for asked in questions if not asked.choices)
    most = len(of_choices.choices)
    assert all(map(of_choices.may_be, (0, most - 1)))
    assert not any(map(of_choices.may_be, (-1, most, 0.5, [0, 1], 10**400)))
    assert all(map(of_number.may_be, (0, -1.5, 1e300)))
    assert not any(map(of_number.may_be, ([0, 1], 10**400, float("nan"), float("inf"))))
