"""A mistake in a lesson's file: what it says of itself, and what still works."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.lessons import check, files, reading
from cnnviz.lessons.kept import Record
from cnnviz.lessons.lesson import Look, Predict
from tests.pages.telling import components, sent, tell


def page_at(**step: object) -> AppTest:
    """The 1D page, where a lesson of ours is at its first step: with `step` in it, a look where it
    isn't said to be a question."""

    def script() -> None:
        import streamlit as st

        from cnnviz.ui import lesson, link, linked
        from cnnviz.ui.addresses import CONVOLUTION_1D
        from cnnviz.ui.lessons.playing import Before, Played

        if "ours" in st.session_state:
            before = Before("lessons", {}, {})
            st.session_state[lesson.PLAYED] = Played(st.session_state.pop("ours"), 0, 1, before)
            st.session_state[lesson.TO] = "fresh"
        lesson.follow()
        link.take(CONVOLUTION_1D)
        linked.take()
        lesson.strip()
        linked.note(CONVOLUTION_1D)

    kind = Predict if step.get("kind") == "predict" else Look
    first = kind.model_validate({"kind": "look", "page": "convolution_1d", **step})
    page = AppTest.from_function(script, default_timeout=60)
    page.session_state["ours"] = reading.course()["02-flip-slide"].model_copy(
        update={"step": [first]}
    )
    page.session_state["page_path"] = "convolution_1d"
    page.run()
    assert not page.exception, page.exception
    return page


def test_what_a_page_cannot_be_set_up_with_is_told_with_its_reason_and_the_rest_is_there() -> None:
    texts = {"hop": "soon", "signa": "1,2", "sample": "12", "gap": "2"}
    page = page_at(words="See.", set_up=texts)
    (note,) = page.info
    assert "`hop=soon`: must be a whole number from 1 to " in note.value
    assert "`signa` isn't a setting of this page" in note.value
    assert "`sample=12`: must be one of 0, 1," in note.value
    assert "gap" not in note.value
    assert page.session_state["gap"] == 2


def test_a_step_whose_words_cannot_be_computed_says_so_and_can_be_left() -> None:
    page = page_at(words="It is {line.results[0]}.")
    (strip,) = sent(page, "course_bar")
    assert "“line.results[0]” can't be computed" in strip["task"]
    assert strip["of"] == strip["step"] == 1


def test_what_is_answered_where_the_page_leaves_nothing_to_ask_is_not_taken() -> None:
    wrong = [{"say": "No."}]
    asks = {"ask": "How much?", "answer": "line.results[99]", "wrong": wrong, "why": "So it is."}
    page = page_at(kind="predict", **asks)
    ((strip, shown),) = components(page, "course_bar")
    assert "“line.results[99]” can't be computed" in shown["task"]
    page = tell(page, strip, "answer", 1)
    assert not page.exception
    assert sent(page, "course_bar")[0]["answered"] is None


@pytest.fixture
def a_broken_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    path = tmp_path / "01-nearness.toml"
    path.write_text('title = "Near"\nminutes = 9\n', encoding="utf-8")
    monkeypatch.setattr(reading, "paths", lambda language="en": [path])
    reading.shipped.cache_clear()
    yield
    reading.shipped.cache_clear()


@pytest.mark.usefixtures("a_broken_course")
def test_a_fault_in_a_file_of_the_course_is_told_on_the_page_and_to_whoever_follows_its_link(
    open_script: Callable[..., AppTest],
) -> None:
    page = open_script("lessons")
    assert "01-nearness.toml: minutes: " in page.error[0].value.replace("\\", "")
    link = AppTest.from_file("../../pages/lessons.py", default_timeout=60)
    link.query_params["course"] = "01-nearness.1"
    link.run()
    assert not link.exception
    assert "`course=01-nearness.1`: 01-nearness.toml: minutes: " in link.info[0].value


def answer(page: AppTest, place: int, wrong: bool = False) -> None:
    """Answer the question that is shown, the one at that place."""
    fill_in(page, place, wrong)
    page.run()
    assert not page.exception, page.exception


