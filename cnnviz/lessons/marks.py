"""What a step of a lesson can mark in a page: a name, and where it is found there."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Mark:
    """`pages` are those that have it, by their paths; `selector` finds it there, or the component
    that has the `parts` that are meant: elements named so (`part="conv1"`)."""

    pages: tuple[str, ...]
    words: str
    selector: str
    parts: tuple[str, ...] = ()

    @property
    def found(self) -> tuple[str, ...]:
        """A selector for each thing that is meant, for Playwright, which looks into components."""
        inside = [f'{self.selector} [part~="{part}"]' for part in self.parts]
        return tuple(inside) or (self.selector,)


_LINE, _GRID = ("convolution_1d",), ("convolution_2d",)
_BOTH = (*_GRID, "pooling")
_NETWORK = '[data-testid="stMain"] .st-key-network-frame'


def _view(words: str, *parts: str) -> Mark:
    """Some layers of the network view, or its inspector."""
    return Mark(("draw",), words, _NETWORK, parts)


MARKS: Mapping[str, Mark] = MappingProxyType(
    {
        "canvas": Mark(("draw",), "where one draws", ".st-key-draw"),
        "reading": Mark(("draw",), "the answer in words", ".st-key-draw_reading"),
        "maps1": _view("the first convolution's maps", "conv1"),
        "relu1": _view("the maps after the first ReLU", "relu1"),
        "pool1": _view("the maps after the first pooling", "pool1"),
        "maps2": _view("the second convolution's maps", "conv2"),
        "relu2": _view("the maps after the second ReLU", "relu2"),
        "pool2": _view("the maps after the second pooling", "pool2"),
        "relu": _view("the maps after each ReLU", "relu1", "relu2"),
        "inspector": _view("what a pinned unit is made of", "inspector"),
        "answer": _view("the scores and shares", "logits", "softmax"),
        "signal": Mark(_LINE, "the signal's field", ".st-key-signal"),
        "filter": Mark(_LINE, "the filter's field", ".st-key-filter"),
        "line": Mark(_LINE, "signal, filter and results", ".st-key-conv1d_view"),
        "play": Mark(_LINE, "the same, for its play bar", ".st-key-conv1d_view"),
        "rod": Mark(_LINE, "heat in a rod", ".st-key-rod"),
        "map": Mark(_BOTH, "the input", ".st-key-lab_picture"),
        "kernel": Mark(_GRID, "the kernels", '[class*="st-key-conv2d_kernel_"]'),
        "padding": Mark(_GRID, "the padding's field", ".st-key-conv2d_padding_field"),
        "stride": Mark(_GRID, "the stride's field", ".st-key-conv2d_stride_field"),
        "both": Mark(_GRID, "convolution beside cross-correlation", ".st-key-both"),
        "shift": Mark(
            ("pooling",), "by how much the input is moved", ".st-key-pooling_shift_slider"
        ),
        "window": Mark(
            ("pooling",),
            "the window's and the stride's fields",
            ".st-key-pooling_window_field, .st-key-pooling_pool_stride_field",
        ),
        "saving": Mark(("pooling",), "what is saved and lost", ".st-key-pooling_saving"),
        "digit": Mark(("translation",), "the digit that is moved", ".st-key-lab_picture"),
        "shuffled": Mark(("translation",), "shuffled pixels", ".st-key-shuffled-frame"),
        "start": Mark(("training",), "the settings and the start", ".st-key-training_start"),
        "film": Mark(
            ("training",),
            "a run's filmstrip, before one the shipped curve",
            ".st-key-training_film, .st-key-training_shipped_curve",
        ),
        "step": Mark(("why",), "one step of learning", ".st-key-why_step_network-frame"),
        "fool": Mark(("why",), "what fools the network", ".st-key-into, .st-key-why_changes"),
    }
)
