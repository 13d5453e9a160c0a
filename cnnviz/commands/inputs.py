"""What a command is given to read: weights, and pictures in files."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    import numpy as np

    from cnnviz.drawing.frames import Frame
    from cnnviz.drawing.sources import Source
    from cnnviz.networks.checkpoints import Checkpoint

# torch takes seconds to import: --help and a mistyped option don't wait for it.


def network(weights: str | None) -> "Checkpoint":
    """That of a file, or the article's. Raises ValueError where the file can't be used."""
    from cnnviz.networks import checkpoints

    return checkpoints.article() if weights is None else checkpoints.load(weights)


def picture(name: str, frame: "Frame") -> "Source":
    """A picture's file, for networks that read pictures of `frame`.

    Raises OSError where it can't be read, ValueError where it is no picture, or too large.
    """
    from cnnviz.drawing import sources
    from cnnviz.drawing.pictures import MAX_BYTES

    with Path(name).open("rb") as file:
        # One byte more is enough for the message that it is too large.
        return sources.picture_for(frame, file.read(MAX_BYTES + 1), name)


def is_link(text: str) -> bool:
    """Whether it is a page's address, and no file's name."""
    return text.startswith(("http://", "https://"))


def linked(link: str) -> "tuple[Source | None, np.ndarray | None, bool]":
    """What the link of a page has in place of a drawing, else the ink (H, W) of its strokes; and
    whether it is centred.

    Raises ValueError where it has neither a drawing nor a sample, or one that is damaged.
    """
    from cnnviz.drawing import compact, sources

    found = parse_qs(urlsplit(link).query, keep_blank_values=True, max_num_fields=100)
    centre = found.get("centre") != ["false"]
    if "drawing" in found:
        drawing = compact.read(found["drawing"][0])
        if drawing.picture is not None:
            return sources.seen_before(drawing.picture, drawing.text), None, centre
        return None, drawing.ink, centre
    sample = found.get("sample", [""])[0]
    if sample not in sources.DIGITS:
        raise ValueError("the link must have a drawing or a sample, as the draw page's has")
    return sources.sample(int(sample)), None, centre
