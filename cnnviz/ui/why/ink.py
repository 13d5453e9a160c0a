"""Which ink made it this answer: two maps side by side, and what each is worth."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import streamlit as st

from cnnviz.components import later, theme
from cnnviz.components.asked import asked as say_what_is_asked
from cnnviz.components.choices import choices
from cnnviz.components.ink_map import ink_map
from cnnviz.drawing.frames import Frame
from cnnviz.figures import deletion
from cnnviz.images.png import picture
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.reasons.examined import Examined, examined, others_like
from cnnviz.reasons.grad_cam import layers_of_maps, usual_layer
from cnnviz.reasons.methods import METHODS, Asked, Method, Network
from cnnviz.spelling import count, fixed, percent
from cnnviz.ui import link, startup
from cnnviz.ui.addresses import FILLS, WHY
from cnnviz.ui.tables import csv_button
from cnnviz.ui.why.context import NETWORK, Context
from cnnviz.ui.why.pixels import Pixels, strongest_channel
from cnnviz.ui.why.question import asked_about_its_answer, question, score_in_words
from cnnviz.ui.why.sections import LARGEST_PATCH, WAYS
from cnnviz.ui.why.take_home import program_button

SIDES = ("left", "right")
UNLEARNT = 120  # px of the small map
NO_MAPS = "Grad-CAM doesn't apply: it weighs the maps of a convolution, and this network has none."


def show(context: Context) -> None:
    startup.wait_for_captum()
    ways = {side: st.session_state[f"why_{side}"] for side in SIDES}
    for side, way in ways.items():
        link.keep(WHY, side, way)
    put = question(context)
    if put is None:
        return
    asked = _settings(context, Asked(put), set(ways.values()))
    with st.container(gap=None):
        say_what_is_asked(
            put,
            context.logits,
            key="why_asked",
            view=NETWORK,
            classes=context.classes,
            fixed=not asked_about_its_answer(),
        )
        st.markdown(
            ":orange[Orange] ink speaks for it, :blue[blue] ink against it. Point at a pixel; a "
            "click pins it in the network below."
        )
    columns = st.columns(2, gap="large")
    # After them: it goes once it has told, and nothing must become another element by that.
    charts = later.painted(WHY.page)
    for side, column in zip(SIDES, columns, strict=True):
        with column:
            _one(context, side, ways[side], asked, charts)


def fill_of(frame: Frame, fill: str) -> float:
    """What `paper`, `ink` or `grey` is in the network's pictures."""
    return {"paper": frame.paper, "ink": 1 - frame.paper, "grey": 0.5}[fill]


def _settings(context: Context, asked: Asked, ways: set[str]) -> Asked:
    """What the chosen methods need to know, in the rail."""
    with context.rail:
        fill = st.selectbox(
            "Ink that is taken away becomes",
            FILLS,
            key="fill",
            bind="query-params",
            help="For occlusion, integrated gradients, and the test of each map.",
        )
        asked = replace(asked, fill=fill_of(context.reads.frame, fill))
        if "occlusion" in ways:
            patch = st.slider(
                "Occlusion covers a square of",
                1,
                LARGEST_PATCH,
                asked.patch,
                format="%d px",
                key="patch",
                bind="query-params",
            )
            asked = replace(asked, patch=patch)
        layers = layers_of_maps(context.traced)
        if "grad_cam" in ways and layers:
            usual = usual_layer(context.traced)
            layer = st.selectbox(
                "Grad-CAM at the maps of",
                layers,
                index=layers.index(usual) if usual in layers else 0,
                key="cam",
                bind="query-params",
            )
            asked = replace(asked, layer=layer)
    return asked


def _one(context: Context, side: str, way: str, asked: Asked, charts: bool) -> None:
    """One of the two maps, with its tests below it; `charts` says that it is time for them."""

    def choose(place: int) -> None:
        st.session_state[f"why_{side}"] = WAYS[place]

    choices(
        f"The {side} map",
        [METHODS[each].title for each in WAYS],
        WAYS.index(way),
        key=f"why_ways_{side}",
        on_choose=choose,
        label_visible=False,
    )
    method = METHODS[way]
    if method.needs_maps and asked.layer is None:
        st.info(NO_MAPS)
        return
    result = _examined(way, context.checkpoint, Pixels.of(context.image), asked)
    found = result.found
    with st.container(horizontal=True, gap="medium", key=f"why_pictures_{side}"):
        with st.container(width=320, key=f"why_picture_{side}"):
            ink_map(
                found.worth if found.cells is None else found.values,
                context.image[0],
                context.reads.frame,
                key=f"why_map_{side}",
                label=f"{method.title}: {score_in_words(context, asked.question)}, by pixel",
                cells=found.cells,
                channel=strongest_channel(context.image[0] if found.cells else found.values),
                view=NETWORK,
                group="why_ink",
                hint=_hint(method, result),
            )
        with st.container(width=130, gap="xsmall"):
            _unlearnt(result, method)
    _sum(result)
    _deletion(side, result, charts)
    _learnt(result)
    _take_home(context, side, way, asked, result)


