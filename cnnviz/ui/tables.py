"""Tables of a few numbers, and the file that holds all of them."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.labs import grids


def table(head: Sequence[str], rows: Iterable[Sequence[object]], *, align: str = "") -> None:
    """A Markdown table; `align` has a letter a column, `l` or `r`, else all but the first are `r`.

    Cells are Markdown, so a bar in one must be escaped.
    """
    align = align or "l" + "r" * (len(head) - 1)
    lines = [head, ["---:" if letter == "r" else "---" for letter in align], *rows]
    st.markdown("\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines))


def csv_button(maps: NDArray[np.float32], name: str, what: str, *, key: str | None = None) -> None:
    """A button for maps (C, H, W) as `name`.csv; `what` says what they are."""
    download_csv(lambda: grids.csv(maps), name, what, key=key)


def download_csv(make: Callable[[], str], name: str, what: str, *, key: str | None = None) -> None:
    """A button for `name`.csv, which `make` gives when it is asked for; `what` says what it is."""
    st.download_button(
        "CSV",
        make,
        f"{name}.csv",
        "text/csv",
        on_click="ignore",
        key=key,
        help=what,
    )


def csv_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """As CSV, numbers in full."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    return text.getvalue()
