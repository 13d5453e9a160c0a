"""What is changed of the network in use, in this session: the draw page's what if.

Each network keeps its own changes while another is in use. torch takes seconds to import, so it is
left to the functions that need it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import streamlit as st

from cnnviz.ui.model import opened_names, use_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor, nn

    from cnnviz.components.network_view import WhatIf
    from cnnviz.networks.checkpoints import Checkpoint
    from cnnviz.networks.trace import Trace
    from cnnviz.reasons.changes import Changes

_STATE = "what_if"
PARAMETER = "changes"
_NOT_OF_OTHER_WEIGHTS = ("test_accuracy", "losses")


@dataclass(frozen=True)
class _State:
    """`texts` by network; `network` is the one that the `sequence` was last of. `problem` says what
    couldn't be done, until something else is."""

    texts: Mapping[str, str]
    sequence: int = 0
    network: str = ""
    problem: str = ""
    kept: bool = False


def _state() -> _State:
    if _STATE not in st.session_state:
        st.session_state[_STATE] = _State({})
    return st.session_state[_STATE]


def _set(**new: object) -> None:
    st.session_state[_STATE] = replace(_state(), **new)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class Changed:
    """A network with its changes: `model` is what computes, `changes` have a number for each of the
    `means`; both as they were where nothing is changed."""

    changes: Changes
    resolved: Changes
    means: Mapping[str, float]
    model: nn.Sequential


@lru_cache(maxsize=16)
def _changed(checkpoint: Checkpoint, text: str) -> Changed:
    """Raises ValueError for changes that don't fit."""
    from cnnviz.datasets.stored import Unavailable
    from cnnviz.reasons import costs
    from cnnviz.reasons.changes import Changes

    changes = Changes.parse(text)
    if not changes:
        return Changed(changes, changes, {}, checkpoint.model)
    changes.check(checkpoint.model, checkpoint.frame.shape)
    try:
        means = costs.behind(checkpoint).means(changes.means) if changes.means else {}
    except Unavailable as error:
        raise ValueError(f"{changes.means[0]} can't be set to its mean: {error}") from None
    resolved = changes.resolved(means)
    return Changed(changes, resolved, means, resolved.applied(checkpoint.model))


def current(checkpoint: Checkpoint) -> Changed:
    """What is changed of `checkpoint`; at first what the page's address asks for."""
    if _STATE not in st.session_state and (text := st.query_params.get(PARAMETER)):
        _set(texts={checkpoint.name: text}, network=checkpoint.name, sequence=1)
    state = _state()
    if state.network != checkpoint.name:
        # The view is told of another network's changes as it is of any that aren't its own.
        _set(network=checkpoint.name, sequence=state.sequence + 1)
    try:
        return _changed(checkpoint, state.texts.get(checkpoint.name, ""))
    except ValueError as error:
        _forget(checkpoint, f"{error}.")
        return _changed(checkpoint, "")


def _forget(checkpoint: Checkpoint, problem: str = "") -> None:
    state = _state()
    texts = {**state.texts, checkpoint.name: ""}
    _set(texts=texts, sequence=state.sequence + 1, problem=problem)


def traced(checkpoint: Checkpoint, image: Tensor) -> tuple[Trace, WhatIf]:
    """What torch makes of `image` (1, C, H, W) with the changes there are, and what the view needs
    to make them too."""
    from cnnviz.components.network_view import WhatIf
    from cnnviz.networks.trace import trace

    now = current(checkpoint)
    before = trace(checkpoint.model, image)
    # Without changes it is one and the same trace.
    after = trace(now.model, now.resolved.painted(image)) if now.changes else before
    state = _state()
    return after, WhatIf(
        changes=now.changes,
        before=before,
        on_change=partial(_take, checkpoint),
        sequence=state.sequence,
        means=now.means,
        problem=state.problem,
    )


def _take(checkpoint: Checkpoint, text: str, sequence: int, keep: bool) -> None:
    """Changes made in the view, to `keep` as weights if that is asked; such as can't be are
    refused, and what there was stays."""
    state = _state()
    if sequence <= state.sequence:
        return
    try:
        made = _changed(checkpoint, text)
    except ValueError as error:
        # A number that isn't the view's own has it take back what there was.
        _set(sequence=sequence + 1, problem=f"{error}.")
        return
    texts = {**state.texts, checkpoint.name: str(made.changes)}
    _set(texts=texts, sequence=sequence, problem="")
    if keep:
        _keep(checkpoint)


def _keep(checkpoint: Checkpoint) -> None:
    """Make the changed network one of those to choose from, and the one in use."""
    from cnnviz.networks.checkpoints import Checkpoint
    from cnnviz.reasons.keeping import kept

    now = current(checkpoint)
    if not now.resolved.of_network:
        return
    try:
        model = kept(now.resolved, checkpoint.model, checkpoint.frame.shape)
    except ValueError as error:
        _set(problem=f"{error}.", sequence=_state().sequence + 1)
        return
    metadata = {
        key: value for key, value in checkpoint.metadata.items() if key not in _NOT_OF_OTHER_WEIGHTS
    }
    name = _free(f"{checkpoint.name.split(', changed')[0]}, changed")
    use_model(Checkpoint(model, metadata, name))  # type: ignore[arg-type]  # a copy of its own kind
    state = _state()
    texts = {**state.texts, checkpoint.name: "", name: str(now.changes.of_input)}
    _set(texts=texts, problem="", kept=True)


def _free(name: str) -> str:
    taken = opened_names()
    names = [name, *(f"{name} {count}" for count in range(2, len(taken) + 3))]
    return next(each for each in names if each not in taken)


def whole_page_if_kept() -> None:
    """After a network was kept the whole page runs, the picker above included."""
    if _STATE in st.session_state and _state().kept:
        _set(kept=False)
        st.rerun()
