"""What the pictures of a data set look like, so that a drawing can be made to look like them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeGuard

Middle = Literal["mass", "box"]
Ground = Literal["black", "white"]

SMALLEST_SIDE, LARGEST_SIDE = 8, 64
CHANNELS = (1, 3)
SHAPE = (1, 28, 28)
LEAST_STD = 1e-3
"""Of a channel: less would make numbers of it that are too large."""


@dataclass(frozen=True)
class Frame:
    """Pictures `shape` (C, H, W) of values in [0, 1], C 1 or 3 and sides of 8 to 64 pixels.

    A drawing is cropped to its ink, whose longer side becomes `box` pixels, and put where its
    `middle`, the centre of mass or that of the ink's box, is the picture's; with `box` None it
    stays where it was drawn. Ink is light on a `ground` of black, or dark on white.
    The default is MNIST's.

    `mean` and `std`, a number a channel, are what a network for such pictures takes off and divides
    by first, where it does: it begins with a layer that does so, and what is drawn, shown and
    exported are pictures in [0, 1] all the same.

    Raises ValueError naming the part, its value and what it may be.
    """

    shape: tuple[int, int, int] = SHAPE
    box: int | None = 20
    middle: Middle = "mass"
    ground: Ground = "black"
    mean: tuple[float, ...] | None = None
    std: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        check_shape(self.shape)
        side = min(self.height, self.width)
        if self.box is not None and not (is_whole(self.box) and 1 <= self.box <= side):
            raise ValueError(f"box must be a whole number from 1 to {side}, got {self.box!r:.40}")
        for name, known in (("middle", ("mass", "box")), ("ground", ("black", "white"))):
            if (value := getattr(self, name)) not in known:
                raise ValueError(f"{name} must be {' or '.join(known)}, got {value!r:.40}")

        if (self.mean is None) != (self.std is None):
            raise ValueError("mean and std must be given together")
        for name, low in (("mean", -1000), ("std", LEAST_STD)):
            values = getattr(self, name)
            if values is None:
                continue
            if (
                not isinstance(values, tuple)
                or len(values) != self.channels
                or not all(_is_number(value) and low <= value <= 1000 for value in values)
            ):
                raise ValueError(
                    f"{name} must be {self.channels} numbers from {low} to 1000, got {values!r:.60}"
                )

    @property
    def channels(self) -> int:
        return self.shape[0]

    @property
    def height(self) -> int:
        return self.shape[1]

    @property
    def width(self) -> int:
        return self.shape[2]

    @property
    def pixels(self) -> str:
        """Its size in words: rows and columns."""
        return f"{self.height}×{self.width}"

    @property
    def paper(self) -> float:
        """What a pixel without ink is."""
        return 1.0 if self.ground == "white" else 0.0

    def to_dict(self) -> dict[str, Any]:
        """As JSON; `from_dict` reads it."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if name not in ("mean", "std") or value is not None
        }

    @classmethod
    def from_dict(cls, described: Mapping[str, Any]) -> "Frame":
        """What `to_dict` gave. Raises ValueError for whatever else it may be."""
        try:
            tuples = {
                name: tuple(described[name])
                for name in ("shape", "mean", "std")
                if name == "shape" or described.get(name) is not None
            }
            return cls(**{**described, **tuples})
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a frame of pictures: {error}") from None

    @classmethod
    def like_mnist(cls, shape: tuple[int, int, int]) -> "Frame":
        """What is known of pictures whose shape alone is known: of one channel, as MNIST's are,
        the box as large for the side; in colour, a page as it lies."""
        check_shape(shape)
        if shape[0] > 1:
            return cls(shape, box=None, ground="white")
        return cls(shape, box=max(1, round(min(shape[1:]) * 20 / 28)))


def check_shape(shape: Any) -> None:
    """Raises ValueError for anything but 1 or 3 channels of 8 to 64 rows and columns."""
    if (
        not isinstance(shape, tuple)
        or len(shape) != 3
        or not all(map(is_whole, shape))
        or shape[0] not in CHANNELS
        or not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in shape[1:])
    ):
        raise ValueError(
            f"picture must be 1 or 3 channels of {SMALLEST_SIDE} to {LARGEST_SIDE} rows and "
            f"columns, got {shape!r:.80}"
        )


def is_whole(value: Any) -> TypeGuard[int]:
    """Whether it is a whole number, and not True or False."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


MNIST = Frame()
