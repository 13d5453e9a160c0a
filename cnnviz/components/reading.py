"""The sentence beside the canvas: what the network says of the drawing, while the pen moves."""

from collections.abc import Sequence

from torch import Tensor

from cnnviz.components.modules import component_in
from cnnviz.views.letters import letters

_component = component_in("reading", '<div class="reading"></div>')


def reading(
    probabilities: Tensor,
    *,
    key: str,
    view: str,
    blank: bool = False,
    unlike: str | None = None,
    truth: int | None = None,
    classes: Sequence[str] = tuple("0123456789"),
) -> None:
    """Say what `probabilities` (N,), N at least 2, mean, and go on from the network view `view`.

    `view` is the key of a `network_view` of the page: while that shows a preview, so does this.
    `blank` says that there is no ink, `unlike` why the drawing is none of the `classes`, however
    the vote is shared, and `truth` which of them it truly is. Each is of the picture that torch
    was given, and isn't said of a preview.

    Raises ValueError where there aren't as many classes as probabilities.
    """
    if probabilities.shape != (len(classes),):
        raise ValueError(
            f"probabilities must have shape ({len(classes)},), got {tuple(probabilities.shape)}"
        )
    _component(
        key=key,
        data={
            "view": view,
            "probabilities": letters(probabilities.detach().numpy(), "<f4"),
            "blank": blank,
            "unlike": unlike,
            "truth": None if truth is None else classes[truth],
            "classes": list(classes),
        },
    )
