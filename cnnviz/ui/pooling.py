"""What pooling buys, side by side: fewer numbers, calmer ones, fewer parameters."""

from typing import Literal

import streamlit as st
from torch import Tensor, nn

from cnnviz.labs import pooling
from cnnviz.ui.tables import table


@st.cache_data(show_spinner=False)
def _measured(kind: Literal["max", "none"]) -> pooling.Downstream:
    return pooling.downstream(kind)


def smaller_and_faster(image: Tensor, output: Tensor, winners: int | None) -> None:
    """Counts for an `image` (1, C, H, W) and its `output` (C, H', W'), and what the article's
    network saves by its pooling; `winners` is how many numbers of the image are passed on."""
    without, article = _measured("none"), _measured("max")
    st.subheader("Smaller and faster", anchor=False)
    if winners is not None:
        st.caption(f"{winners:,} of {image.numel():,} numbers win a window; the rest is dropped.")
    st.markdown(
        f"**{image.numel():,}** numbers go in, **{output.numel():,}** come out: "
        f"{100 * output.numel() / image.numel():.0f} %. What it saves further on, in the "
        "article's network:"
    )
    table(
        ("article's network", "without", "with"),
        (
            ("multiplications", f"{without.multiplications:,}", f"{article.multiplications:,}"),
            ("into the last layer", f"{without.features:,}", f"{article.features:,}"),
            ("64 images, ms", f"{without.milliseconds:.1f}", f"{article.milliseconds:.1f}"),
        ),
    )
    st.caption(
        "The time is measured on this server, and the network is tiny: looking for the "
        "largest of four numbers takes about as long as it saves. In a larger network a quarter "
        "of the multiplications comes nearer to a quarter of the time."
    )


def features_not_pixels(image: Tensor, layer: nn.Module) -> None:
    """How many numbers a shift of the `image` (1, C, H, W) changes, before and after `layer`."""
    st.subheader("Features, not exact pixels", anchor=False)
    plain = pooling.shift_sensitivity(lambda maps: maps, image)
    pooled = pooling.shift_sensitivity(lambda maps: layer(maps).detach(), image)
    table(
        ("shift", "distance", "changed without", "changed with"),
        (
            (
                f"{before.shift} px",
                f"{100 * before.distance:.0f}\u00a0%\u00a0→\u00a0{100 * after.distance:.0f}\u00a0%",
                _share(before),
                _share(after),
            )
            for before, after in zip(plain, pooled, strict=True)
        ),
    )
    st.caption(
        "*Distance*: the length of the difference, as a share of the map's length, without "
        "pooling → with. *Changed*: values that differ by more than a tenth of the largest; "
        "fewer of them with pooling, but of fewer numbers, so their share may well be larger. "
        "Pooling softens a shift smaller than its window; it doesn't undo it."
    )


def less_overfitting() -> None:
    """What can be said of overfitting without training: how many parameters there are."""
    without, article = _measured("none"), _measured("max")
    st.subheader("Less overfitting?", anchor=False)
    st.markdown(
        f"Without pooling the article's network has **{without.parameters:,}** parameters, "
        f"{without.last_layer:,} of them in its last layer; with pooling "
        f"**{article.parameters:,}**."
    )
    st.caption(
        "Fewer parameters can learn fewer accidents of the training data by heart. That is "
        "all these numbers show. Whether it overfits is seen only in training: train both on "
        "a few hundred images, on the Training page, and compare the test accuracies."
    )


def _share(answer: pooling.Sensitivity) -> str:
    return f"{answer.count:,} / {answer.of:,} = {100 * answer.changed:.0f}\u00a0%"
