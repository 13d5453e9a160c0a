"""A network as a row of layers that are added, moved, set and taken out."""

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any

import streamlit as st

from cnnviz.components.modules import component_in
from cnnviz.drawing.frames import Frame
from cnnviz.networks.drafts import Draft, Judged, draft_from
from cnnviz.networks.kinds import KINDS
from cnnviz.networks.kinds.layer import Layer, range_of, written
from cnnviz.networks.kinds.shapes import times
from cnnviz.networks.steps import Step

_component = component_in("builder", '<div class="builder"></div>')


def builder(
    draft: Draft,
    judged: Judged,
    frame: Frame,
    *,
    key: str,
    revision: int,
    on_edit: Callable[[Draft], None],
) -> None:
    """Let a person edit `draft`; `judged` is what is said of it, on pictures of `frame`.

    `on_edit` is called with the new draft before the page or its fragment runs again. While one
    edits, what the browser has is newer than `draft`; a `revision` that is another than before says
    that the page has put a draft of its own there, which an undo takes away again.
    """

    def edited() -> None:
        said = getattr(st.session_state[key], "edit", None)
        if not isinstance(said, dict):
            return
        try:
            draft = draft_from(said.get("layers"))
        except ValueError:
            return  # nothing that our own browser sends
        sequence = said.get("sequence", 0)
        st.session_state[f"{key}_sequence"] = sequence if isinstance(sequence, int) else 0
        on_edit(draft)

    architecture = judged.architecture
    _component(
        key=key,
        data={
            "kinds": [_kind(kind) for kind in KINDS.values()],
            "layers": [[typed.kind, dict(typed.numbers)] for typed in draft],
            "revision": revision,
            "sequence": st.session_state.get(f"{key}_sequence", 0),
            "picture": list(frame.shape),
            "names": list(judged.names),
            "steps": [_step(step, frame) for step in judged.steps],
            "problem": judged.problem,
            "at": judged.at,
            "total": None
            if architecture is None
            else f"{_counted(architecture.parameters, 'parameter')} · "
            f"{_counted(architecture.multiplications, 'multiplication')} a picture",
        },
        on_edit_change=edited,
        height="content",
    )


def _kind(kind: type[Layer]) -> dict[str, Any]:
    usual = iter(kind.usual)
    return {
        "kind": kind.kind,
        "title": kind.torch_name,
        "words": kind.words,
        "numbers": [
            {
                "name": part.name,
                "low": range_of(part).low,
                "high": range_of(part).high,
                "whole": range_of(part).whole,
                "start": _text(next(usual) if part.default is MISSING else part.default),
            }
            for part in fields(kind)
        ],
    }


def _step(step: Step, frame: Frame) -> dict[str, Any]:
    rows, columns = (
        min(field, side) for field, side in zip(step.receptive_field, frame.shape[1:], strict=True)
    )
    return {
        "shape": times(step.shape),
        "parameters": f"{step.parameters:,}" if step.parameters else "",
        "multiplications": f"{step.multiplications:,}" if step.multiplications else "",
        "field": [rows, columns],
    }


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _text(value: float | None) -> str:
    return "" if value is None else written(value)
