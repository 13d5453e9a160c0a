"""What every page has: the frame, the model picker, and what one session remembers.

torch takes seconds to import, so this module leaves it to a background thread and to the
functions that need it: a page can show its widgets first.
"""

from __future__ import annotations

import functools
import gc
import importlib
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import streamlit as st
from safetensors import SafetensorError, safe_open
from streamlit.runtime.pages_manager import PagesManager

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator
    from torch import Tensor

    from cnnviz.networks.checkpoints import Checkpoint

STYLE = Path(__file__).parent / "page.css"
TRAINED = "article"
UNTRAINED = "untrained (seed 42)"
HEAD_START = 0.7  # seconds

# Session keys. Widgets have keys of their own: their state goes when one leaves the page.
_CHOICE, _OPENED, _PROBLEM, _DRAWING, _DIGIT, _REVISION = (
    "model_choice",
    "models_opened",
    "model_problem",
    "current_drawing",
    "current_digit",
    "model_revision",
)


def header() -> None:
    """The page frame and the model picker: the first call of every page."""
    _leave_pages_directory_mode()
    _warm()
    st.html(STYLE)
    _model_picker()


def rail_and_stage(
    rail_gap: Literal["xsmall", "small"] = "small",
) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two containers: what one does (280 px, left) and what one sees; stacked where it's narrow."""
    frame = st.container(key="frame", horizontal=True, gap="medium")
    rail = frame.container(key="rail", width=280, gap=rail_gap)
    stage = frame.container(key="stage", width="stretch", gap="small")
    return rail, stage


def current_model() -> Checkpoint:
    """The network in use in this session: the article's, trained, until another is chosen."""
    choice = st.session_state.get(_CHOICE, TRAINED)
    opened = st.session_state.get(_OPENED, {})
    if choice in opened:
        return opened[choice]
    return _untrained() if choice == UNTRAINED else _trained()


def shipped_path(checkpoint: Checkpoint) -> str | None:
    """Where in the project these very weights lie; None for any but the article's."""
    return f"checkpoints/{TRAINED}.safetensors" if checkpoint is _trained() else None


def use_model(checkpoint: Checkpoint) -> None:
    """Make `checkpoint` the network in use on every page.

    Call it from a widget's callback, or rerun after it: the picker above is drawn first.
    """
    st.session_state[_OPENED] = {**st.session_state.get(_OPENED, {}), checkpoint.name: checkpoint}
    _choose(checkpoint.name)


def current_drawing() -> Tensor:
    """(1, 1, 28, 28) in [0, 1]: what the network last saw on the draw page; our 7 before that."""
    if _DRAWING not in st.session_state:
        from cnnviz.networks.trace import as_image

        return as_image(prepare(samples.ink(7)).centred)
    return st.session_state[_DRAWING]


def current_digit() -> int | None:
    """Which digit the current drawing truly is; None where nobody but its author knows."""
    return st.session_state.get(_DIGIT) if _DRAWING in st.session_state else 7


def set_drawing(image: Tensor, digit: int | None = None) -> None:
    """Remember `image` (1, 1, 28, 28) in [0, 1] and which digit it truly is, for other pages."""
    st.session_state[_DRAWING] = image
    st.session_state[_DIGIT] = digit


def _leave_pages_directory_mode() -> None:
    """Run app.py where Streamlit has run the page alone.

    Until a server has called `st.navigation` once, Streamlit takes a `pages/` folder for its older
    kind of multipage app: the first visitor of a fresh server who follows a link to a page would
    get it without app.py's frame.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def _model_picker() -> None:
    st.session_state.setdefault(_CHOICE, TRAINED)
    names = [TRAINED, UNTRAINED, *st.session_state.get(_OPENED, {})]
    choice = st.session_state[_CHOICE]
    # A new revision makes a new widget: one whose state Python may set anew.
    revision = st.session_state.get(_REVISION, 0)
    with (
        st.container(key="model"),
        st.popover(f":gray[model]  {_label(choice)}", type="tertiary", key="model_popover"),
    ):
        st.radio(
            "Weights",
            names,
            index=names.index(choice),
            format_func=_label,
            key=f"model_radio_{revision}",
            on_change=_chosen,
            args=(f"model_radio_{revision}",),
        )
        st.file_uploader(
            "Open your own weights",
            type=["safetensors", "pt", "pth"],
            key="model_file",
            on_change=_opened,
            help="A state dict of the article's network, or a file that this app saved.",
        )
        if _PROBLEM in st.session_state:
            st.error(st.session_state[_PROBLEM])


def _label(name: str) -> str:
    opened = st.session_state.get(_OPENED, {})
    accuracy = opened[name].test_accuracy if name in opened else None
    if name == TRAINED:
        accuracy = _trained_accuracy()
    # A colon or a bracket in a file's name would be read as Markdown.
    plain = "".join(f"\\{c}" if c in "\\`*_[]:$<>#~" else c for c in name)
    return plain if accuracy is None else f"{plain} · {accuracy:.1%}".replace("%", " %")


def _choose(name: str) -> None:
    st.session_state[_CHOICE] = name
    st.session_state[_REVISION] = st.session_state.get(_REVISION, 0) + 1
    st.session_state.pop(_PROBLEM, None)


def _chosen(key: str) -> None:
    st.session_state[_CHOICE] = st.session_state[key]
    st.session_state.pop(_PROBLEM, None)


def _opened() -> None:
    from cnnviz.networks import checkpoints

    file = st.session_state["model_file"]
    if file is None:
        return
    try:
        use_model(checkpoints.load(file.getvalue(), file.name))
    except ValueError as error:
        st.session_state[_PROBLEM] = f"{error} The model in use stays."


@functools.cache
def _trained_accuracy() -> float | None:
    """Read from the file's metadata alone, so that the picker needn't wait for torch."""
    path = Path(__file__).parents[2] / "checkpoints" / "article.safetensors"
    try:
        with safe_open(path, framework="numpy") as file:
            return float((file.metadata() or {})["test_accuracy"])
    except (OSError, SafetensorError, KeyError, ValueError):
        return None


def _trained() -> Checkpoint:
    from cnnviz.networks import checkpoints

    return checkpoints.article()


@functools.cache
def _untrained() -> Checkpoint:
    from cnnviz.networks import models
    from cnnviz.networks.checkpoints import Checkpoint

    return Checkpoint(model=models.untrained(), metadata={}, name=UNTRAINED)


def wait_for_torch() -> None:
    """Return once torch can be imported at no cost: at once, but for a server's first visitor."""
    _warm().join()


@functools.cache
def _warm() -> threading.Thread:
    """Import what is slow in the background, once a server, while the first page is shown.

    Importing torch holds Python's lock for seconds, and the browser has yet to fetch what the
    page shows from this very process: it gets a head start.
    """

    def imports() -> None:
        time.sleep(HEAD_START)
        for name in ("torch", "cnnviz.networks.checkpoints"):
            importlib.import_module(name)
        # Streamlit collects garbage after every run, before the browser gets the last messages:
        # walking torch's 300,000 objects would hold each stroke's maps up by 170 ms.
        gc.freeze()
        # A stroke's maps are too small to share out: threads would wait for one another.
        sys.modules["torch"].set_num_threads(1)

    thread = threading.Thread(target=imports, name="warm-up", daemon=True)
    thread.start()
    return thread