def fill_in(page: AppTest, place: int, wrong: bool = False) -> None:
    """Answer it, before the page has run."""
    record: Record = page.session_state["kept_record"]
    asked = check.asked_at(record.sheets["before"], reading.bank(), place)
    assert not isinstance(asked.answer, list | str)
    if asked.choices:
        choices = next(radio for radio in page.radio if radio.label == "Answer")
        choices.set_value((int(asked.answer) + wrong) % len(asked.choices))
    else:
        far = 2 * asked.question.tolerance + 1
        page.text_input[0].set_value(repr(float(asked.answer + wrong * far)))
    next(button for button in page.button if button.label == "Answer").click()


def said(page: AppTest) -> list[str]:
    return [each.value for each in page.markdown]


def place_of(page: AppTest) -> str:
    return next(text[2:].partition(".")[0] for text in said(page) if " of 12.**" in text)


def test_a_lesson_of_ones_own_is_listed_and_one_with_a_fault_is_told_of_by_its_link_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_script: Callable[..., AppTest]
) -> None:
    monkeypatch.setenv(files.OWN, str(tmp_path))
    text = (files.HERE / "en" / "02-flip-slide.toml").read_text(encoding="utf-8")
    (tmp_path / "ours.toml").write_text(text.replace("Flip, slide", "Our own"), encoding="utf-8")
    (tmp_path / "broken.toml").write_text("minutes = 9", encoding="utf-8")
    page = open_script("lessons", lesson_notes=True)
    assert any(text.startswith("**11 · Our own") for text in said(page))
    assert any("broken.toml: minutes: " in each.value.replace("\\", "") for each in page.warning)
    every = sent(page, "step_links")
    assert len(every) == 11
    assert every[-1]["name"] == "ours"
    assert every[-1]["steps"][0] == "step 1 · predict"
    link = AppTest.from_file("../../pages/lessons.py", default_timeout=60)
    link.query_params["course"] = "broken.1"
    link.run()
    assert not link.exception
    assert "broken has a fault" in link.info[0].value


def test_check_yourself_asks_one_question_after_the_other_and_says_how_many_are_right(
    open_script: Callable[..., AppTest],
) -> None:
    page = opened(open_script)
    for place in range(check.QUESTIONS):
        answer(page, place, wrong=place == 0)
    assert "**11 of 12 right.**" in said(page)
    assert sum(text.startswith(":material/close:") for text in said(page)) == 1
    assert any(button.label.startswith("Again: ") for button in page.button)
    page.button(key="check_erase").click().run()
    assert place_of(page) == "1 of 12"


def opened(open_script: Callable[..., AppTest]) -> AppTest:
    """The page in a browser that keeps nothing yet, and has said so."""
    page = open_script("lessons")
    return hears(page, 1, sent(page, "course_kept")[0]["record"])


def hears(page: AppTest, number: int, record: object, **more: bool) -> AppTest:
    """The page runs again once its browser has told what it keeps."""
    ((identity, _),) = components(page, "course_kept")
    states = page._tree.get_widget_states()
    for state in list(states.widgets):
        if state.id == identity:
            states.widgets.remove(state)
    told = {"number": number, "stays": True, "junk": False, "record": record, **more}
    states.widgets.add(id=identity).json_value = json.dumps({"told": told})
    page._run(states)
    assert not page.exception, page.exception
    return page


