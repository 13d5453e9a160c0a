"""A small grid of numbers as text: what a link carries, and what may stand in a cell."""

import math
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from cnnviz.spelling import fixed

LARGEST = 1000.0
MOST_ROWS = 16

Grid = NDArray[np.float32]


def number(text: str) -> float:
    """One cell: a decimal number or a fraction such as 1/3, between -1000 and 1000.

    Raises ValueError that repeats `text` and says what would do.
    """
    cleaned = text.strip().replace("−", "-")
    try:
        # Fraction would work out 1e999999999 exactly, so only a real fraction goes there.
        value = float(Fraction(cleaned)) if "/" in cleaned and len(cleaned) < 40 else float(cleaned)
    except (ValueError, ZeroDivisionError, OverflowError):
        raise ValueError(
            f"{_shown(text)} is not a number; write for example 2, -0.5 or 1/3"
        ) from None
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise ValueError(
            f"{_shown(text)} can't be used; values go from {fixed(-LARGEST, 0)} to "
            f"{fixed(LARGEST, 0)} and are finite"
        )
    return value


def _shown(text: str) -> str:
    return repr(text if len(text) <= 20 else text[:20] + "…")


def parse(
    text: str, *, most_rows: int = MOST_ROWS, most_columns: int = MOST_ROWS, name: str = "grid"
) -> Grid:
    """`1,0,-1;2,0,-2` as a (2, 3) float32 array: `;` between rows, `,` between values.

    Raises ValueError that names the row and the column, from 1, of an entry that can't be used.
    """
    if len(text) > 60_000:
        raise ValueError(f"{name} has {len(text)} characters; that is more than any grid needs")
    rows = [row.split(",") for row in text.split(";")]
    widths = [len(row) for row in rows]
    if len(rows) > most_rows or max(widths) > most_columns:
        raise ValueError(
            f"{name} must be 1 to {most_rows} rows of 1 to {most_columns} values, "
            f"got {len(rows)} rows of up to {max(widths)}"
        )
    values = np.empty((len(rows), widths[0]), dtype=np.float32)
    for r, row in enumerate(rows):
        if len(row) != widths[0]:
            raise ValueError(
                f"{name}: row {r} has {len(row)} values, row 0 has {widths[0]}; "
                "all rows must be equally long"
            )
        for c, entry in enumerate(row):
            try:
                values[r, c] = number(entry)
            except ValueError as error:
                raise ValueError(f"{name}, row {r}, column {c}: {error}") from None
    return values


def planes(text: str) -> list[Grid]:
    """The grid's three channels as a link has them: one for all, or one each."""
    parts = [parse(part) for part in text.split("|")[:3]]
    if any(plane.shape != parts[0].shape for plane in parts):
        raise ValueError("all channels of the grid must have the same size")
    return (parts * 3)[:3] if len(parts) == 1 else [*parts, *parts[-1:]][:3]


def as_text(grid: Grid) -> str:
    """The shortest text that `parse` turns into the same float32 values."""
    return ";".join(",".join(shortest(value) for value in row) for row in grid)


def shortest(value: float | np.float32) -> str:
    text = np.format_float_positional(np.float32(value), unique=True, trim="-")
    return "0" if text == "-0" else text


def csv(maps: NDArray[np.float32]) -> str:
    """Maps (C, H, W) as CSV: one line a row, with its channel and row number in front."""
    channels, _, columns = maps.shape
    lines = ["channel,row," + ",".join(f"column {c}" for c in range(columns))]
    lines += [
        f"{channel},{row}," + ",".join(shortest(value) for value in values)
        for channel in range(channels)
        for row, values in enumerate(maps[channel])
    ]
    return "\n".join(lines) + "\n"
