"""The translation page's parts: one digit in two places, robustness maps, and beyond shifts."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st
import torch
from torch import Tensor, nn

from cnnviz.components.grid_editor import grid_picker
from cnnviz.components.network_view import Drag, network_view
from cnnviz.datasets import shuffling
from cnnviz.figures import robustness
from cnnviz.labs import translation
from cnnviz.labs.appearance import RANGES, Appearance, curves
from cnnviz.networks import checkpoints
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.trace import Trace, trace
from cnnviz.spelling import percent
from cnnviz.ui.tables import csv_button, table

R = translation.RADIUS
WORDS = {"rotation": "Rotation", "size": "Size", "stroke": "Stroke width", "noise": "Noise"}

Move = Callable[[int, int], None]
Place = tuple[int, int]


@st.cache_resource(show_spinner=False)
def shipped(name: str) -> Checkpoint:
    return checkpoints.load(checkpoints.CHECKPOINTS / f"{name}.safetensors")


def two_places(middle: Trace, moved: Trace, drag: Drag, move_to: Move) -> None:
    """The article's figure: the digit in the middle and moved, each with its first maps."""
    places = (("In the middle", middle, None), (_capital(drag.shift), moved, drag))
    for column, (words, steps, draggable) in zip(st.columns(2, gap="medium"), places, strict=True):
        first = replace(steps, layers=steps.layers[:1], logits=None, probabilities=None)
        with column:
            network_view(
                first,
                key=f"place_{'middle' if draggable is None else 'moved'}",
                title=f"{words}: {_verdict(steps)}",
                drag=draggable,
                on_drag=move_to,
            )


def what_follows(middle: Trace, moved: Trace, place: Place) -> None:
    """How far each layer's maps went along with a shift of the input by `place`."""
    st.subheader("What follows, what stays", anchor=False)
    drifts = translation.drifts(middle, moved, *place)
    if drifts:
        table(
            ("maps", "moved by, in cells", "as they stand, change", "shifted back, differ"),
            (
                (
                    drift.name,
                    f"{drift.moved[0]}, {drift.moved[1]}{'' if drift.whole else ' (rounded)'}",
                    f"{100 * drift.changed:.0f} %",
                    f"{100 * drift.residual:.2g} %",
                )
                for drift in drifts
            ),
            align="llrr",
        )
    st.caption(
        "The difference to the maps of the digit in the middle, as a share of their length. "
        "Shifted back, conv1 and relu1 differ by nothing: that is **equivariance**. A pooled "
        "map moves by whole cells only, so from pool1 on this is exact for multiples of 2 "
        "pixels, in pool2 of 4. Move it by 1: the pooled maps nearly stay, but not quite."
    )


def what_the_classifier_says(middle: Trace, moved: Trace, label: int) -> None:
    st.subheader("What the classifier says", anchor=False)
    answers = [
        (where, steps.probabilities)
        for where, steps in (("in the middle", middle), ("moved", moved))
        if steps.probabilities is not None
    ]
    table(
        ("place", "says", "with", f"probability of {label}"),
        (
            (
                where,
                f"**{int(answer.argmax())}**",
                percent(float(answer.max())),
                percent(float(answer[label])),
            )
            for where, answer in answers
        ),
        align="llrr",
    )
    st.caption(
        "No centring here: the network gets the digit where it lies. The Draw page centres "
        "every drawing first, and so never sees this."
    )


def robustness_maps(
    networks: Mapping[str, nn.Module], image: Tensor, label: int, place: Place, move_to: Move
) -> None:
    """The probability of `label` for an `image` (1, 1, 28, 28) at every shift, by network."""
    maps = translation.robustness(list(networks.values()), image, label)
    cut = translation.ink_kept(image) < 0.995
    st.markdown(
        f"The probability of **{label}** at every shift up to {R} pixels: the stronger the colour, "
        "the surer. Choose a cell, and the digit goes there."
    )
    for column, (index, (name, probabilities)) in zip(
        st.columns(2, gap="large"), enumerate(zip(networks, maps, strict=True)), strict=True
    ):
        with column:
            whole = probabilities[~cut]
            mean = (
                f", {100 * float(whole.mean()):.0f} % where the whole digit is in"
                if len(whole)
                else ""
            )
            st.markdown(f"**{name}**  \n{100 * float(probabilities.mean()):.0f} % on average{mean}")
            grid_picker(
                f"probability of {label} by shift, {name}",
                probabilities,
                key=f"robustness_{index}",
                selected=(place[1] + R, place[0] + R),
                on_pick=lambda row, cell: move_to(cell - R, row - R),
                names=("down", "right"),
                origin=(-R, -R),
                marked=cut,
                cell=22,
            )
    st.markdown(
        "Dots: part of the digit has left the field; there a high value says little, since a "
        f"network may say {label} with hardly any ink left. **A CNN of this kind is not shift "
        "invariant.** Convolution moves its maps along, pooling forgives a pixel or two; but then "
        "`flatten` and `fc` give every place weights of its own, and those were learnt from "
        "digits in the middle. The fully connected network has such weights from the start."
    )
    csv_button(
        torch.stack(maps).numpy(),
        "robustness",
        "Both maps: channel 0 is the CNN, 1 the fully connected network; a row a shift down.",
    )


def beyond_shifts(
    networks: Mapping[str, nn.Module],
    original: Tensor,
    label: int,
    appearance: Appearance,
    place: Place,
) -> None:
    """What each other change of the `original` (1, 1, 28, 28) does, over its whole range."""
    st.header("Beyond shifts", anchor=False)
    st.markdown(
        f"The probability of **{label}** over each slider's whole range, the others as they are. "
        "The upright line is where the slider stands."
    )
    columns = [*st.columns(2, gap="large"), *st.columns(2, gap="large")]
    for column, name in zip(columns, RANGES, strict=True):
        values, lines = curves(
            list(networks.values()),
            image=original,
            label=label,
            appearance=appearance,
            name=name,
            place=place,
        )
        with column:
            st.markdown(f"**{WORDS[name]}**")
            st.plotly_chart(
                robustness.curves(
                    values,
                    {"CNN": lines[0].tolist(), "fully connected": lines[1].tolist()},
                    getattr(appearance, name),
                    RANGES[name].unit,
                ),
                key=f"curve_{name}",
                config={"displayModeBar": False},
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
    seed = json.loads(shuffled["article"].metadata["recipe"])["shuffle_pixels"]
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
        f"by {difference:.1g}). If its two accuracies differ, that is the luck of the start. A CNN "
        "loses its neighbourhoods, and with them what it is built on. That is what exploiting a "
        "symmetry means."
    )
    network_view(
        trace(shuffled["article"].model, scrambled),
        key="shuffled",
        title="The unmoved digit, shuffled, in the CNN trained on shuffled pixels",
    )


def _verdict(steps: Trace) -> str:
    answer = steps.probabilities
    if answer is None:
        return ""
    return f"read as {int(answer.argmax())}, {percent(float(answer.max()))}"


def _capital(place: Place) -> str:
    words = translation.in_words(*place)
    return words[0].upper() + words[1:]


def _accuracy(checkpoint: Checkpoint) -> str:
    accuracy = checkpoint.test_accuracy
    return "not known" if accuracy is None else f"{100 * accuracy:.1f} %"
