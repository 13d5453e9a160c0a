"""Training a lesson: its settings, the button, and the run as the training page shows it."""

import streamlit as st
import torch

from cnnviz.components.escaping import escaped
from cnnviz.runs.history import Run
from cnnviz.teaching import advice
from cnnviz.teaching.course import ASKED, Choices
from cnnviz.teaching.lesson import missing
from cnnviz.training.config import SETTINGS
from cnnviz.training.settings import Choice
from cnnviz.ui.teaching import desk
from cnnviz.ui.teaching.desk import Desk
from cnnviz.ui.training import progress
from cnnviz.ui.training.film import film as shown_film
from cnnviz.ui.training.film import follow_the_last

_KEY = "teach"
PLOTLY = {"displaylogo": False, "displayModeBar": False}


def button(here: Desk, run: Run | None) -> None:
    lacking = missing(here.lesson)
    busy = run is not None and run.active
    st.button(
        "Train",
        type="primary",
        width="stretch",
        key="teach_train",
        disabled=lacking is not None or busy,
        on_click=_train,
    )
    with st.container(key="teach_lacking"):
        count = len(here.lesson.counted)
        st.caption(
            escaped(lacking)
            if lacking is not None
            else f"{count} drawings: about a fifth of each symbol's is held back for the test."
        )


def options(here: Desk) -> None:
    """The settings of training that are a lesson's own: rows of the table of settings."""
    with st.expander("Settings"):
        chosen = {}
        for name in ASKED:
            setting = SETTINGS[name]
            assert isinstance(setting.kind, Choice)
            now = getattr(here.kept.choices, name)
            chosen[name] = st.selectbox(
                setting.label or setting.words,
                setting.kind.values,
                setting.kind.values.index(now),
                format_func=setting.kind.shown,
                key=f"teach_{name}_{here.name}",
                help=setting.help,
            )
        desk.choose(Choices(**chosen))


def going(run: Run) -> None:
    progress.progress(run)
    progress.controls(run)


def state(run: Run | None) -> str:
    """What is said in the score's place where there is none."""
    if run is None:
        return advice.without_score("finished")
    return escaped(advice.without_score(run.status, run.events.reason))


def film(here: Desk, run: Run) -> None:
    """The curve, and what each snapshot reads in the drawing that came last."""
    last = here.lesson.drawings[-1] if here.lesson.drawings else None
    image = torch.zeros(1, *run.config.images.shape)
    if last is not None and image.shape[1:] == (1, *last.picture.shape):
        image = torch.tensor(last.picture).float().div(255)[None, None]
    truth = here.lesson.symbol(last.symbol).name if last is not None else None
    shown_film(run, image, key=_KEY, truth=truth, config=PLOTLY)


def _train() -> None:
    follow_the_last(_KEY)
    desk.train()
