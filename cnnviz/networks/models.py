"""Networks of torch: the article's, any other list of layers, and the one without convolution."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from torch import nn

from cnnviz.drawing.classes import MOST_CLASSES
from cnnviz.drawing.frames import SHAPE, check_shape
from cnnviz.networks.architecture import CLASSES, Architecture, without_convolution
from cnnviz.networks.kinds import Normalize
from cnnviz.networks.notation import layer_of
from cnnviz.networks.seeding import seeded
from cnnviz.networks.steps import Step, walk

UNTRAINED_SEED = 42


class SimpleCNN(nn.Sequential):
    """A list of layers as named modules, so that hooks see every step; the article's by default.

    (B, C, H, W) -> (B, classes) logits. The article's state-dict keys are those of a plain class
    with the same attribute names. Parameters are created in the layers' order, so a seed gives the
    article's initial weights.
    """

    def __init__(self, architecture: Architecture | None = None) -> None:
        architecture = architecture or Architecture()
        super().__init__(_modules(architecture.steps))
        self.architecture = architecture

    @property
    def steps(self) -> tuple[Step, ...]:
        """Its layers, each with its name and shapes."""
        return self.architecture.steps

    @property
    def picture(self) -> tuple[int, int, int]:
        """What it reads: (C, H, W)."""
        return self.architecture.picture

    @property
    def classes(self) -> int:
        return self.architecture.classes

    def described(self) -> dict[str, Any]:
        """What it is made of, as JSON."""
        return self.architecture.to_dict()


class FullyConnected(nn.Sequential):
    """A network without convolution: (B, C, H, W) -> (B, classes); by default MNIST's.

    With the default three hidden units it has 2,395 parameters, the article's network 2,346. With
    `normalize` that comes first.
    """

    def __init__(
        self,
        hidden: int = 3,
        picture: tuple[int, int, int] = SHAPE,
        classes: int = CLASSES,
        normalize: Normalize | None = None,
    ) -> None:
        check_shape(picture)
        if not isinstance(classes, int) or not 2 <= classes <= MOST_CLASSES:
            raise ValueError(
                f"classes must be a whole number from 2 to {MOST_CLASSES}, got {classes!r:.40}"
            )
        if not isinstance(hidden, int) or not 1 <= hidden <= 4096:
            raise ValueError(f"hidden must be a whole number from 1 to 4096, got {hidden!r}")
        first = () if normalize is None else (normalize,)
        steps = tuple(walk((*first, *without_convolution(hidden, classes)), picture))
        super().__init__(_modules(steps))
        self.steps = steps
        """Its layers, each with its name and shapes."""
        self.hidden = hidden
        self.picture = picture
        self.classes = classes
        self.normalisation = normalize

    def described(self) -> dict[str, Any]:
        """What it is made of, as JSON."""
        return self.description(self.hidden, self.picture, self.classes, self.normalisation)

    @staticmethod
    def description(
        hidden: int,
        picture: tuple[int, int, int],
        classes: int,
        normalize: Normalize | None = None,
    ) -> dict[str, Any]:
        """The same of one that needn't be made for it; what isn't said is MNIST's."""
        others = {"picture": list(picture), "classes": classes}
        usual = (picture, classes) == (SHAPE, CLASSES)
        first = {} if normalize is None else {"normalize": str(normalize)}
        return {"hidden": hidden} | ({} if usual else others) | first

    @classmethod
    def from_dict(cls, described: dict[str, Any]) -> "FullyConnected":
        """What `described` gave. Raises ValueError or TypeError for whatever else it may be."""
        picture = described.get("picture", SHAPE)
        first = described.get("normalize")
        if first is not None:
            first = layer_of(first) if isinstance(first, str) and len(first) < 200 else first
            if not isinstance(first, Normalize):
                raise ValueError(f"normalize must be such a layer, got {first!r:.60}")
            first.shape(tuple(picture))
        return cls(**{**described, "picture": tuple(picture), "normalize": first})


def _modules(steps: Sequence[Step]) -> OrderedDict[str, nn.Module]:
    return OrderedDict((step.name, step.layer.module(step.given)) for step in steps)


def untrained(architecture: Architecture | None = None, seed: int = UNTRAINED_SEED) -> SimpleCNN:
    """The network as it is before training, from `seed`; the global generator is left alone."""
    with seeded(seed):
        return SimpleCNN(architecture).eval()


def parameter_count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())
