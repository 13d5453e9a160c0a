"""What a kind of layer says of itself: the parts of a row of `cnnviz.networks.kinds.KINDS`.

torch is imported where a module is made or read, so that settings and forms do without it.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from cnnviz.networks.kinds.shapes import Shape, times

if TYPE_CHECKING:
    from torch import Tensor, nn

    from cnnviz.networks.kinds.onnx_node import Node


@dataclass(frozen=True)
class Range:
    """What a number of a layer may be: from `low` to `high`, a whole one where it is `whole`.

    `optional` allows None, which the layer itself gives a meaning.
    """

    low: float
    high: float
    whole: bool = True
    optional: bool = False

    def check(self, name: str, value: Any) -> None:
        """Raises ValueError with the name, the value and the range."""
        if value is None and self.optional:
            return
        is_number = isinstance(value, int if self.whole else int | float)
        if not is_number or isinstance(value, bool) or not self.low <= value <= self.high:
            what = "whole number" if self.whole else "number"
            raise ValueError(
                f"{name} must be a {what} from {self.low:g} to {self.high:g}, got {value!r}"
            )


def number(low: float, high: float, default: Any = MISSING, **more: bool) -> Any:
    """A dataclass field that holds a number of that range."""
    return field(default=default, metadata={"range": Range(low, high, **more)})


def range_of(part: Field) -> Range:
    return part.metadata["range"]


@dataclass(frozen=True)
class Window:
    """What a unit reads of each map before it: pairs of rows and columns, as torch has them."""

    kernel: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)

    @property
    def extent(self) -> tuple[int, int]:
        """Cells from a window's first to its last, a side."""
        (height, width), (down, across) = self.kernel, self.dilation
        return down * (height - 1) + 1, across * (width - 1) + 1

    def sweep(self, shape: Shape) -> tuple[int, int]:
        """How many places there are for it in maps (C, H, W), rows and columns.

        The formula of torch's pages of Conv2d and MaxPool2d. Raises ValueError with both shapes
        where there is no room for one.
        """
        sides = shape[1] + 2 * self.padding[0], shape[2] + 2 * self.padding[1]
        if sides[0] < self.extent[0] or sides[1] < self.extent[1]:
            padded = " with its padding" if any(self.padding) else ""
            raise ValueError(
                f"{times(sides)}{padded} is smaller than the {times(self.extent)} window"
            )
        rows, columns = (
            (side - extent) // stride + 1
            for side, extent, stride in zip(sides, self.extent, self.stride, strict=True)
        )
        return rows, columns


class Graph(Protocol):
    """An ONNX graph as it is built (`cnnviz.export.onnx`), at the node of one module.

    Whatever is added reads the values of the node before it.
    """

    def node(self, operator: str, *more: str, **attributes: Any) -> None:
        """A node; `more` are names of tensors that it reads besides."""
        ...

    def weighted(self, operator: str, **attributes: Any) -> None:
        """A node that reads all parameters of the module."""
        ...

    def constant(self, key: str, values: "Tensor") -> str:
        """A tensor of the graph, and its name."""
        ...

    def max_pool(self) -> None: ...

    def average_pool(self) -> None: ...


