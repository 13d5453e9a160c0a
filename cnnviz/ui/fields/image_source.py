"""Where a lab's input comes from: a small grid, a digit, the drawing, a picture, an upload."""

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from cnnviz.components.escaping import as_sentence
from cnnviz.components.grid_editor import Place, grid_editor
from cnnviz.components.network_view import RED_GREEN_BLUE, Light
from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.labs import grids, scenes
from cnnviz.networks.trace import as_image
from cnnviz.ui import link
from cnnviz.ui.addresses import DRAWING
from cnnviz.ui.drawing import current_drawing
from cnnviz.ui.fields.one_of import pills
from cnnviz.ui.fields.shown import is_shown
from cnnviz.ui.link import Table
from cnnviz.ui.model import current_reads

INK = ("digit", DRAWING)
PICTURES = ("picture", "upload")
# What full light looks like in a picture's channels.
COLOURS = {1: ("#ffffff",), 2: RED_GREEN_BLUE[:2], 3: RED_GREEN_BLUE}
LARGEST_UPLOAD = 64

# A cross with a notch: edges both ways, a corner, and nothing symmetric about it.
EXAMPLE = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 1, 1, 1, 1, 0],
        [0, 0, 0, 0, 0, 1, 1, 0],
        [0, 0, 0, 0, 1, 1, 0, 0],
        [0, 0, 0, 1, 1, 0, 0, 0],
        [0, 0, 0, 1, 1, 0, 0, 0],
        [0, 0, 0, 1, 1, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
    ],
    dtype=np.float32,
)


def image_source(table: Table, channels: int = 1, start: str = "grid") -> tuple[str, Tensor]:
    """Widgets for an input of `channels` channels: which source it is, and (1, channels, H, W).

    `table` is that of the page's address, which keeps the choice and the grid; of its own sources
    the page gets zeros. `start` is the one that it opens with.
    """
    source: str = pills(table, "input", "Input", start)
    if source == "digit":
        digit = pills(table, "digit", "Digit", 7, label_visibility="collapsed")
        return source, scenes.in_channels(as_image(prepare(samples.ink(digit)).centred), channels)
    if source == DRAWING:
        frame = current_reads().frame
        st.caption(f"As the network saw it on the Draw page, {frame.height} × {frame.width}.")
        return source, scenes.in_channels(current_drawing(frame), channels)
    if source == "picture":
        st.caption("A house by the sea, 48 × 48 pixels.")
        return source, scenes.in_channels(scenes.scene(), channels)
    if source == "upload":
        return source, scenes.in_channels(_upload(), channels)
    if source == "grid":
        return source, _grid(table.page, channels)
    return source, torch.zeros(1, channels, 1, 1)


def light(source: str, channels: int, through: int = -1) -> Light | None:
    """How the network view paints a picture of `channels`, and the layers up to `through`."""
    return Light(COLOURS[channels], through) if source in PICTURES else None


def _upload() -> Tensor:
    """The uploaded picture, its longer side at most 64; the built-in one until there is one."""
    file = st.file_uploader(
        "Picture",
        type=["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff"],
        key="picture_file",
        label_visibility="collapsed",
    )
    if file is None:
        st.caption("Until you choose a picture, the built-in one stays.")
        return st.session_state.get("upload_good", scenes.scene())
    try:
        st.session_state["upload_good"] = scenes.from_file(file.getvalue(), LARGEST_UPLOAD)
    except ValueError as error:
        st.error(f"{as_sentence(error)} The last good input stays.")
    return st.session_state.get("upload_good", scenes.scene())


def _grid(name: str, channels: int) -> Tensor:
    default = "|".join([grids.as_text(EXAMPLE)] * 3)
    given = link.parameter(name, "grid", grids.planes, grids.planes(default))
    channel = 0
    if channels > 1:
        channel = st.segmented_control(
            "Channel",
            range(channels),
            default=0,
            required=True,
            key="input_channel",
            format_func=lambda index: f"channel {index}",
            label_visibility="collapsed",
        )
        assert channel is not None

    def edited(grid: grids.Grid) -> None:
        # All channels have one size, so the others are cut or filled with zeros.
        fitted = [_resized(plane, grid.shape) for plane in given]
        fitted[channel] = grid
        st.session_state[f"{name}_grid"] = fitted

    def choose(at: tuple[int, ...]) -> None:
        st.session_state["input_channel"] = at[0]

    st.caption("Paint or type in the large input itself.")
    grid_editor(
        "input" if channels == 1 else f"input channel {channel}",
        given[channel],
        key=f"{name}_input_{channel}",
        place=Place(
            name,
            "input",
            (channel,),
            [(other,) for other in range(channels) if other != channel],
            is_shown(name),
        ),
        on_edit=edited,
        on_choose=choose,
        paint=True,
        scale=max(1.0, float(max(np.abs(plane).max() for plane in given))),
    )
    link.remember("grid", "|".join(map(grids.as_text, given)), default)
    return torch.from_numpy(np.stack(given[:channels]))[None]


def _resized(plane: grids.Grid, shape: tuple[int, ...]) -> grids.Grid:
    fitted = np.zeros(shape, dtype=np.float32)
    rows, columns = min(shape[0], plane.shape[0]), min(shape[1], plane.shape[1])
    fitted[:rows, :columns] = plane[:rows, :columns]
    return fitted
