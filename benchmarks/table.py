"""One measured figure a row, beside its budget."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Row:
    """`value` of `what` in `unit`; `budget` is its bound, from below where `at_least`."""

    what: str
    value: float
    unit: str
    budget: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the budget is kept; None where there is none."""
        if self.budget is None:
            return None
        return self.value >= self.budget if self.at_least else self.value <= self.budget


def p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]


def median_row(what: str, values: Sequence[float], unit: str, budget: float | None = None) -> Row:
    """The median of several, with p95 and their number in the note."""
    return Row(
        f"{what}, median",
        median(values),
        unit,
        budget,
        note=f"p95 {number(p95(values))}, of {len(values)}",
    )


def number(value: float) -> str:
    """Three digits that count, and never an exponent."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def markdown(rows: Iterable[Row]) -> str:
    return "\n".join(
        ["| what | measured | budget | |", "| --- | ---: | ---: | --- |", *map(_line, rows)]
    )


def updated(text: str, rows: Iterable[Row]) -> str:
    """`text` with a table of rows in which these are new: in the place of those of the same name,
    else at its end."""
    lines = text.splitlines()
    for row in rows:
        named = [at for at, line in enumerate(lines) if line.startswith(f"| {row.what} |")]
        if named:
            lines[named[0]] = _line(row)
        else:
            last = max(at for at, line in enumerate(lines) if line.startswith("| "))
            lines.insert(last + 1, _line(row))
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    bound = "" if row.budget is None else f"{'≥' if row.at_least else '≤'} {number(row.budget)}"
    kept = {True: "kept", False: "**missed**", None: ""}[row.met]
    said = "; ".join(part for part in (kept, row.note) if part)
    return f"| {row.what} | {number(row.value)} {row.unit} | {bound} | {said} |"


def machine() -> str:
    """What these numbers were measured on, in a line."""
    return (
        f"{os.cpu_count()} cores of {_processor()}, {platform.system()}, "
        f"Python {platform.python_version()}; load {os.getloadavg()[0]:.1f} before"
    )


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
