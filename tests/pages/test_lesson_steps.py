"""The steps of every lesson on the pages that they set up, where there is no MNIST."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.labs import grids
from cnnviz.lessons import reading
from cnnviz.lessons.lesson import Do, Look, Question
from cnnviz.networks.architecture import LENET5
from cnnviz.networks.drafts import Typed, draft_of
from cnnviz.ui.addresses import SESSION, TABLES
from tests.pages.telling import components, sent, tell

PAGES = Path(__file__).parents[2] / "pages"
COURSE = reading.course()


def visits(name: str) -> list[tuple[str, list[int]]]:
    """The pages of that lesson, one after the other, with the steps from 0 that a page is open
    for."""
    found: list[tuple[str, list[int]]] = []
    for number, step in enumerate(COURSE[name].steps):
        page = step.page or (found[-1][0] if found else "lessons")
        if not found or found[-1][0] != page:
            found.append((page, []))
        found[-1][1].append(number)
    return found


def opened(page: str, name: str, step: int) -> AppTest:
    """As app.py runs it, at a step of a lesson that begins there."""
    script = AppTest.from_string(
        "import runpy\n"
        "from cnnviz.ui import lesson\n"
        "lesson.follow()\n"
        f"runpy.run_path({str(PAGES / f'{page}.py')!r})",
        default_timeout=60,
    )
    script.session_state["page_path"] = page
    script.query_params["course"] = f"{name}.{step + 1}"
    return script.run()


def left(script: AppTest) -> str | None:
    """What is still to be done, as the page told it last; None when it is done."""
    told = [*(shown["state"] for shown in sent(script, "course_bar")), *sent(script, "course_told")]
    return max(told, key=lambda state: state["count"])["left"]


def goes(script: AppTest, way: str) -> AppTest:
    ((strip, _),) = components(script, "course_bar")
    return tell(script, strip, "move", way)


def test_a_step_that_is_come_to_again_begins_afresh() -> None:
    """Where the filter came to rest, in the session and in the address, is no more."""
    script = opened("convolution_1d", "02-flip-slide", 3)
    ((view, _),) = components(script, "signal_view")
    script = tell(script, view, "moved", 5)
    assert left(script) is None
    assert script.query_params["at"] == "5"
    script = goes(goes(script, "back"), "next")
    assert left(script) == "Drag the filter, or press an arrow key on it."
    assert "at" not in script.query_params


def test_what_was_pinned_is_let_go_by_a_set_up_and_kept_where_there_is_none() -> None:
    script = opened("draw", "08-pen-to-probability", 3)
    ((strip, _),) = components(script, "course_bar")
    script = tell(script, strip, "pin", "input.0.9.12")
    assert left(script) is None
    begun = sent(script, "course_bar")[0]["begun"]
    script = goes(goes(script, "back"), "next")
    assert left(script) is None
    assert sent(script, "course_bar")[0]["begun"] == begun
    script = goes(script, "next")
    (shown,) = sent(script, "course_bar")
    assert shown["pin"] == ""
    assert shown["begun"] == begun + 1


def test_what_one_had_is_given_back_after_a_reload_if_the_browser_has_kept_it() -> None:
    script = opened("draw", "08-pen-to-probability", 0)
    (shown,) = sent(script, "course_bar")
    assert shown["had"] is None, "the session began with the lesson"
    ((strip, _),) = components(script, "course_bar")
    script = tell(script, strip, "before", {"sample": "3", "centre": "false", "model": "?"})
    (shown,) = sent(script, "course_bar")
    assert shown["had"] == {"sample": "3", "centre": "false", "model": "?"}
    # Another word of it is late; and what can't be a link's text isn't taken.
    script = tell(script, strip, "before", {"sample": "4"})
    script = tell(script, strip, "before", {"sample": 4})
    assert sent(script, "course_bar")[0]["had"]["sample"] == "3"
    script.session_state["page_path"] = "lessons"
    script = goes(script, "leave")
    assert script.session_state["current_drawing"].source.digit == 3


def test_a_network_half_built_is_given_back_and_what_was_built_in_the_lesson_is_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    step = Look.model_validate({"kind": "look", "words": "Look about."})
    ours = COURSE["01-nearness"].model_copy(update={"step": [step]})
    script = AppTest.from_string(
        "import runpy\n"
        "import streamlit as st\n"
        "from cnnviz.ui import lesson\n"
        "from cnnviz.ui.lessons import playing\n"
        "if name := st.session_state.pop('begins', None):\n"
        "    playing.begin(name)\n"
        "lesson.follow()\n"
        f"runpy.run_path({str(PAGES / 'build.py')!r})",
        default_timeout=60,
    )
    script.session_state["page_path"] = "build"

    def row() -> dict[str, Any]:
        return sent(script.run(), "builder")[0]

    row()
    # Without a script's run its components can't be imported.
    monkeypatch.setattr("cnnviz.ui.lessons.playing.course", lambda language: {"ours": ours})
    had = [["relu", {}], ["linear", {"outputs": "x"}]]  # it doesn't fit, so no link has it
    script.session_state["build_draft"] = tuple(Typed(kind, numbers) for kind, numbers in had)
    before = row()
    assert before["layers"] == had
    script.session_state["begins"] = "ours"
    assert row()["layers"] == had
    script.session_state["build_draft"] = draft_of(LENET5)
    meanwhile = row()
    assert meanwhile["layers"] != had
    goes(script, "leave")
    after = row()
    assert after["layers"] == had
    assert after["revision"] > meanwhile["revision"], "what the browser has isn't newer"


# As many numbers as a grid can have, of many digits each.
LARGE = "|".join([grids.as_text(np.full((16, 16), -1 / 70_000, np.float32))] * 3)
HAD = {
    "convolution_1d": {
        **{"signal": "1, 2, 3, 4", "filter": "1, -1", "flip": "false", "mode": "valid"},
        **{"hop": "2", "rod": "comb", "time": "3.5"},
    },
    "convolution_2d": {
        **{"grid": LARGE, "in": "2", "out": "2", "bias": "1,-0.5,0"},
        **{"kernels": "1,0|2,0|3,0|4,0.25", "padding": "2, 1", "padding_mode": "replicate"},
    },
    "pooling": {"operation": "average", "window": "3", "pool_stride": "2, 1", "shift": "3"},
    "translation": {"digit_at": "5", "dx": "3", "dy": "-2"},
    "build": {"layers": "conv2d_2_3~relu~flatten~linear_10"},
}


@pytest.mark.parametrize("page", HAD)
def test_a_pages_settings_are_the_same_after_they_were_texts(page: str) -> None:
    script = AppTest.from_string(
        "import runpy\n"
        "import streamlit as st\n"
        "from cnnviz.ui.lessons import settings\n"
        "settings.begin_with(st.session_state.pop('given', {}))\n"
        "st.session_state['told'] = settings.texts()\n"
        f"runpy.run_path({str(PAGES / f'{page}.py')!r})",
        default_timeout=60,
    )
    script.session_state["page_path"] = page
    given = {f"{page}.{name}": text for name, text in HAD[page].items()}
    # Whoever has the browser can write what they like.
    junk = {f"{page}.{name}": "�" for name in TABLES[page].rows if name not in HAD[page]}
    script.session_state["given"] = {**junk, **given, f"{page}.odd": "1", "x": "1"}
    script.run().run()
    assert not script.exception, script.exception
    told: dict[str, str] = script.session_state["told"]
    assert told.items() >= given.items()


@pytest.mark.usefixtures("without_mnist")
@pytest.mark.parametrize("name", COURSE)
def test_no_step_breaks_its_page_where_there_is_no_mnist(name: str) -> None:
    for page, numbers in visits(name):
        script = opened(page, name, numbers[0])
        for number in numbers:
            if number != numbers[0]:
                script = goes(script, "next")
            assert not script.exception, (page, number, script.exception)
            assert not script.error, (page, number, script.error[0].value)
            for table in (TABLES.get(page, SESSION), SESSION):
                assert f"{table.page}_refused" not in script.session_state
            (shown,) = sent(script, "course_bar")
            step = COURSE[name].steps[number]
            assert shown["step"] == number + 1
            assert "can't be shown" not in shown["task"]
            if isinstance(step, Do):
                assert left(script), "something is to be done as it opens"
            assert shown["asks"] == isinstance(step, Question)
