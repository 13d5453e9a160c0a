"""A node of an ONNX file, as the kinds of layers read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.networks.kinds.shapes import Shape, times

Array = NDArray[Any]


@dataclass
class Node:
    """A node whose first input is the network's values, and all that it is told besides.

    `given` is the shape of those values without the batch's dimension; `zeros` are the rows and
    columns that a Pad before it puts around the maps, above, left, below and right, and
    `take_zeros` says that the node's layer counts them in. Each attribute that is asked for is
    known; `check_known` refuses the others.
    """

    name: str
    operator: str
    opset: int
    batch: int
    inputs: Sequence[str]
    outputs: Sequence[str]
    attributes: Mapping[str, Any]
    constants: Mapping[str, Array]
    given: Shape = ()
    zeros: tuple[int, int, int, int] = (0, 0, 0, 0)
    asked: set[str] = field(default_factory=set)

    @property
    def title(self) -> str:
        return f"node {self.name:.60} ({self.operator:.40})"

    def integer(self, name: str, default: int) -> int:
        value = self._attribute(name, default)
        if not isinstance(value, int):
            raise ValueError(f"{name} should be a whole number")
        return value

    def real(self, name: str, default: float) -> float:
        value = self._attribute(name, default)
        if not isinstance(value, int | float):
            raise ValueError(f"{name} should be a number")
        return value

    def integers(self, name: str, default: Sequence[int] = ()) -> tuple[int, ...]:
        value = self._attribute(name, default)
        if not isinstance(value, list | tuple) or not all(isinstance(n, int) for n in value):
            raise ValueError(f"{name} should be a list of whole numbers")
        return tuple(value)

    def text(self, name: str, default: str) -> str:
        value = self._attribute(name, default.encode())
        if not isinstance(value, bytes):
            raise ValueError(f"{name} should be a text")
        return value.decode(errors="replace")

    def ignore(self, *names: str) -> None:
        """Of these attributes no value changes what is computed here."""
        self.asked.update(names)

    def tensor(self, place: int) -> Array | None:
        """The constant that is its input number `place`, from 0; None where it has none.

        Raises ValueError where that is computed from the picture.
        """
        if place >= len(self.inputs) or not self.inputs[place]:
            return None
        name = self.inputs[place]
        if name not in self.constants:
            raise ValueError(f"its input {name:.60} isn't a constant of the file")
        return self.constants[name]

    def weights(self, place: int, dimensions: int | None = None) -> Array | None:
        """The same of numbers with a fraction, of so many dimensions."""
        array = self.tensor(place)
        if array is None:
            return None
        if array.dtype not in (np.float32, np.float64):
            raise ValueError(f"its weights are {array.dtype}; float32 or float64 can be read")
        if dimensions is not None and array.ndim != dimensions:
            said = f"{array.ndim} dimension{'s' * (array.ndim != 1)}"
            raise ValueError(f"its weights have {said} ({times(array.shape)}), not {dimensions}")
        return array

    def whole(self, place: int) -> tuple[int, ...] | None:
        """The same of a list of whole numbers."""
        array = self.tensor(place)
        if array is None:
            return None
        if array.dtype.kind not in "iu" or array.size > 16:
            raise ValueError(f"its input {self.inputs[place]:.60} isn't a short list of numbers")
        return tuple(int(n) for n in array.reshape(-1))

    def take_zeros(self) -> tuple[int, int, int, int]:
        zeros, self.zeros = self.zeros, (0, 0, 0, 0)
        return zeros

    def check_known(self) -> None:
        """Raises ValueError for an attribute that nobody asked for, or zeros that nobody took."""
        if any(self.zeros):
            raise ValueError("a Pad comes before it, which only a Conv or AveragePool can count in")
        if more := sorted(self.attributes.keys() - self.asked):
            raise ValueError(f"its attribute {more[0]:.40} isn't known here")

    def _attribute(self, name: str, default: Any) -> Any:
        self.asked.add(name)
        return self.attributes.get(name, default)
