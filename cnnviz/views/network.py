"""The network view's payload: a `Trace` and how it is shown, as what JSON can say.

frontend/network_view/payload.js reads it. Weights travel in a message of their own, since they stay
while the pen moves.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from cnnviz import glossary
from cnnviz.drawing.frames import MNIST, Frame
from cnnviz.networks.trace import Layer, Trace
from cnnviz.reasons.backward import Backward
from cnnviz.reasons.changes import Changes
from cnnviz.views.arrays import Sight, encode, encode_plainly, layers_sent


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
    """An input that can be dragged: `base` (C, H, W) unshifted, `shift` (right, down) in pixels.

    The trace shown must be that of `base` moved by `shift`, `paper` coming in; `limit` bounds both
    directions. The maps follow in the browser; `on_drag(right, down)` is called with the new shift
    before the page runs again.
    """

    base: Tensor
    on_drag: Callable[[int, int], None]
    shift: tuple[int, int] = (0, 0)
    limit: int = 10
    paper: float = 0.0


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
class WhatIf:
    """The network can be changed in the view, and is by `changes` (`cnnviz.reasons.changes`).

    The trace shown must be of the changed network and picture; `before` is that of the same picture
    and network as they are, `means` has the number for each mean that is set. `on_change(text,
    sequence, keep)` is called with a person's changes, before the page runs again, which must then
    give that sequence here; a larger one is for changes that the page itself makes. `keep` asks for
    them as weights of a network of its own; `problem` says what couldn't be done.
    """

    changes: Changes
    before: Trace
    on_change: Callable[[str, int, bool], None]
    sequence: int = 0
    means: Mapping[str, float] = field(default_factory=dict)
    problem: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As the view reads it."""
        probabilities = self.before.probabilities
        return {
            "text": str(self.changes),
            "sequence": self.sequence,
            "means": dict(self.means),
            "problem": self.problem,
            "under": {
                change.target: float(self.before.image[change.place])
                for change in self.changes.of_input
            },
            "before": None if probabilities is None or not self.changes else encode(probabilities),
        }


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


def weights_message(trace: Trace, known: Collection[str] = ()) -> dict[str, Any]:
    """The layers' weights, under the digest by which a trace names them.

    Each layer has a digest of its own; of those that are `known` where the message goes the
    numbers stay here.
    """
    digests = {
        layer.name: _digest(layer)
        for layer in trace.layers
        if layer.weight is not None or layer.buffers
    }
    return {
        "role": "weights",
        "id": _digest_of(json.dumps(digests).encode()),
        "layers": {
            name: {"digest": digest} | ({} if digest in known else _encoded(trace[name]))
            for name, digest in digests.items()
        },
    }


def _encoded(layer: Layer) -> dict[str, Any]:
    return {
        "weight": None if layer.weight is None else encode_plainly(layer.weight),
        "bias": None if layer.bias is None else encode_plainly(layer.bias),
        "buffers": {key: encode_plainly(buffer) for key, buffer in layer.buffers.items()},
    }


def _digest(layer: Layer) -> str:
    """Of all that a layer's weights are."""
    tensors = {"weight": layer.weight, "bias": layer.bias, **layer.buffers}
    parts = [
        part
        for name, tensor in tensors.items()
        if tensor is not None
        for part in (repr((name, tuple(tensor.shape))).encode(), _bytes(tensor))
    ]
    return _digest_of(*parts)


def _bytes(tensor: Tensor) -> bytes:
    return tensor.detach().contiguous().numpy().astype("<f4", copy=False).tobytes()


def _digest_of(*parts: bytes) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def name_of(trace: Trace, weights: str, what_if: WhatIf | None = None) -> str:
    """Another one for each picture, weights or changes of the network: of a trace's message."""
    last = trace.layers[-1].values if trace.layers else trace.image
    changes = "" if what_if is None else json.dumps([str(what_if.changes), dict(what_if.means)])
    return _digest_of(weights.encode(), _bytes(trace.image), _bytes(last), changes.encode())


def trace_message(
    trace: Trace,
    *,
    key: str,
    weights: str,
    live: Live | None = None,
    drag: Drag | None = None,
    painting: Painting = Painting(),  # frozen
    words: Words = Words(),
    opening: Opening = Opening(),
    backward: Backward | None = None,
    sight: Sight | None = None,
    there: Sight | None = None,
    what_if: WhatIf | None = None,
    chooses_weight: bool = False,
) -> dict[str, Any]:
    """What the view `key` shows; `weights` is the digest of the message that has them.

    Of a large network come the values that are in `sight`, and as many others as the message has
    room for; all of them where the view can't ask (None) or shows gradients. Those that are `there`
    already, of the same picture and network (`name_of`), stay.

    With `backward`, which must be of that very trace, it shows the gradients of a loss in place of
    the values, on the signed scale; neither pen nor pointer moves them. With `chooses_weight` a
    click on a cell of a kernel, or on a linear layer's weight, tells Python which it is.
    """
    if backward is not None:
        live, drag, painting, sight, there = None, None, Painting(ink=False), None, None
    ink, light, frame = painting.ink, painting.light, painting.frame
    if light is None and frame.ground == "white":
        light = Light(RED_GREEN_BLUE if frame.channels == 3 else ("#ffffff",))
        ink = False
    classes, looks_for = words.classes, words.looks_for
    return {
        "role": "trace",
        "weights": weights,
        "of": name_of(trace, weights, what_if),
        "image": encode(trace.image),
        "layers": [
            {
                "name": layer.name,
                "kind": layer.kind,
                "hyper": dict(layer.hyperparameters),
                **sent,
            }
            for layer, sent in zip(
                trace.layers, layers_sent(trace, sight, there=there), strict=True
            )
        ],
        "probabilities": None if trace.probabilities is None else encode(trace.probabilities),
        "backward": None
        if backward is None
        else {
            "target": backward.target,
            "loss": backward.loss,
            "gradients": [encode(gradient) for gradient in backward.gradients],
        },
        "live": None
        if live is None
        else {
            "canvas": live.canvas_key,
            "centre": live.centre,
            "frame": frame.to_dict(),
            "beneath": None if live.beneath is None else encode(torch.tensor(live.beneath)),
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
                "base": encode(drag.base),
                "shift": list(drag.shift),
                "limit": drag.limit,
                "paper": drag.paper,
            },
            "changes": None if what_if is None else what_if.to_dict(),
            "choosesWeight": chooses_weight,
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
                    for answers, said in zip(looks_for.answers, looks_for.words, strict=True)
                ],
            },
            "glossary": glossary.of_columns(
                {layer.kind for layer in trace.layers} | {"logits", "softmax"}
            ),
        },
    }
