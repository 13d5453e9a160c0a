"""One weight in a step: where its gradient comes from, and what becomes of it."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
import streamlit as st
import torch
from torch import nn

from cnnviz.components import theme
from cnnviz.components.choices import choices
from cnnviz.components.escaping import as_sentence, escaped
from cnnviz.components.terms import Row, terms
from cnnviz.images.cells import framed_cells
from cnnviz.networks.models import parameter_count
from cnnviz.reasons import step_script, weights
from cnnviz.reasons.step import Step
from cnnviz.spelling import count, short
from cnnviz.ui import link
from cnnviz.ui.tables import download_csv
from cnnviz.ui.why.context import Context
from cnnviz.ui.why.step_pictures import Pictures

VIEW = "why_step_network"
"""The key of the view of the network that the terms point into."""

PICTURE = "why_picture"
"""Under which the session has the picture of a batch that is shown."""

_WEIGHT, _GUESSES = "weight", "why_step_guesses"
WAYS = ("it grows", "it shrinks")


def choose(weight: str) -> None:
    """Have this one spelled out: a weight as Python writes it."""
    st.session_state[_WEIGHT] = weight


def show(context: Context, taken: Step, given: Pictures, at: int) -> None:
    """`at` is the picture of those `given` that the page's view of the network shows."""
    total = parameter_count(taken.before)
    st.markdown(f"**Any of the {count(total)} weights.** As Python writes it, counted from 0.")
    asked = link.asked("why").get("weight")
    st.session_state.setdefault(_WEIGHT, asked or str(_largest(taken, 4)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Weight", key=_WEIGHT, bind="query-params")
        st.button(
            "The one with the largest gradient",
            key="why_step_largest",
            on_click=lambda: st.session_state.update({_WEIGHT: str(_largest(taken))}),
        )
        predict = st.toggle("Predict first", key="why_step_predict")
    try:
        number = weights.Number.read(text, taken.before)
    except ValueError as error:
        st.error(as_sentence(error))
        return
    if predict and not _guessed(taken, number):
        return
    gradient = weights.gradient_of(taken.before, taken.there, number)
    change = weights.change_of(taken, number)
    if predict:
        _verdict(taken, number, change)
    _terms(gradient, given, at)
    _step(taken, number, change)
    _take_home(context, taken, given, number)


def _largest(taken: Step, least_dimensions: int = 1) -> weights.Number:
    """The weight with the largest gradient: of a kernel with 4 `least_dimensions`, where there are
    kernels."""
    named = taken.there.parameters
    chosen = {n: g for n, g in named.items() if g.ndim >= least_dimensions} or named
    name = max(chosen, key=lambda n: float(chosen[n].abs().max()))
    at = int(chosen[name].abs().argmax())
    place = torch.unravel_index(torch.tensor(at), chosen[name].shape)
    return weights.Number(name, tuple(int(index) for index in place))


def _guessed(taken: Step, number: weights.Number) -> bool:
    """Whether it has been said which way the weight will go; else it is asked."""
    guesses, name = _guesses(taken), str(number)

    def choose(place: int) -> None:
        guesses[name] = place

    choices(
        f"What will the step do to {number}?",
        WAYS,
        guesses.get(name),
        key="why_step_guess",
        on_choose=choose,
    )
    return name in guesses


def _guesses(taken: Step) -> dict[str, int]:
    """By weight, of the network before the step: gone with it, and no other network's."""
    kept: WeakKeyDictionary[nn.Module, dict[str, int]]
    kept = st.session_state.setdefault(_GUESSES, WeakKeyDictionary())
    return kept.setdefault(taken.before, {})


def _verdict(taken: Step, number: weights.Number, change: weights.Change) -> None:
    guess = _guesses(taken)[str(number)]
    if change.by == 0:
        st.info("It stays as it is: nothing that it multiplies has a gradient here.")
    elif (change.by < 0) == bool(guess):
        st.success(f"So it is: {WAYS[guess]}.")
    else:
        st.warning(f"The other way: {WAYS[1 - guess]}.")


def _terms(gradient: weights.Gradient, given: Pictures, at: int) -> None:
    number, several = gradient.number, len(given.labels) > 1
    st.markdown(
        f"Its gradient is the sum over all {count(gradient.count)} places where it was used: the "
        "gradient there, times what it multiplied. The largest, by size; a click pins the place in "
        "the network above:"
    )
    rows = [
        Row(
            _unit(number, term),
            f"picture {term.image}, {_unit(number, term)}" if several else _unit(number, term),
            [short(each, 4) for each in (term.upstream, term.given, term.product)],
            term.image,
        )
        for term in gradient.largest
    ]
    others = gradient.count - len(rows)
    made, read = st.columns([3, 2])
    with made:
        terms(
            ("where", "gradient", "× value", "= product"),
            rows,
            (f"gradient of {number}", short(gradient.value, 4)),
            key="why_step_terms",
            label=f"The largest terms of the gradient of {number}",
            view=VIEW,
            rest=(f"the other {count(others)} together", short(gradient.rest, 4))
            if others
            else None,
            shown=at if several else None,
            on_picture=lambda picture: st.session_state.update({PICTURE: picture}),
        )
        if several:
            _by_picture(gradient, at)
    if gradient.products.ndim == 3:
        with read:
            _picture(gradient, several, at)


def _by_picture(gradient: weights.Gradient, at: int) -> None:
    """What the picture that is shown adds to the sum, beside the one that adds most."""
    sums = gradient.products.flatten(1).sum(1)
    most = int(sums.abs().argmax())
    own = short(float(sums[at]), 4)
    said = f"Of the sum over the batch, picture {at}, which is shown, makes {own}"
    if most == at:
        st.caption(f"{said}, more than any other.")
    else:
        st.caption(f"{said}; picture {most} makes most of it, {short(float(sums[most]), 4)}.")


def _unit(number: weights.Number, term: weights.Term) -> str:
    """Where a term happened, as the network view's address has it."""
    return ".".join(map(str, (number.layer, number.place[0], *term.place)))


def _picture(gradient: weights.Gradient, several: bool, at: int) -> None:
    """The products where they happened, in the picture that is shown."""
    products = gradient.products[at].float().numpy()
    marked = np.zeros(products.shape, bool)
    for term in gradient.largest:
        if term.image == at:
            marked[term.place] = True
    where = f"{gradient.number.layer} map {gradient.number.place[0]}"
    with st.container(key="why_step_products"):
        st.html(
            framed_cells(
                products,
                marked,
                theme.current(),
                paint="signed",
                scale=float(np.abs(products).max()) or 1.0,
                alt=f"The products of {gradient.number} at every place of {where}",
            )
        )
    of = f" of picture {at}" if several else ""
    st.caption(f"The products{of} where they happened, in {where}; the largest are framed.")


def _step(taken: Step, number: weights.Number, change: weights.Change) -> None:
    rate, g = short(taken.rule.rate, 4), short(change.gradient, 4)
    old, new = short(change.old, 6), short(change.new, 6)
    lines = [f"**{escaped(str(number))}**: {old} → **{new}**, by {short(change.by, 4)}."]
    if taken.rule.optimizer == "SGD":
        lines.append(f"w − η·g = {old} − {rate} · {_bracketed(g)} = {new}")
    elif taken.rule.optimizer == "momentum" and change.average is not None:
        m = short(taken.rule.momentum, 3)
        before = short(change.average_before or 0.0, 4)
        v = short(change.average, 4)
        first = "" if change.average_before is not None else " (the first step, so v = g)"
        lines.append(f"v = {m} · {_bracketed(before)} + {_bracketed(g)} = {v}{first}")
        lines.append(f"w − η·v = {old} − {rate} · {_bracketed(v)} = {new}")
    elif change.average is not None and change.square is not None and change.steps:
        m, s, t = short(change.average, 4), short(change.square, 4), change.steps
        mb, sb = short(change.average_before or 0.0, 4), short(change.square_before or 0.0, 4)
        lines.append(f"m = 0.9 · {_bracketed(mb)} + 0.1 · {_bracketed(g)} = {m}")
        lines.append(f"s = 0.999 · {_bracketed(sb)} + 0.001 · {_bracketed(g)}² = {s}")
        lines.append(
            f"w − η · (m / (1 − 0.9^{t})) / (√(s / (1 − 0.999^{t})) + 1e−8) = {old} − {rate} · "
            f"({m} / {short(1 - 0.9**t, 4)}) / (√({s} / {short(1 - 0.999**t, 4)}) + 1e−8) = {new}"
        )
    st.markdown("  \n".join(line if at == 0 else escaped(line) for at, line in enumerate(lines)))
    st.caption("Numbers are rounded for show; torch computes with all of their digits.")


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("−") else text


def _take_home(context: Context, taken: Step, given: Pictures, number: weights.Number) -> None:
    with st.expander("As PyTorch, and all numbers"):
        layers = context.checkpoint.model.steps
        st.code(step_script.program(layers, taken.rule, number, kept=bool(taken.kept)))
        st.download_button(
            step_script.FILE,
            lambda: step_script.content(taken, given.images, given.labels),
            step_script.FILE,
            on_click="ignore",
            help="What these lines read: the network before the step, and the pictures.",
        )
        download_csv(
            lambda: step_script.csv_of(taken),
            "step",
            "Every weight: before the step, its gradient, and after it.",
        )
