"""The translation page's parts: a picture beside its robustness maps, and beyond shifts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import plotly.graph_objects as go
import streamlit as st
import torch
from torch import Tensor, nn

from cnnviz.components import later
from cnnviz.components.network_view import Words, network_view
from cnnviz.components.shift_view import ShiftMap, shift_view
from cnnviz.datasets import shuffling
from cnnviz.figures import robustness
from cnnviz.labs import translation
from cnnviz.labs.appearance import RANGES, Appearance, curves
from cnnviz.networks import checkpoints
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.kinds import AvgPool2d, Conv2d, GlobalAvgPool2d, MaxPool2d, kind_of
from cnnviz.networks.models import FullyConnected, parameter_count
from cnnviz.networks.trace import trace
from cnnviz.spelling import count, percent, short
from cnnviz.ui.addresses import TRANSLATION
from cnnviz.ui.drawing import current_truth
from cnnviz.ui.escaping import escaped
from cnnviz.ui.model import Reads, reads_of
from cnnviz.ui.tables import csv_button, table

WHOLE = 0.995  # with less of its ink in the field, part of the picture has left it
WORDS = {"rotation": "Rotation", "size": "Size", "stroke": "Stroke width", "noise": "Noise"}

_ANSWERS = "translation_answers"

Move = Callable[[int, int], None]
Place = tuple[int, int]


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
        _rival(few, f"{_hidden(few)} hidden", "as few as article: "),
    ]


def picture_and_maps(
    networks: Sequence[Rival], subject: Subject, place: Place, move_to: Move
) -> None:
    """The picture to drag, beside the probability of its class at every shift."""
    answers = _answers(networks, subject)
    cut = translation.ink_kept(subject.image, subject.radius, subject.paper) < WHOLE
    shift_view(
        subject.image[0],
        subject.label,
        [
            ShiftMap(
                each.kind,
                each.name,
                each.note,
                _mean(probabilities[..., subject.label], cut),
                probabilities,
            )
            for each, probabilities in zip(networks, answers, strict=True)
        ],
        cut,
        place,
        key="shift",
        on_move=move_to,
        names=subject.names,
        paper=subject.paper,
    )
    if len(networks) == 1:
        st.caption(
            "The fully connected networks that come with cnnviz read MNIST's digits alone, so "
            "there is none to compare this one with."
        )


def not_invariant(model: nn.Sequential, reads: Reads) -> None:
    """What this kind of network does about a shift, by the layers that it has."""
    kinds = [kind_of(module) for module in model]
    convolves = Conv2d in kinds
    if not convolves:
        words = (
            "**A network without convolution is not shift invariant.** Every place has weights of "
            "its own from the first layer on, learnt from pictures that lie as they do."
        )
    elif GlobalAvgPool2d in kinds:
        words = (
            "**A CNN that ends in an average over each whole map is nearly shift invariant.** "
            "Convolution moves its maps along, and an average over a whole map doesn't mind where "
            "in it anything is. What is left comes from the border, from what leaves the field, "
            "and from strides, which follow in whole cells alone."
        )
    else:
        last = [name for name, module in model.named_children() if isinstance(module, nn.Linear)]
        words = (
            "**A CNN of this kind is not shift invariant.** Convolution moves its maps along, "
            + ("pooling forgives a pixel or two; " if {MaxPool2d, AvgPool2d} & {*kinds} else "")
            + f"but then `flatten` and `{last[0] if last else 'fc'}` give every place weights of "
            f"its own, learnt from {'digits in the middle' if reads.digits else 'pictures'}."
            + (" A fully connected network has such weights from the start." * reads.digits)
        )
    if reads.frame.box is not None:
        words += (
            " Nothing is centred here; the Draw page centres every drawing first, and so never "
            "sees this."
        )
    st.markdown(words)


def what_follows(model: nn.Sequential, subject: Subject, place: Place) -> None:
    """How each layer's maps answer to a shift of the input by `place`, and by one pixel."""
    middle = trace(model, subject.image)
    drifts = translation.drifts(middle, trace(model, subject.moved(*place)), *place)
    one = translation.drifts(middle, trace(model, subject.moved(1, 0)), 1, 0)
    st.header("What follows, what stays", anchor=False)
    if not drifts or not one:
        st.markdown(
            "This network has no maps that could follow: its first layer mixes all places."
            if middle.layers[0].values.ndim != 3 or not one
            else "Moved as far as this, no cell of a map is left to compare."
        )
        return
    exact = [drift for drift in drifts if drift.step == 1]
    strided = sorted({drift.step for drift in drifts if drift.step > 1})
    shares = " and ".join(
        f"{drift.name}'s by {percent(drift.changed, 0)}"
        for drift in one
        if drift.step > 1 and drift.name.startswith("pool")
    )
    padded = any(_pads(middle[drift.name].hyperparameters) for drift in exact)
    follow = (
        f"The maps of {' and '.join(drift.name for drift in exact)} follow the {subject.what} cell "
        f"by cell{', but for the border, where padding comes in' if padded else ''}"
        if exact
        else f"Maps before a stride follow the {subject.what} cell by cell"
    )
    coarse = (
        " A map behind a stride, a pooled one say, can only follow in whole cells of "
        f"{' or '.join(map(str, strided))} pixels."
        if strided
        else ""
    )
    softens = " Does pooling make a small shift invisible? It softens it: t" if shares else " T"
    st.markdown(
        f"{follow}: that is **equivariance**.{coarse}{softens}his {subject.what}, moved by one "
        f"pixel, changes {one[0].name}'s maps by {percent(one[0].changed, 0)}"
        + (f", {shares}." if shares else ".")
    )
    with st.expander("Every layer, in numbers"):
        table(
            (
                "maps",
                "moved by, in cells",
                "moved back by",
                "they differ",
                "moved back, they differ",
            ),
            (
                (
                    drift.name,
                    _cells(place, drift.step),
                    ", ".join(map(short, drift.moved)),
                    percent(drift.changed, 0),
                    percent(drift.residual),
                )
                for drift in drifts
            ),
            align="lllrr",
        )
        st.caption(
            f"*They differ*: the length of the difference to the maps of the {subject.what} in the "
            "middle, place by place, as a share of these maps' length. *Moved back*: by whole "
            "cells, the nearest to the true shift; half a cell counts as a whole one."
        )


