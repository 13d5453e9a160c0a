"""The network that a session builds: what is typed, what fits of it, and the weights it has.

torch takes seconds to import, so it is left to the functions that need it: the page can show its
row of layers first.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from cnnviz.app_folder import APP_FOLDER
from cnnviz.components.builder import builder
from cnnviz.components.choices import choices
from cnnviz.components.escaping import escaped
from cnnviz.datasets.catalogue import DATASETS, Dataset, everything, found, named
from cnnviz.networks.advice import Wanted
from cnnviz.networks.architecture import ARTICLE, LENET5, TINYVGG, Architecture, for_pictures
from cnnviz.networks.drafts import Draft, Judged, draft_of, judge
from cnnviz.networks.kinds import Flatten, Linear
from cnnviz.networks.notation import address_of, layers_in_address, text_of
from cnnviz.ui import link, person, tables
from cnnviz.ui.addresses import BUILD
from cnnviz.ui.fields import followed
from cnnviz.ui.model import current_model, reads_of, use_model
from cnnviz.ui.training import own_pictures

if TYPE_CHECKING:
    from cnnviz.networks.checkpoints import Checkpoint, Fit
    from cnnviz.networks.kinds.layer import Layer
    from cnnviz.networks.weight_files import Weights

TRAINING = APP_FOLDER / "pages" / "training.py"
PRESETS = {"article": ARTICLE, "LeNet-5": LENET5, "TinyVGG": TINYVGG}
_IN_USE = "the one in use"

_DRAFT, _FITTING, _WEIGHTS, _PROBLEM = BUILD.beside
# What the browser has of the draft, and which of those that the page has put there it is.
_SHOWN, _REVISION = "build_shown", "build_revision"


def take() -> None:
    """What the link asks for, or the article's network, with an answer for each class."""
    link.take(BUILD)
    if _DRAFT not in st.session_state:
        asked = layers_in_address(st.session_state["build_layers"])
        st.session_state[_DRAFT] = draft_of(_for_these(asked) if asked == ARTICLE else asked)
    _read(own_pictures.newly_chosen())


def dataset() -> Dataset:
    """Whose pictures it is for."""
    kept = found(st.session_state["build_data"])
    if kept is None:  # pictures of one's own that have been deleted
        st.session_state["build_data"] = "mnist"
    return kept or DATASETS["mnist"]


def pictures() -> None:
    """The menu of data sets, and one's own to be added."""
    offered = own_pictures.offered()
    chosen = dataset()
    # What a link has asked for is there, be it in this person's menus or not.
    names = [*offered] if chosen.name in offered else [*offered, chosen.name]
    key = followed.key("build_data", chosen.name)
    st.selectbox(
        "Pictures",
        names,
        index=names.index(chosen.name),
        format_func=_label,
        key=key,
        on_change=lambda: _read(followed.set_by_hand("build_data", key)),
        help="What it reads, and how many classes it tells apart.",
    )
    own_pictures.own_pictures()
    link.keep(BUILD, "data", chosen.name)


def _label(name: str) -> str:
    there = found(name)
    return name if there is None else there.label


def _read(name: str | None) -> None:
    """Build for the pictures `name`, where there are such; the usual last layer follows their
    classes."""
    after = found(name)
    if after is None:
        return
    before = dataset()
    st.session_state["build_data"] = after.name
    draft: Draft = st.session_state[_DRAFT]
    if draft[-1:] == draft_of((Linear(len(before.classes)),)):
        _put((*draft[:-1], *draft_of((Linear(len(after.classes)),))))


def presets(judged: Judged) -> None:
    """Networks to start from."""
    offered = {name: _for_these(layers) for name, layers in PRESETS.items()}
    in_use = current_model().architecture
    if in_use is not None and (in_use.picture, in_use.classes) == _wanted_shape():
        offered[_IN_USE] = in_use.layers
    built = judged.architecture and judged.architecture.layers
    chosen = next((at for at, layers in enumerate(offered.values()) if layers == built), None)
    networks = list(offered.values())
    choices(
        "Start from",
        list(offered),
        chosen,
        key="build_presets",
        on_choose=lambda at: _put(draft_of(networks[at])),
    )


def layers() -> Judged:
    """The row of layers; what is said of it."""
    draft: Draft = st.session_state[_DRAFT]
    wanted = Wanted(dataset().shape, len(dataset().classes))
    judged = judge(draft, wanted)
    if judged.architecture is not None:
        st.session_state[_FITTING] = judged.architecture
        address = st.session_state["build_layers"] = address_of(judged.architecture.layers)
        link.keep(BUILD, "layers", address)
    if st.session_state.get(_SHOWN) != draft:
        st.session_state[_SHOWN] = draft
        st.session_state[_REVISION] = st.session_state.get(_REVISION, 0) + 1
    builder(
        draft,
        judged,
        dataset().frame,
        key="build_row",
        revision=st.session_state[_REVISION],
        on_edit=_edit,
    )
    return judged


def fitting() -> Architecture:
    """The last network that fitted these pictures."""
    kept: Architecture | None = st.session_state.get(_FITTING)
    if kept is not None and (kept.picture, kept.classes) == _wanted_shape():
        return kept
    picture, classes = _wanted_shape()
    try:
        return for_pictures(ARTICLE, picture, classes)
    except ValueError:  # it has too many layers for pictures as small as these
        return Architecture((Flatten(), Linear(classes)), picture, classes)


