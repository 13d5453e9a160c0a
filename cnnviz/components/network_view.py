"""The network view: one component that draws any `Trace`, and lets its numbers be followed."""

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
import torch
from streamlit.components.v2 import component
from torch import Tensor

from cnnviz import glossary
from cnnviz.components.modules import together
from cnnviz.drawing.frames import MNIST, Frame
from cnnviz.networks.trace import Trace

_component = component(
    "cnnviz.network_view",
    js=together("network_view/index.js"),
    css="network_view/style.css",
    html='<div class="network-view"></div>',
    isolate_styles=True,
)


@dataclass(frozen=True)
class Live:
    """Where the pen is: the key of the `st_canvas` to follow, and how its ink is prepared.

    `beneath` (3, H, W) in [0, 1] is the picture that is drawn upon, of which ink takes the light
    away.
    """

    canvas_key: str
    centre: bool = True
    beneath: np.ndarray | None = None


@dataclass(frozen=True)
class Drag:
    """An input that can be dragged: `base` (1, H, W) unshifted, `shift` (right, down) in pixels.

    The trace shown must be that of `base` moved by `shift`; `limit` bounds both directions. The
    maps follow in the browser; `on_drag(right, down)` is called with the new shift before the page
    runs again.
    """

    base: Tensor
    on_drag: Callable[[int, int], None]
    shift: tuple[int, int] = (0, 0)
    limit: int = 10


@dataclass(frozen=True)
class Light:
    """Maps that are pictures: their values in [0, 1] are light, whose full colour is
    `colours[channel]`. Such are the maps of the layers up to `through`, -1 for the input alone."""

    colours: tuple[str, ...] = ("#ffffff",)
    through: int = -1


RED_GREEN_BLUE = ("#ff0000", "#00ff00", "#0000ff")


@dataclass(frozen=True)
class LooksFor:
    """What each kernel of the first convolution looks for: its `answers` to bars at `angles`, in
    degrees anticlockwise from level, and those in `words`."""

    angles: tuple[int, ...]
    answers: tuple[tuple[float, ...], ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Painting:
    """How maps are painted. The input as `ink` on paper (values in [0, 1]), or else on the signed
    scale; `light` paints it, and what is made of it, as a picture. `frame` says what the network's
    pictures look like: those in colour, or on a white ground, are painted as light, and a live
    preview is made like them. `winners` rings, in the map that a max pooling reads, what each
    window passes on.
    """

    ink: bool = True
    light: Light | None = None
    frame: Frame = MNIST
    winners: bool = False


@dataclass(frozen=True)
class Words:
    """What is said of a network: a `title` above it; the names of the `classes` that it tells
    apart, where they aren't just the numbers from 0; the path, from the project's root, of the
    `checkpoint` that holds these very weights, for the PyTorch snippets; what its kernels look for,
    drawn under those of the first convolution, where they read one channel.
    """

    title: str = ""
    classes: Sequence[str] | None = None
    checkpoint: str | None = None
    looks_for: LooksFor | None = None


@dataclass(frozen=True)
class Opening:
    """What is seen before anybody has pointed at anything. `pin` is the unit explained at first,
    as `layer.channel.row.column` or `layer.index`; `linked` keeps the pinned unit and the colour
    scope in the page's URL (for one view a page). With `demonstration` the first convolution's
    window slides once over the input's top stroke, where nothing is pinned.
    """

    pin: str | None = None
    linked: bool = False
    demonstration: bool = False


def network_view(
    trace: Trace,
    *,
    key: str,
    live: Live | None = None,
    drag: Drag | None = None,
    painting: Painting = Painting(),  # frozen
    words: Words = Words(),
    opening: Opening = Opening(),
) -> None:
    """Draw `trace`, and let every number in it be followed back to the input.

    With `live` it follows the pen, with `drag` the pointer that moves its input.
    """

    def dragged() -> None:
        shift = getattr(st.session_state[key], "shift", None)
        if drag is not None and shift:
            right, down = (max(-drag.limit, min(drag.limit, int(step))) for step in shift)
            drag.on_drag(right, down)

    ink, light, frame = painting.ink, painting.light, painting.frame
    if light is None and frame.ground == "white":
        light = Light(RED_GREEN_BLUE if frame.channels == 3 else ("#ffffff",))
        ink = False
    classes, looks_for = words.classes, words.looks_for
    weights = {
        layer.name: {
            "weight": None if layer.weight is None else _encode(layer.weight),
            "bias": None if layer.bias is None else _encode(layer.bias),
            "buffers": {key: _encode(buffer) for key, buffer in layer.buffers.items()},
        }
        for layer in trace.layers
        if layer.weight is not None or layer.buffers
    }
    digest = hashlib.blake2b(json.dumps(weights).encode(), digest_size=12).hexdigest()
    # A sibling element of its own: Streamlit sends an unchanged element once, so the weights
    # don't travel with each stroke.
    with st.container(key=f"{key}-frame", gap=None):
        _component(
            key=f"{key}-weights",
            data={"role": "weights", "id": digest, "layers": weights},
        )
        _component(
            key=key,
            data={
                "role": "trace",
                "weights": digest,
                "image": _encode(trace.image),
                "layers": [
                    {
                        "name": layer.name,
                        "kind": layer.kind,
                        "hyper": dict(layer.hyperparameters),
                        **_encode(layer.values),
                    }
                    for layer in trace.layers
                ],
                "probabilities": None
                if trace.probabilities is None
                else _encode(trace.probabilities),
                "live": None
                if live is None
                else {
                    "canvas": live.canvas_key,
                    "centre": live.centre,
                    "frame": frame.to_dict(),
                    "beneath": None
                    if live.beneath is None
                    else _encode(torch.tensor(live.beneath)),
                },
                "options": {
                    "key": key,
                    "demonstrate": opening.demonstration,
                    "inputInk": ink,
                    "classes": None if classes is None else list(classes),
                    "light": None
                    if light is None
                    else {"colours": list(light.colours), "through": light.through},
                    "drag": None
                    if drag is None
                    else {
                        "base": _encode(drag.base),
                        "shift": list(drag.shift),
                        "limit": drag.limit,
                    },
                    "markWinners": painting.winners,
                    "title": words.title,
                    "pin": opening.pin,
                    "linked": opening.linked,
                    "checkpoint": words.checkpoint,
                    "looksFor": None
                    if looks_for is None
                    else {
                        "angles": looks_for.angles,
                        "kernels": [
                            {"answers": answers, "words": said}
                            for answers, said in zip(
                                looks_for.answers, looks_for.words, strict=True
                            )
                        ],
                    },
                    "glossary": glossary.of_columns(
                        {layer.kind for layer in trace.layers} | {"logits", "softmax"}
                    ),
                },
            },
            on_shift_change=dragged,
        )


def _encode(tensor: Tensor) -> dict[str, Any]:
    array = tensor.detach().contiguous().numpy().astype("<f4", copy=False)
    return {
        "shape": list(array.shape),
        "values": base64.b64encode(array.tobytes()).decode("ascii"),
    }
