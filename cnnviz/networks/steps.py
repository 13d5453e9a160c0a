"""A list of layers, step by step: names, shapes and what each costs. No torch."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cnnviz.networks.kinds.layer import Layer
from cnnviz.networks.kinds.shapes import Shape


@dataclass(frozen=True)
class Step:
    """A layer at its place: what it reads and makes, without the batch's dimension.

    `receptive_field` is how many rows and columns of the picture one of its units sees, as if the
    picture had no edges.
    """

    name: str
    layer: Layer
    given: Shape
    shape: Shape
    receptive_field: tuple[int, int]

    @property
    def parameters(self) -> int:
        return self.layer.parameters(self.given)

    @property
    def multiplications(self) -> int:
        """For one picture."""
        return self.layer.multiplications(self.given)


class StuckError(ValueError):
    """The layer of number `index` can't read what the one before it makes."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(reason)
        self.index = index


def names_of(layers: Sequence[Layer | type[Layer]]) -> list[str]:
    """As attributes and keys of a state dict: conv1, relu1, pool1, …, flatten, fc."""
    count = Counter(layer.prefix for layer in layers)
    so_far: Counter[str] = Counter()
    names = []
    for layer in layers:
        so_far[layer.prefix] += 1
        alone = count[layer.prefix] == 1 and not layer.numbered
        names.append(layer.prefix if alone else f"{layer.prefix}{so_far[layer.prefix]}")
    return names


def walk(layers: Sequence[Layer], picture: Shape) -> list[Step]:
    """The steps of `layers` on pictures (C, H, W). Raises StuckError where one doesn't fit."""
    steps: list[Step] = []
    shape = picture
    field, jump = _Sides(1, 1), _Sides(1, 1)
    sides = _Sides(*picture[1:])  # of the maps that a vector was made of
    for index, (name, layer) in enumerate(zip(names_of(layers), layers, strict=True)):
        given = shape
        try:
            shape = layer.shape(given)
        except ValueError as error:
            raise StuckError(index, str(error)) from None
        if len(given) == 3:
            sides = _Sides(*given[1:])
        if (window := layer.window(given)) is not None:
            field = field.grown(_Sides(*window.extent), jump)
            jump = _Sides(jump.rows * window.stride[0], jump.columns * window.stride[1])
        elif len(given) == 1 and layer.width is not None:
            # It reads all of the maps there were.
            field, sides = field.grown(sides, jump), _Sides(1, 1)
        steps.append(Step(name, layer, given, shape, (field.rows, field.columns)))
    return steps


@dataclass(frozen=True)
class _Sides:
    rows: int
    columns: int

    def grown(self, extent: "_Sides", jump: "_Sides") -> "_Sides":
        """By a window of that extent, whose cells lie `jump` pixels apart."""
        return _Sides(
            self.rows + (extent.rows - 1) * jump.rows,
            self.columns + (extent.columns - 1) * jump.columns,
        )
