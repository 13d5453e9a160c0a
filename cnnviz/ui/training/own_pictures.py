"""Pictures of one's own beside the choice of data sets: add a zip of them, delete them for good."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import IO

import streamlit as st

from cnnviz.components.escaping import escaped
from cnnviz.datasets import own, owned
from cnnviz.datasets.catalogue import everything
from cnnviz.datasets.folders import MOST_PACKED, Made, collection_of
from cnnviz.datasets.outlines import MOST_PICTURES, MOST_TITLE
from cnnviz.datasets.stored import Unavailable
from cnnviz.drawing.frames import LARGEST_SIDE, SMALLEST_SIDE
from cnnviz.ui import person

_CHOSEN, _SAID = "own_pictures_chosen", "own_pictures_said"
_NAMED = 5
"""Files left out that are named; the others are counted."""


def offered() -> tuple[str, ...]:
    """The names of the data sets that a menu lists to this person."""
    return tuple(dataset.name for dataset in everything(person=person.current()))


def newly_chosen() -> str | None:
    """The data set that was added last, once: the choice beside it is to take it."""
    return st.session_state.pop(_CHOSEN, None)


def follow(key: str, names: Sequence[str]) -> None:
    """Let the choice of the state `key` among `names` take what was added, and let go what was
    deleted."""
    if (added := newly_chosen()) is not None:
        st.session_state[key] = added
    if st.session_state.get(key) not in (None, *names):
        del st.session_state[key]


def own_pictures() -> None:
    """A menu: a zip to add, and what there is, to be deleted."""
    with st.popover("Own pictures", on_change="rerun", key="own_pictures") as menu:
        if menu.open:
            _add()
            _delete()


def _add() -> None:
    file = st.file_uploader(
        "A zip with a folder of pictures a class",
        type="zip",
        key="own_pictures_file",
        max_upload_size=min(MOST_PACKED // 10**6, int(st.get_option("server.maxUploadSize"))),
        help=f"sun/1.png, sun/2.jpg, moon/1.png … Up to {MOST_PICTURES:,} pictures, which stay on "
        "the machine that runs this.",
    )
    title = st.text_input(
        "Called",
        "" if file is None else PurePath(file.name).stem[:MOST_TITLE],
        max_chars=MOST_TITLE,
        key=f"own_pictures_title_{file.file_id if file else ''}",
    )
    left, right = st.columns(2)
    side = left.number_input(
        "Pixels a side", SMALLEST_SIDE, LARGEST_SIDE, 28, key="own_pictures_side"
    )
    colours = right.selectbox("As", ("ink", "colours"), key="own_pictures_channels")
    if st.button("Add", type="primary", width="stretch", disabled=file is None) and file:
        _make(file, title.strip(), 3 if colours == "colours" else 1, int(side))
    if said := st.session_state.pop(_SAID, None):
        st.info(said)


def _make(file: IO[bytes], title: str, channels: int, side: int) -> None:
    bar = st.progress(0.0, "Reading")

    def show(done: int, total: int) -> None:
        if done % 20 == 0 or done == total:
            bar.progress(done / total, f"Reading {done:,} of {total:,}")

    try:
        made = collection_of(file, title, channels, side, show, person.current().digest)
        st.session_state[_CHOSEN] = own.save(made.collection)
    except (ValueError, Unavailable) as error:
        bar.empty()
        st.error(escaped(str(error)))
        return
    st.session_state[_SAID] = _in_words(made)
    st.rerun()


def _in_words(made: Made) -> str:
    outline = made.collection.outline
    words = (
        f"Added {escaped(outline.title)}: {outline.train:,} pictures to learn from and "
        f"{outline.test:,} for the test, of {len(outline.classes)} classes."
    )
    if made.skipped:
        named = "; ".join(escaped(said.rstrip(".")) for said in made.skipped[:_NAMED])
        more = len(made.skipped) - _NAMED
        words += f" Left out: {named}{f'; and {more:,} more' if more > 0 else ''}."
    return words


def _delete() -> None:
    if problem := st.session_state.pop("own_pictures_problem", None):
        st.error(escaped(problem))
    titles = {outline.name: outline.title for outline in own.outlines()}
    kept = owned.names(person.current())
    if not kept:
        return
    st.caption(f"Kept in {escaped(str(own.where()))}")
    name = st.selectbox(
        "Of your own",
        kept,
        index=None,
        placeholder="choose one to delete",
        # Two of one title have names that differ.
        format_func=lambda name: f"{titles.get(name, 'damaged')} · {name[-12:]}",
        key="own_pictures_kept",
    )
    if name is None or not st.checkbox(
        "Delete its pictures; the runs stay", key=f"own_pictures_sure_{name}"
    ):
        return
    st.button("Delete for good", on_click=_delete_named, args=(name,), key="own_pictures_delete")


def _delete_named(name: str) -> None:
    try:
        owned.delete(name, person.current())
        st.session_state.pop("own_pictures_kept", None)
    except (ValueError, Unavailable) as error:
        st.session_state["own_pictures_problem"] = str(error)
