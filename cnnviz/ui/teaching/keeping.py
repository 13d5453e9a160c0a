"""Taking a lesson home, opening it again, and deleting it; and where it lies meanwhile."""

import streamlit as st

from cnnviz.components.escaping import escaped
from cnnviz.teaching import files, shelf
from cnnviz.ui.teaching import desk
from cnnviz.ui.teaching.desk import Desk

_FILE = "teach_file"


def keeping(here: Desk) -> None:
    with st.popover("keep", on_change="rerun", key="teach_keep") as opened:
        if not opened.open:
            return
        st.download_button(
            "Download the drawing set",
            lambda: files.to_bytes(here.kept),
            "drawing-set.safetensors",
            on_click="ignore",
            width="stretch",
            help="Drawings, symbols, settings and the network, in one file.",
        )
        st.file_uploader(
            "Open one", type=["safetensors"], key=_FILE, on_change=_open, max_upload_size=50
        )
        if here.problem:
            st.error(escaped(here.problem))
        st.caption(
            f"The drawings lie on the machine that this page comes from, in `{shelf.where()}`, and "
            "those that were trained on beside that folder. They go nowhere else."
        )
        if st.checkbox("Delete all drawings of this set", key=f"teach_sure_{here.name}"):
            st.button("Delete for good", on_click=desk.delete, key="teach_delete")
            st.caption("Runs stay on the training page: they hold weights, and no drawings.")


def _open() -> None:
    file = st.session_state[_FILE]
    if file is None:
        return
    here = desk.current()
    with desk.problems_on_page(here):
        desk.open_file(files.from_bytes(file.getvalue(), file.name))
