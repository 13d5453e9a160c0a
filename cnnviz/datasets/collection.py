"""Pictures with classes that somebody drew, took or has in a folder, and which are for a test.

A collection is what it holds: its name ends in the digest of all of it. `cnnviz.datasets.own` keeps
collections on this machine.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from cnnviz.datasets.outlines import MOST_PICTURES, Outline, check_owner, check_title
from cnnviz.datasets.stored import Pictures, Split
from cnnviz.drawing.classes import checked_classes
from cnnviz.drawing.frames import Frame, check_shape

if TYPE_CHECKING:  # settings and `--help` list the names, and needn't wait for numpy
    import numpy as np
    from numpy.typing import NDArray

HELD = 1 / 5
"""The share of a class's pictures that is held out for the test."""


@dataclass(frozen=True, eq=False)
class Collection:
    """Pictures with classes: `images` (n, C, H, W) uint8, and `labels` (n,), numbers of `classes`.

    C is 1 or 3, H and W are 8 to 64, and n is at most 50,000. `held` (n,) bool says which pictures
    are for the test alone; by default a fair fifth of each class, see `held_out`. `frame` is how a
    drawing is made to look like the pictures: by default MNIST's way for one channel, a page as it
    lies for three (`Frame.like_mnist`). `owner` is the digest of the one person whose it
    is (`cnnviz.people`), None where it is everybody's.

    Raises ValueError naming what can't be: of each class there must be a picture to learn from, and
    of one at least a picture to test.
    """

    title: str
    classes: tuple[str, ...]
    images: NDArray[np.uint8]
    labels: NDArray[Any]
    held: NDArray[np.bool_] = None  # type: ignore[assignment]  # filled in below
    frame: Frame = None  # type: ignore[assignment]
    owner: str | None = None
    name: str = field(init=False)

    def __post_init__(self) -> None:
        import numpy as np

        check_title(self.title)
        check_owner(self.owner)
        fill = partial(object.__setattr__, self)
        fill("classes", checked_classes(self.classes))
        # Views: they become read-only below, and the caller's arrays stay as they are.
        images, labels = np.ascontiguousarray(self.images).view(), np.asarray(self.labels)
        if images.dtype != np.uint8 or images.ndim != 4:
            raise ValueError(
                f"images must be uint8 of shape (n, C, H, W), got {images.dtype} {images.shape}"
            )
        check_shape(images.shape[1:])
        count = len(images)
        if count > MOST_PICTURES:
            raise ValueError(f"there may be at most {MOST_PICTURES:,} pictures, got {count:,}")
        if labels.shape != (count,) or not np.issubdtype(labels.dtype, np.integer):
            raise ValueError(
                f"labels must be {count} whole numbers, got {labels.dtype} {labels.shape}"
            )
        if count and not 0 <= labels.min() <= labels.max() < len(self.classes):
            raise ValueError(
                f"labels must be from 0 to {len(self.classes) - 1}, "
                f"got {labels.min()} to {labels.max()}"
            )
        labels = labels.astype(np.int64)
        held = held_out(images, labels) if self.held is None else np.asarray(self.held).view()
        if held.shape != (count,) or held.dtype != np.bool_:
            raise ValueError(f"held must be {count} of True and False, got {held.dtype}")
        learnt = np.bincount(labels[~held], minlength=len(self.classes))
        if (lacking := np.flatnonzero(learnt == 0)).size:
            raise ValueError(f"there is no picture of {self.classes[lacking[0]]!r} to learn from")
        if not held.any():
            raise ValueError(
                "no picture is left for a test: one class at least needs two that differ"
            )
        frame = self.frame or Frame.like_mnist(images.shape[1:])
        if frame.shape != images.shape[1:]:
            raise ValueError(f"frame must be for pictures of {images.shape[1:]}, got {frame.shape}")
        for array in (images, labels, held):
            array.flags.writeable = False
        fill("images", images)
        fill("labels", labels)
        fill("held", held)
        fill("frame", frame)
        fill("name", _name(self))

    @property
    def outline(self) -> Outline:
        """All but the pictures."""
        test = int(self.held.sum())
        train = len(self.images) - test
        return Outline(self.name, self.title, self.classes, self.frame, train, test, self.owner)

    def part(self, split: Split) -> Pictures:
        """The pictures to learn from, or those for the test."""
        chosen = self.held if split == "test" else ~self.held
        return Pictures(self.images[chosen], self.labels[chosen])


def held_out(images: NDArray[np.uint8], labels: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of `images` (n, C, H, W) of classes `labels` (n,) a test should have: (n,) bool.

    Of each class about a fifth, and one at least where it has two that differ. The pictures
    themselves decide which, by their SHA-256: nobody chooses, order and names don't matter, and few
    change sides as others come. Pictures that are the same, to the byte, are on one side: none is
    tested that was learnt. So where all are too many of a kind, the smallest group is held.
    """
    import numpy as np

    held = np.zeros(len(images), np.bool_)
    for label in np.unique(labels):
        alike: dict[bytes, list[int]] = {}
        members = np.flatnonzero(labels == label)
        for index in members:
            digest = hashlib.sha256(images[index].tobytes()).digest()
            alike.setdefault(digest, []).append(int(index))
        wanted, taken = max(1, round(len(members) * HELD)), 0
        if len(alike) < 2:
            continue
        groups = [group for _, group in sorted(alike.items())]
        for group in groups:
            if taken + len(group) <= wanted:
                held[group] = True
                taken += len(group)
        if not taken:
            held[min(groups, key=len)] = True
    return held


def _name(collection: Collection) -> str:
    """`own`, the title in plain letters as far as it has some, and a digest of everything."""
    import numpy as np

    digest = hashlib.sha256()
    about = [collection.title, collection.classes, collection.frame.to_dict()]
    if collection.owner is not None:
        about.append(collection.owner)  # two people's are two, and each can delete theirs
    digest.update(json.dumps(about).encode())
    digest.update(repr(collection.images.shape).encode())
    digest.update(collection.labels.astype(np.uint8).tobytes())
    digest.update(collection.held.tobytes())
    digest.update(collection.images.data)
    plain = unicodedata.normalize("NFKD", collection.title).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())[:4]
    return "-".join(["own", *(word[:15] for word in words), digest.hexdigest()[:12]])