@lru_cache(maxsize=16)
def _examined(way: str, checkpoint: Checkpoint, pixels: Pixels, asked: Asked) -> Examined:
    """Once for both of the page's first runs, and for the side that isn't changed."""
    return examined(way, checkpoint.model, pixels.image(), asked, _others(checkpoint))


@lru_cache(maxsize=4)
def _others(checkpoint: Checkpoint) -> tuple[Network, ...]:
    return others_like(checkpoint.model)


def _hint(method: Method, result: Examined) -> str:
    if result.found.cells is None:
        return method.words
    rows, columns = result.found.values.shape
    return f"{method.words} Here {rows}×{columns} cells, each where the middle of its window lies."


def _sum(result: Examined) -> None:
    """Of integrated gradients: whether they add up."""
    summed = result.found.integrated
    if summed is None:
        return
    said = (
        f"**Adds up to** {fixed(summed.total, 3)}; the score differs from a blank picture's by "
        f"{fixed(summed.difference, 3)}"
    )
    off = f"{percent(summed.error)} off with {count(summed.steps)} steps"
    if summed.complete:
        st.markdown(f"{said}: {off}.")
    else:
        st.warning(f"{said}: still {off}, so read it with care.")


def _deletion(side: str, result: Examined, charts: bool) -> None:
    """What becomes of the score as ink is taken away in the map's order."""
    ordered, random, reverse = (fixed(mean, 2) for mean in result.deletion.means)
    worth = (
        "**It finds the ink that counts**"
        if result.deletion.telling
        else "**It finds the ink that counts no better than chance**"
    )
    st.markdown(
        f"{worth}: while ink is taken away, what speaks most for the answer first, the score is "
        f"{ordered} on average; in random order {random}, in reverse {reverse}."
    )
    if not charts:
        st.space(deletion.HEIGHT)
        return
    st.plotly_chart(
        deletion.curves(
            result.deletion.gone.tolist(),
            {
                "most telling first": result.deletion.ordered.tolist(),
                "random order": result.deletion.random.tolist(),
                "reverse": result.deletion.reverse.tolist(),
            },
        ),
        key=f"why_deletion_{side}",
        config={"displayModeBar": False},
    )


def _unlearnt(result: Examined, method: Method) -> None:
    """The same map of a network that has learnt nothing, small."""
    worth = result.unlearnt.worth
    most = float(worth.abs().max()) or 1.0
    small = picture(
        (worth / most).numpy(),
        f"{method.title} of a network with random weights",
        max(1, UNLEARNT // worth.shape[-1]),
        theme.current(),
    )
    st.html(f"<div class='pictures'>{small}</div>")
    st.caption("the same with random weights")


def _learnt(result: Examined) -> None:
    """Whether the map tells of what was learnt, or of the drawing."""
    alike, within = fixed(result.alike, 2), fixed(result.alike_in_ink, 2)
    if result.of_the_drawing:
        st.markdown(
            "**It explains the drawing more than the network**: with random weights the map is "
            f"much the same, with a similarity of {alike} (1 is the same); within the ink alone "
            f"of {within}."
        )
    else:
        st.markdown(
            "**It depends on what was learnt**: with random weights it is another map, with a "
            f"similarity of {alike} (1 is the same); within the ink alone of {within}."
        )


def _take_home(context: Context, side: str, way: str, asked: Asked, result: Examined) -> None:
    found, put = result.found, asked.question
    exactly = asked
    if found.integrated is not None:
        exactly = replace(asked, most_steps=found.integrated.steps)
    lines = METHODS[way].code(exactly, tuple(context.image.shape[1:]))
    with st.expander("CSV, and Captum's lines", key=f"why_lines_{side}"):
        st.code(lines, wrap_lines=True)
        with st.container(horizontal=True):
            title = f"{METHODS[way].title}, {score_in_words(context, put)}"
            program_button(context, title, put, lines, way, key=f"why_program_{side}")
            values = found.values if found.values.ndim == 3 else found.values[None]
            csv_button(values.numpy(), way, "The map's values", key=f"why_csv_{side}")
