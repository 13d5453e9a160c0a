"""What excites a map or a unit: test pictures, and the picture that climbs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from cnnviz.components.escaping import as_sentence, escaped
from cnnviz.datasets import gallery
from cnnviz.datasets.stored import Unavailable
from cnnviz.figures import reasons as figures
from cnnviz.reasons import ascent, exciting, lines
from cnnviz.reasons.examples import Examples, examples
from cnnviz.spelling import count, fixed, percent
from cnnviz.ui import link
from cnnviz.ui.addresses import WHY
from cnnviz.ui.tables import csv_of, download_csv
from cnnviz.ui.why.context import of_drawing
from cnnviz.ui.why.examples import (
    CHART,
    example_button,
    follow,
    stages_of_checkpoint,
    url_of,
)
from cnnviz.ui.why.pixels import Pixels
from cnnviz.ui.why.take_home import weights_button
from cnnviz.ui.why.target import chosen_target

if TYPE_CHECKING:
    from cnnviz.networks.checkpoints import Checkpoint
    from cnnviz.reasons.exciting import Answers, Target
    from cnnviz.reasons.stages import Stages
    from cnnviz.ui.why.context import Context

STARTS = ("noise", "my drawing")


def show(context: Context) -> None:
    stages = stages_of_checkpoint(context.checkpoint)
    target = chosen_target(context, stages)
    for name in ("layer", "channel", "unit"):
        link.keep(WHY, name, st.session_state[f"why_{name}"])
    try:
        own, place = exciting.one_answer(stages, context.image, target)
        some = examples(context.checkpoint)
        found = exciting.answers(stages, some, target)
    except (ValueError, Unavailable) as error:
        st.error(as_sentence(error))
    else:
        _pictures(context, stages, some, target, found)
        _distribution(context, stages, some, target, found, own, place)
    _climb(context, stages, target)


def called(stages: Stages, target: Target) -> str:
    """In words: "map 5 of conv2", "unit 7 of fc", "the unit of map 5 of conv2 at row 4, …"."""
    shape = stages[target.layer].shape
    if len(shape) == 1:
        return f"unit {target.channel} of {target.layer}"
    if target.place is None:
        return f"map {target.channel} of {target.layer}"
    row, column = divmod(target.place, shape[2])
    return f"the unit of map {target.channel} of {target.layer} at row {row}, column {column}"


def _pictures(
    context: Context, stages: Stages, some: Examples, target: Target, found: Answers
) -> None:
    patch = "the part of the picture that it sees"
    if target.place is None and found.places.any():
        patch += " where it answers most"
    st.markdown(
        f"The {exciting.SHOWN} of {count(len(some))} {escaped(some.dataset.title)} test pictures "
        f"that excite **{called(stages, target)}** most: {patch}, and its answer. "
        ":gray[Click one to follow it through every layer.]"
    )
    _row("most", context, stages, some, target, found, found.most())
    least = "Those that excite it least"
    if (many := found.at_the_least()) > exciting.SHOWN:
        least += f", the first of {count(many)} with the same answer"
    st.markdown(f"{least}:")
    _row("least", context, stages, some, target, found, found.least())


def _row(
    name: str,
    context: Context,
    stages: Stages,
    some: Examples,
    target: Target,
    found: Answers,
    chosen: NDArray[np.int64],
) -> None:
    with st.container(horizontal=True, gap="small", key=f"why_{name}"):
        for index in map(int, chosen):
            place = int(found.places[index])
            example_button(
                context,
                some,
                index,
                fixed(float(found.strengths[index]), 3),
                key=f"why_{name}_{index}",
                unit=target.unit(stages, place),
                part=exciting.field_of(stages, target, place).cut(some.image(index)),
            )


def _distribution(
    context: Context,
    stages: Stages,
    some: Examples,
    target: Target,
    found: Answers,
    own: float,
    place: int,
) -> None:
    with of_drawing("answer"):
        st.markdown(
            f"Your drawing's answer is **{fixed(own, 3)}**, above that of "
            f"{percent(found.below(own))} of the test pictures."
        )
        st.plotly_chart(
            figures.distribution(found.strengths, own), key="why_distribution", config=CHART
        )
    with st.container(horizontal=True):
        download_csv(
            lambda: _csv(stages, some, target, found),
            target.unit(stages, place),
            "Each test picture's number, class, answer, and the place of the answer.",
            key="why_answers_csv",
        )
        weights_button(context)
    with st.expander("The same in PyTorch", key="why_excites_code"):
        st.code(lines.exciting(context.checkpoint, some, stages, target, context.image))


def _csv(stages: Stages, some: Examples, target: Target, found: Answers) -> str:
    shape = stages[target.layer].shape
    head = ["number", "class", "answer"]
    rows = [
        [index, some.named(index), strength]
        for index, strength in enumerate(found.strengths.tolist())
    ]
    if len(shape) == 3:
        head += ["row", "column"]
        for row, place in zip(rows, found.places.tolist(), strict=True):
            row += divmod(place, shape[2])
    return csv_of(head, rows)


def _climb(context: Context, stages: Stages, target: Target) -> None:
    st.markdown(
        f"**The picture that would excite {called(stages, target)} most**, as far as gradient "
        f"ascent finds it: {ascent.STEPS} steps, each pixel kept from 0 to 1."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = st.segmented_control(
            "from", STARTS, default=STARTS[0], required=True, key="why_start"
        )
    mine = start == STARTS[1]
    first = Pixels.of(context.image) if mine else None
    try:
        found = _ascended(context.checkpoint, target, first)
    except ValueError as error:
        st.error(as_sentence(error))
        return
    # Each climb begins at its best step: another network's is another climb.
    climb = f"{stages.digest}_{target.layer}_{target.channel}_{target.place}_{start}"
    with of_drawing("climb") if mine else st.container():
        _climbed(context, stages, target, found, climb)
    with st.expander("The same in PyTorch", key="why_climb_code"):
        st.code(lines.climbing(context.checkpoint, stages, target, context.image if mine else None))


def _climbed(
    context: Context, stages: Stages, target: Target, found: ascent.Ascent, climb: str
) -> None:
    step = st.slider("step", 0, ascent.STEPS, found.best, key=f"why_step_{climb}")
    picture, curve = st.columns([1, 2])
    answer = fixed(float(found.strengths[step]), 3)
    with picture:
        url = url_of(context, found.pictures[step], 168)
        st.markdown(f"![the picture after {step} steps]({url})")
        st.markdown(
            f"After {step} steps its answer is **{answer}**; at the start it was "
            f"{fixed(float(found.strengths[0]), 3)}."
        )
        if st.button("Follow it through every layer", key="why_follow_climb"):
            title = f"what excites {called(stages, target)}, step {step}"
            image = torch.from_numpy(found.pictures[step])[None]
            _, place = exciting.one_answer(stages, image, target)
            follow(gallery.of_image(title, found.pictures[step], None), target.unit(stages, place))
    with curve:
        st.plotly_chart(figures.climb(found.strengths, step), key="why_climb", config=CHART)


@lru_cache(maxsize=16)
def _ascended(checkpoint: Checkpoint, target: Target, start: Pixels | None) -> ascent.Ascent:
    """From a picture, or from noise."""
    stages = stages_of_checkpoint(checkpoint)
    first = ascent.noise(stages.picture) if start is None else start.image()
    return ascent.ascend(stages, target, first)
