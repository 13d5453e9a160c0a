"""A mistake in a lesson's file: what it says of itself, and what still works."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.lessons import check, reading
from cnnviz.lessons.lesson import Look
from tests.pages.telling import sent


def page_at(**step: object) -> AppTest:
    """The 1D page, where a lesson of ours is at its first step: a look with `step` in it."""

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

    look = Look.model_validate({"kind": "look", "page": "convolution_1d", **step})
    page = AppTest.from_function(script, default_timeout=60)
    page.session_state["ours"] = reading.course()["02-flip-slide"].model_copy(
        update={"step": [look]}
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


@pytest.fixture
def a_broken_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    path = tmp_path / "01-nearness.toml"
    path.write_text('title = "Near"\nminutes = 9\n', encoding="utf-8")
    monkeypatch.setattr(reading, "paths", lambda language="en": [path])
    reading.course.cache_clear()
    yield
    reading.course.cache_clear()


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


def test_check_yourself_asks_one_question_after_the_other_and_says_how_many_are_right(
    open_script: Callable[..., AppTest],
) -> None:
    page = open_script("lessons")
    for place in range(check.QUESTIONS):
        asked = check.asked_at(page.session_state["check_sheets"]["before"], reading.bank(), place)
        assert not isinstance(asked.answer, list | str)
        wrong = place == 0
        if asked.choices:
            choices = next(radio for radio in page.radio if radio.label == "Answer")
            choices.set_value((int(asked.answer) + wrong) % len(asked.choices))
        else:
            far = 2 * asked.question.tolerance + 1
            page.number_input[0].set_value(float(asked.answer + wrong * far))
        next(button for button in page.button if button.label == "Answer").click()
        page.run()
        assert not page.exception, page.exception
    said = [each.value for each in page.markdown]
    assert "**11 of 12 right.**" in said
    assert sum(text.startswith(":material/close:") for text in said) == 1
    page.button(key="check_erase").click().run()
    assert any(text.startswith("**1 of 12.**") for text in (m.value for m in page.markdown))
