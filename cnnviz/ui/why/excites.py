"""What excites a map or a unit: test pictures, and the picture that climbs."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray

from cnnviz.components import theme
from cnnviz.datasets import gallery
from cnnviz.datasets.stored import Unavailable
from cnnviz.drawing.sources import Source
from cnnviz.export import weights
from cnnviz.figures import reasons as figures
from cnnviz.images.png import thumbnail_url
from cnnviz.reasons import ascent, exciting, lines
from cnnviz.reasons import stages as stages_of
from cnnviz.reasons.examples import Examples, examples
from cnnviz.spelling import count, fixed, percent
from cnnviz.ui import link, starting_points
from cnnviz.ui.addresses import WHY
from cnnviz.ui.escaping import escaped
from cnnviz.ui.why.target import chosen_target

if TYPE_CHECKING:
    from cnnviz.networks.checkpoints import Checkpoint
    from cnnviz.reasons.exciting import Answers, Target
    from cnnviz.reasons.stages import Stages
    from cnnviz.ui.why.context import Context

DRAW = Path(__file__).parents[3] / "pages" / "draw.py"
SIZE = 72
STARTS = ("noise", "my drawing")
CHART = {"displayModeBar": False}


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
        st.error(str(error))
    else:
        _pictures(context, stages, some, target, found)
        _distribution(context, stages, some, target, found, own, place)
    _climb(context, stages, target)


@lru_cache(maxsize=4)
def stages_of_checkpoint(checkpoint: Checkpoint) -> Stages:
    """Of the network in use; no stroke changes them."""
    return stages_of.of(checkpoint.model, checkpoint.model.picture)


def called(stages: Stages, target: Target) -> str:
    """In words: "map 5 of conv2", "unit 7 of fc", "the unit of map 5 of conv2 at row 4, …"."""
    shape = stages.stages[stages.index(target.layer)].shape
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
    light = context.reads.frame.ground == "white"
    with st.container(horizontal=True, gap="small", key=f"why_{name}"):
        for index in map(int, chosen):
            place = int(found.places[index])
            cut = exciting.field_of(stages, target, place).cut(some.images[index])
            url = thumbnail_url(cut, SIZE, theme.current(), light)
            answer = fixed(float(found.strengths[index]), 3)
            if st.button(
                f"![a {escaped(some.named(index))}]({url})  \n{answer}",
                key=f"why_{name}_{index}",
                type="tertiary",
                width=SIZE + 16,
                help=f"{escaped(some.title(index))}, a {escaped(some.named(index))}",
            ):
                _follow(_source(some, index), target.unit(stages, place))


def _source(some: Examples, index: int) -> Source:
    label = int(some.labels[index])
    return gallery.of_image(some.title(index), some.images[index], label, some.dataset.classes)


def _follow(source: Source, unit: str) -> None:
    """Take it to the draw page, with the unit explained."""
    starting_points.take(source)
    st.switch_page(DRAW, query_params={"pin": unit})


def _distribution(
    context: Context,
    stages: Stages,
    some: Examples,
    target: Target,
    found: Answers,
    own: float,
    place: int,
) -> None:
    st.markdown(
        f"Your drawing's answer is **{fixed(own, 3)}**, above that of "
        f"{percent(found.below(own))} of the test pictures."
    )
    st.plotly_chart(
        figures.distribution(found.strengths, own), key="why_distribution", config=CHART
    )
    with st.container(horizontal=True):
        st.download_button(
            "CSV",
            lambda: _csv(stages, some, target, found),
            f"{target.unit(stages, place)}.csv",
            "text/csv",
            on_click="ignore",
            help="Each test picture's number, class, answer, and the place of the answer.",
            key="why_answers_csv",
        )
        weights_button(context)
    with st.expander("The same in PyTorch", key="why_excites_code"):
        st.code(lines.exciting(context.checkpoint, some, stages, target, context.image))


def weights_button(context: Context) -> None:
    """The weights that the lines of PyTorch read."""
    model = context.checkpoint.model
    st.download_button(
        lines.WEIGHTS,
        lambda: weights.state_dict(model),
        lines.WEIGHTS,
        on_click="ignore",
        help="The network's weights, which the lines of PyTorch read.",
        key="why_weights",
    )


def _csv(stages: Stages, some: Examples, target: Target, found: Answers) -> str:
    shape = stages.stages[stages.index(target.layer)].shape
    rows = ["number,class,answer" + (",row,column" if len(shape) == 3 else "")]
    for index in range(len(some)):
        cells = [str(index), _quoted(some.named(index)), repr(float(found.strengths[index]))]
        if len(shape) == 3:
            cells += map(str, divmod(int(found.places[index]), shape[2]))
        rows.append(",".join(cells))
    return "\n".join(rows) + "\n"


def _quoted(text: str) -> str:
    escaped_text = text.replace('"', '""')
    return f'"{escaped_text}"' if set(text) & set(',"\n') else text


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
    first = context.image.numpy().tobytes() if mine else None
    try:
        found = _ascended(context.checkpoint, target, first)
    except ValueError as error:
        st.error(str(error))
        return
    unit = f"{target.layer}_{target.channel}_{target.place}"
    step = st.slider("step", 0, ascent.STEPS, found.best, key=f"why_step_{unit}_{start}")
    picture, curve = st.columns([1, 2])
    light = context.reads.frame.ground == "white"
    answer = fixed(float(found.strengths[step]), 3)
    with picture:
        url = thumbnail_url(found.pictures[step], 168, theme.current(), light)
        st.markdown(f"![the picture after {step} steps]({url})")
        st.markdown(
            f"After {step} steps its answer is **{answer}**; at the start it was "
            f"{fixed(float(found.strengths[0]), 3)}."
        )
        if st.button("Follow it through every layer", key="why_follow_climb"):
            title = f"what excites {called(stages, target)}, step {step}"
            image = torch.from_numpy(found.pictures[step])[None]
            _, place = exciting.one_answer(stages, image, target)
            _follow(_unlabelled(title, found.pictures[step]), target.unit(stages, place))
    with curve:
        st.plotly_chart(figures.climb(found.strengths, step), key="why_climb", config=CHART)
    with st.expander("The same in PyTorch", key="why_climb_code"):
        st.code(lines.climbing(context.checkpoint, stages, target, context.image if mine else None))


@lru_cache(maxsize=16)
def _ascended(checkpoint: Checkpoint, target: Target, start: bytes | None) -> ascent.Ascent:
    """From the picture of these bytes, or from noise."""
    stages = stages_of_checkpoint(checkpoint)
    if start is None:
        first = ascent.noise(stages.picture)
    else:
        first = torch.frombuffer(bytearray(start), dtype=torch.float32).view(1, *stages.picture)
    return ascent.ascend(stages, target, first)


def _unlabelled(title: str, picture: NDArray[np.float32]) -> Source:
    return replace(gallery.of_image(title, picture, 0), label=None)
