"""One learning step, followed backwards: the loss, its gradients, the step, the answer after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st
import torch
from torch import nn

from cnnviz.components.choices import choices
from cnnviz.components.escaping import as_sentence, escaped
from cnnviz.components.network_view import Opening, Words, network_view
from cnnviz.figures.step import loss_against_rate
from cnnviz.reasons import step
from cnnviz.reasons.backward import Backward, backward
from cnnviz.reasons.rule import LEAST_RATE, MOST_RATE, Rule
from cnnviz.spelling import count, percent, short
from cnnviz.ui import lesson, link
from cnnviz.ui.addresses import AS_DRAWN, THIS, WHY
from cnnviz.ui.fields import followed
from cnnviz.ui.fields.one_of import pills, segments
from cnnviz.ui.tables import table
from cnnviz.ui.why import step_weight
from cnnviz.ui.why.context import Context, of_drawing
from cnnviz.ui.why.step_pictures import Pictures, UnfinishedError, pictures
from cnnviz.ui.why.step_weight import PICTURE, VIEW

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

_LEARNER, _TRUE = "why_step_learner", "why_true"


@dataclass
class Learner:
    """A network on its way from `start`: what it is now, what its optimizer keeps, and the mean
    losses before each step that was taken."""

    start: nn.Sequential
    model: nn.Sequential
    moments: step.Moments = field(default_factory=dict)
    losses: list[float] = field(default_factory=list)


def show(context: Context) -> None:
    learner = _learner(context)
    with context.rail:
        target = _true_class(context)
        learn = pills(WHY, "learn", "Learn from")
        optimizer = segments(WHY, "rule", "Optimizer")
        rate = st.number_input(
            "Step size η",
            LEAST_RATE,
            MOST_RATE,
            0.05,
            step=0.01,
            format="%g",
            key="rate",
            bind="query-params",
            help="The learning rate: how far a step goes along the gradient.",
        )
    try:
        given = pictures(context, learn, target)
        rule = given.rule or Rule(optimizer, rate)
        fresh = not learner.losses
        at = _shown(given)
        taken = step.take(
            learner.model,
            given.images,
            given.labels,
            rule,
            given.kept if fresh and given.kept else learner.moments,
        )
        back = backward(learner.model, given.images[at : at + 1], int(given.labels[at]))
    except UnfinishedError as error:
        st.info(as_sentence(error))
        st.button("Go on", key="why_step_go_on")
        return
    except ValueError as error:
        st.error(as_sentence(error))
        with context.rail:
            _reset_button(learner)  # the way back, where steps were too large
        return
    for note in given.notes:
        st.info(note)
    with context.rail:
        _buttons(learner, taken, given)
    with _of_pictures(learn, "gradient"):
        _loss(context, back, learner, given, at)
        network_view(
            back.trace,
            key=VIEW,
            words=Words(
                title=f"Gradient of the loss, true class {context.classes[back.target]}",
                classes=None if context.reads.digits else context.classes,
            ),
            opening=Opening(linked=True),
            backward=back,
            on_weight=step_weight.choose,
        )
        st.caption(
            "Click a cell of a kernel, or a linear layer's weight: its gradient is spelled out "
            "below."
        )
    with of_drawing("read"):
        _answer(context, taken, given, target)
    with _of_pictures(learn, "weight"):
        step_weight.show(context, taken, given, at)
        _curve(taken, given)


def _of_pictures(learn: str, name: str) -> DeltaGenerator:
    """A container for what depends on the pictures that are learnt from: on the drawing, or not."""
    return of_drawing(name) if learn == THIS else st.container()


def _curve(taken: step.Step, given: Pictures) -> None:
    st.markdown("**Too small, right, too large?** The loss after this very step, by its size.")
    curve = step.curve(taken, given.images, given.labels)
    st.plotly_chart(
        loss_against_rate(curve.rates, curve.losses, taken.rule.rate, taken.there.loss),
        key="why_step_curve",
        config={"displayModeBar": False},
    )
    st.caption(_curve_in_words(curve, taken))


def _learner(context: Context) -> Learner:
    learner = st.session_state.get(_LEARNER)
    if learner is None or learner.start is not context.checkpoint.model:
        learner = Learner(context.checkpoint.model, context.checkpoint.model)
        st.session_state[_LEARNER] = learner
    return learner


def _true_class(context: Context) -> int:
    """The class that was chosen; else what the drawing is known to be, else the answer."""
    asked = link.parameter("why", "true", str, AS_DRAWN)
    classes = context.classes
    known = context.truth if context.truth is not None else context.answer
    if asked not in (AS_DRAWN, *classes):
        st.warning(
            f"There is no class “{escaped(asked[:40])}” in this network; it tells apart "
            f"{escaped(', '.join(classes)[:200])}. {escaped(classes[known])} is taken instead."
        )
    at = classes.index(asked) if asked in classes else known

    def choose(place: int) -> None:
        st.session_state[_TRUE] = classes[place]

    choices("True class of the drawing", classes, at, key="why_true_choices", on_choose=choose)
    link.keep(WHY, "true", asked if asked in classes else AS_DRAWN)
    return at


def _buttons(learner: Learner, taken: step.Step, given: Pictures) -> None:
    with st.container(horizontal=True):
        st.button(
            "Take the step",
            type="primary",
            key="why_step_take",
            on_click=_advance,
            args=(learner, taken, given, 1),
        )
        st.button(
            "Take ten", key="why_step_ten", on_click=_advance, args=(learner, taken, given, 10)
        )
        _reset_button(learner)


def _reset_button(learner: Learner) -> None:
    st.button(
        "Reset",
        key="why_step_reset",
        on_click=_reset,
        args=(learner,),
        disabled=not learner.losses,
    )


def _advance(learner: Learner, taken: step.Step, given: Pictures, times: int) -> None:
    for at in range(times):
        if at:
            taken = step.take(
                learner.model, given.images, given.labels, taken.rule, learner.moments
            )
        learner.losses.append(taken.there.loss)
        learner.model, learner.moments = taken.model, taken.moments
        if not all(bool(p.isfinite().all()) for p in taken.model.parameters()):
            break


def _reset(learner: Learner) -> None:
    learner.model, learner.moments, learner.losses = learner.start, {}, []


def _shown(given: Pictures) -> int:
    """Which of the pictures is in the view: chosen by its number, or with one of its terms."""
    several = len(given.labels) - 1
    at = min(int(st.session_state[PICTURE]), several)
    if several:
        key = followed.key("why_step_picture", at)
        st.number_input(
            f"Picture of the batch that is shown, 0 to {count(several)}",
            0,
            several,
            at,
            key=key,
            on_change=_by_hand,
            args=(key,),
            width=300,
        )
    link.keep(WHY, "picture", at)
    return at


def _by_hand(key: str) -> None:
    chosen = followed.set_by_hand("why_step_picture", key)
    if chosen is not None:
        st.session_state[PICTURE] = int(chosen)


def _loss(context: Context, back: Backward, learner: Learner, given: Pictures, at: int) -> None:
    assert back.trace.probabilities is not None
    share = float(back.trace.probabilities[back.target])
    name = escaped(context.classes[back.target])
    steps = len(learner.losses)
    so_far = (
        f" {count(steps)} {'step' if steps == 1 else 'steps'} taken so far: the loss was "
        f"{short(learner.losses[0], 4)} before the first."
        if steps
        else ""
    )
    which = ""
    if (many := len(given.labels)) > 1:
        which = (
            f"Shown is picture {at} of {given.words}. The step goes by the mean loss of all "
            f"{count(many)}, so each of its gradients counts for 1/{count(many)} there. "
        )
    st.markdown(
        f"{which}The network gives the true class **{name}** a probability of {percent(share, 2)}. "
        f"The loss is −log p = **{short(back.loss, 4)}**. Below: by how much the loss would rise "
        "with each number, from the answer on the right back to the pixels on the left. "
        f"The live preview is off here.{so_far}"
    )


def _answer(context: Context, taken: step.Step, given: Pictures, target: int) -> None:
    """The drawing read before the step and after it."""
    label = torch.tensor([target])
    before, shares = step.read(taken.before, context.image, label)
    after, moved = step.read(taken.model, context.image, label)
    many = len(given.labels) > 1
    lesson.told(
        "why_step",
        lambda: {
            "step.rate": taken.rule.rate,
            "step.before": before.item(),
            "step.after": after.item(),
        },
    )
    st.markdown(
        f"**What the step does.** It learns from {given.words}"
        f" with {taken.rule.optimizer}, η = {short(taken.rule.rate, 3)}. "
        + (
            f"Their mean loss goes from {short(taken.there.loss, 4)} to {short(taken.loss, 4)}, the"
            if many
            else "The"
        )
        + f" loss of this drawing {'' if many else 'goes '}from **{short(before.item(), 4)}** to "
        f"**{short(after.item(), 4)}**."
    )
    order = shares[0].argsort(descending=True).tolist()[:10]
    if target not in order:
        order[-1] = target
    table(
        ("class", "before", "after"),
        [
            (
                f"**{escaped(context.classes[at])}**"
                if at == target
                else escaped(context.classes[at]),
                percent(float(shares[0, at]), 2),
                percent(float(moved[0, at]), 2),
            )
            for at in sorted(order)
        ],
    )


def _curve_in_words(curve: step.Curve, taken: step.Step) -> str:
    before, rate = taken.there.loss, taken.rule.rate
    best = min(range(len(curve.losses)), key=lambda at: curve.losses[at])
    right = f"the least of these would come with η = {short(curve.rates[best], 2)}"
    if not taken.loss < before:
        return f"Too large: this step makes the loss rise, {right}."
    if rate < curve.rates[best] / 3:
        return f"On the small side: {right}."
    if rate > curve.rates[best] * 3:
        return f"On the large side: {right}."
    return f"About right: {right}."
