"""Which of the picture's pixels a unit can see: exact for stride, padding and dilation.

`frontend/network_view/receptive_field.js` does the same for the network view.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.reasons.stages import Stage, Stages


@dataclass(frozen=True)
class Field:
    """Rows `top` to `bottom` and columns `left` to `right` of a picture, the last not included.

    They may lie outside of it, as a window does that reaches into the padding.
    """

    top: int
    bottom: int
    left: int
    right: int

    @property
    def sides(self) -> tuple[int, int]:
        """Rows and columns, those outside of the picture included."""
        return self.bottom - self.top, self.right - self.left

    def cut(self, picture: NDArray[np.float32]) -> NDArray[np.float32]:
        """This part of a `picture` (C, H, W), with zeros where it lies outside, as padding has."""
        _, height, width = picture.shape
        part = np.zeros((len(picture), *self.sides), picture.dtype)
        rows = slice(max(0, self.top), min(height, self.bottom))
        columns = slice(max(0, self.left), min(width, self.right))
        if rows.start < rows.stop and columns.start < columns.stop:
            part[
                :,
                rows.start - self.top : rows.stop - self.top,
                columns.start - self.left : columns.stop - self.left,
            ] = picture[:, rows, columns]
        return part


def receptive_field(stages: Stages, layer: str, place: int) -> Field:
    """Of the unit `place` of a vector, or of row times width plus column of a layer's maps: what
    it sees of the picture, in the box around it.

    Raises ValueError for a layer or a place that isn't there.
    """
    at = stages.index(layer)
    shape = stages.stages[at].shape
    count = shape[0] if len(shape) == 1 else shape[1] * shape[2]
    if not 0 <= place < count:
        raise ValueError(f"place of {layer} must be from 0 to {count - 1}, got {place}")
    # Of a vector the indices, of maps the rows and columns that count; all of them inclusive.
    span: _Span = (place, place) if len(shape) == 1 else _cell(place, shape[2])
    for stage in reversed(stages.stages[: at + 1]):
        span = _before(stage, span)
    if len(span) == 2:  # a picture has rows and columns
        raise AssertionError("the first layer reads maps")
    top, bottom, left, right = span
    return Field(top, bottom + 1, left, right + 1)


_Span = tuple[int, int] | tuple[int, int, int, int]


def _cell(place: int, width: int) -> _Span:
    row, column = divmod(place, width)
    return row, row, column, column


def _before(stage: Stage, span: _Span) -> _Span:
    """The same in what the stage reads."""
    if stage.same_place:
        return span
    given = stage.given
    if len(span) == 2:
        first, last = span
        if len(given) == 1:
            return 0, given[0] - 1
        # Flattened maps: one unit is a pixel of a map; several are taken for all of them.
        _, height, width = given
        if first == last:
            return _cell(first % (height * width), width)
        return 0, height - 1, 0, width - 1
    if "kernel" not in stage.hyperparameters:
        return 0, given[1] - 1, 0, given[2] - 1
    (top, bottom), (left, right) = (
        _window(stage, axis, span[2 * axis], span[2 * axis + 1]) for axis in (0, 1)
    )
    return top, bottom, left, right


def _window(stage: Stage, axis: int, first: int, last: int) -> tuple[int, int]:
    said = stage.hyperparameters
    kernel, stride, padding = (said[name][axis] for name in ("kernel", "stride", "padding"))
    dilation = said["dilation"][axis] if "dilation" in said else 1
    start = first * stride - padding
    return start, last * stride - padding + dilation * (kernel - 1)
