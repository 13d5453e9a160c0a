"""What the answer loses with each small square of the picture covered: by Captum, exactly."""

from __future__ import annotations

from torch import Tensor, nn, no_grad

from cnnviz.networks.modes import evaluating
from cnnviz.reasons.question import Question


def occlusion(
    model: nn.Module, image: Tensor, question: Question, patch: int = 3, fill: float = 0.0
) -> Tensor:
    """(C, H, W): how much the score falls with a pixel covered, as the mean over all squares of
    `patch` × `patch` pixels that cover it. Each square of the `image` (1, C, H, W) is filled with
    `fill` in turn, at every position, and the network run on it: in one batch.

    Raises ValueError for a patch that isn't from 1 to the picture's smaller side.
    """
    from captum.attr import Occlusion

    channels, height, width = image.shape[1:]
    if not 1 <= patch <= min(height, width):
        raise ValueError(f"patch must be from 1 to {min(height, width)} pixels, got {patch}")
    positions = (height - patch + 1) * (width - patch + 1)
    with evaluating(model), no_grad():
        return (
            Occlusion(question.of(model))
            .attribute(
                image,
                sliding_window_shapes=(channels, patch, patch),
                strides=(channels, 1, 1),
                baselines=fill,
                perturbations_per_eval=positions,
            )[0]
            .detach()
        )
