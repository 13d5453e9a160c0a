"""Drawing for a lesson: the pad and pictures from elsewhere, and the rows of what there is."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from cnnviz.components.escaping import escaped
from cnnviz.components.lesson_pad import lesson_pad
from cnnviz.components.lesson_strip import Shown, lesson_strip
from cnnviz.drawing.preprocessing import read_picture
from cnnviz.teaching.lesson import (
    FEWEST_SYMBOLS,
    MOST_DRAWINGS,
    MOST_SYMBOLS,
    OTHER,
    OTHER_ID,
    Drawing,
    Lesson,
    as_picture,
)
from cnnviz.teaching.strokes import ink_of
from cnnviz.ui.fields import followed
from cnnviz.ui.teaching import desk
from cnnviz.ui.teaching.desk import Desk

PICTURES = ["png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"]


def pad(here: Desk) -> None:
    lesson = here.lesson
    lesson_pad(
        [(symbol.id, symbol.name, lesson.count(symbol.id)) for symbol in lesson.symbols],
        key="teach_pad",
        room=len(lesson.drawings) < MOST_DRAWINGS,
        on_draw=_draw,
        on_undo=lambda: desk.change(Lesson.undone),
    )


def pictures(here: Desk) -> None:
    """From files and the camera, for whoever draws on paper."""
    for name in ("upload", "camera"):
        with st.popover(name, on_change="rerun", key=f"teach_{name}") as opened:
            if not opened.open:
                continue
            symbol = st.selectbox(
                "These are of",
                [symbol.id for symbol in here.lesson.symbols],
                format_func=lambda id: (
                    escaped(here.lesson.symbol(id).name) if here.lesson.has(id) else ""
                ),
                key=f"teach_{name}_symbol",
            )
            if name == "upload":
                st.file_uploader(
                    "Pictures of one drawing each",
                    type=PICTURES,
                    accept_multiple_files=True,
                    key="teach_files",
                    on_change=_take,
                    args=("teach_files", symbol),
                    help="Photographs of ink on paper, scans, or drawings.",
                )
            else:
                st.camera_input(
                    "Hold up one drawing on paper",
                    key="teach_photo",
                    on_change=_take,
                    args=("teach_photo", symbol),
                )


def rows(here: Desk) -> None:
    """A row a symbol: its name, and its drawings."""
    lesson = here.lesson
    own = len(lesson.symbols) - lesson.other
    with st.container(horizontal=True, vertical_alignment="center", key="teach_head"):
        st.markdown("**Your symbols**", width="content")
        st.button(
            "Add a symbol",
            on_click=desk.change,
            args=(Lesson.more,),
            disabled=own >= MOST_SYMBOLS,
            key="teach_more",
        )
        st.toggle(
            f"and “{OTHER}”",
            lesson.other,
            # A new widget where it has changed otherwise: an opened file, a row taken out.
            key=f"teach_other_{here.name}_{lesson.other}",
            on_change=_toggle_other,
            help="A class more, made of scribbles as training starts, so that the network can say "
            "that a drawing is none of your symbols.",
        )
        if here.taken:
            st.button("Bring back what was taken out", on_click=desk.bring_back, type="tertiary")
    for symbol in lesson.symbols:
        # One element a row, whatever it is of: a row that comes or goes leaves the others alone.
        with st.container(horizontal=True, gap="small", key=f"teach_row_{symbol.id}"):
            field = f"teach_name_{here.name}_{symbol.id}"
            key = followed.key(field, symbol.name)
            st.text_input(
                "Name of the symbol",
                symbol.name,
                key=key,
                max_chars=40,
                width=150,
                label_visibility="collapsed",
                disabled=symbol.id == OTHER_ID,
                on_change=_rename,
                args=(symbol.id, field, key),
            )
            with st.container():
                lesson_strip(
                    symbol.name,
                    shown(here, lesson.of(symbol.id)),
                    key=f"teach_strip_{here.name}_{symbol.id}",
                    on_cross=cross,
                )
            st.button(
                "✕",
                key=f"teach_out_{symbol.id}",
                help=f"Take {escaped(symbol.name)} out, with its drawings",
                type="tertiary",
                on_click=desk.take_out,
                args=(symbol.id,),
                disabled=symbol.id != OTHER_ID and own <= FEWEST_SYMBOLS,
            )
    st.caption(
        "A click crosses a drawing out, another brings it back. Dotted: held back for the test."
    )


def cross(id: int) -> None:
    desk.change(lambda lesson: lesson.crossed(id))


def shown(here: Desk, drawings: Iterable[Drawing], also: str = "") -> list[Shown]:
    """For a strip; `also` is said of each besides."""
    lesson, taught = here.lesson, here.kept.taught
    held = taught.held if taught is not None else frozenset()
    listed = []
    for number, drawing in enumerate(drawings, start=1):
        words = f"{lesson.symbol(drawing.symbol).name}, drawing {number}"
        words += ", held back for the test" if drawing.id in held else ""
        out = drawing.id in lesson.crossed_out
        listed.append(
            Shown(
                drawing.id,
                drawing.picture,
                drawing.id in held,
                out,
                f"{words}{also}: {'bring it back' if out else 'cross it out'}",
            )
        )
    return listed


def _draw(symbol: int, strokes: Any) -> None:
    def drawn(lesson: Lesson) -> Lesson:
        picture = as_picture(ink_of(strokes))
        # It may have been taken out since, or the pen was outside.
        return (
            lesson if picture is None or not lesson.has(symbol) else lesson.drawn(symbol, picture)
        )

    desk.change(drawn)


def _take(key: str, symbol: int) -> None:
    given = st.session_state[key]
    files = given if isinstance(given, list) else [given] if given is not None else []
    seen: set[str] = st.session_state.setdefault("teach_taken", set())
    problems = []
    for file in files:
        if file.file_id in seen:
            continue
        seen.add(file.file_id)

        def drawn(lesson: Lesson, content: bytes = file.getvalue()) -> Lesson:
            picture = as_picture(read_picture(content)[0])
            if picture is None:
                raise ValueError("No ink was found.")
            if not lesson.has(symbol):
                raise ValueError("That symbol has been taken out.")
            return lesson.drawn(symbol, picture)

        desk.change(drawn)
        here = desk.current()
        if here.problem:
            problems.append(f"{file.name}: {here.problem}")
    if problems:
        desk.current().problem = "  \n".join(problems)


def _rename(symbol: int, field: str, key: str) -> None:
    name = followed.set_by_hand(field, key)
    if name is not None:
        desk.change(lambda lesson: lesson.renamed(symbol, name))


def _toggle_other() -> None:
    if desk.current().lesson.other:
        desk.take_out(OTHER_ID)
    else:
        desk.change(Lesson.with_other)
