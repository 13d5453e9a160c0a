"""The app's colours, the only place of the Python side that names one.

`cnnviz/frontend/shared/palette.js` is the same table for the browser; a test holds them together.
`.streamlit/config.toml` repeats the themes' own colours, since Streamlit reads nothing else; the
same test reads it too.
"""

from dataclasses import dataclass

Ramp = tuple[str, str, str]


@dataclass(frozen=True)
class Theme:
    """Colours as `#rrggbb`.

    `positive` and `negative` lead from next to zero, which is the surface itself, to the largest
    magnitude; the middle one is the colour of a sign. `accent` is for what a person points at or
    chooses, never for data.
    """

    background: str
    surface: str
    line: str
    text: str
    muted: str
    accent: str
    positive: Ramp
    negative: Ramp

    @property
    def orange(self) -> str:
        """What is positive, where its size doesn't show in its colour."""
        return self.positive[1]


LIGHT = Theme(
    background="#ffffff",
    surface="#f6f7f9",
    line="#e3e6ea",
    text="#1d2733",
    muted="#5a6675",
    accent="#00806a",
    positive=("#fdc38d", "#e6550d", "#7f2704"),
    negative=("#9ecae8", "#3182bd", "#08306b"),
)
DARK = Theme(
    background="#0f1319",
    surface="#171d26",
    line="#273140",
    text="#e8edf3",
    muted="#93a1b3",
    accent="#35e0b5",
    positive=("#7a3b12", "#f08c4a", "#ffcc80"),
    negative=("#1f4e79", "#4aa3df", "#86d0ff"),
)


@dataclass(frozen=True)
class Marks:
    """What a figure is painted with that doesn't know its theme: readable on either background."""

    positive: str
    negative: str
    accent: str
    muted: str


MARKS = Marks(positive="#e6672a", negative="#3d8fcb", accent="#00a488", muted="#7a8694")

RUNS = (MARKS.positive, MARKS.negative, MARKS.accent, MARKS.muted, "#a2552a", "#7a6fc2")
"""Training runs in one figure, on either background."""

IMPULSES = ("#9467bd", "#c99a06", "#c2456b", "#8c6d31", "#7d8fe0", "#5f9e3a", "#d070a5", "#a05a2c")
"""Impulses in one figure: none of these stands for a sign or for a choice of the user's."""


def faint(colour: str, opacity: float) -> str:
    """`#rrggbb` as a colour that what lies behind shows through, `opacity` from 0 to 1."""
    return f"rgba({','.join(map(str, rgb(colour)))},{opacity:g})"


def rgb(colour: str) -> tuple[int, int, int]:
    """`#rrggbb` as three channels in 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