def answers_csv(networks: Sequence[Rival], subject: Subject) -> None:
    answers = _answers(networks, subject)
    csv_button(
        torch.stack([answer[..., subject.label] for answer in answers]).numpy(),
        "robustness",
        "All maps: " + "; ".join(f"channel {i} is {r.name}" for i, r in enumerate(networks)),
    )


def beyond_shifts(
    networks: Sequence[Rival], subject: Subject, appearance: Appearance, place: Place
) -> None:
    """What each other change of the original does, over its whole range."""
    later.heading(TRANSLATION.page, "Beyond shifts", anchor=False)
    st.markdown(
        f"The probability of **{subject.named}** over each slider's whole range, the others as "
        "they are. The upright line is where the slider stands."
    )
    columns = [*st.columns(2, gap="large"), *st.columns(2, gap="large")]
    for column, name in zip(columns, RANGES, strict=True):
        with column:
            st.markdown(f"**{WORDS[name]}**")
            later.chart(
                TRANSLATION.page,
                partial(_curves, networks, subject, appearance, place, name),
                robustness.HEIGHT,
                key=f"curve_{name}",
                config={"displayModeBar": False},
            )


def _curves(
    networks: Sequence[Rival],
    subject: Subject,
    appearance: Appearance,
    place: Place,
    name: str,
) -> go.Figure:
    values, lines = curves(
        [each.model for each in networks],
        image=subject.original,
        label=subject.label,
        appearance=appearance,
        name=name,
        place=place,
        paper=subject.paper,
    )
    return robustness.curves(
        values,
        {each.name: line.tolist() for each, line in zip(networks, lines, strict=True)},
        getattr(appearance, name),
        RANGES[name].unit,
    )


