"""What a run's network gets wrong: counts that can be clicked, and the digits behind them."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from cnnviz.components import theme
from cnnviz.datasets import gallery, images, mnist
from cnnviz.datasets.catalogue import DATASETS
from cnnviz.figures.confusion import confusion
from cnnviz.images.png import paper_url
from cnnviz.runs import history
from cnnviz.runs.history import Run
from cnnviz.spelling import percent
from cnnviz.training import testing
from cnnviz.training.config import TrainingConfig
from cnnviz.training.images import load_for
from cnnviz.ui import starting_points
from cnnviz.ui.training import session

SHOWN = 15
DRAW = Path(__file__).parents[3] / "pages" / "draw.py"
_MORE = "training_mistakes_shown"


@st.fragment
def what_it_gets_wrong(run: Run) -> None:
    now = session.current()
    if not isinstance(now, Run) or now.name != run.name or not now.events.snapshots:
        st.rerun()  # the whole page, which looks at what there is now
    step = now.events.snapshots[-1].step
    try:
        readings = _readings(now.folder, step, now.events.revision, now.config)
    except (ValueError, mnist.Unavailable) as error:
        st.error(str(error))
        return
    wrong = readings.mistakes()
    st.markdown(
        f"At step {step:,} it reads {percent(readings.accuracy, 2)} of "
        f"{len(readings.labels):,} test images; {len(wrong):,} are wrong. "
        ":gray[Click a number to see those digits.]"
    )
    matrix, digits = st.columns(2)
    with matrix:
        event: Any = st.plotly_chart(
            confusion(readings.counts(), theme.current()),
            key="training_confusion",
            on_select="rerun",
            selection_mode="points",
            config={"displayModeBar": False},
        )
    points = event.selection.points if event else []
    with digits:
        clicked = (int(points[0]["y"]), int(points[0]["x"])) if points else (None, None)
        truth, read = _cell(readings.classes, clicked)
        if truth is not None and truth == read:
            chosen = readings.read_rightly(truth)
        else:
            chosen = readings.mistakes(truth, read)
        _gallery(now, step, readings, chosen, (truth, read))


@lru_cache(maxsize=8)
def _readings(folder: Path, step: int, _revision: int, config: TrainingConfig) -> testing.Readings:
    data = load_for(config)
    model = session.snapshot(history.read(folder), step).model
    return testing.readings(model, data.test_images, data.test_labels)


def _cell(classes: int, clicked: tuple[int | None, int | None]) -> tuple[int | None, int | None]:
    """What the digits are and are read as: as clicked, until chosen otherwise."""
    choices = [None, *range(classes)]
    with st.container(horizontal=True):
        truth, read = (
            st.selectbox(label, choices, choices.index(digit), _any_or)
            for label, digit in zip(("Truly a", "Read as"), clicked, strict=True)
        )
    return truth, read


def _any_or(digit: int | None) -> str:
    return "any" if digit is None else str(digit)


def _gallery(
    run: Run,
    step: int,
    readings: testing.Readings,
    indices: np.ndarray,
    cell: tuple[int | None, int | None],
) -> None:
    if not len(indices):
        st.caption("None.")
        return
    test_images = images.load(run.config.dataset).test_images
    right = cell[0] is not None and cell[0] == cell[1]
    order = (
        "read right, the smallest share of the vote first"
        if right
        else "the most confident mistakes first"
    )
    st.caption(f"{len(indices):,} images, {order}. Click one to draw on it with this network.")
    # As many as were asked for of this cell, not of another.
    of, many = st.session_state.get(_MORE, (cell, SHOWN))
    shown = indices[: many if of == cell else SHOWN]
    with st.container(horizontal=True, gap="small", key="training_mistakes"):
        for index in shown:
            ink = test_images[index, 0].numpy()
            sure = percent(float(readings.confidence[index]))
            words = f"{readings.labels[index]} → {readings.read[index]}, {sure}"
            if st.button(
                f"![a {readings.labels[index]}]({paper_url(ink, 84, theme.current())})  \n{words}",
                key=f"digit_{index}",
                type="tertiary",
                width=100,
            ):
                _take(int(index), ink, int(readings.labels[index]), run.config.dataset)
                session.use(run, step)
                st.switch_page(DRAW)
    if len(indices) > len(shown) and st.button(
        f"Show {min(SHOWN, len(indices) - len(shown))} more"
    ):
        st.session_state[_MORE] = (cell, len(shown) + SHOWN)
        st.rerun(scope="fragment")


def _take(index: int, ink: np.ndarray, label: int, dataset: str) -> None:
    title = f"{DATASETS[dataset].title}, test image {index}"
    starting_points.take(gallery.of_image(title, ink, label))
