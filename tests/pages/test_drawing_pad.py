"""What one draws with."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.palette import DARK, LIGHT


def script() -> None:
    import streamlit as st

    from cnnviz.components.drawing_pad import drawing_pad

    drawing_pad(
        "pad",
        cover=st.session_state.get("shown"),
        on_light=lambda cover: cover == "in colours",
        on_change=lambda cover: None,
    )


def test_ink_on_a_picture_in_colours_is_dark_in_any_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    page = AppTest.from_function(script).run()  # components are imported where a server is
    place = "cnnviz.components.drawing_pad"
    monkeypatch.setattr(f"{place}.theme.current", lambda: DARK)
    monkeypatch.setattr(f"{place}.st_canvas", lambda **options: told.append(options))
    for shown in (None, "a digit", "in colours", None):
        page.session_state["shown"] = shown
        page.run()
        assert not page.exception
    inks = [options["stroke_color"] for options in told]
    assert inks == [DARK.text, DARK.text, LIGHT.text, DARK.text]
    # Nothing was drawn, so no canvas was told to begin anew: a first stroke might be on it.
    assert {options["initial_drawing"]["generation"] for options in told} == {0}
