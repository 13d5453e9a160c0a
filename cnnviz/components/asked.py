"""What Why asks, live: the score in words, and whether what stands below is of the drawing."""

from collections.abc import Sequence

from torch import Tensor

from cnnviz.components.modules import component_in
from cnnviz.drawing.frames import Frame
from cnnviz.reasons.question import Question
from cnnviz.views.letters import letters
from cnnviz.views.network import Live

_asked = component_in("asked", "<p></p>")
_before = component_in("before", "<i></i>")


def asked(
    question: Question, logits: Tensor, *, key: str, view: str, classes: Sequence[str], fixed: bool
) -> None:
    """Say what `question` asks of `logits` (K,), and the score, from the network view `view`.

    `view` is the key of a `network_view` of the page: while that shows a preview, the score is the
    preview's. Unless the class asked about is `fixed`, it is the likeliest of what is shown.
    """
    _asked(
        key=key,
        data={
            "view": view,
            "logits": letters(logits.detach().numpy(), "<f4"),
            "target": question.target if fixed else None,
            "other": question.other,
            "classes": list(classes),
        },
        height="content",
    )


def marks_before(image: Tensor, *, key: str, view: str, within: str) -> None:
    """Mark the container whose key is `within` as of the drawing before, while it is.

    Call it after all that the container has of `image` (C, H, W), a network's input. From when the
    network view `view` shows another picture until this is called with that, the container has the
    attribute `data-before`, by which a style sheet can dim it.
    """
    _before(
        key=key,
        data={"view": view, "pen": None, "image": letters(image.numpy(), "<f4"), "within": within},
    )


def marks_before_pen(image: Tensor, *, key: str, live: Live, frame: Frame, within: str) -> None:
    """As `marks_before`, on a page where no network view follows the pen: the canvas is looked at.

    `live` says where one draws, and `frame` what `image` looks like.
    """
    _before(
        key=key,
        data={
            "view": None,
            "pen": {
                "canvas": live.canvas_key,
                "centre": live.centre,
                "frame": frame.to_dict(),
                "beneath": None if live.beneath is None else letters(live.beneath, "<f4"),
            },
            "image": letters(image.numpy(), "<f4"),
            "within": within,
        },
    )
