"""What is known of a person's own data set besides its pictures, which a run keeps for good."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cnnviz.drawing.classes import checked_classes
from cnnviz.drawing.frames import Frame, is_whole
from cnnviz.people import checked_digest

MOST_PICTURES = 50_000
MOST_TITLE = 80
"""Characters."""

_NAME = re.compile(r"own(-[a-z0-9]{1,15}){0,4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Outline:
    """A collection `name` called `title`, with `train` pictures to learn from and `test` held out.

    They are of `classes`, and as `frame` says: their shape, and how a drawing is made to look like
    them. `owner` is the digest of whoever made it (`cnnviz.people`), None where it is everybody's.
    Raises ValueError naming what can't be.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    frame: Frame
    train: int
    test: int
    owner: str | None = None

    def __post_init__(self) -> None:
        check_name(self.name)
        check_title(self.title)
        object.__setattr__(self, "classes", checked_classes(self.classes))
        for part in ("train", "test"):
            count = getattr(self, part)
            if not is_whole(count) or not 1 <= count <= MOST_PICTURES:
                raise ValueError(
                    f"{part} must be a whole number from 1 to {MOST_PICTURES:,}, got {count!r:.40}"
                )
        check_owner(self.owner)

    def to_dict(self) -> dict[str, Any]:
        """As JSON; `from_dict` reads it."""
        return {
            "name": self.name,
            "title": self.title,
            "classes": list(self.classes),
            "frame": self.frame.to_dict(),
            "train": self.train,
            "test": self.test,
        } | ({} if self.owner is None else {"owner": self.owner})

    @classmethod
    def from_dict(cls, described: Mapping[str, Any]) -> "Outline":
        """What `to_dict` gave. Raises ValueError for whatever else it may be."""
        try:
            frame = described["frame"]
            if not isinstance(frame, Mapping):
                raise TypeError("its frame is no object")
            return cls(**{**described, "frame": Frame.from_dict(frame)})
        except (KeyError, TypeError) as error:
            raise ValueError(f"not what is known of a data set: {error}") from None


def is_name(name: Any) -> bool:
    """Whether it is written as a collection's name, be there one or not."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def check_name(name: Any) -> None:
    """Raises ValueError for what can't be a collection's name."""
    if not is_name(name):
        raise ValueError(
            f"a data set of one's own is called own-…, with a digest, got {name!r:.60}"
        )


def check_owner(owner: Any) -> None:
    """Raises ValueError for anything but None or the digest of a person's token."""
    if owner is not None and checked_digest(owner) is None:
        raise ValueError(f"owner must be the digest of a token, got {owner!r:.60}")


def check_title(title: Any) -> None:
    """Raises ValueError for anything but 1 to 80 characters that can be seen."""
    if (
        not isinstance(title, str)
        or not 1 <= len(title) <= MOST_TITLE
        or not title.isprintable()
        or title != title.strip()
    ):
        raise ValueError(
            f"a title must have 1 to {MOST_TITLE} characters that can be seen, got {title!r:.100}"
        )
