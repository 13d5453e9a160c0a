"""Windows as ONNX nodes have them, and the nearest that a layer here can have.

There padding may differ from side to side, and rows from columns; a layer here has one number for
each. Where the same values come out, one is made of the other; else it is refused.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cnnviz.networks.kinds.shapes import Shape, times

if TYPE_CHECKING:
    from cnnviz.networks.kinds.onnx_node import Node

Pair = tuple[int, int]


@dataclass(frozen=True)
class Swept:
    """A window that is swept over maps with `sides`: rows and columns, the padding `before` the
    first and `after` the last of them. `shift` is where the file's own kernel lies in one that was
    filled with zeros."""

    sides: Pair
    kernel: Pair
    stride: Pair
    dilation: Pair
    before: Pair
    after: Pair
    shift: Pair = (0, 0)

    @property
    def extent(self) -> Pair:
        rows, columns = (d * (k - 1) + 1 for d, k in zip(self.dilation, self.kernel, strict=True))
        return rows, columns

    @property
    def counts(self) -> Pair:
        """How many places there are for it."""
        rows, columns = (
            (side + before + after - extent) // stride + 1
            for side, before, after, extent, stride in zip(
                self.sides, self.before, self.after, self.extent, self.stride, strict=True
            )
        )
        return rows, columns

    def square(self) -> tuple[int, int, int]:
        """Kernel, stride and padding in one number each. Raises ValueError where that isn't it."""
        for name, (rows, columns) in (("kernel_shape", self.kernel), ("strides", self.stride)):
            if rows != columns:
                raise ValueError(f"its {name} is {rows}×{columns}; here both are the same")
        same = replace(self, after=self.before)
        # What is padded behind the last window that there is room for, no window reads.
        if self.before[0] != self.before[1] or same.counts != self.counts:
            (top, left), (bottom, right) = self.before, self.after
            raise ValueError(
                f"it pads {top} above, {left} left, {bottom} below and {right} right; "
                "here all sides have the same"
            )
        return self.kernel[0], self.stride[0], self.before[0]

    def filled(self) -> "Swept":
        """The same sums with a kernel that zeros make larger, so that all sides are padded alike.

        It is itself where that needs nothing, or can't be done.
        """
        try:
            self.square()
        except ValueError:
            pass
        else:
            return self
        padding = max(*self.before, *self.after)
        lead = [padding - n for n in self.before]
        rest = [padding - n for n in self.after]
        if any(n % d for n, d in zip(lead, self.dilation, strict=True)):
            return self
        if any(n % d for n, d in zip(rest, self.dilation, strict=True)):
            return self
        lead = [n // d for n, d in zip(lead, self.dilation, strict=True)]
        rest = [n // d for n, d in zip(rest, self.dilation, strict=True)]
        (height, width), (top, left), (below, right) = self.kernel, lead, rest
        return replace(
            self,
            kernel=(height + top + below, width + left + right),
            before=(padding, padding),
            after=(padding, padding),
            shift=(top, left),
        )


def swept(node: "Node", kernel: Pair | None = None, with_zeros: bool = True) -> Swept:
    """The window of a Conv, MaxPool or AveragePool node, whose `kernel` its weights may say.

    `with_zeros` counts the rows and columns of a Pad before it in to its padding.

    Raises ValueError for windows that hang over the edge, and what else no layer here has.
    """
    sides = (node.given[1], node.given[2])
    window = Swept(
        sides,
        _pair(node, "kernel_shape", kernel),
        _pair(node, "strides", (1, 1)),
        _pair(node, "dilations", (1, 1)),
        (0, 0),
        (0, 0),
    )
    auto, pads = node.text("auto_pad", "NOTSET"), node.integers("pads", (0, 0, 0, 0))
    if auto == "NOTSET":
        if len(pads) != 4 or any(not 0 <= n <= 64 for n in pads):
            raise ValueError(f"its pads are {list(pads)[:8]}; four whole numbers from 0 would do")
        window = replace(window, before=(pads[0], pads[1]), after=(pads[2], pads[3]))
    elif auto in ("SAME_UPPER", "SAME_LOWER"):
        window = _same(window, first=auto == "SAME_LOWER")
    elif auto != "VALID":
        raise ValueError(f"its auto_pad is {auto:.20}, which isn't known here")
    if with_zeros and any(node.zeros):
        if auto.startswith("SAME"):
            raise ValueError(f"a Pad comes before it, and its auto_pad is {auto}")
        top, left, below, right = node.take_zeros()
        window = replace(
            window,
            before=(window.before[0] + top, window.before[1] + left),
            after=(window.after[0] + below, window.after[1] + right),
        )
    padded = _padded(window)
    if any(side < extent for side, extent in zip(padded, window.extent, strict=True)):
        raise ValueError(f"{times(padded)} is smaller than the {times(window.extent)} window")
    if node.integer("ceil_mode", 0) and any(
        (side - extent) % stride
        for side, extent, stride in zip(padded, window.extent, window.stride, strict=True)
    ):
        raise ValueError(
            "its last windows hang over the edge of the maps (ceil_mode is 1); here none do"
        )
    return window


def _same(window: Swept, first: bool) -> Swept:
    """Padded so that there are as many places as the stride leaves of the maps' sides; an odd one
    lies before the `first` row, or else after the last."""
    before, after = [], []
    for side, extent, stride in zip(window.sides, window.extent, window.stride, strict=True):
        total = max((-(-side // stride) - 1) * stride + extent - side, 0)
        less, more = total // 2, total - total // 2
        before.append(more if first else less)
        after.append(less if first else more)
    return replace(window, before=(before[0], before[1]), after=(after[0], after[1]))


def _padded(window: Swept) -> Shape:
    return tuple(sum(n) for n in zip(window.sides, window.before, window.after, strict=True))


def _pair(node: "Node", name: str, default: Pair | None) -> Pair:
    values = node.integers(name, default or ())
    if len(values) != 2 or any(not 1 <= n <= 512 for n in values):
        raise ValueError(f"its {name} is {list(values)[:8]}; two whole numbers from 1 would do")
    return values[0], values[1]
