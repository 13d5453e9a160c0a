"""The least that is found to turn the drawing into another answer."""

from __future__ import annotations

import streamlit as st
from torch import Tensor

from cnnviz.components import theme
from cnnviz.components.choices import choices
from cnnviz.components.escaping import escaped
from cnnviz.components.ink_map import ink_map
from cnnviz.datasets import gallery
from cnnviz.drawing import sources
from cnnviz.drawing.frames import Frame
from cnnviz.images.png import light_url, picture
from cnnviz.networks.trace import trace
from cnnviz.reasons import fooling
from cnnviz.reasons.parting import Parting, first_apart, partings
from cnnviz.reasons.question import Question
from cnnviz.spelling import fixed, percent
from cnnviz.ui import lesson, link
from cnnviz.ui.addresses import WHY
from cnnviz.ui.starting_points import take
from cnnviz.ui.tables import csv_button, table
from cnnviz.ui.why.context import NETWORK, Context
from cnnviz.ui.why.pixels import strongest_channel
from cnnviz.ui.why.rival import SEARCHES, answer_of, elsewhere, search
from cnnviz.ui.why.sections import CHANGES
from cnnviz.ui.why.take_home import program_button


def show(context: Context) -> None:
    classes, answer = context.classes, context.answer
    by: str = st.session_state["why_by"]
    link.keep(WHY, "by", by)

    def choose(place: int) -> None:
        st.session_state["why_by"] = CHANGES[place]

    with context.rail:
        into = st.selectbox(
            "Turn it into",
            classes,
            index=None,
            placeholder="the next best",
            key="into",
            bind="query-params",
        )
        choices(
            "by",
            [SEARCHES[each].title for each in CHANGES],
            CHANGES.index(by),
            key="why_changes",
            on_choose=choose,
        )
    target = int(context.logits.topk(2).indices[1]) if into is None else classes.index(into)
    if target == answer:
        st.info(f"It already says {escaped(classes[answer])}: choose another class at the left.")
        return
    changed = search(context.checkpoint, by, context.image, target)
    lesson.told(
        "why_fool",
        lambda: {"why.fooled": "" if changed is None else classes[target], "why.into": into or ""},
    )
    if changed is None:
        st.warning(
            f"No change was found that turns it into {escaped(classes[target])} "
            f"by {SEARCHES[by].title}. That doesn't prove that there is none."
        )
        return
    _pictures(context, changed, target)
    _take_it(context, changed, target)
    elsewhere(context, by, changed, target)
    _parting(context, changed)
    _take_home(context, by, changed, target)


def _pictures(context: Context, changed: Tensor, target: int) -> None:
    """The change on the drawing, and the picture that it makes."""
    difference = (changed - context.image)[0]
    touched = int((difference != 0).any(0).sum())
    assert context.traced.probabilities is not None
    before = float(context.traced.probabilities[target])
    _, share = answer_of(context.checkpoint, changed)
    names = [escaped(context.classes[at]) for at in (context.answer, target)]
    st.markdown(
        f"**Found**: {names[0]} becomes **{names[1]}**, which had {percent(before)} of the vote "
        f"and now has {percent(share)}. {touched} pixel{'s' if touched != 1 else ''} changed, by "
        f"at most {fixed(float(difference.abs().max()), 2)}; its length (the root of the sum "
        f"of squares) is {fixed(float(difference.norm()), 2)}. A smaller change may exist: that it "
        "is the smallest can't be proved."
    )
    frame = context.reads.frame
    added, taken = ("ink", "paper") if frame.ground == "black" else ("light", "ink")
    left, right = st.columns(2, gap="large")
    with left:
        ink_map(
            difference.sum(0),
            context.image[0],
            frame,
            key="why_difference",
            label=f"What is changed so that it becomes {context.classes[target]}, by pixel",
            channel=strongest_channel(difference),
            view=NETWORK,
            group="why_fool",
            hint=f"The change: orange is more {added}, blue more {taken}.",
        )
    with right:
        if len(difference) == 3:
            st.image(light_url(changed[0].numpy(), 320), caption="The picture that it makes.")
        else:
            ink_map(
                changed[0, 0] if frame.ground == "black" else 1 - changed[0, 0],
                changed[0],
                frame,
                key="why_changed",
                label="The changed picture, by pixel",
                paint="ink",
                scale=1.0,
                view=NETWORK,
                group="why_fool",
                hint="The picture that it makes.",
            )


def as_source(
    changed: Tensor, frame: Frame, classes: tuple[str, ...], title: str
) -> sources.Source:
    """The picture (1, C, H, W) to lie on the canvas: a network sees exactly these values."""
    values = changed[0].numpy()
    ink = 1 - values if len(values) == 1 and frame.ground == "white" else values
    return gallery.of_image(title, ink, None, classes)


def _take_it(context: Context, changed: Tensor, target: int) -> None:
    source = as_source(
        changed, context.reads.frame, context.classes, f"fooled: {context.classes[target]}"
    )
    with st.container(horizontal=True):
        st.button(
            "Use it as the drawing",
            on_click=take,
            args=(source,),
            key="why_use",
            help="Here and on Draw, where every layer of it can be followed; undo brings yours "
            "back.",
        )


def _parting(context: Context, changed: Tensor) -> None:
    """The map in which the old and the new picture part ways first."""
    found = partings(context.traced, trace(context.checkpoint.model, changed))
    first = first_apart(found)
    if first is None:
        st.markdown("There are no maps to compare: this network makes none.")
        return
    st.markdown(
        f"**They part ways first** in **{first.layer}**, map {first.channel}, which changes by "
        f"{percent(first.most, 0)} of its size. Before, and after:"
    )
    st.html(f"<div class='pictures'>{_map(first, first.before)}{_map(first, first.after)}</div>")
    with st.expander("Every layer of maps", key="why_partings"):
        table(
            ("layer", "changes by", "most in map", "which changes by"),
            ((p.layer, percent(p.share, 0), p.channel, percent(p.most, 0)) for p in found),
        )
        st.caption("The length of the difference, as a share of the length before.")


def _map(first: Parting, values: Tensor) -> str:
    most = max(float(first.before.abs().max()), float(first.after.abs().max())) or 1.0
    scale = max(2, 140 // values.shape[-1])
    name = "before" if values is first.before else "after"
    alt = f"{first.layer}, map {first.channel}, {name}"
    return picture((values / most).numpy(), alt, scale, theme.current())


def _take_home(context: Context, by: str, changed: Tensor, target: int) -> None:
    name = SEARCHES[by].function.__name__
    code = fooling.fool_code(SEARCHES[by].function, target)
    with st.expander("CSV, and PyTorch's lines", key="why_fool_lines"):
        st.code(code, height=300)
        with st.container(horizontal=True):
            title = f"Turned into {context.classes[target]}"
            program_button(context, title, Question(target), code, name, key="why_fool_program")
            csv_button(changed[0].numpy(), name, "The changed picture", key="why_fool_csv")
