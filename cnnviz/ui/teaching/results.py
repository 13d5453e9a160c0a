"""What the held-back drawings say of the network: a count, a table, and the drawings behind it."""

from typing import Any

import numpy as np
import streamlit as st
import torch

from cnnviz.components import theme
from cnnviz.components.lesson_strip import lesson_strip
from cnnviz.figures.confusion import confusion
from cnnviz.spelling import percent
from cnnviz.teaching import advice
from cnnviz.teaching.files import Taught
from cnnviz.teaching.lesson import Drawing, Lesson, stacked
from cnnviz.training.testing import Readings, readings
from cnnviz.ui.escaping import escaped
from cnnviz.ui.teaching.collecting import cross, shown
from cnnviz.ui.teaching.desk import Desk


def tested(lesson: Lesson, taught: Taught) -> tuple[list[Drawing], Readings] | None:
    """The held-back drawings that are still there, and what the network reads in them; None where
    there are none."""
    drawings = [drawing for drawing in lesson.counted if drawing.id in taught.held]
    if not drawings:
        return None
    images = torch.from_numpy(stacked(drawings)).float().div(255).unsqueeze(1)
    labels = torch.tensor([taught.labels[drawing.id] for drawing in drawings])
    return drawings, readings(taught.network.model, images, labels)


def score(here: Desk) -> str | None:
    """How it did, with its count, in a sentence."""
    taught = here.kept.taught
    found = None if taught is None else tested(here.lesson, taught)
    if found is None:
        return None
    return f"It reads **{advice.score(found[1])}** held-back drawings right"


def results(here: Desk) -> None:
    taught = here.kept.taught
    if taught is None:
        return
    found = tested(here.lesson, taught)
    if found is None:
        st.caption("None of the drawings that were held back for the test is left: train again.")
        return
    drawings, read = found
    classes = taught.network.classes
    learnt = [
        sum(label == at and id not in taught.held for id, label in taught.labels.items())
        for at in range(len(classes))
    ]
    st.markdown(f"{score(here)} ({percent(read.accuracy, 0)}).")
    st.markdown(escaped(advice.needs_more(read, classes, learnt)))
    matrix, behind = st.columns(2)
    with matrix:
        event: Any = st.plotly_chart(
            confusion(read.counts(), theme.current(), classes),
            key="teach_confusion",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
        )
    points = event.selection.points if event else []
    with behind:
        truth = said = None
        if points:
            truth, said = int(points[0]["y"]), int(points[0]["x"])
        _behind(here, drawings, read, truth, said)


def _behind(
    here: Desk, drawings: list[Drawing], read: Readings, truth: int | None, said: int | None
) -> None:
    """The drawings behind a cell of the table, or all that were read wrongly."""
    assert here.kept.taught is not None
    classes = here.kept.taught.network.classes
    if truth is None or said is None or max(truth, said) >= len(classes):
        st.caption("Read wrongly. :gray[Click a number to see the drawings behind it.]")
        chosen = read.labels != read.read
        name = "read wrongly"
    else:
        name = f"{classes[truth]} read as {classes[said]}"
        st.caption(escaped(name))
        chosen = (read.labels == truth) & (read.read == said)
    if not chosen.any():
        st.markdown("None.")
        return
    lesson_strip(
        name,
        shown(here, [drawings[at] for at in np.flatnonzero(chosen)]),
        key=f"teach_behind_{here.name}_{truth}_{said}",
        on_cross=cross,
    )
