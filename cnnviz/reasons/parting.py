"""Where two pictures part ways in a network: layer by layer, map by map."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from cnnviz.networks.trace import Trace

APART = 0.5
"""A map that changes by this share of its own size has parted."""


@dataclass(frozen=True, eq=False)
class Parting:
    """How a `layer` differs: by a `share` of its size (the length of the difference over that of
    the values before, both L2), and most in its map `channel`, by a `most` of that map's."""

    layer: str
    share: float
    channel: int
    most: float
    before: Tensor
    after: Tensor


def partings(before: Trace, after: Trace) -> list[Parting]:
    """A row for each layer of maps (C, H, W), with the map (H, W) that changes most in both.

    A map counts that has at least a tenth of the largest one's size: others are next to nothing,
    and change by a multiple of it.
    """
    found = []
    for old, new in zip(before.layers, after.layers, strict=True):
        if old.values.ndim != 3:
            continue
        sizes = old.values.flatten(1).norm(dim=1)
        changes = (new.values - old.values).flatten(1).norm(dim=1)
        if float(sizes.max()) == 0:
            continue
        shares = (changes / sizes.clamp_min(1e-12)).where(sizes >= sizes.max() / 10, 0.0)
        at = int(shares.argmax())
        found.append(
            Parting(
                old.name,
                float(changes.norm() / sizes.norm()),
                at,
                float(shares[at]),
                old.values[at],
                new.values[at],
            )
        )
    return found


def first_apart(found: list[Parting]) -> Parting | None:
    """The first whose map has changed by `APART`; where none has, the one that changed most."""
    for each in found:
        if each.most >= APART:
            return each
    return max(found, key=lambda each: each.most, default=None)
