"""Test pictures on *Why*: shown as buttons that take them to the draw page."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from cnnviz.app_folder import APP_FOLDER
from cnnviz.components import theme
from cnnviz.components.escaping import escaped
from cnnviz.datasets import gallery
from cnnviz.images.png import thumbnail_url
from cnnviz.reasons import stages as stages_of
from cnnviz.ui import starting_points

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cnnviz.drawing.sources import Source
    from cnnviz.networks.checkpoints import Checkpoint
    from cnnviz.reasons.examples import Examples
    from cnnviz.reasons.stages import Stages
    from cnnviz.ui.why.context import Context

DRAW = APP_FOLDER / "pages" / "draw.py"
SIZE = 72
CHART = {"displayModeBar": False}


@lru_cache(maxsize=4)
def stages_of_checkpoint(checkpoint: Checkpoint) -> Stages:
    """Of the network in use; no stroke changes them."""
    return stages_of.of(checkpoint.model, checkpoint.model.picture)


def url_of(context: Context, picture: NDArray[np.float32], size: int = SIZE) -> str:
    """A picture (C, H, W) as the network's pictures are shown."""
    light = context.reads.frame.ground == "white"
    return thumbnail_url(picture, size, theme.current(), light)


def example_button(
    context: Context,
    some: Examples,
    index: int,
    words: str,
    *,
    key: str,
    unit: str | None = None,
    part: NDArray[np.float32] | None = None,
) -> None:
    """A test picture, or a `part` (C, H, W) of it, over `words`; a click follows it through every
    layer on the draw page, with the `unit` explained."""
    url = url_of(context, some.image(index) if part is None else part)
    name = escaped(some.named(index))
    if st.button(
        f"![a {name}]({url})  \n{words}",
        key=key,
        type="tertiary",
        width=SIZE + 16,
        help=f"{escaped(some.title(index))}, a {name}",
    ):
        follow(example_source(some, index), unit)


def example_source(some: Examples, index: int) -> Source:
    """A test picture, to lie on the canvas."""
    label = int(some.labels[index])
    return gallery.of_image(some.title(index), some.image(index), label, some.dataset.classes)


def follow(source: Source, unit: str | None = None) -> None:
    """Take a picture to the draw page; with a `unit`, that is explained there."""
    starting_points.take(source)
    st.switch_page(DRAW, query_params={} if unit is None else {"pin": unit})
