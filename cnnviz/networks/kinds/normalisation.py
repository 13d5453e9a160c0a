"""Normalize: a data set's own mean and standard deviation, taken off before anything is learnt."""

from dataclasses import dataclass, fields
from math import prod
from typing import TYPE_CHECKING, Any

from cnnviz.drawing.frames import LEAST_STD
from cnnviz.networks.kinds.layer import Graph, Layer, number
from cnnviz.networks.kinds.shapes import Shape, need_maps

if TYPE_CHECKING:
    from torch import nn


def _mean(**more: Any) -> Any:
    return number(-1000, 1000, whole=False, **more)


def _std(**more: Any) -> Any:
    return number(LEAST_STD, 1000, whole=False, **more)


@dataclass(frozen=True)
class Normalize(Layer):
    """torchvision's `transforms.Normalize`: each channel less its mean, over its standard
    deviation. One of each for one channel, three for three; of six digits each."""

    kind = "normalize"
    torch_name = "Normalize"
    prefix = "normalize"
    numbered = False
    same_place = True
    usual = (0.5, 0.5)
    imports = ("from torchvision import transforms",)
    words = "Subtracts a fixed mean from each channel and divides by a fixed standard deviation."

    mean: float = _mean()
    std: float = _std()
    mean2: float | None = _mean(default=None, optional=True)
    std2: float | None = _std(default=None, optional=True)
    mean3: float | None = _mean(default=None, optional=True)
    std3: float | None = _std(default=None, optional=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        for part in fields(self):
            if (value := getattr(self, part.name)) is not None:
                object.__setattr__(self, part.name, float(f"{value:g}"))
        given = [getattr(self, part.name) is not None for part in fields(self)]
        if sum(given) not in (2, 6):
            raise ValueError(
                "normalize takes a mean and a standard deviation for one channel (mean, std), "
                "or for three (mean2, std2, mean3, std3 too)"
            )

    @classmethod
    def of(cls, mean: tuple[float, ...], std: tuple[float, ...]) -> "Normalize":
        """Of a number each a channel. Raises ValueError for another count than 1 or 3."""
        if len(mean) != len(std) or len(mean) not in (1, 3):
            raise ValueError(f"normalize takes 1 or 3 channels, got {len(mean)} and {len(std)}")
        return cls(*(value for pair in zip(mean, std, strict=True) for value in pair))

    @property
    def means(self) -> tuple[float, ...]:
        """A number a channel."""
        return tuple(v for v in (self.mean, self.mean2, self.mean3) if v is not None)

    @property
    def deviations(self) -> tuple[float, ...]:
        """A number a channel."""
        return tuple(v for v in (self.std, self.std2, self.std3) if v is not None)

    def shape(self, given: Shape) -> Shape:
        need_maps(given)
        if given[0] != len(self.means):
            raise ValueError(f"it has numbers for {len(self.means)} channels, and gets {given[0]}")
        return given

    def arguments(self, given: Shape) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.means, self.deviations), {}

    def multiplications(self, given: Shape) -> int:
        return prod(given)

    @classmethod
    def module_class(cls) -> "type[nn.Module]":
        # It takes a second to import, and few networks have one.
        from torchvision import transforms

        return transforms.Normalize

    def line(self, given: Shape) -> str:
        return f"transforms.Normalize({self.means!r}, {self.deviations!r})"

    @staticmethod
    def hyperparameters(module: Any) -> dict[str, Any]:
        mean, std = ([float(value) for value in part] for part in (module.mean, module.std))
        return {"mean": mean, "std": std}

    @classmethod
    def onnx(cls, graph: Graph, module: Any) -> None:
        import torch

        mean, std = torch.tensor(module.mean), torch.tensor(module.std)
        tensors = {
            "weight": torch.ones_like(mean),
            "bias": torch.zeros_like(mean),
            "mean": mean,
            "variance": std.double().square().float(),
        }
        names = [graph.constant(key, tensor) for key, tensor in tensors.items()]
        graph.node("BatchNormalization", *names, epsilon=0.0)
