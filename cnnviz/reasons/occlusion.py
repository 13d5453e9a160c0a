"""What the answer loses with each small square of the picture covered: by Captum, exactly."""

from __future__ import annotations

from torch import Tensor, nn, no_grad

from cnnviz.networks.modes import evaluating
from cnnviz.reasons.question import Question

MOST_VALUES = 2_000_000
"""Of the pictures that are run at once: the network makes tens of times as many of them."""


def at_once(shape: tuple[int, ...], patch: int) -> int:
    """How many squares of a picture (C, H, W) are covered in one batch: all of a small one's."""
    channels, height, width = shape
    positions = (height - patch + 1) * (width - patch + 1)
    return max(1, min(positions, MOST_VALUES // (channels * height * width)))


def occlusion(
    model: nn.Module, image: Tensor, question: Question, patch: int = 3, fill: float = 0.0
) -> Tensor:
    """(C, H, W): how much the score falls with a pixel covered, as the mean over all squares of
    `patch` × `patch` pixels that cover it. Each square of the `image` (1, C, H, W) is filled with
    `fill` in turn, at every position, and the network run on it, many at once.

    Raises ValueError for a patch that isn't from 1 to the picture's smaller side.
    """
    from captum.attr import Occlusion

    channels, height, width = image.shape[1:]
    if not 1 <= patch <= min(height, width):
        raise ValueError(f"patch must be from 1 to {min(height, width)} pixels, got {patch}")
    with evaluating(model), no_grad():
        return (
            Occlusion(question.of(model))
            .attribute(
                image,
                sliding_window_shapes=(channels, patch, patch),
                strides=(channels, 1, 1),
                baselines=fill,
                perturbations_per_eval=at_once((channels, height, width), patch),
            )[0]
            .detach()
        )
