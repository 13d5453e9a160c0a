"""What the classes of pictures may be called, and how many there may be."""

from collections.abc import Sequence
from typing import Any

LEAST_CLASSES, MOST_CLASSES = 2, 100
MOST_NAME = 40
"""Characters of a class's name."""


def checked_classes(names: Any) -> tuple[str, ...]:
    """`names` as they are kept: 2 to 100 of them, no two alike, each of 1 to 40 characters that
    can be seen. Raises ValueError naming what can't be."""
    if isinstance(names, str) or not isinstance(names, Sequence):
        raise ValueError(f"classes must be a list of names, got {names!r:.60}")
    if not LEAST_CLASSES <= len(names) <= MOST_CLASSES:
        raise ValueError(
            f"there must be {LEAST_CLASSES} to {MOST_CLASSES} classes, got {len(names)}"
        )
    for name in names:
        if (
            not isinstance(name, str)
            or not 1 <= len(name) <= MOST_NAME
            or not name.isprintable()
            or name != name.strip()
        ):
            raise ValueError(
                f"a class's name must have 1 to {MOST_NAME} characters that can be seen, "
                f"got {name!r:.60}"
            )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"no two classes may have one name, and {twice[0]!r} is there twice")
    return tuple(names)
