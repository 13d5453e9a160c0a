"""Beyond shifts: a picture turned, of another size, or with its pixels shuffled."""

from collections.abc import Sequence
from functools import partial

import plotly.graph_objects as go
import streamlit as st
import torch

from cnnviz.components import later
from cnnviz.components.escaping import as_sentence
from cnnviz.components.network_view import Words, network_view
from cnnviz.datasets import shuffling
from cnnviz.figures import robustness
from cnnviz.labs import translation
from cnnviz.labs.appearance import RANGES, Appearance, curves
from cnnviz.networks.trace import trace
from cnnviz.spelling import short
from cnnviz.ui.addresses import TRANSLATION
from cnnviz.ui.tables import table
from cnnviz.ui.translation.subject import Place, Rival, Subject, accuracy, shipped

WORDS = {"rotation": "Rotation", "size": "Size", "stroke": "Stroke width", "noise": "Noise"}


def appearances(
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
        with column, st.container(key=f"translation_of_shift_{name}"):
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
            "were trained so, on MNIST's digits: choose *article*, the network of "
            "“Convolutional Neural Networks”, to see them."
        )
        return
    original = subject.original
    try:
        shuffled = {name: shipped(f"{name}_shuffled") for name in ("article", "fully_connected")}
        plain = {name: shipped(name) for name in ("article", "fully_connected")}
    except ValueError as error:
        st.error(f"{as_sentence(error)} Without it this part can't be shown.")
        return
    seed = shuffled["article"].recipe["shuffle_pixels"]
    st.markdown("The same permutation of the pixels for every picture, in training and in testing.")
    table(
        ("right on test digits", "plain pixels", "shuffled pixels"),
        (
            (words, accuracy(plain[name]), accuracy(shuffled[name]))
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
