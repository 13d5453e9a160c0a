"""The signal view: a filter sliding along a signal, in the browser."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.components.modules import component_in
from cnnviz.labs import signals
from cnnviz.labs.convolution_1d import Sliding
from cnnviz.labs.signals import Numbers
from cnnviz.views.signal import signal_message

_VIEW = component_in("signal_view")


@dataclass(frozen=True)
class Edit:
    """What somebody dragged: new values by index."""

    signal: Mapping[int, float]
    filter: Mapping[int, float]


def signal_view(
    signal: Numbers,
    kernel: Numbers,
    sliding: Sliding,
    result: NDArray[np.float64],
    *,
    key: str,
    other: NDArray[np.float64] | None = None,
    predict: bool = False,
    position: int | None = None,
    sentence: str = "",
    on_edit: Callable[[Edit], None],
    on_move: Callable[[int], None] | None = None,
) -> None:
    """Show how `result` (positions,) comes about from `signal` and `kernel`.

    `other` (positions,) is the result with the flip, to be shown below where `result` is without.
    `predict` hides the results to come until somebody guesses them; `position` is the number of
    the result to open at. `on_edit` is called when a stem was dragged, `on_move` with the number
    of the result that somebody came to rest at, each before the script runs again.
    """
    handled = f"{key}_edit_handled"

    def edited() -> None:
        payload = st.session_state[key].edit
        st.session_state[handled] = int(payload["sequence"])
        edit = Edit(
            _changes(payload["signal"], len(signal.tokens)),
            _changes(payload["filter"], len(kernel.tokens)),
        )
        if edit.signal or edit.filter:
            on_edit(edit)

    def moved() -> None:
        if on_move is not None:
            on_move(int(st.session_state[key].moved))

    _VIEW(
        key=key,
        data=signal_message(
            signal,
            kernel,
            sliding,
            result,
            other=other,
            predict=predict,
            position=position,
            sentence=sentence,
            echo=st.session_state.get(handled, 0),
        ),
        on_edit_change=edited,
        on_moved_change=moved,
    )


def _changes(pairs: list[list[Any]], length: int) -> dict[int, float]:
    """Edits that still fit: the list may have changed while they were on their way."""
    changes = {int(index): float(value) for index, value in pairs}
    return {
        index: value
        for index, value in changes.items()
        if 0 <= index < length and abs(value) <= signals.LIMIT
    }
