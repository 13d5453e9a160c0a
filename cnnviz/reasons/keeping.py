"""A changed network as weights to keep: what is switched off is made so by its own weights."""

import torch
from torch import Tensor, nn

from cnnviz.reasons.changes import Change, Changes, shapes_of


def kept(changes: Changes, model: nn.Sequential, picture: tuple[int, int, int]) -> nn.Sequential:
    """A copy of `model` with `changes` in its weights alone, that gives the same logits.

    A map, or a unit of a vector, that is set to a number is made so where it comes from: its
    weights become 0 and its bias that number. Pixels of the input are no part of a network, and
    are left out. Means must be resolved.

    Raises ValueError for what no weights do, naming it and why: a single unit of a map, since all
    of a map's units share one kernel; a map that nothing with a bias makes; a number that
    what follows, a ReLU say, doesn't let through.
    """
    made = changes.reweighed(model)
    shapes = shapes_of(model, picture)
    order = list(model._modules)
    # The last layer that sets a map is the one that counts, in whatever order they were written.
    for change in sorted(changes.of_network, key=lambda change: order.index(change.layer)):
        if not change.of_weights:
            _silence(made, change, shapes)
    return made


def _silence(model: nn.Sequential, change: Change, shapes: dict[str, tuple[int, ...]]) -> None:
    """Have the weights before `change` make what it sets."""
    if len(change.place) != 1:
        raise ValueError(
            f"{change.target} can't be kept as weights: it is one unit, and all units of its map "
            "share one kernel and one bias"
        )
    names = list(model._modules)
    at = names.index(change.layer)
    # From the layer that is set back to the one with weights, through those that keep maps apart.
    source = at
    while source >= 0 and getattr(model._modules[names[source]], "weight", None) is None:
        if isinstance(model._modules[names[source]], nn.Flatten):
            break
        source -= 1
    module = model._modules[names[source]] if source >= 0 else None
    if module is None or getattr(module, "bias", None) is None:
        raise ValueError(
            f"{change.target} can't be kept as weights: no layer before it makes it alone, with "
            "weights and a bias"
        )
    (channel,), value = change.place, change.number
    with torch.no_grad():
        after: Tensor = torch.full((1, *shapes[names[source]]), value)
        for name in names[source + 1 : at + 1]:
            follower = model._modules[name]
            assert follower is not None
            after = follower(after)
    if not bool((after == value).all()):
        behind = names[source + 1]
        raise ValueError(
            f"{change.target} can't be kept as weights: {names[source]} can make it {value:g}, but "
            f"{behind} doesn't let that through"
        )
    with torch.no_grad():
        module.weight[channel] = 0.0  # type: ignore[index,union-attr]
        module.bias[channel] = value  # type: ignore[index,union-attr]
