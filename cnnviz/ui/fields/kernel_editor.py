"""The kernels of a 2D convolution: presets, the trained ones, and a grid to edit each."""

from collections.abc import Mapping

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from cnnviz.components.escaping import escaped
from cnnviz.components.grid_editor import Place, grid_editor
from cnnviz.labs import convolution_2d, grids
from cnnviz.ui import link
from cnnviz.ui.fields.put import put
from cnnviz.ui.fields.shown import is_shown
from cnnviz.ui.model import current_model

MOST_CHANNELS = 3
_OPENING = ("Sobel x", "Sobel y", "Laplacian")
_MOST_TRAINED = 16


def kernel_editor(name: str, channels_out: int, channels_in: int) -> tuple[Tensor, Tensor]:
    """Widgets for kernels and biases: (channels_out, channels_in, kH, kW) and (channels_out,).

    `name` is the page's. What is edited is kept for the session and in the address.
    """
    opening = _opening()
    default = _text(opening[:channels_out, :channels_in])
    kernels = link.parameter(
        name, "kernels", lambda text: _parse(text, channels_out, channels_in), opening
    )
    biases = link.parameter(name, "bias", _parse_biases, np.zeros(MOST_CHANNELS, np.float32))

    chosen_out, chosen_in = 0, 0
    if channels_out > 1:
        chosen_out = _which("Kernel for output map", channels_out, "kernel_out", "map")
    for other in set(range(MOST_CHANNELS)) - {chosen_out}:
        # Whoever comes back to a map sees the bias it has, not a text refused before.
        st.session_state.pop(_bias_problem(name, other), None)
    if channels_in > 1:
        chosen_in = _which("and input channel", channels_in, "kernel_in", "channel")

    def replace(kernel: grids.Grid) -> None:
        changed = np.zeros((MOST_CHANNELS, MOST_CHANNELS, *kernel.shape), np.float32)
        for o in range(MOST_CHANNELS):
            for c in range(MOST_CHANNELS):
                changed[o, c] = _centred(kernels[o, c], kernel.shape)
        changed[chosen_out, chosen_in] = kernel
        st.session_state[f"{name}_kernels"] = changed

    kernel = kernels[chosen_out, chosen_in]

    def choose(key: str, choices: Mapping[str, tuple[np.ndarray, float]]) -> None:
        # What the kernel is now decides which one is marked, however it came to be that.
        put(
            key,
            next(
                (label for label, (values, _) in choices.items() if np.array_equal(values, kernel)),
                None,
            ),
        )

    def chosen(key: str, choices: Mapping[str, tuple[np.ndarray, float]]) -> None:
        if (label := st.session_state[key]) is not None:
            values, bias = choices[label]
            replace(values)
            st.session_state[f"{name}_bias"] = _with(biases, chosen_out, bias)
            st.session_state.pop(_bias_problem(name, chosen_out), None)

    presets = {label: (preset.numpy(), 0.0) for label, preset in convolution_2d.KERNELS.items()}
    groups = {"Kernel": presets}
    if trained := _trained():
        groups[f"Trained: conv1 of {escaped(current_model().name)}"] = trained
    for label, choices in groups.items():
        key = f"{name}_{'trained' if choices is trained else 'preset'}"
        choose(key, choices)
        st.pills(label, list(choices), key=key, on_change=chosen, args=(key, choices))
    grid_editor(
        "kernel"
        if channels_out == channels_in == 1
        else f"kernel of map {chosen_out}, channel {chosen_in}",
        kernel,
        key=f"{name}_kernel_{chosen_out}_{chosen_in}",
        place=Place(
            name,
            "kernel",
            (chosen_out, chosen_in),
            [
                (o, c)
                for o in range(channels_out)
                for c in range(channels_in)
                if (o, c) != (chosen_out, chosen_in)
            ],
            is_shown(name),
        ),
        on_edit=replace,
        on_choose=lambda at: st.session_state.update(kernel_out=at[0], kernel_in=at[1]),
        sizes=(1, convolution_2d.LARGEST_KERNEL),
    )

    label = "Bias" if channels_out == 1 else f"Bias of map {chosen_out}"
    _bias_field(name, biases, chosen_out, label)

    used = kernels[:channels_out, :channels_in]
    link.remember("kernels", _text(used), default)
    link.remember("bias", grids.as_text(biases[None, :channels_out]), _zeros(channels_out))
    if not used.any():
        st.info(
            "All kernels are zero, so every output is its bias. Type a number or pick a kernel."
        )
    return torch.from_numpy(used.copy()), torch.from_numpy(biases[:channels_out].copy())


