"""One trained number of a network: how its gradient comes about, and what a step makes of it."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cnnviz.networks.kinds import kind_of
from cnnviz.reasons.backward import Pass
from cnnviz.reasons.step import Step

SHOWN = 8
"""Terms that are shown one by one."""


@dataclass(frozen=True)
class Number:
    """One trained number: `parameter` ("conv1.weight") at `place` ((0, 0, 2, 1))."""

    parameter: str
    place: tuple[int, ...]

    @property
    def layer(self) -> str:
        return self.parameter.rpartition(".")[0]

    @property
    def tensor(self) -> str:
        """weight or bias"""
        return self.parameter.rpartition(".")[2]

    def __str__(self) -> str:
        """As Python has it: conv1.weight[0,0,2,1]."""
        return f"{self.parameter}[{','.join(map(str, self.place))}]"

    @classmethod
    def read(cls, text: str, model: nn.Module) -> "Number":
        """What `str` gave. Raises ValueError naming what isn't there and what would be."""
        name, bracket, rest = text.replace(" ", "").partition("[")
        shapes = {n: tuple(p.shape) for n, p in model.named_parameters()}
        if name not in shapes:
            raise ValueError(
                f"there is no tensor {name[:40]!r} in this network; it has {', '.join(shapes)}"
            )
        shape = shapes[name]
        parts = rest.removesuffix("]").split(",") if bracket and rest.endswith("]") else []
        digits = all(part.isascii() and part.isdigit() and len(part) < 9 for part in parts)
        if not digits or len(parts) != len(shape):
            example = ",".join("0" for _ in shape)
            raise ValueError(
                f"a number of {name} is written like {name}[{example}], got {text!r:.60}"
            )
        place = tuple(map(int, parts))
        if any(at >= side for at, side in zip(place, shape, strict=True)):
            most = ",".join(str(side - 1) for side in shape)
            raise ValueError(f"{name} goes from 0 to [{most}], got {text!r:.60}")
        return cls(name, place)


@dataclass(frozen=True)
class Term:
    """Where a number was used: in picture `image`, at `place` of the map that it makes, (row,
    column) or () of a vector. Its `upstream` gradient times the `given` value is the `product`."""

    image: int
    place: tuple[int, ...]
    upstream: float
    given: float
    product: float


@dataclass(frozen=True, eq=False)
class Gradient:
    """A number's gradient as a sum: the `largest` terms by size, and the `rest` of them summed.

    `products` has all of them, (B, H', W') or (B,); `value` is torch.autograd's.
    """

    number: Number
    largest: tuple[Term, ...]
    rest: float
    count: int
    value: float
    products: Tensor


@dataclass(frozen=True)
class Change:
    """What a step made of a number: `new` = `old` + `by`. `average` and `square` are Adam's moments
    after the step, `average` alone the velocity of momentum; None where there is none."""

    old: float
    gradient: float
    new: float
    average: float | None = None
    square: float | None = None
    steps: int | None = None
    average_before: float | None = None
    square_before: float | None = None

    @property
    def by(self) -> float:
        return self.new - self.old


def gradient_of(model: nn.Sequential, there: Pass, number: Number) -> Gradient:
    """The terms of `number`'s gradient in a pass of `model`.

    Raises:
        ValueError: where the network hasn't got it.
    """
    Number.read(str(number), model)
    at = list(model._modules).index(number.layer)
    module = model[at]
    upstream, given = kind_of(module).gradient_factors(
        module, there.reached[at], there.gradients[at + 1], number.tensor, number.place
    )
    upstream, given = upstream.double(), given.double()
    products = upstream * given
    flat = products.flatten()
    order = flat.abs().argsort(descending=True, stable=True)[:SHOWN].tolist()
    terms = []
    for index in order:
        image, *place = (int(i) for i in torch.unravel_index(torch.tensor(index), products.shape))
        where = (image, *place)
        terms.append(
            Term(
                image,
                tuple(place),
                float(upstream[where]),
                float(given[where]),
                float(products[where]),
            )
        )
    rest = float(flat.sum()) - sum(term.product for term in terms)
    return Gradient(
        number=number,
        largest=tuple(terms),
        rest=rest if len(flat) > len(terms) else 0.0,
        count=len(flat),
        value=float(there.parameters[number.parameter][number.place]),
        products=products,
    )


def change_of(step: Step, number: Number) -> Change:
    """What `step` made of `number`."""
    name, place = number.parameter, number.place
    old, new = (
        float(model.get_parameter(name)[place].detach()) for model in (step.before, step.model)
    )
    gradient = float(step.there.parameters[name][place])

    def moment(kept: object, *keys: str) -> float | None:
        if isinstance(kept, dict):
            for key in keys:
                if key in kept:
                    return float(kept[key][place])
        return None

    after, before = step.moments.get(name), step.kept.get(name)
    steps = int(after["step"]) if after and "step" in after else None
    return Change(
        old=old,
        gradient=gradient,
        new=new,
        average=moment(after, "exp_avg", "momentum_buffer"),
        square=moment(after, "exp_avg_sq"),
        steps=steps,
        average_before=moment(before, "exp_avg", "momentum_buffer"),
        square_before=moment(before, "exp_avg_sq"),
    )
