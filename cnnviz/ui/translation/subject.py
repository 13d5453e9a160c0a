"""What the translation page moves, and the networks that it shows it to."""

from dataclasses import dataclass

import streamlit as st
from torch import Tensor, nn

from cnnviz.components.escaping import escaped
from cnnviz.labs import translation
from cnnviz.networks import checkpoints
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.models import FullyConnected, parameter_count
from cnnviz.networks.trace import trace
from cnnviz.spelling import count, percent
from cnnviz.ui.drawing import current_truth
from cnnviz.ui.model import Reads, reads_of

Place = tuple[int, int]
"""How far something is moved to the right and down, in pixels."""


@st.cache_resource(show_spinner=False)
def shipped(name: str) -> Checkpoint:
    return checkpoints.load(checkpoints.CHECKPOINTS / f"{name}.safetensors")


@dataclass(frozen=True, eq=False)
class Subject:
    """What is moved: `image` (1, C, H, W), unmoved, and `original` before its appearance was
    changed; `label` is the number of its class among those that the network `reads`."""

    image: Tensor
    original: Tensor
    label: int
    reads: Reads

    @property
    def radius(self) -> int:
        return translation.radius_of(self.reads.frame)

    @property
    def paper(self) -> float:
        return self.reads.frame.paper

    @property
    def names(self) -> tuple[str, ...] | None:
        """Of the classes, where they aren't just digits."""
        return None if self.reads.digits else self.reads.classes

    @property
    def named(self) -> str:
        """Its class in words."""
        return escaped(self.reads.classes[self.label])

    @property
    def what(self) -> str:
        return "digit" if self.reads.digits else "picture"

    def moved(self, dx: int, dy: int) -> Tensor:
        return translation.shift(self.image, dx, dy, self.paper)


@dataclass(frozen=True)
class Rival:
    """A network in the comparison: `kind` in a sentence, `name` over its map, `note` beside it."""

    kind: str
    name: str
    note: str
    model: nn.Sequential


def draws_digits(reads: Reads) -> bool:
    """Whether our ten drawings are what a network reads: digits, in pictures of whatever shape."""
    return reads.classes == Reads().classes


def meant(model: Checkpoint, reads: Reads, drawing: Tensor) -> int:
    """What the `drawing` (1, C, H, W) is meant to be, chosen among the network's classes."""
    said = int(trace(model.model, drawing).layers[-1].values.argmax())
    truth = current_truth(reads.classes)
    if reads.digits:
        return st.selectbox(
            "It is meant to be a", range(10), index=said, key="label", bind="query-params"
        )
    st.caption(f"The drawing of the Draw page, as this network sees it: {reads.frame.pixels}.")
    return st.selectbox(
        "It is meant to be",
        range(len(reads.classes)),
        index=said if truth is None else reads.classes.index(truth),
        format_func=lambda at: escaped(reads.classes[at]),
        key=f"translation_class_{model.name}",
    )


def rivals(current: Checkpoint, reads: Reads) -> list[Rival]:
    """The model in use and, where it reads digits, two fully connected ones, which do too: many
    hidden units, and few parameters.

    Raises ValueError where a shipped file is missing.
    """
    if not reads.digits:
        return [_rival(current, current.name)]
    many, few = shipped("fully_connected_128"), shipped("fully_connected")
    return [
        _rival(current, current.name),
        _rival(many, f"{_hidden(many)} hidden"),
        _rival(few, f"{_hidden(few)} hidden", ", like our CNN"),
    ]


def accuracy(checkpoint: Checkpoint) -> str:
    accuracy = checkpoint.test_accuracy
    return "not known" if accuracy is None else percent(accuracy)


def _rival(checkpoint: Checkpoint, name: str, why: str = "") -> Rival:
    parameters = parameter_count(checkpoint.model)
    convolves = any(isinstance(module, nn.Conv2d) for module in checkpoint.model)
    kind = "CNN" if convolves else "fully connected network"
    called = "CNN" if kind == "CNN" else "Fully connected"
    note = f"{count(parameters)} parameters{why}"
    if checkpoint.test_accuracy is not None:
        of = "digits" if reads_of(checkpoint).digits else "pictures"
        note += f" · {accuracy(checkpoint)} right on test {of}"
    return Rival(kind, f"{called}, {name}", note, checkpoint.model)


def _hidden(checkpoint: Checkpoint) -> int:
    assert isinstance(checkpoint.model, FullyConnected)
    return checkpoint.model.hidden