def test_what_the_browser_keeps_is_shown_and_told_back_and_what_cannot_be_used_is_named(
    open_script: Callable[..., AppTest],
) -> None:
    page = open_script("lessons")
    (fresh,) = sent(page, "course_kept")
    assert (fresh["heard"], fresh["stays"], fresh["record"]["entries"]) == (0, None, {})
    hears(page, 1, fresh["record"])
    answer(page, 0)
    answer(page, 1, wrong=True)
    kept = sent(page, "course_kept")[0]["record"]
    assert {"before.1", "before.2", "questions"} == set(kept["entries"])
    kept["entries"] |= {"sus.2": 5, "played.01-nearness": 1, "language": "de"}

    # Another visit: a session that knows of nothing.
    later = open_script("lessons")
    junk = {"before.3": "<b>", "after.99": 1, "sus.11": 1, "sus.1": 9, "played.x": 1, "odd": 0}
    hears(later, 1, {**kept, "entries": {**kept["entries"], **junk}})
    (told,) = sent(later, "course_kept")
    assert told["record"] == kept
    assert told["heard"] == 1
    assert later.title[0].value == "Lektionen"
    assert any("**3 von 12.**" in text for text in said(later))
    assert len(later.warning) == 1
    assert "before.3, after.99, sus.11, sus.1, played.x, …" in later.warning[0].value
    assert any(text.startswith("**1 · ") and "check" in text for text in said(later))

    # Erased here: the browser is told which record goes. Erased in another tab: told by it.
    later.button(key="check_erase").click().run()
    (told,) = sent(later, "course_kept")
    assert told["erased"] == [kept["seed"]]
    assert told["record"]["entries"] == {"language": "de"}
    assert told["record"]["seed"] != kept["seed"]
    assert not any(text.startswith("**1 · ") and "check" in text for text in said(later))
    hears(page, 2, None)
    assert place_of(page) == "1 of 12"


def test_no_question_is_asked_before_the_browser_has_told_and_what_was_done_till_then_stays(
    open_script: Callable[..., AppTest],
) -> None:
    earlier = opened(open_script)
    answer(earlier, 0)
    kept = sent(earlier, "course_kept")[0]["record"]
    kept["entries"] |= {"sus.2": 5, "sus.3": 1, "played.01-nearness": 1}

    page = open_script("lessons", lesson_done={"02-flip-slide"}, sus_3=4)
    assert not any(" of 12.**" in text for text in said(page))
    assert "check_erase" not in {button.key for button in page.button}
    hears(page, 1, kept)
    assert place_of(page) == "2 of 12"
    assert sent(page, "course_kept")[0]["record"] == {
        "seed": kept["seed"],
        "entries": {**kept["entries"], "sus.3": 4, "played.02-flip-slide": 1},
    }

    # Erased in another tab, which went on: ticks, ratings and answers of before are gone.
    other = {"seed": kept["seed"] + 1, "entries": {"sus.1": 2}}
    hears(page, 2, other)
    assert sent(page, "course_kept")[0]["record"] == other
    assert place_of(page) == "1 of 12"


def test_what_was_typed_for_a_question_is_no_answer_to_that_of_another_record(
    open_script: Callable[..., AppTest],
) -> None:
    bank = reading.bank()
    # Both begin with a question for a number, whose fields are alike.
    firsts = ((seed, check.two_sheets(bank, seed)[0].numbers[0]) for seed in range(1, 100))
    one, other, *_ = [seed for seed, first in firsts if not bank[first].choices]
    page = hears(open_script("lessons"), 1, {"seed": one, "entries": {}})
    fill_in(page, 0)
    hears(page, 2, {"seed": other, "entries": {}})
    assert place_of(page) == "1 of 12"
    assert sent(page, "course_kept")[0]["record"] == {"seed": other, "entries": {}}


@pytest.mark.parametrize(
    "record",
    [
        {"seed": -1, "entries": {}},
        {"seed": True, "entries": {}},
        {"seed": 2**40, "entries": {}},
        {"seed": 1, "entries": [1]},
        {"seed": 1, "entries": {"before.1": None, "questions": ["a"], "language": ["de"]}},
        {"seed": 1, "entries": {f"before.{number}": 1 for number in range(300)}},
        {"seed": 1, "entries": {"before.1": 1, "questions": "0 1 2"}},
        [],
    ],
)
def test_a_record_that_somebody_has_spoilt_is_dropped_with_a_sentence(
    record: object, open_script: Callable[..., AppTest]
) -> None:
    page = hears(open_script("lessons"), 1, record)
    assert len(page.warning) == 1
    assert place_of(page) == "1 of 12"


def test_a_browser_that_keeps_nothing_is_told_of(open_script: Callable[..., AppTest]) -> None:
    page = open_script("lessons")
    assert any("in this browser alone" in text for text in said(page))
    ((_, known),) = components(page, "course_kept")
    hears(page, 1, known["record"], stays=False)
    assert any("for this visit only" in text for text in said(page))
    assert sent(page, "course_kept")[0]["stays"] is False
