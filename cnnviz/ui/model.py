"""The network in use: the picker on every page, and what one session remembers of it.

torch takes seconds to import, so it is left to the functions that need it: a page can show its
widgets first.
"""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st
from safetensors import SafetensorError, safe_open

from cnnviz.app_folder import APP_FOLDER
from cnnviz.components.escaping import escaped
from cnnviz.datasets.catalogue import DATASETS, Dataset, found
from cnnviz.drawing.frames import MNIST, Frame
from cnnviz.spelling import percent
from cnnviz.ui import addresses

if TYPE_CHECKING:
    from cnnviz.networks.checkpoints import Checkpoint

TRAINED = "article"
MOST_REMEMBERED = 64 * 1000 * 1000  # bytes of weights, of all sessions together
MOST_OPENED = 8  # networks of a session's own: each may have 50 MB
UNTRAINED = "untrained (seed 42)"
_CAPTIONS = {TRAINED: "the network of “Convolutional Neural Networks”"}

# Session keys. Widgets have keys of their own: their state goes when one leaves the page.
_CHOICE, _OPENED, _PROBLEM, _REVISION = (
    "model_choice",
    "models_opened",
    "model_problem",
    "model_revision",
)


def picker() -> None:
    """The popover at the top of every page: the networks there are, and a file of one's own."""
    st.session_state.setdefault(_CHOICE, TRAINED)
    names = [TRAINED, UNTRAINED, *st.session_state.get(_OPENED, {})]
    choice = st.session_state[_CHOICE]
    radio = _radio()
    with (
        st.container(key="model"),
        st.popover(f":gray[model]  {_label(choice)}", type="tertiary", key="model_popover"),
    ):
        st.radio(
            "Weights",
            names,
            index=names.index(choice),
            format_func=_label,
            captions=[_CAPTIONS.get(name, "") for name in names],
            key=radio,
            on_change=_chosen,
            args=(radio,),
        )
        st.file_uploader(
            "Open your own weights",
            type=["safetensors", "pt", "pth", "onnx"],
            key="model_file",
            on_change=_opened,
            help="A state dict of the network of “Convolutional Neural Networks”, "
            "a file that this app saved, or ONNX of a network that is a row of layers.",
        )
        if _PROBLEM in st.session_state:
            st.error(escaped(st.session_state[_PROBLEM]))
        for note in current_notes():
            st.caption(escaped(note))


def current_model() -> Checkpoint:
    """The network in use in this session: the article's, trained, until another is chosen."""
    choice = st.session_state.get(_CHOICE, TRAINED)
    opened = st.session_state.get(_OPENED, {})
    if choice in opened:
        return opened[choice]
    return _untrained() if choice == UNTRAINED else _trained()


def current_notes() -> tuple[str, ...]:
    """What isn't as in the file that the network in use was opened from."""
    checkpoint = st.session_state.get(_OPENED, {}).get(st.session_state.get(_CHOICE, TRAINED))
    return () if checkpoint is None else checkpoint.notes


@dataclass(frozen=True)
class Reads:
    """What the network in use reads: pictures of a `frame`, of these `classes`, as they are in the
    catalogue's `dataset`, where the file says which."""

    frame: Frame = MNIST
    classes: tuple[str, ...] = DATASETS["mnist"].classes
    dataset: Dataset | None = DATASETS["mnist"]

    @property
    def digits(self) -> bool:
        """Whether they are digits as MNIST has them."""
        return self == Reads()


def current_reads() -> Reads:
    """Of the network in use; of one that came with cnnviz it is known without torch."""
    checkpoint = st.session_state.get(_OPENED, {}).get(st.session_state.get(_CHOICE, TRAINED))
    return Reads() if checkpoint is None else reads_of(checkpoint)


