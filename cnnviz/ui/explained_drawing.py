"""What the draw page says of a drawing besides the answer: kernels, strongest maps, a doubt; and
what it tells a lesson.

torch takes seconds to import, so it is left to the functions that need it: the page shows its
canvas first.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnviz.drawing import sources
from cnnviz.spelling import fixed
from cnnviz.ui.drawing import current_drawing

if TYPE_CHECKING:
    from torch import Tensor

    from cnnviz.components.network_view import LooksFor
    from cnnviz.drawing.preprocessing import Prepared
    from cnnviz.networks.checkpoints import Checkpoint
    from cnnviz.networks.trace import Trace
    from cnnviz.palette import Theme
    from cnnviz.ui.drawing import Drawn
    from cnnviz.ui.model import Reads


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


def facts(
    drawn: Drawn, prepared: Prepared, traced: Trace, reads: Reads, unlike: bool
) -> dict[str, Any]:
    """What a lesson may ask about the drawing (`cnnviz.lessons.facts`)."""
    shares = traced.probabilities
    order = [] if shares is None else shares.argsort(descending=True).tolist()
    rows, columns = np.nonzero(prepared.centred > 0)
    weights = prepared.centred[rows, columns]
    sample = drawn.source.digit if drawn.source is not None else None
    return {
        "drawing.ink": len(rows),
        "drawing.sample": -1 if sample is None else sample,
        "drawing.row": float(np.average(rows, weights=weights)) if len(rows) else -1.0,
        "drawing.column": float(np.average(columns, weights=weights)) if len(rows) else -1.0,
        "drawing.centred": drawn.centre,
        "drawing.answer": reads.classes[order[0]] if order else "",
        "drawing.share": float(shares[order[0]]) if shares is not None else 0.0,
        "drawing.second": reads.classes[order[1]] if len(order) > 1 else "",
        "drawing.unlike": unlike,
    }
