"""Somebody's own network and picture, as the rest of cnnviz knows them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from cnnviz.drawing.frames import Frame
from cnnviz.networks import trace as tracing
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.trace import Trace
from cnnviz.views.explorer import Subject

Model = nn.Sequential | Checkpoint
Picture = Any
"""A torch tensor, or what numpy makes an array of: (H, W), (C, H, W) or (1, C, H, W)."""


def subject(
    model: Model, image: Tensor | None, classes: Sequence[str] | None, frame: Frame | None = None
) -> Subject:
    """The network with what it doesn't say itself: `image` (1, C, H, W) has the shape that it
    reads, where it isn't one of cnnviz's own and there is no `frame`.

    Raises ValueError naming what can't be, its value and what it may be.
    """
    if isinstance(model, Checkpoint):
        found = Subject(model.model, model.frame, model.classes, model.name)
    else:
        frame = frame or Frame.like_mnist(_shape(model, image))
        scores = traced(model, torch.zeros(1, *frame.shape)).logits
        if scores is None:
            raise ValueError("model must end in a score for each class, and it ends in maps")
        name = type(model).__name__
        found = Subject(model, frame, tuple(map(str, range(len(scores)))), name)
    if classes is None:
        return found
    names = tuple(map(str, classes))
    if len(names) != len(found.classes):
        raise ValueError(
            f"classes must be {len(found.classes)} names, one for each score, got {len(names)}"
        )
    return replace(found, classes=names)


def _shape(model: nn.Sequential, image: Tensor | None) -> tuple[int, int, int]:
    if image is not None:
        channels, height, width = image.shape[1:]
        return channels, height, width
    shape = getattr(model, "picture", None)
    if shape is None:
        raise ValueError(
            "image or frame must be given: a plain nn.Sequential doesn't say what pictures it reads"
        )
    return shape


def as_batch(image: Picture) -> Tensor:
    """(1, C, H, W) float32. Raises ValueError for what isn't one picture of numbers."""
    try:
        array = image if isinstance(image, Tensor) else torch.from_numpy(np.array(image, "f4"))
        tensor = array.detach().to("cpu", torch.float32)
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(f"image must be a picture of numbers, got {image!r:.60}") from None
    if tensor.ndim == 4 and len(tensor) == 1:
        return tensor
    if tensor.ndim in (2, 3) and tensor.numel():
        return tensor[None, None] if tensor.ndim == 2 else tensor[None]
    raise ValueError(
        f"image must have shape (H, W), (C, H, W) or (1, C, H, W), got {tuple(tensor.shape)}"
    )


def traced(model: Model, image: Tensor) -> Trace:
    """The trace of `image` (1, C, H, W).

    Raises ValueError naming a layer that isn't known here, and for a picture that the network
    can't read, with torch's reason.
    """
    network = model.model if isinstance(model, Checkpoint) else model
    try:
        return tracing.trace(network, image)
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[0]
        raise ValueError(
            f"model can't read an image of shape {tuple(image.shape)}: {reason}"
        ) from None
