"""What the draw page says of a drawing besides the answer: kernels, strongest maps, a doubt.

torch takes seconds to import, so it is left to the functions that need it: the page shows its
canvas first.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cnnviz.drawing import sources
from cnnviz.spelling import fixed
from cnnviz.ui.drawing import current_drawing

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from cnnviz.components.network_view import LooksFor
    from cnnviz.networks.checkpoints import Checkpoint
    from cnnviz.networks.trace import Trace
    from cnnviz.palette import Theme


@lru_cache(maxsize=8)
def filters(checkpoint: Checkpoint, colours: Theme) -> str:
    """The model's filters; no stroke changes them."""
    from cnnviz.images import article
    from cnnviz.networks.trace import trace

    return article.filters(trace(checkpoint.model, current_drawing(checkpoint.frame)), colours)


@lru_cache(maxsize=8)
def looked_for(checkpoint: Checkpoint) -> LooksFor | None:
    """What the first convolution's kernels answer to bars; no stroke changes it."""
    from torch import nn

    from cnnviz.components.network_view import LooksFor
    from cnnviz.labs import orientation

    first = next(iter(checkpoint.model))
    # Bars of ink are what it reads only where nothing comes before it.
    if not isinstance(first, nn.Conv2d) or first.in_channels != 1:
        return None
    found = orientation.tunings(first, current_drawing(checkpoint.frame).shape[-1])
    return LooksFor(
        angles=orientation.ANGLES,
        answers=tuple(tuple(map(float, tuning.answers)) for tuning in found),
        words=tuple(tuning.in_words() for tuning in found),
    )


def strongest(traced: Trace) -> str:
    """Which map of each convolution answers most to this drawing."""
    from cnnviz.labs.orientation import strongest_maps

    said = [
        f"**{layer}** map {at}, up to {fixed(most, 1)}"
        for layer, at, most in strongest_maps(traced)
    ]
    return f"Answers most to this drawing: {'; '.join(said)}." if said else ""


def why_unlike(strokes: np.ndarray | None, image: Tensor, checkpoint: Checkpoint) -> str | None:
    """Why it can't be a digit, however sure the network is; None where it may well be one.

    `strokes` (280, 280) is the ink, where `image` (1, C, H, W) was made of nothing else.
    """
    from cnnviz.networks import familiarity

    if strokes is not None and (doubt := sources.doubt(strokes)):
        return f"{doubt.capitalize()}."
    known = familiarity.of(checkpoint)
    if known is not None and bool(known.unlike(image)):
        return "Unlike all that it was trained on."
    return None
