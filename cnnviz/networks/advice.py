"""What is wrong with a list of layers, and one change or two that would do.

Changes are tried, not reasoned about: only one after which the list fits is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

from cnnviz.networks.kinds import Flatten, Linear, MaxPool2d
from cnnviz.networks.kinds.layer import Layer, range_of
from cnnviz.networks.kinds.shapes import Shape, times
from cnnviz.networks.steps import Step, StuckError, names_of, walk
from cnnviz.spelling import count

MOST_LAYERS = 16
MOST_PARAMETERS = 2_000_000
MOST_MULTIPLICATIONS = 20_000_000


@dataclass(frozen=True)
class Wanted:
    """What a network must read and say: pictures (C, H, W), and scores of so many classes."""

    picture: Shape
    classes: int
    most_multiplications: int | None = MOST_MULTIPLICATIONS


@dataclass(frozen=True)
class Problem:
    """What stands in the way at layer `index`; what is looked at later has a higher `stage`."""

    index: int
    reason: str
    stage: int

    def comes_after(self, other: "Problem", longer: int) -> bool:
        """Whether more fits than with `other`, found in a list so many layers shorter."""
        return (self.stage, self.index - longer) > (other.stage, other.index)


Layers = tuple[Layer, ...]
Change = tuple[str, Layers]


def problem(layers: Sequence[Layer], wanted: Wanted) -> Problem | None:
    """The first there is, or None where `layers` fit."""
    if not 1 <= len(layers) <= MOST_LAYERS:
        reason = f"a network has 1 to {MOST_LAYERS} layers, and this one {len(layers)}"
        return Problem(len(layers) - 1, reason, stage=0)
    try:
        steps = walk(layers, wanted.picture)
    except StuckError as stuck:
        return Problem(stuck.index, str(stuck), stage=1)
    last = steps[-1]
    if last.shape != (wanted.classes,):
        made = f"{last.shape[0]} numbers" if len(last.shape) == 1 else f"{times(last.shape)} maps"
        reason = f"it ends the network with {made}, and there are {wanted.classes} classes"
        return Problem(len(steps) - 1, reason, stage=2)
    return _too_much(steps, "parameters", MOST_PARAMETERS) or _too_much(
        steps, "multiplications", wanted.most_multiplications
    )


def _too_much(steps: Sequence[Step], what: str, most: int | None) -> Problem | None:
    counts = [getattr(step, what) for step in steps]
    if most is None or sum(counts) <= most:
        return None
    index = counts.index(max(counts))
    return Problem(
        index,
        f"with {count(counts[index])} here the network has {count(sum(counts))} {what}, "
        f"more than the {count(most)} it may have",
        stage=3,
    )


def in_words(layers: Layers, wanted: Wanted, found: Problem) -> str:
    """ "pool3: 1×1 is smaller than the 2×2 window; give conv3 padding 1, or take pool3 out"."""
    of_all = found.stage == 0
    reason = found.reason if of_all else f"{names_of(layers)[found.index]}: {found.reason}"
    changes = ", or ".join(_changes(layers, wanted, found))
    return f"{reason}; {changes}" if changes else reason


def _changes(layers: Layers, wanted: Wanted, found: Problem) -> list[str]:
    """The first change of each sort after which all fits, else after which more of it does."""
    sorts = [list(sort) for sort in _sorts(layers, wanted, found.index)]
    for entirely in (True, False):
        told = []
        for sort in sorts:
            for words, changed in sort:
                left = problem(changed, wanted)
                longer = len(changed) - len(layers)
                if left is None or (not entirely and left.comes_after(found, longer)):
                    told.append(words)
                    break
        if told:
            return told[:2]
    return []


def _sorts(layers: Layers, wanted: Wanted, index: int) -> Iterator[Iterator[Change]]:
    if not layers:
        yield iter([_put(layers, len(layers), Flatten(), Linear(wanted.classes))])
        return
    yield _given_numbers(layers, wanted, index)
    yield _added(layers, wanted, index)
    yield _taken_out(layers, index)


def _given_numbers(layers: Layers, wanted: Wanted, index: int) -> Iterator[Change]:
    """One number of one layer is another; those nearest to layer `index` first."""
    names = names_of(layers)
    for at in range(index, -1, -1):
        layer = layers[at]
        numbers = {part.name: range_of(part) for part in fields(layer)}
        # Of layers with a width of their own: no other number of a layer is free.
        if layer.width is None:
            continue
        tried = [(layer.width, n) for n in _fewer(getattr(layer, layer.width), wanted)]
        if (padding := numbers.get("padding")) is not None:
            now = layer.padding  # type: ignore[attr-defined]  # it has such a field
            tried += [("padding", n) for n in range(now + 1, int(padding.high) + 1)]
        if at == index:
            for name in ("dilation", "kernel"):
                tried += [(name, n) for n in range(getattr(layer, name, 1) - 1, 0, -1)]
        for name, value in tried:
            try:
                changed = replace(layer, **{name: value})
            except ValueError:
                continue
            said = f"{value} {name}" if name == layer.width else f"{name} {value}"
            yield f"give {names[at]} {said}", (*layers[:at], changed, *layers[at + 1 :])


def _fewer(now: int, wanted: Wanted) -> Iterator[int]:
    """Half as many, again and again, and as many as there are classes."""
    half = now
    while (half := half // 2) >= 1:
        yield half
    if now != wanted.classes:
        yield wanted.classes


def _added(layers: Layers, wanted: Wanted, index: int) -> Iterator[Change]:
    """A layer more, or `flatten` further back."""
    names = names_of(layers)
    yield _put(layers, index, Flatten())
    for at, layer in enumerate(layers[:index]):
        if isinstance(layer, Flatten):
            behind = index
            while behind + 1 < len(layers) and not isinstance(layers[behind + 1], Linear | Flatten):
                behind += 1
            moved = (*layers[:at], *layers[at + 1 : behind + 1], layer, *layers[behind + 1 :])
            yield f"move {names[at]} behind {names[behind]}", moved
    yield _put(layers, len(layers), Linear(wanted.classes))
    yield _put(layers, len(layers), Flatten(), Linear(wanted.classes))
    for at in range(index, -1, -1):
        yield _put(layers, at, MaxPool2d(2))


def _put(layers: Layers, at: int, *more: Layer) -> Change:
    said = " and ".join(map(str, more))
    place = f"before {names_of(layers)[at]}" if at < len(layers) else "at the end"
    return f"put {said} {place}", (*layers[:at], *more, *layers[at:])


def _taken_out(layers: Layers, index: int) -> Iterator[Change]:
    names = names_of(layers)
    for at in range(index, -1, -1):
        yield f"take {names[at]} out", (*layers[:at], *layers[at + 1 :])
