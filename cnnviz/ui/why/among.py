"""Where the drawing lies among the test pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from cnnviz.components.escaping import as_sentence, escaped
from cnnviz.components.scatter import Following, Own, scatter
from cnnviz.datasets.stored import Unavailable
from cnnviz.figures import reasons as figures
from cnnviz.reasons import embedding, lines, tsne
from cnnviz.reasons.examples import examples
from cnnviz.spelling import count, fixed, percent
from cnnviz.ui import fragments, link
from cnnviz.ui.addresses import WHY
from cnnviz.ui.tables import csv_of, download_csv
from cnnviz.ui.why.context import NETWORK
from cnnviz.ui.why.examples import (
    CHART,
    example_button,
    example_source,
    follow,
    stages_of_checkpoint,
    url_of,
)
from cnnviz.ui.why.sections import LAYERS, MAPS, TSNE, TSNE_OF_ALL
from cnnviz.ui.why.take_home import weights_button

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cnnviz.reasons.embedding import Among
    from cnnviz.reasons.examples import Examples
    from cnnviz.reasons.stages import Stages
    from cnnviz.ui.why.context import Context

PICKED = "why_picked"


def show(context: Context) -> None:
    with context.rail:
        chosen = st.radio(
            "Shown by",
            MAPS,
            MAPS.index(st.session_state["why_map"]),
            captions=(
                "It moves while you draw.",
                f"Of the first {count(tsne.MOST)} pictures, in seconds.",
                "Takes about a minute, once.",
                "How the classes come apart.",
            ),
        )
    st.session_state["why_map"] = chosen
    link.keep(WHY, "map", chosen)
    stages = stages_of_checkpoint(context.checkpoint)
    layer = stages.penultimate()
    if layer is None:
        st.info("This network decides on the pixels themselves: no layer lies before.")
        return
    try:
        some = examples(context.checkpoint)
        if chosen == LAYERS:
            _layers(context, stages, some)
            return
        among = embedding.among(stages, some, layer)
        some = some.first(len(among.values))
        making = later = None
        if chosen in (TSNE, TSNE_OF_ALL):
            # One after the other: the quick one first, to be shown until that of all is there.
            making = tsne.MAKER.get(stages, some.first(tsne.MOST), layer)
        if chosen == TSNE_OF_ALL:
            later = tsne.MAKER.get(stages, some, layer)
    except (ValueError, Unavailable) as error:
        st.error(as_sentence(error))
        return
    own = embedding.values_of(stages, context.image, layer)
    if making is None:
        _principal(context, stages, some, among, own)
        return
    if later is not None and later.ended:
        making = later
    elif later is not None and making.ended:
        _wait(later, f"t-SNE of all {count(len(some))} is being made, once for this network")
    if making.problem is not None:
        st.error(as_sentence(making.problem))
    elif making.points is None:
        _wait(making, "t-SNE is being made, once for this network")
    else:
        shown = some.first(len(making.points))
        place = tsne.placed(stages, shown, layer, making.points, own)[0]
        st.markdown(
            f"{_what(shown, layer)} by **t-SNE**: pictures that are near in all values are near "
            "here; distances between groups say little. Your drawing finds its place when the pen "
            "is up."
        )
        _map(context, stages, some, among, own, making.points, place, None)


def _what(some: Examples, layer: str) -> str:
    return (
        f"{count(len(some))} {escaped(some.dataset.title)} test pictures, by what "
        f"**{escaped(layer)}** makes of each,"
    )


def _principal(
    context: Context,
    stages: Stages,
    some: Examples,
    among: Among,
    own: NDArray[np.float32],
) -> None:
    plane = among.plane
    first, second = (percent(float(share), 0) for share in plane.share)
    st.markdown(
        f"{_what(some, plane.layer)} on the **two principal components** of its "
        f"{count(among.values.shape[1])} values, the directions in which they vary most: "
        f"{first} and {second} of their variance. Your drawing moves while you draw."
    )
    following = Following(NETWORK, plane.layer, plane.mean, plane.axes)
    _map(context, stages, some, among, own, plane.points, plane.place(own)[0], following)


def _map(
    context: Context,
    stages: Stages,
    some: Examples,
    among: Among,
    own: NDArray[np.float32],
    points: NDArray[np.float32],
    place: NDArray[np.float32],
    following: Following | None,
) -> None:
    nearest, distances = among.nearest(own[0])
    # Another network puts each picture elsewhere, and another data set has others.
    of = (stages.digest, some.dataset.name)
    for_these, picked = st.session_state.get(PICKED, (of, None))
    if for_these != of or (picked is not None and picked >= len(points)):
        picked = None
    left, right = st.columns([3, 2], gap="medium")
    with left:
        scatter(
            points,
            some.labels[: len(points)],
            some.dataset.classes,
            key="why_scatter",
            label="Test pictures in two dimensions. Arrow keys go from one to the next, Enter "
            "picks it.",
            title=f"{some.dataset.title} test image",
            own=Own(place, [int(index) for index in nearest if index < len(points)]),
            following=following,
            picked=picked,
            on_pick=lambda index: st.session_state.update({PICKED: (of, index)}),
        )
    with right:
        st.markdown(
            f"Its {len(nearest)} nearest in all {count(among.values.shape[1])} values, and how far "
            "they are:"
        )
        with st.container(horizontal=True, gap="small", key="why_nearest"):
            for index, distance in zip(map(int, nearest), map(float, distances), strict=True):
                words = f"{escaped(some.named(index))}, {fixed(distance, 2)}"
                example_button(context, some, index, words, key=f"why_near_{index}")
        _picked(context, some, picked)
        with st.container(horizontal=True):
            download_csv(
                lambda: _csv(some, points),
                "among",
                "Each test picture's number, class and place.",
                key="why_among_csv",
            )
            weights_button(context)
    with st.expander("The same in PyTorch, scikit-learn and openTSNE", key="why_among_code"):
        layer = among.plane.layer
        many = len(points) if following is None else tsne.MOST
        st.code(lines.lying(context.checkpoint, some, stages, layer, context.image, many))


def _picked(context: Context, some: Examples, picked: int | None) -> None:
    if picked is None:
        st.caption("Pick a point to see its picture.")
        return
    name = escaped(some.named(picked))
    st.markdown(f"Picked: {escaped(some.title(picked))}, a **{name}**.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"![a {name}]({url_of(context, some.image(picked), 112)})")
        if st.button("Follow it through every layer", key="why_follow_picked"):
            follow(example_source(some, picked))


def _csv(some: Examples, points: NDArray[np.float32]) -> str:
    rows = ((index, some.named(index), *place) for index, place in enumerate(points.tolist()))
    return csv_of(("number", "class", "x", "y"), rows)


def _wait(making: tsne.Making, words: str) -> None:
    """A bar, until the map is there."""

    def look() -> None:
        if making.ended:
            st.rerun()  # the whole page, which shows it
        st.progress(making.progress, f"{words}: {percent(making.progress, 0)}")

    fragments.polled(look, every=0.5)()


def _layers(context: Context, stages: Stages, some: Examples) -> None:
    bar = st.empty()
    found = []
    total = 1 + sum(stage.size > 1 for stage in stages)
    for separation in embedding.separations(stages, some):
        found.append(separation)
        if len(found) < total:
            bar.progress(len(found) / total, f"{separation.plane.layer} is done")
    bar.empty()
    many = len(found[0].plane.points)
    st.markdown(
        f"The first {count(many)} {escaped(some.dataset.title)} test pictures, each layer on its "
        "own two principal components, and of each picture's "
        f"{embedding.NEIGHBOURS} nearest in that layer how many are of its class: from "
        f"**{percent(found[0].same)}** in the pixels to **{percent(found[-1].same)}** in "
        f"{escaped(found[-1].plane.layer)}. The ring is your drawing."
    )
    own = [
        separation.plane.place(embedding.values_of(stages, context.image, separation.plane.layer))[
            0
        ]
        for separation in found
    ]
    planes = [(each.plane.layer, each.plane.points, each.same) for each in found]
    labels = some.labels[:many]
    st.plotly_chart(
        figures.apart(planes, labels, some.dataset.classes, own), key="why_layers", config=CHART
    )
    st.caption(
        "Of the same class: "
        + ", ".join(f"{escaped(each.plane.layer)} {percent(each.same)}" for each in found)
        + "."
    )
