"""One table of colours in two languages, and what it promises."""

import re
import tomllib
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnviz.palette import DARK, LIGHT, Theme, rgb
from tests.javascript import Node

ROOT = Path(__file__).parents[3]
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])

# Machado, Oliveira, Fernandes (2009), severity 1, on linear RGB.
SIGHTS = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# Linear sRGB to XYZ, as shares of the white point D65.
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
) / np.array([[0.95047], [1.0], [1.08883]])


def linear(colour: str) -> np.ndarray:
    share = np.array(rgb(colour)) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """CIELAB (L*, a*, b*) of linear sRGB."""
    xyz = TO_XYZ @ light.clip(0, 1)
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def contrast(a: str, b: str) -> float:
    """Of WCAG 2: 1 to 21."""
    low, high = sorted(TO_XYZ[1] @ linear(colour) for colour in (a, b))
    return (high + 0.05) / (low + 0.05)


def test_both_languages_have_the_same_table(node: Node) -> None:
    browser = node.run('return (await load("shared/palette.js")).PALETTE')
    python = {name: asdict(theme) for name, theme in (("light", LIGHT), ("dark", DARK))}
    assert browser == {
        name: {key: list(part) if isinstance(part, tuple) else part for key, part in theme.items()}
        for name, theme in python.items()
    }


@pytest.mark.parametrize("name", ["light", "dark"])
def test_streamlits_theme_is_of_this_table(name: str) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"][name]
    theme = LIGHT if name == "light" else DARK
    assert {
        "backgroundColor": theme.background,
        "secondaryBackgroundColor": theme.surface,
        "borderColor": theme.line,
        "textColor": theme.text,
        "grayTextColor": theme.muted,
        "primaryColor": theme.accent,
        "orangeColor": theme.positive[1],
        "blueColor": theme.negative[1],
    }.items() <= config.items()
    ends = {theme.positive[-1], theme.negative[-1]}
    assert ends <= set(config["chartCategoricalColors"])


def test_style_sheets_have_no_colour_of_their_own() -> None:
    """A style sheet can't read the table, so it repeats it, or Streamlit's theme made of it."""
    colour = re.compile(r"#[0-9a-fA-F]{6}\b")
    known = set(colour.findall((ROOT / ".streamlit" / "config.toml").read_text("utf-8")))
    known |= set(colour.findall((ROOT / "cnnviz" / "palette.py").read_text("utf-8")))
    for sheet in (ROOT / "cnnviz").rglob("*.css"):
        own = set(colour.findall(sheet.read_text("utf-8"))) - known
        assert not own, f"{sheet.relative_to(ROOT)} has {', '.join(sorted(own))}"


@THEMES
@pytest.mark.parametrize("sight", SIGHTS)
def test_the_signs_are_told_apart_at_every_strength(theme: Theme, sight: str) -> None:
    for positive, negative in zip(theme.positive, theme.negative, strict=True):
        seen = [lab(SIGHTS[sight] @ linear(colour)) for colour in (positive, negative)]
        # A difference of 2.3 is just noticed; beside each other these differ at a glance.
        assert np.linalg.norm(seen[0] - seen[1]) >= 40, (positive, negative)


@THEMES
@pytest.mark.parametrize("side", ["positive", "negative"])
def test_a_larger_magnitude_stands_out_more(theme: Theme, side: str) -> None:
    ramp = (theme.surface, *getattr(theme, side))
    contrasts = [contrast(colour, theme.surface) for colour in ramp]
    assert all(before < after for before, after in pairwise(contrasts))
    assert contrasts[-1] >= 7


@THEMES
def test_words_can_be_read(theme: Theme) -> None:
    for colour in (theme.text, theme.muted):
        assert min(contrast(colour, theme.background), contrast(colour, theme.surface)) >= 4.5


COLOURS = """
const { colormap } = await load("shared/colormap.js");
const { PALETTE } = await load("shared/palette.js");
const map = colormap(PALETTE[sent.theme]);
return sent.values.map((value) => [map.css(value, 2), map.on(value, 2)]);
"""


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_browsers_colours_of_values_go_through_the_stops(node: Node, name: str) -> None:
    theme = LIGHT if name == "light" else DARK
    stops: list[tuple[float, str]] = [(0, theme.surface), (float("nan"), theme.surface)]
    for third in range(3):
        share = (third + 1) / 3
        stops += [(2 * share, theme.positive[third]), (-2 * share, theme.negative[third])]
    stops += [(99, theme.positive[-1]), (float("-inf"), theme.negative[-1])]
    sent: dict[str, Any] = {"theme": name, "values": [value for value, _ in stops]}
    for (value, colour), (css, on) in zip(stops, node.run(COLOURS, sent), strict=True):
        assert css == "rgb({} {} {})".format(*rgb(colour)), value
        assert contrast(colour, on) >= 4.5
