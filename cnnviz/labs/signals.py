"""Signals and filters to play with: presets, and numbers as people type and paste them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from cnnviz.spelling import count

MAX_SAMPLES = 512
MAX_TAPS = 64
LIMIT = 1_000_000

_DECIMAL = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_NUMBER = re.compile(rf"([+-]?{_DECIMAL})(?:/([+-]?{_DECIMAL}))?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
_BARE = re.compile(r"[^,\s]+")
_OFTEN_PASTED = str.maketrans(
    {"−": "-", "–": "-", "⁄": "/", "[": " ", "]": " ", "(": " ", ")": " "}
)
# Far more than 512 numbers of full precision need; it keeps a pasted file from being searched.
_MAX_CHARACTERS = 200_000


@dataclass(frozen=True)
class Numbers:
    """A list of numbers: each as a Python literal (`1/3`, `-0.5`), and as float64."""

    tokens: tuple[str, ...]

    @property
    def values(self) -> NDArray[np.float64]:
        return np.array([_value(token) for token in self.tokens], dtype=np.float64)

    @property
    def text(self) -> str:
        return ", ".join(self.tokens)

    def replaced(self, changes: Mapping[int, float]) -> "Numbers":
        """The same list with some entries set anew; the others keep their wording."""
        tokens = list(self.tokens)
        for index, value in changes.items():
            tokens[index] = literal(value)
        return Numbers(tuple(tokens))


def parse(text: str, name: str, most: int) -> Numbers:
    """Read 1 to `most` numbers from `text`.

    Separated by commas, semicolons, spaces, tabs or new lines, so that a row or a column of a
    spreadsheet can be pasted; brackets around them are ignored. Decimals, negatives, exponents
    and fractions such as 1/3 are numbers. A comma is a decimal comma only where it
    can't be a list's: see `has_decimal_commas`.

    Raises ValueError naming `name`, the entry and what would do.
    """
    if len(text) > _MAX_CHARACTERS:
        raise ValueError(
            f"{name}: this is {count(len(text))} characters; paste at most {most} numbers"
        )
    entries = _entries(_plain(text))
    if not entries:
        raise ValueError(f"{name} is empty: type at least one number, such as 1, 0, -1")
    if len(entries) > most:
        raise ValueError(f"{name} has {count(len(entries))} numbers; there is room for {most}")
    return Numbers(
        tuple(_literal_of(entry, f"{name}, entry {at}") for at, entry in enumerate(entries, 1))
    )


def literal(value: float) -> str:
    """The shortest Python literal of a finite number: `3`, `-0.25`."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def has_decimal_commas(text: str) -> bool:
    """Whether `parse` reads the commas of `text` as decimal commas, as in 0,5.

    Where semicolons separate; where tabs do, and each cell with a comma is a number such as 0,5;
    and in a column, one such cell a line, of which at least one line is a number without a comma.
    Anything else, `1,2` above `3,4` for one, can be a list.
    """
    plain = _plain(text)
    if "," not in plain:
        return False
    if ";" in plain:
        return True
    cells = [cell.strip() for cell in re.split(r"[\t\r\n]+", plain) if cell.strip()]
    bare = [_BARE.fullmatch(cell) for cell in cells]
    decimal = [_DECIMAL_COMMA.fullmatch(cell) for cell in cells]
    if len(cells) < 2 or not all(map(any, zip(bare, decimal, strict=True))):
        return False
    return "\t" in plain.strip() or any(bare)


def _plain(text: str) -> str:
    return re.sub(r"\s*/\s*", "/", text.translate(_OFTEN_PASTED))


def _entries(text: str) -> list[str]:
    if has_decimal_commas(text):
        text = text.replace(",", ".")
    return [entry for entry in re.split(r"[,;\s]+", text) if entry]


def _literal_of(entry: str, where: str) -> str:
    shown = entry if len(entry) <= 20 else entry[:20] + "…"
    match = _NUMBER.fullmatch(entry)
    if match is None:
        if entry.lstrip("+-").lower() in ("nan", "inf", "infinity", "∞"):
            raise ValueError(f"{where}: {shown} can't be drawn; type a finite number, such as 0")
        raise ValueError(f"{where}: “{shown}” isn't a number; 2, -0.5, 1e-3 or 1/3 would do")
    above, below = (None if part is None else float(part) for part in match.groups())
    if below == 0:
        raise ValueError(f"{where}: {shown} divides by zero; 1/3 would do")
    value = float(above or 0.0) / (1.0 if below is None else below)
    if not abs(value) <= LIMIT:
        raise ValueError(
            f"{where}: {shown} is too large; numbers from -{count(LIMIT)} to {count(LIMIT)} do"
        )
    if below is None:
        return literal(value)
    if not (abs(above or 0.0) <= LIMIT and abs(below) <= LIMIT):
        return literal(value)
    return f"{literal(above or 0.0)}/{literal(below)}"


def _value(token: str) -> float:
    above, _, below = token.partition("/")
    return float(above) / float(below) if below else float(above)


def _rounded(values: NDArray[np.float64], digits: int = 2) -> Numbers:
    # Adding zero turns -0.0 into 0.0.
    return Numbers(tuple(literal(value) for value in np.round(values, digits) + 0.0))


def _numbers(text: str) -> Numbers:
    return parse(text, "preset", MAX_SAMPLES)


def _heartbeat() -> Numbers:
    """Three beats of P, Q, R, S and T waves as Gaussians, the usual sketch of an ECG."""
    phase = np.arange(96) % 32
    waves = [(6, 1.6, 0.15), (10, 0.7, -0.15), (12, 0.8, 1.0), (14, 0.8, -0.3), (20, 2.4, 0.3)]
    return _rounded(
        sum(
            (height * np.exp(-(((phase - at) / width) ** 2) / 2) for at, width, height in waves),
            np.zeros(96),
        )
    )


_N48, _N64 = np.arange(48), np.arange(64)
_NOISE = np.random.default_rng(7).normal(0, 0.25, 64)

SIGNALS: Mapping[str, Numbers] = MappingProxyType(
    {
        "article": _numbers("3, 2, 1, 0"),
        "pulse": _numbers("0 " * 5 + "1 " * 6 + "0 " * 5),
        "step": _numbers("0 " * 8 + "1 " * 8),
        "ramp": _numbers(" ".join(str(n) for n in range(11))),
        "sine": _rounded(np.sin(2 * np.pi * _N48 / 16)),
        "noisy sine": _rounded(np.sin(2 * np.pi * _N64 / 32) + _NOISE),
        "two tones": _rounded(
            np.sin(2 * np.pi * _N64 / 32) + 0.5 * np.sin(2 * np.pi * _N64 * 3 / 8)
        ),
        "square": _numbers(("1 " * 6 + "-1 " * 6) * 4),
        "heartbeat": _heartbeat(),
    }
)

FILTERS: Mapping[str, Numbers] = MappingProxyType(
    {
        "difference": _numbers("1, 0, -1"),
        "average": _numbers("1/5 " * 5),
        "Gaussian": _numbers("1/64, 6/64, 15/64, 20/64, 15/64, 6/64, 1/64"),
        "2nd derivative": _numbers("1, -2, 1"),
        "echo": _numbers("1, 0, 0, 0, 0, 1/2"),
        "decay": _numbers("1/2, 1/4, 1/8, 1/16, 1/32, 1/64"),
    }
)


def preset_of(numbers: Numbers, presets: Mapping[str, Numbers]) -> str | None:
    """The name of the preset that is just this list, if one is."""
    return next((name for name, preset in presets.items() if preset == numbers), None)