@dataclass(frozen=True, eq=False)
class OfNode:
    """What an ONNX node is: a `layer`, and its tensors by the names that its module gives them,
    made when they are asked for. `notes` say what was changed so that it fits."""

    layer: "Layer"
    tensors: Callable[[], Mapping[str, Any]] = dict
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layer:
    """One layer of an architecture, as data: its fields are what `Conv2d(8, 3)` says.

    A kind is a frozen subclass whose fields are made by `number`, in the order of its text.

    Raises:
        ValueError: naming the kind, the field, its value and its range.
    """

    kind: ClassVar[str]
    """Its name in texts and files, and in frontend/network_view/kinds.js."""
    torch_name: ClassVar[str]
    """Of its class: one of torch.nn, unless `module_class` says otherwise."""
    prefix: ClassVar[str]
    """What its modules are called, with a number behind: conv1, conv2."""
    numbered: ClassVar[bool] = True
    """Whether a single one has a number, too: `relu1`, but `fc`."""
    width: ClassVar[str | None] = None
    """The field that says how many maps or values it makes, if it is for it to say."""
    same_place: ClassVar[bool] = False
    """Whether each value is made from the one in its place alone, as activations do."""
    selects: ClassVar[bool] = False
    """Whether each value is one of those it reads, or 0: so every machine makes the very same."""
    draws: ClassVar[bool] = False
    """Whether training it takes random numbers."""
    imports: ClassVar[tuple[str, ...]] = ()
    """Lines of Python that its own `line` needs, torch aside."""
    usual: ClassVar[tuple[int | float, ...]] = ()
    """What the numbers without a default are in a layer that nobody has set yet."""
    words: ClassVar[str]
    """What it does, in a short sentence."""
    read_from: ClassVar[tuple[str, ...]] = ()
    """The ONNX operators that `of_onnx` reads."""

    def __post_init__(self) -> None:
        for part in fields(self):
            range_of(part).check(f"{self.kind} {part.name}", getattr(self, part.name))

    def __str__(self) -> str:
        """As `cnnviz.networks.notation` reads it: "conv2d 8 3 padding=1"."""
        needed = [getattr(self, part.name) for part in fields(self) if part.default is MISSING]
        return " ".join(
            [
                self.kind,
                *(written(value) for value in needed),
                *(f"{name}={written(value)}" for name, value in self.unusual().items()),
            ]
        )

    def unusual(self) -> dict[str, Any]:
        """The numbers that have a default and another value than that, by name."""
        return {
            part.name: value
            for part in fields(self)
            if part.default is not MISSING and (value := getattr(self, part.name)) != part.default
        }

    def shape(self, given: Shape) -> Shape:
        """Of its output, from that of its input. Raises ValueError where it can't read that."""
        raise NotImplementedError

    def arguments(self, given: Shape) -> tuple[tuple[Any, ...], Mapping[str, Any]]:
        """What torch's class is called with, by position and by name, to read `given`."""
        return (), {}

    def parameters(self, given: Shape) -> int:
        """How many numbers of it are trained."""
        return 0

    def multiplications(self, given: Shape) -> int:
        """By a weight, for one picture."""
        return 0

    def window(self, given: Shape) -> Window | None:
        """What a unit reads of the maps before it; None where it reads one place, or all."""
        return None

    @classmethod
    def module_class(cls) -> type["nn.Module"]:
        from torch import nn

        return getattr(nn, cls.torch_name)

    def module(self, given: Shape) -> "nn.Module":
        """torch's module, its weights drawn from torch's generator."""
        by_position, by_name = self.arguments(given)
        return self.module_class()(*by_position, **by_name)

    def line(self, given: Shape) -> str:
        """The same as Python: "nn.Conv2d(1, 4, 3)"."""
        by_position, by_name = self.arguments(given)
        said = [*map(repr, by_position), *(f"{name}={value!r}" for name, value in by_name.items())]
        return f"nn.{self.torch_name}({', '.join(said)})"

    @staticmethod
    def hyperparameters(module: Any) -> dict[str, Any]:
        """What the view is told of a module of this kind. Raises ValueError for what it can't show.

        Modules come from anywhere, so they may say more than this kind's fields.
        """
        return {}

    @staticmethod
    def gradient_factors(
        module: Any, given: "Tensor", gradient: "Tensor", parameter: str, place: tuple[int, ...]
    ) -> tuple["Tensor", "Tensor"]:
        """How the loss's gradient by one trained number of a module comes about: as a sum of
        products, the gradient of what it made times what it multiplied there.

        `given` (B, …) is what the module read, `gradient` (B, …) the loss's gradient by what it
        made; the number is `parameter` at `place`. Both factors have the shape of the places where
        the number was used: (B, H', W') of a convolution, (B,) of a linear layer.
        """
        raise NotImplementedError

    @classmethod
    def onnx(cls, graph: Graph, module: Any) -> None:
        """Add the module to an ONNX graph. Raises ValueError for a setting it doesn't know."""
        raise NotImplementedError

    @classmethod
    def of_onnx(cls, node: "Node") -> OfNode | None:
        """The same layer as a node of a file, or None where that changes nothing.

        Raises ValueError for a setting that this kind doesn't have.
        """
        return OfNode(cls())


def pair(value: int | tuple[int, ...]) -> list[int]:
    """Rows and columns: torch keeps one number where both are the same."""
    return [value, value] if isinstance(value, int) else [int(part) for part in value]


def window_of(module: Any) -> dict[str, list[int]]:
    """What a module of torch that slides a window says of it, rows and columns."""
    return {
        "kernel": pair(module.kernel_size),
        "stride": pair(module.stride),
        "padding": pair(module.padding),
    }


def written(value: float) -> str:
    """The shortest text that is read as exactly this number: 3, 0.01, 1e-05."""
    return repr(value).removesuffix(".0")


def single(value: float) -> float:
    """The shortest decimal number that is `value` in single precision: 0.01, which a file of
    single precision has as 0.009999999776."""
    import numpy as np

    return float(str(np.float32(value)))
