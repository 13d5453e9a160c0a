"""`cnnviz.trace`, `cnnviz.show` and `cnnviz.save_page`."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cnnviz.drawing import sources
from cnnviz.drawing.frames import Frame
from cnnviz.drawing.preprocessing import Prepared
from cnnviz.export.page import page
from cnnviz.files import write_atomically
from cnnviz.networks.trace import Trace
from cnnviz.notebook.subject import Model, Picture, as_batch, subject, traced
from cnnviz.views.explorer import Start, Subject
from cnnviz.views.network import Words

if TYPE_CHECKING:
    from cnnviz.notebook.widget import NetworkWidget


def trace(model: Model, image: Picture) -> Trace:
    """What every layer of `model` makes of `image`: `trace(model, image)["conv1"].values`.

    `model` is a plain `torch.nn.Sequential` of layers that cnnviz knows, or a checkpoint of its
    own; `image` a tensor or array (H, W), (C, H, W) or (1, C, H, W). Values are (C, H, W) or (N,).

    Raises ValueError, naming the layer, for one that isn't known, and for an image that isn't one
    picture or that the model can't read.
    """
    return traced(model, as_batch(image))


def show(
    model: Model,
    image: Picture | None = None,
    *,
    live: bool = False,
    classes: Sequence[str] | None = None,
    frame: Frame | None = None,
    title: str = "",
    pin: str | None = None,
) -> "NetworkWidget":
    """What every layer makes of `image`, to be pointed at in a notebook; the last thing of a cell.

    With `live` there is a pen, and the widget's `image` and `trace` are of what was drawn last; it
    begins with `image`, or with nothing. `classes` name the scores, `pin` is the unit that is
    explained at first, as "conv1.0.5.5" or "fc.7". `frame` says how a drawing is made to look like
    the pictures that the network was trained on; else it is done as for MNIST's.

    Raises ImportError without the extra `cnnviz[notebook]`; ValueError as `trace`, for classes of
    another number, and with `live` for a network that isn't for small pictures in [0, 1].
    """
    try:
        from cnnviz.notebook import widget
    except ImportError as error:
        raise ImportError(
            f"cnnviz.show needs anywidget: pip install 'cnnviz[notebook]' ({error})"
        ) from error
    words = Words(title=title, classes=None if classes is None else tuple(classes))
    batch = None if image is None else as_batch(image)
    if live:
        found = subject(model, batch, classes, frame)
        return widget.LiveWidget(found, _start(found, image), words, pin)
    if batch is None:
        raise ValueError("image must be given, or live=True to draw one")
    return widget.still(traced(model, batch), words, pin)


def save_page(
    model: Model,
    path: str | os.PathLike[str],
    image: Picture | None = None,
    *,
    classes: Sequence[str] | None = None,
    frame: Frame | None = None,
    title: str = "",
) -> Path:
    """Write the explorer of `model` as one HTML file that needs no server and no network.

    It has a pen, and opens with `image`, or with nothing drawn. Returns the path.

    Raises ValueError as `show` does with `live`; OSError where the file can't be written.
    """
    batch = None if image is None else as_batch(image)
    found = subject(model, batch, classes, frame)
    made = page(found, _start(found, image), Words(title=title))
    write_atomically(Path(path), made.encode())
    return Path(path)


def _start(found: Subject, image: Picture | None) -> Start:
    """The picture itself, not drawn anew: it is what the network is to see."""
    frame = found.frame
    if image is None:
        return Start(sources.seen(None, None, centre=True, frame=frame))
    picture = as_batch(image)[0].numpy()
    if picture.shape != frame.shape:
        raise ValueError(f"image must have shape {frame.shape}, got {picture.shape}")
    lowest, highest = float(picture.min()), float(picture.max())
    if not (lowest >= 0 and highest <= 1):  # also true of NaN
        raise ValueError(f"image must be from 0 to 1, got {lowest:g} to {highest:g}")
    centre = frame.box is not None
    if frame.ground == "black":
        ink = picture[0]
        return Start(Prepared(ink, empty=not ink.any(), frame=frame), ink, centre=centre)
    return Start(Prepared(1 - picture[0], frame=frame, light=picture), centre=centre)
