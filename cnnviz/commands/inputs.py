"""What a command is given to read: weights, and pictures in files."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