def reads_of(checkpoint: Checkpoint) -> Reads:
    frame, classes = checkpoint.frame, checkpoint.classes
    if (frame, classes) == (MNIST, Reads().classes):
        return Reads()
    dataset = found(checkpoint.recipe.get("dataset"))
    if dataset is not None and (dataset.shape, dataset.classes) != (frame.shape, classes):
        dataset = None
    return Reads(frame, classes, dataset)


def opened_names() -> tuple[str, ...]:
    """Of the networks that this session can choose besides those that come with cnnviz."""
    return tuple(st.session_state.get(_OPENED, {}))


def use_model(checkpoint: Checkpoint) -> None:
    """Make `checkpoint` the network in use on every page; the oldest of too many goes.

    Call it from a widget's callback, or rerun after it: the picker above is drawn first.
    """
    others = {**st.session_state.get(_OPENED, {})}
    others.pop(checkpoint.name, None)
    remember(checkpoint)
    kept = [*others.items()][1 - MOST_OPENED :]
    st.session_state[_OPENED] = {**dict(kept), checkpoint.name: checkpoint}
    _choose(checkpoint.name)


def parameter() -> str | None:
    """What a link calls the network in use; None for the one that every session begins with."""
    choice = st.session_state.get(_CHOICE, TRAINED)
    opened = st.session_state.get(_OPENED, {})
    if choice in opened:
        return opened[choice].digest
    return addresses.UNTRAINED if choice == UNTRAINED else None


def remember(checkpoint: Checkpoint) -> None:
    """Let a link find it by its digest."""
    _remembered.add(checkpoint)


def use_linked(text: str) -> None:
    """Use the network that a link calls `text`. Raises ValueError, in a sentence, where it isn't
    here."""
    if text == addresses.ARTICLES:
        _choose(TRAINED)
    elif text == addresses.UNTRAINED:
        _choose(UNTRAINED)
    elif (found := _remembered.get(text)) is not None:
        use_model(found)
    else:
        raise ValueError(
            "these weights are somebody's own, and not on this server any more: open their file "
            "under model. Until then the network of “Convolutional Neural Networks” answers"
        )


class _Remembered:
    """Networks that somebody has used, for as long as there is room: a page that is loaded anew
    begins a session that has none of its own, and a link leads to them as well. Nobody finds one
    who doesn't know its digest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._networks: OrderedDict[str, Checkpoint] = OrderedDict()

    def add(self, checkpoint: Checkpoint) -> None:
        with self._lock:
            self._networks[checkpoint.digest] = checkpoint
            self._networks.move_to_end(checkpoint.digest)
            while sum(map(_size, self._networks.values())) > MOST_REMEMBERED:
                self._networks.popitem(last=False)

    def get(self, digest: str) -> Checkpoint | None:
        with self._lock:
            return self._networks.get(digest)


_remembered = _Remembered()


def _size(checkpoint: Checkpoint) -> int:
    """Bytes of its weights."""
    return sum(tensor.nbytes for tensor in checkpoint.model.state_dict().values())


def _label(name: str) -> str:
    opened = st.session_state.get(_OPENED, {})
    accuracy = opened[name].test_accuracy if name in opened else None
    if name == TRAINED:
        accuracy = _trained_accuracy()
    return escaped(name) if accuracy is None else f"{escaped(name)} · {percent(accuracy)}"


def _choose(name: str) -> None:
    st.session_state[_CHOICE] = name
    st.session_state[_REVISION] = st.session_state.get(_REVISION, 0) + 1
    st.session_state.pop(_PROBLEM, None)


def _radio() -> str:
    """A new revision makes a new widget: one whose state Python may set anew."""
    return f"model_radio_{st.session_state.get(_REVISION, 0)}"


def _chosen(key: str) -> None:
    # A browser still sends what the one before said, as a click comes while a file is opened: that
    # is nobody's choice, and would take the opened network away again.
    if key != _radio():
        return
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
    path = APP_FOLDER / "checkpoints" / "article.safetensors"
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