def network(architecture: Architecture) -> Checkpoint:
    """With the weights of the file that was opened, where these fit; else untrained."""
    weights: Weights | None = st.session_state.get(_WEIGHTS)
    if weights is not None and all(fit.fits for fit in _fits(weights, architecture)):
        from cnnviz.networks import checkpoints

        try:
            return checkpoints.fitted(weights, architecture)
        except ValueError as error:
            st.session_state[_PROBLEM] = str(error)
            st.session_state.pop(_WEIGHTS)
    return _untrained(architecture, dataset().name)


def weights_from_a_file(architecture: Architecture) -> None:
    """A state dict for the network that is built, and what of it fits, key by key."""
    with st.popover("Weights from a file", on_change="rerun", key="build_weights_menu") as menu:
        if not menu.open:
            return
        st.file_uploader(
            "A state dict for this network, or a file saved here with its own",
            type=["safetensors", "pt", "pth"],
            key="build_file",
            on_change=_opened,
        )
        if _PROBLEM in st.session_state:
            st.error(escaped(st.session_state[_PROBLEM]))
        weights: Weights | None = st.session_state.get(_WEIGHTS)
        if weights is None:
            return
        found = _fits(weights, architecture)
        good = sum(fit.fits for fit in found)
        name = escaped(weights.name)
        if good == len(found):
            st.success(f"All of {name} fits, and is what you see.")
        else:
            st.warning(f"{good} of {len(found)} fit, so {name} isn't used.")
        tables.table(
            ["", "key", "in the file", "in the network"],
            [
                (
                    "✓" if fit.fits else "✗",
                    escaped(fit.key[:60]),
                    escaped(_shape(fit.in_file, fit.odd)),
                    _shape(fit.in_network, None),
                )
                for fit in found[:60]
            ],
            align="llll",
        )


def onwards(judged: Judged, made: Checkpoint) -> None:
    """To training with this network, or to the other pages."""
    with st.container(horizontal=True, gap="xsmall", key="build_onwards"):
        if st.button(
            "Train it",
            type="primary",
            disabled=judged.architecture is None,
            key="build_train",
            help="On the training page, with these layers set.",
        ):
            assert judged.architecture is not None
            st.session_state.update(
                training_preset="own",
                training_own_dataset=dataset().name,
                training_own_model="Layers",
                training_own_layers=text_of(judged.architecture.layers),
            )
            st.switch_page(TRAINING)
        if st.button(
            "Use it",
            disabled=judged.architecture is None,
            key="build_use",
            help="As it is, on the draw page and in the labs.",
        ):
            use_model(made)
            st.rerun()


def _edit(draft: Draft) -> None:
    st.session_state[_DRAFT] = st.session_state[_SHOWN] = draft


def _put(draft: Draft) -> None:
    """A draft of the page's own in place of what was typed."""
    st.session_state[_DRAFT] = draft


def _wanted_shape() -> tuple[tuple[int, int, int], int]:
    return dataset().shape, len(dataset().classes)


def _for_these(preset: tuple[Layer, ...]) -> tuple[Layer, ...]:
    return (*preset[:-1], Linear(len(dataset().classes)))


@lru_cache(maxsize=16)
def _untrained(architecture: Architecture, name: str) -> Checkpoint:
    from cnnviz.networks import models
    from cnnviz.networks.checkpoints import Checkpoint

    source = named(name)
    said = {
        "frame": json.dumps(source.frame.to_dict()),
        "classes": json.dumps(list(source.classes)),
        "recipe": json.dumps({"dataset": name}),
    }
    return Checkpoint(models.untrained(architecture), said, "built, untrained")


def _fits(weights: Weights, architecture: Architecture) -> tuple[Fit, ...]:
    from cnnviz.networks import checkpoints

    return checkpoints.fits(weights, architecture)


def _opened() -> None:
    from cnnviz.networks import weight_files

    file = st.session_state["build_file"]
    st.session_state.pop(_PROBLEM, None)
    if file is None:
        st.session_state.pop(_WEIGHTS, None)
        return
    try:
        weights = weight_files.read(file.getvalue(), file.name)
        st.session_state[_WEIGHTS] = weights
        if "architecture" in weights.metadata:
            _set_as_in(file.getvalue(), file.name)
    except ValueError as error:
        st.session_state[_PROBLEM] = str(error)


def _set_as_in(content: bytes, name: str) -> None:
    """The layers, and the pictures, that a file of ours says its weights are for."""
    from cnnviz.networks import checkpoints

    checkpoint = checkpoints.load(content, name)
    architecture = checkpoint.architecture
    if architecture is None:
        return  # a rival without convolution: the table says what of it fits
    read = reads_of(checkpoint).dataset
    alike = (
        each
        for each in (read, dataset(), *everything(person=person.current()))
        if each and (each.shape, len(each.classes)) == (architecture.picture, architecture.classes)
    )
    source = next(alike, None)
    if source is None or found(source.name) is None:
        shape, classes = "×".join(map(str, architecture.picture)), architecture.classes
        raise ValueError(
            f"{name} reads pictures of {shape} in {classes} classes, which no data set here has; "
            "the model menu above opens it."
        )
    st.session_state["build_data"] = source.name
    _put(draft_of(architecture.layers))


def _shape(shape: tuple[int, ...] | None, odd: str | None) -> str:
    if odd is not None:
        return odd
    if shape is None:
        return "–"
    return "×".join(map(str, shape)) or "one number"