def shuffled_pixels(subject: Subject) -> None:
    """Both networks on shuffled pictures, and why only one of them minds."""
    st.header("Shuffled pixels", anchor=False)
    if not subject.reads.digits:
        st.markdown(
            "What a network makes of pictures whose pixels are shuffled is shown with two that "
            "were trained so, on MNIST's digits: choose the article's network to see them."
        )
        return
    original = subject.original
    try:
        shuffled = {name: shipped(f"{name}_shuffled") for name in ("article", "fully_connected")}
        plain = {name: shipped(name) for name in ("article", "fully_connected")}
    except ValueError as error:
        st.error(f"{error} Without it this part can't be shown.")
        return
    seed = shuffled["article"].recipe["shuffle_pixels"]
    st.markdown("The same permutation of the pixels for every picture, in training and in testing.")
    table(
        ("right on test digits", "plain pixels", "shuffled pixels"),
        (
            (words, _accuracy(plain[name]), _accuracy(shuffled[name]))
            for name, words in (("article", "CNN"), ("fully_connected", "fully connected"))
        ),
    )
    dense = plain["fully_connected"].model
    scrambled = shuffling.shuffle(original, seed)
    same = translation.for_shuffled_pixels(dense, shuffling.permutation(seed))
    with torch.inference_mode():
        difference = float((same(scrambled) - dense(original)).abs().max())
    st.markdown(
        "A fully connected network can't mind: put the columns of its first layer in the same "
        "order, and on shuffled pictures it computes what it did before (here the logits differ "
        f"by {short(difference, 1)}). If its two accuracies differ, it is because each training "
        "began with other random weights. A CNN loses its neighbourhoods, and with them what it "
        "is built on. That is what exploiting a symmetry means."
    )
    network_view(
        trace(shuffled["article"].model, scrambled),
        key="shuffled",
        words=Words("The unmoved digit, shuffled, in the CNN trained on shuffled pixels"),
    )


def _rival(checkpoint: Checkpoint, name: str, why: str = "") -> Rival:
    parameters = parameter_count(checkpoint.model)
    convolves = any(isinstance(module, nn.Conv2d) for module in checkpoint.model)
    kind = "CNN" if convolves else "fully connected network"
    called = "CNN" if kind == "CNN" else "Fully connected"
    note = f"{why}{count(parameters)} parameters"
    if checkpoint.test_accuracy is not None:
        of = "digits" if reads_of(checkpoint).digits else "pictures"
        note += f" · {_accuracy(checkpoint)} right on test {of}"
    return Rival(kind, f"{called}, {name}", note, checkpoint.model)


def _answers(networks: Sequence[Rival], subject: Subject) -> list[Tensor]:
    """Probabilities at every shift, a network each. Those of the last picture are kept: while it
    is moved they stay what they are, and of a large network they take a second."""
    models = [each.model for each in networks]
    asked = (models, subject.image.numpy().tobytes(), subject.radius)
    kept = st.session_state.get(_ANSWERS)
    if kept is None or kept[0] != asked:
        kept = asked, translation.robustness(models, subject.image, subject.radius, subject.paper)
        st.session_state[_ANSWERS] = kept
    return kept[1]


def _pads(hyperparameters: Mapping[str, Any]) -> bool:
    return any(hyperparameters.get("padding", (0, 0)))


def _hidden(checkpoint: Checkpoint) -> int:
    assert isinstance(checkpoint.model, FullyConnected)
    return checkpoint.model.hidden


def _mean(probabilities: Tensor, cut: Tensor) -> str:
    whole = probabilities[~cut]
    mean = f"mean of the map: {percent(float(probabilities.mean()), 0)}"
    return mean + (
        f"; of the cells without a dot: {percent(float(whole.mean()), 0)}" if len(whole) else ""
    )


def _cells(place: Place, step: int) -> str:
    """A shift in pixels as cells of `step` pixels, exactly."""
    return ", ".join(short(pixels / step) for pixels in place)


def _accuracy(checkpoint: Checkpoint) -> str:
    accuracy = checkpoint.test_accuracy
    return "not known" if accuracy is None else percent(accuracy)
