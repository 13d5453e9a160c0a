"""Whether pages take what lessons set them up with."""

from __future__ import annotations

from collections.abc import Iterator

from cnnviz.lessons.expressions import alike
from cnnviz.lessons.lesson import Lesson
from cnnviz.ui import link
from cnnviz.ui.addresses import SESSION, TABLES


def faults(lesson: Lesson) -> list[str]:
    """A line for each parameter of a step's `set_up` that its page can't take."""
    return [
        f"step {number}, set_up.{fault}"
        for number, step in enumerate(lesson.steps, 1)
        if step.page is not None
        for fault in _of(step.page, step.set_up)
    ]


def _of(page: str, set_up: dict[str, str]) -> Iterator[str]:
    tables = (TABLES[page], SESSION)
    known = [name for table in tables for name in table.rows]
    for name in set_up:
        if name not in known:
            yield f"{name}: isn't a setting of {page}: there is no {alike(name, known)}"
    for table in tables:
        _, refused = link.read(table, set_up)
        yield from (f"{name}: {reason}" for name, reason in refused.items())
