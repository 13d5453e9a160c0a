"""A control that stops a run at a step that the test chooses."""

from collections.abc import Callable

from cnnviz.training.events import Wish


def stop_after(step: int) -> Callable[[], Wish]:
    """A control that stops before step `step` + 1."""
    asked = 0

    def control() -> Wish:
        nonlocal asked
        asked += 1
        return Wish(stop=asked > step)

    return control
