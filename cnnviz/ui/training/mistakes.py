"""What a run's network gets wrong: counts that can be clicked, and the pictures behind them."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import streamlit as st
from torch import Tensor

from cnnviz.app_folder import APP_FOLDER
from cnnviz.components import theme
from cnnviz.components.escaping import escaped
from cnnviz.datasets import gallery, images
from cnnviz.datasets.catalogue import Dataset
from cnnviz.datasets.stored import Unavailable
from cnnviz.images.png import thumbnail_url
from cnnviz.runs import history
from cnnviz.runs.history import Run
from cnnviz.spelling import count, percent
from cnnviz.training import testing
from cnnviz.training.config import TrainingConfig
from cnnviz.training.images import load_for
from cnnviz.ui import starting_points
from cnnviz.ui.counts import clicked_cell
from cnnviz.ui.fragments import fragment
from cnnviz.ui.training import session

SHOWN = 15
DRAW = APP_FOLDER / "pages" / "draw.py"
_MORE = "training_mistakes_shown"


@fragment
def what_it_gets_wrong(run: Run) -> None:
    now = session.current()
    if not isinstance(now, Run) or now.name != run.name or not now.events.snapshots:
        st.rerun()  # the whole page, which looks at what there is now
    step = now.events.snapshots[-1].step
    try:
        test_images = images.load_row(now.config.images).test_images
        readings = _readings(now.folder, step, now.events.revision, now.config)
    except (ValueError, Unavailable) as error:
        st.error(escaped(error))
        return
    wrong, dataset = readings.mistakes(), now.config.images
    st.markdown(
        f"At step {count(step)} it reads {percent(readings.accuracy, 2)} of "
        f"{count(len(readings.labels))} test images; {count(len(wrong))} are wrong. "
        f":gray[Click a number to see those {'digits' if dataset.named_by_number else 'pictures'}.]"
    )
    matrix, pictures = st.columns(2)
    with matrix:
        classes = None if dataset.named_by_number else dataset.classes
        clicked = clicked_cell(readings.counts(), classes, key="training_confusion")
    with pictures:
        truth, read = _cell(dataset.classes, clicked or (None, None))
        if truth is not None and truth == read:
            chosen = readings.read_rightly(truth)
        else:
            chosen = readings.mistakes(truth, read)
        _gallery(now, step, test_images, readings, chosen, (truth, read))


@lru_cache(maxsize=8)
def _readings(folder: Path, step: int, _revision: int, config: TrainingConfig) -> testing.Readings:
    data = load_for(config)
    model = session.snapshot(history.read(folder), step).model
    return testing.readings(model, data.test_images, data.test_labels)


def _cell(
    classes: Sequence[str], clicked: tuple[int | None, int | None]
) -> tuple[int | None, int | None]:
    """What the pictures are and are read as: as clicked, until chosen otherwise."""
    choices = [None, *range(len(classes))]

    def named(label: int | None) -> str:
        return "any" if label is None else classes[label]

    with st.container(horizontal=True):
        truth, read = (
            st.selectbox(label, choices, choices.index(number), named)
            for label, number in zip(("Truly a", "Read as"), clicked, strict=True)
        )
    return truth, read


def _gallery(
    run: Run,
    step: int,
    test_images: Tensor,
    readings: testing.Readings,
    indices: np.ndarray,
    cell: tuple[int | None, int | None],
) -> None:
    if not len(indices):
        st.caption("None.")
        return
    dataset = run.config.images
    classes = dataset.classes
    right = cell[0] is not None and cell[0] == cell[1]
    order = (
        "read right, the smallest share of the vote first"
        if right
        else "the most confident mistakes first"
    )
    st.caption(f"{count(len(indices))} images, {order}. Click one to draw on it with this network.")
    # As many as were asked for of this cell, not of another.
    of, many = st.session_state.get(_MORE, (cell, SHOWN))
    shown = indices[: many if of == cell else SHOWN]
    with st.container(horizontal=True, gap="small", key="training_mistakes"):
        for index in shown:
            image = test_images[index].numpy()
            url = thumbnail_url(image, 84, theme.current())
            truth, read = (escaped(classes[at[index]]) for at in (readings.labels, readings.read))
            sure = percent(float(readings.confidence[index]))
            words = f"{truth} → {read}, {sure}"
            if st.button(
                f"![a {truth}]({url})  \n{words}",
                key=f"digit_{index}",
                type="tertiary",
                width=100,
            ):
                _take(dataset, int(index), image, int(readings.labels[index]))
                session.use(run, step)
                st.switch_page(DRAW)
    if len(indices) > len(shown) and st.button(
        f"Show {min(SHOWN, len(indices) - len(shown))} more"
    ):
        st.session_state[_MORE] = (cell, len(shown) + SHOWN)
        st.rerun(scope="fragment")


def _take(dataset: Dataset, index: int, image: np.ndarray, label: int) -> None:
    title = f"{dataset.title}, test image {index}"
    starting_points.take(gallery.of_image(title, image, label, dataset.classes))
