"""What the held-back drawings say of the network: a count, a table, and the drawings behind it."""

import numpy as np
import streamlit as st
import torch

from cnnviz.components.escaping import escaped
from cnnviz.components.lesson_strip import lesson_strip
from cnnviz.spelling import percent
from cnnviz.teaching import advice
from cnnviz.teaching.files import Taught
from cnnviz.teaching.lesson import Drawing, stacked
from cnnviz.training.testing import Readings, readings
from cnnviz.ui.counts import clicked_cell
from cnnviz.ui.teaching.collecting import cross, shown
from cnnviz.ui.teaching.desk import Desk, Tested


def tested(here: Desk, taught: Taught) -> Tested:
    """What the held-back drawings say of `taught`. The network reads them once, not again for
    each stroke: until the lesson, or the network, is another."""
    known = here.tested
    if known is not None and known.lesson is here.lesson and known.taught is taught:
        return known
    drawings = [drawing for drawing in here.lesson.counted if drawing.id in taught.held]
    read = None
    if drawings:
        images = torch.from_numpy(stacked(drawings)).float().div(255).unsqueeze(1)
        labels = torch.tensor([taught.labels[drawing.id] for drawing in drawings])
        read = readings(taught.network.model, images, labels)
    here.tested = Tested(here.lesson, taught, drawings, read)
    return here.tested


def score(here: Desk) -> str | None:
    """How it did, with its count, in a sentence."""
    taught = here.kept.taught
    read = None if taught is None else tested(here, taught).read
    if read is None:
        return None
    return f"It reads **{advice.score(read)}** held-back drawings right"


def results(here: Desk) -> None:
    taught = here.kept.taught
    if taught is None:
        return
    found = tested(here, taught)
    if (read := found.read) is None:
        st.caption("None of the drawings that were held back for the test is left: train again.")
        return
    classes = taught.network.classes
    learnt = [
        sum(label == at and id not in taught.held for id, label in taught.labels.items())
        for at in range(len(classes))
    ]
    st.markdown(f"{score(here)} ({percent(read.accuracy, 0)}).")
    st.markdown(escaped(advice.needs_more(read, classes, learnt)))
    matrix, behind = st.columns(2)
    with matrix:
        cell = clicked_cell(read.counts(), classes, key="teach_confusion")
    with behind:
        _behind(here, found.drawings, read, cell)


def _behind(
    here: Desk, drawings: list[Drawing], read: Readings, cell: tuple[int, int] | None
) -> None:
    """The drawings behind a cell of the table, or all that were read wrongly."""
    assert here.kept.taught is not None
    classes = here.kept.taught.network.classes
    if cell is None or max(cell) >= len(classes):
        st.caption("Read wrongly. :gray[Click a number to see the drawings behind it.]")
        chosen = read.labels != read.read
        name = "read wrongly"
    else:
        truth, said = cell
        name = f"{classes[truth]} read as {classes[said]}"
        st.caption(escaped(name))
        chosen = (read.labels == truth) & (read.read == said)
    if not chosen.any():
        st.markdown("None.")
        return
    lesson_strip(
        name,
        shown(here, [drawings[at] for at in np.flatnonzero(chosen)]),
        key=f"teach_behind_{here.name}_{cell}",
        on_cross=cross,
    )
