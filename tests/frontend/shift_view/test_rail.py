"""What the sliders beside the shift view are given while it is ahead of Python."""

import pytest

GREY = "rgba(165, 165, 187, 0.25)"
TEAL = "rgb(0, 128, 106)"


def track(percent: str) -> str:
    """As Streamlit has it."""
    parts = f"{GREY} 0%, {TEAL} 0%, {TEAL} {percent}, {GREY} {percent}"
    return f"linear-gradient(to right, {parts})"


@pytest.mark.parametrize("was", ["30%", "33.3333%", "0%", "100%"])
@pytest.mark.parametrize("percent", [0, 62.5, 100])
def test_a_track_is_filled_up_to_another_place(node, was, percent):
    said = node.run(
        "const { filled } = await load('shift_view/rail.js'); return filled(...sent)",
        [track(was), percent],
    )
    assert said == track(f"{percent}%")


@pytest.mark.parametrize(
    ("text", "value", "minus", "words"),
    [
        ("\u22124 px", 3, "\u2212", "3 px"),
        ("-4 px", -10, "\u2212", "\u221210 px"),
        ("10 px", -2, "-", "-2 px"),
    ],
)
def test_a_sliders_number_keeps_its_unit(node, text, value, minus, words):
    said = node.run(
        "const { withValue } = await load('shift_view/rail.js'); return withValue(...sent)",
        [text, value, minus],
    )
    assert said == words
