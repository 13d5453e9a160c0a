"""A filter that slides along a signal: what frontend/signal_view is sent."""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.labs import signals
from cnnviz.labs.convolution_1d import Sliding
from cnnviz.labs.signals import Numbers
from cnnviz.views.letters import letters


def signal_message(
    signal: Numbers,
    kernel: Numbers,
    sliding: Sliding,
    result: NDArray[np.float64],
    *,
    other: NDArray[np.float64] | None = None,
    predict: bool = False,
    position: int | None = None,
    sentence: str = "",
    echo: int = 0,
) -> dict[str, Any]:
    """How `result` (positions,) comes about; `components.signal_view` says what the others are.

    `echo` is the number of the last edit that is in it.
    """
    kept = sliding.kept(len(signal.tokens), len(kernel.tokens))
    return {
        "signal": letters(signal.values, "<f8"),
        "filter": letters(kernel.values, "<f8"),
        "result": letters(result, "<f8"),
        "other": letters(result if other is None else other, "<f8"),
        "tokens": json.dumps({"signal": signal.tokens, "kernel": kernel.tokens}),
        "flip": other is None,
        "mode": sliding.mode,
        "stride": sliding.stride,
        "dilation": sliding.dilation,
        "start": kept.start,
        "predict": predict,
        "position": position,
        "sentence": sentence,
        "limit": signals.LIMIT,
        "echo": echo,
    }
