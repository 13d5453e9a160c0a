"""The translation page's parts: a digit beside its robustness maps, and beyond shifts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

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
from cnnviz.networks.models import FullyConnected, SimpleCNN, parameter_count
from cnnviz.networks.trace import Trace, trace
from cnnviz.spelling import count, percent, short
from cnnviz.ui.addresses import TRANSLATION
from cnnviz.ui.tables import csv_button, table

WHOLE = 0.995  # with less of its ink in the field, part of a digit has left it
WORDS = {"rotation": "Rotation", "size": "Size", "stroke": "Stroke width", "noise": "Noise"}

Move = Callable[[int, int], None]
Place = tuple[int, int]


@st.cache_resource(show_spinner=False)
def shipped(name: str) -> Checkpoint:
    return checkpoints.load(checkpoints.CHECKPOINTS / f"{name}.safetensors")


@dataclass(frozen=True)
class Rival:
    """A network in the comparison: `kind` in a sentence, `name` over its map, `note` beside it."""

    kind: str
    name: str
    note: str
    model: nn.Sequential


def rivals(current: Checkpoint) -> list[Rival]:
    """The model in use, and two fully connected ones: many hidden units, and few parameters.

    Raises ValueError where a shipped file is missing.
    """
    many, few = shipped("fully_connected_128"), shipped("fully_connected")
    return [
        _rival(current, current.name),
        _rival(many, f"{_hidden(many)} hidden"),
        _rival(few, f"{_hidden(few)} hidden", "as few as article: "),
    ]


def digit_and_maps(
    networks: Sequence[Rival], image: Tensor, label: int, place: Place, move_to: Move
) -> None:
    """A digit, `image` (1, 1, 28, 28), to drag beside the probability of `label` at every shift."""
    answers = translation.robustness([each.model for each in networks], image)
    cut = translation.ink_kept(image) < WHOLE
    shift_view(
        image[0],
        label,
        [
            ShiftMap(
                each.kind,
                each.name,
                each.note,
                _mean(probabilities[..., label], cut),
                probabilities,
            )
            for each, probabilities in zip(networks, answers, strict=True)
        ],
        cut,
        place,
        key="shift",
        on_move=move_to,
    )


def not_invariant() -> None:
    st.markdown(
        "**A CNN of this kind is not shift invariant.** Convolution moves its maps along, "
        "pooling forgives a pixel or two; but then `flatten` and `fc` give every place weights of "
        "its own, learnt from digits in the middle. A fully connected network has such weights "
        "from the start. Nothing is centred here; the Draw page centres every drawing first, "
        "and so never sees this."
    )


def what_follows(middle: Trace, moved: Trace, one: Trace, place: Place) -> None:
    """How each layer's maps answer to a shift of the input by `place`, and by one pixel (`one`)."""
    drifts = translation.drifts(middle, moved, *place)
    if not drifts:
        return
    st.header("What follows, what stays", anchor=False)
    exact = [drift.name for drift in drifts if drift.step == 1]
    pooled = [drift for drift in translation.drifts(middle, one, 1, 0) if drift.step > 1]
    shares = " and ".join(
        f"{drift.name}'s by {percent(drift.changed, 0)}"
        for drift in pooled
        if drift.name.startswith("pool")
    )
    first = next(iter(translation.drifts(middle, one, 1, 0)))
    st.markdown(
        (f"The maps of {' and '.join(exact)} follow" if exact else "Maps before a stride follow")
        + " the digit cell by cell: that is **equivariance**. A pooled map can only follow in "
        "whole cells of 2 or 4 pixels. Does pooling make a small shift invisible? It softens "
        "it: this digit, moved by one pixel, "
        f"changes {first.name}'s maps by {percent(first.changed, 0)}"
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
            "*They differ*: the length of the difference to the maps of the digit in the middle, "
            "place by place, as a share of these maps' length. *Moved back*: by whole cells, the "
            "nearest to the true shift; half a cell counts as a whole one."
        )


def answers_csv(networks: Sequence[Rival], image: Tensor, label: int) -> None:
    answers = translation.robustness([each.model for each in networks], image)
    csv_button(
        torch.stack([answer[..., label] for answer in answers]).numpy(),
        "robustness",
        "All maps: " + "; ".join(f"channel {i} is {r.name}" for i, r in enumerate(networks)),
    )


def beyond_shifts(
    networks: Sequence[Rival],
    original: Tensor,
    label: int,
    appearance: Appearance,
    place: Place,
) -> None:
    """What each other change of the `original` (1, 1, 28, 28) does, over its whole range."""
    later.heading(TRANSLATION.page, "Beyond shifts", anchor=False)
    st.markdown(
        f"The probability of **{label}** over each slider's whole range, the others as they are. "
        "The upright line is where the slider stands."
    )
    columns = [*st.columns(2, gap="large"), *st.columns(2, gap="large")]
    for column, name in zip(columns, RANGES, strict=True):
        with column:
            st.markdown(f"**{WORDS[name]}**")
            later.chart(
                TRANSLATION.page,
                partial(_curves, networks, original, label, appearance, place, name),
                robustness.HEIGHT,
                key=f"curve_{name}",
                config={"displayModeBar": False},
            )


def _curves(
    networks: Sequence[Rival],
    original: Tensor,
    label: int,
    appearance: Appearance,
    place: Place,
    name: str,
) -> go.Figure:
    values, lines = curves(
        [each.model for each in networks],
        image=original,
        label=label,
        appearance=appearance,
        name=name,
        place=place,
    )
    return robustness.curves(
        values,
        {each.name: line.tolist() for each, line in zip(networks, lines, strict=True)},
        getattr(appearance, name),
        RANGES[name].unit,
    )


def shuffled_pixels(original: Tensor) -> None:
    """Both networks on shuffled pictures, and why only one of them minds."""
    st.header("Shuffled pixels", anchor=False)
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
    kind = "CNN" if isinstance(checkpoint.model, SimpleCNN) else "fully connected network"
    called = "CNN" if kind == "CNN" else "Fully connected"
    note = f"{why}{count(parameters)} parameters"
    if checkpoint.test_accuracy is not None:
        note += f" · {_accuracy(checkpoint)} right on test digits"
    return Rival(kind, f"{called}, {name}", note, checkpoint.model)


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
