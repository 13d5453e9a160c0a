"""The filmstrip: kernels and one's own digit's reading at each snapshot, under the curve."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from torch import Tensor

_COMPONENT = st.components.v2.component(
    "cnnviz.training_view",
    js="index.js",
    css="style.css",
    html='<div class="film"></div>',
    isolate_styles=True,
)
MAX_KERNELS = 8
"""So many kernels of a layer, and of each so many input channels, have room in the strip."""


@dataclass(frozen=True)
class Frame:
    """One snapshot: kernels (channels out, channels in, k, k) by layer name, `digit` read with
    `confidence` (0-1) from the drawing, and `test_accuracy` (0-1) over `tested` images."""

    step: int
    kernels: dict[str, Tensor]
    digit: int
    confidence: float
    test_accuracy: float
    tested: int


def training_view(
    frames: Sequence[Frame],
    *,
    key: str,
    chart: str,
    last_step: int,
    selected: int,
    on_select: Callable[[int | None], None],
) -> None:
    """Draw `frames` on the logarithmic step axis of the Plotly chart under the key `chart`.

    `selected` is the step under the scrubber; `on_select` is called with a step that somebody
    chose, or None for the last one, which the scrubber then follows as training goes on.
    """

    def chosen() -> None:
        step = getattr(st.session_state[key], "step", None)
        steps = [frame.step for frame in frames]
        if isinstance(step, int | float) and int(step) in steps:
            on_select(None if int(step) == steps[-1] else int(step))

    _COMPONENT(
        key=key,
        data={
            "chart": chart,
            "last": last_step,
            "selected": selected,
            "frames": [
                {
                    "step": frame.step,
                    "digit": frame.digit,
                    "confidence": round(frame.confidence, 4),
                    "accuracy": frame.test_accuracy,
                    "tested": frame.tested,
                    "kernels": {name: _encoded(k) for name, k in frame.kernels.items()},
                }
                for frame in frames
            ],
        },
        on_step_change=chosen,
    )


def _encoded(kernels: Tensor) -> dict[str, object]:
    shown = kernels[:MAX_KERNELS, :MAX_KERNELS].detach().contiguous()
    return {
        "shape": list(shown.shape),
        "values": base64.b64encode(shown.numpy().astype("<f4").tobytes()).decode("ascii"),
    }