def _bias_field(page: str, biases: np.ndarray, index: int, label: str) -> None:
    """A text field: an emptied number field of Streamlit's would mean its least number."""
    field, problem = f"{page}_bias_{index}", _bias_problem(page, index)
    now = grids.shortest(biases[index])
    put(field, now)

    def changed() -> None:
        st.session_state.pop(problem, None)
        try:
            value = grids.number(st.session_state[field])
            st.session_state[f"{page}_bias"] = _with(biases, index, value)
        except ValueError as error:
            st.session_state[problem] = f"{label}: {error}. It is still {now}."

    st.text_input(label, key=field, on_change=changed, help="Added to every output of its map.")
    if problem in st.session_state:
        st.error(escaped(st.session_state[problem]))


def _bias_problem(page: str, index: int) -> str:
    """The key of what is wrong with the bias last typed for the map `index`."""
    return f"{page}_bias_problem_{index}"


def _opening() -> np.ndarray:
    """(3, 3, 3, 3): a different edge finder for each map, the same for each channel."""
    planes = np.stack([convolution_2d.KERNELS[label].numpy() for label in _OPENING])
    return np.repeat(planes[:, None], MOST_CHANNELS, axis=1).copy()


def _trained() -> dict[str, tuple[np.ndarray, float]]:
    try:
        weights, biases = convolution_2d.trained_kernels(current_model().model)
    except ValueError:
        return {}
    return {
        f"{index}": (weights[index, 0].numpy(), float(biases[index]))
        for index in range(min(len(weights), _MOST_TRAINED))
    }


def _which(label: str, count: int, key: str, noun: str) -> int:
    chosen = st.segmented_control(
        label,
        range(count),
        default=0,
        required=True,
        key=key,
        format_func=lambda index: f"{noun} {index}",
    )
    return chosen or 0


def _text(kernels: np.ndarray) -> str:
    return "|".join(grids.as_text(kernel) for row in kernels for kernel in row)


def _parse(text: str, channels_out: int, channels_in: int) -> np.ndarray:
    parts = text.split("|")[: MOST_CHANNELS**2 + 1]
    if len(parts) != channels_out * channels_in:
        raise ValueError(
            f"kernels must be {channels_out * channels_in} grids for {channels_out} output and "
            f"{channels_in} input channels, got {len(parts)}"
        )
    most = convolution_2d.LARGEST_KERNEL
    grid = [grids.parse(part, most_rows=most, most_columns=most, name="kernels") for part in parts]
    if any(kernel.shape != grid[0].shape for kernel in grid):
        raise ValueError("kernels must all have the same size")
    opening = _opening()
    kernels = np.empty((MOST_CHANNELS, MOST_CHANNELS, *grid[0].shape), np.float32)
    for o in range(MOST_CHANNELS):
        for c in range(MOST_CHANNELS):
            kernels[o, c] = (
                grid[o * channels_in + c]
                if o < channels_out and c < channels_in
                else _centred(opening[o, c], grid[0].shape)
            )
    return kernels


def _parse_biases(text: str) -> np.ndarray:
    row = grids.parse(text, most_rows=1, most_columns=MOST_CHANNELS, name="bias")[0]
    return np.concatenate([row, np.zeros(MOST_CHANNELS - len(row), np.float32)])


def _zeros(count: int) -> str:
    return grids.as_text(np.zeros((1, count), np.float32))


def _with(biases: np.ndarray, index: int, value: float) -> np.ndarray:
    changed = biases.copy()
    changed[index] = value
    return changed


def _centred(kernel: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """A kernel cut or filled with zeros on all sides alike."""
    fitted = kernel
    for axis, size in enumerate(shape):
        missing = size - fitted.shape[axis]
        if missing < 0:
            start = -missing // 2
            fitted = fitted.take(range(start, start + size), axis=axis)
        elif missing > 0:
            widths = [(0, 0), (0, 0)]
            widths[axis] = (missing // 2, missing - missing // 2)
            fitted = np.pad(fitted, widths)
    return fitted
