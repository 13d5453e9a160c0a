"""The settings of a run in plain words, each saying what it does where it stands."""

import itertools
import os
from collections.abc import Iterator
from typing import Any

import streamlit as st

from cnnviz.components.escaping import as_sentence, escaped
from cnnviz.datasets.catalogue import Dataset
from cnnviz.datasets.stored import Unavailable
from cnnviz.runs import queue
from cnnviz.spelling import fixed
from cnnviz.training.config import PRESET, SETTINGS, TrainingConfig
from cnnviz.training.presets import PRESETS
from cnnviz.training.settings import Choice, Layers, Setting, Share, Whole, Wholes
from cnnviz.ui import glossary
from cnnviz.ui.training import own_pictures

_BROWSERS_LARGEST = 2**53 - 1
"""JavaScript's whole numbers are exact up to here."""


def preset_picker() -> str:
    """The name of the chosen preset, or "own"."""
    chosen = st.segmented_control(
        "New run",
        PRESET.values,
        default="fast",
        format_func=PRESET.shown,
        key="training_preset",
        persist_state="session",
        required=True,
    )
    chosen = str(chosen or "fast")
    glossary.html(PRESET.option(chosen).help)
    return chosen


def offer(dataset: Dataset) -> None:
    """Without the data set: download it, or take `tiny`."""
    title = dataset.stored.title
    size = dataset.stored.total_bytes / 1e6
    st.info(
        f"{escaped(title)} isn't on this machine yet: "
        f"{fixed(size, 1 if size < 100 else 0)} MB to download. *tiny* does without it."
    )
    if st.button(f"Download {escaped(title)}", type="primary", width="stretch"):
        bar = st.progress(0.0, f"Downloading {escaped(title)}")
        try:

            def show(done: int, total: int) -> None:
                bar.progress(done / total, f"Downloading {escaped(title)}")

            dataset.stored.fetch(progress=show)
        except Unavailable as error:
            bar.empty()
            st.error(as_sentence(error))
        else:
            queue.server_queue().load_images()
            st.rerun()


def settings_of(preset: str, *, expanded: bool = True) -> TrainingConfig | None:
    """A preset's settings, or those of one's own, which are asked for here.

    None when these make no sense: the page then says what would be right.
    """
    if preset != "own":
        return PRESETS[preset]
    settings = _own(expanded)
    try:
        return TrainingConfig.from_dict({"preset": "own", **settings})
    except ValueError as error:
        st.error(as_sentence(error))
        return None


def _own(expanded: bool) -> dict[str, Any]:
    """The table of settings as a form: a field a row, as far as the others leave it an effect."""
    chosen: dict[str, Any] = {}
    with st.expander("Settings", expanded=expanded):
        own_pictures.own_pictures()
        # The first is too long for half a row.
        places = itertools.chain([st], _pairs())
        for setting in SETTINGS.values():
            if setting.label is not None and setting.applies(chosen):
                chosen[setting.name] = _field(setting, setting.label, places, chosen)
    return chosen


def _pairs() -> Iterator[Any]:
    """Places for widgets, two to a row."""
    while True:
        yield from st.columns(2)


def _field(setting: Setting, label: str, places: Iterator[Any], chosen: dict[str, Any]) -> Any:
    """The widget of one setting, and its value; `chosen` are the settings before it."""
    kind, key, place = setting.kind, f"training_own_{setting.name}", next(places)
    if isinstance(kind, Choice):
        offered = kind.values
        if setting.name == "dataset":
            offered = own_pictures.offered()
            own_pictures.follow(key, offered)
        return place.selectbox(
            label,
            offered,
            index=offered.index(setting.default),
            format_func=kind.shown,
            key=key,
            help=setting.help,
        )
    if isinstance(kind, Wholes):
        widgets = [place, *(next(places) for _ in kind.names[1:])]
        return tuple(
            int(
                widget.number_input(
                    name, kind.low, kind.high, usual, key=f"{key}_{number}", help=setting.help
                )
            )
            for number, (widget, name, usual) in enumerate(
                zip(widgets, kind.names, setting.default, strict=True), start=1
            )
        )
    if isinstance(kind, Whole):
        return _whole(setting, label, kind, place, chosen)
    if isinstance(kind, Layers):
        # As wide as the form: a list of a dozen layers is long.
        return st.text_area(label, setting.default, key=key, help=setting.help)
    if isinstance(kind, Share):
        return place.slider(label, 0.0, 0.99, setting.default, key=key, help=setting.help)
    # Without its range: the message below the form says it, and what was typed stays.
    return place.number_input(
        label, value=setting.default, step=kind.step, format="%g", key=key, help=setting.help
    )


def _whole(
    setting: Setting, label: str, kind: Whole, place: Any, chosen: dict[str, Any]
) -> int | None:
    key, most = f"training_own_{setting.name}", kind.among(chosen).high
    if setting.name == "threads":
        most = min(most, _usable_threads())
    if kind.none is None:
        most = min(most, _BROWSERS_LARGEST)
        return int(
            place.number_input(label, kind.low, most, setting.default, key=key, help=setting.help)
        )
    # All of them is the most there can be, so a data set has a field of its own.
    key = f"{key}_{chosen['dataset']}"
    value = int(place.number_input(label, kind.low, most, most, key=key, help=setting.help))
    return None if value == most else value


def _usable_threads() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
