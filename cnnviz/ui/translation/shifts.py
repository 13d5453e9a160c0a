"""How networks, and their layers, answer to a shift of the picture."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
import torch
from torch import Tensor, nn

from cnnviz.components.shift_view import ShiftMap, shift_view
from cnnviz.labs import translation
from cnnviz.networks.kinds import AvgPool2d, Conv2d, GlobalAvgPool2d, MaxPool2d, kind_of
from cnnviz.networks.trace import trace
from cnnviz.spelling import percent, short
from cnnviz.ui.model import Reads
from cnnviz.ui.tables import csv_button, table
from cnnviz.ui.translation.subject import Place, Rival, Subject

WHOLE = 0.995  # with less of its ink in the field, part of the picture has left it

_ANSWERS = "translation_answers"

Move = Callable[[int, int], None]


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
        sliders=("dx", "dy"),
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
    with (
        st.expander("Every layer, in numbers"),
        st.container(key="translation_of_shift_layers"),
    ):
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


def _mean(probabilities: Tensor, cut: Tensor) -> str:
    whole = probabilities[~cut]
    mean = f"mean of the map: {percent(float(probabilities.mean()), 0)}"
    return mean + (
        f"; of the cells without a dot: {percent(float(whole.mean()), 0)}" if len(whole) else ""
    )


def _cells(place: Place, step: int) -> str:
    """A shift in pixels as cells of `step` pixels, exactly."""
    return ", ".join(short(pixels / step) for pixels in place)
