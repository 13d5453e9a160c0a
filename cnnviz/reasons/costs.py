"""What a change costs in general: the accuracy of the changed network, class by class.

The test pictures go once through the network as it is, and what each layer with weights reads is
kept. After a change only the layers behind it are computed anew, and of the first of them only the
maps that are changed; what comes before is taken from what was kept.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from cnnviz.datasets.stored import Unavailable
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.modes import evaluating
from cnnviz.reasons.changes import Change, Changes, shapes_of, with_places
from cnnviz.reasons.examples import Examples, examples, seen

MOST_KEPT = 128 * 2**20
"""Bytes of what is kept in front of the layers, of one network."""
MOST_SECONDS = 5.0
"""For the network as it is; a slow one is tested on the pictures that there is time for."""
_BATCH = 500
_EXAMPLES = 2


@dataclass(frozen=True, eq=False)
class Cost:
    """Of each of K classes: `count` pictures, of which `before` and `after` are read rightly, all
    (K,). `newly_wrong` are the numbers of pictures that only the changed network gets wrong, the
    most confident first, and `read_as` what it reads them as."""

    count: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    newly_wrong: tuple[int, ...]
    read_as: tuple[int, ...]

    @property
    def accuracy(self) -> tuple[float, float]:
        """Of all pictures, before and after, 0 to 1."""
        total = int(self.count.sum())
        return float(self.before.sum() / total), float(self.after.sum() / total)

    def of_class(self, k: int) -> tuple[float, float]:
        """The same of one class; 0 where there are no pictures of it."""
        count = max(int(self.count[k]), 1)
        return float(self.before[k] / count), float(self.after[k] / count)

    @property
    def worst(self) -> int:
        """The class that loses the largest share of its pictures."""
        return int(np.argmax((self.before - self.after) / np.maximum(self.count, 1)))


class Behind:
    """A network and test pictures, with what is kept to see quickly what a change costs.

    `read` (N,) is what the network says of each picture, without a change.
    """

    def __init__(self, model: nn.Sequential, tests: Examples) -> None:
        self.model = model
        channels, height, width = tests.images.shape[1:]
        self.picture = (int(channels), int(height), int(width))
        self.shapes = shapes_of(model, self.picture)
        self.segments = _segments(model)
        inputs = [self._shape_before(segment[0][0]) for segment in self.segments[1:]]
        each = sum(4 * int(np.prod(shape)) for shape in inputs)
        most = max(_BATCH, MOST_KEPT // max(each, 1))
        self._kept: list[list[Tensor]] = [[] for _ in self.segments]
        read = []
        end = time.perf_counter() + MOST_SECONDS
        with evaluating(model), torch.inference_mode():
            for values in torch.from_numpy(tests.images[:most]).split(_BATCH):
                for kept, segment in zip(self._kept, self.segments, strict=True):
                    kept.append(values)
                    values = _run(segment, seen(values), {})
                read.append(values.argmax(1))
                if time.perf_counter() > end:
                    break
        self.read = torch.cat(read)
        self.tests = tests.first(len(self.read))
        if not len(self.tests):
            raise Unavailable(f"{tests.dataset.title} has no test pictures.")

    def _shape_before(self, name: str) -> tuple[int, ...]:
        names = ["input", *self.model._modules]
        return self.shapes[names[names.index(name) - 1]]

    def means(self, targets: Sequence[str]) -> dict[str, float]:
        """What maps, over their positions, and units are on average over the pictures, by target
        as `Changes` writes it. Raises ValueError for one that is no map or unit."""
        wanted = [Changes.parse(f"{target}=mean").changes[0] for target in targets]
        Changes(tuple(wanted)).check(self.model, self.picture)
        return {change.target: self._mean(change) for change in wanted}

    def _mean(self, change: Change) -> float:
        at = self._segment_of(change.layer)
        segment = self.segments[at]
        through = [name for name, _ in segment].index(change.layer) + 1
        total, count = 0.0, 0
        with torch.inference_mode():
            for values in self._kept[at]:
                made = _run(segment[:through], seen(values), {})[(slice(None), *change.place)]
                total += float(made.double().sum())
                count += made.numel()
        return total / count

    def _segment_of(self, layer: str) -> int:
        return next(
            at for at, segment in enumerate(self.segments) if layer in [name for name, _ in segment]
        )

    def logits(self, changes: Changes) -> Tensor:
        """(N, K) of the changed network. Means must be resolved; pixels of the input are no part of
        the network, and change nothing here."""
        changes = changes.of_network
        touched = [self._segment_of(change.layer) for change in changes]
        first = min(touched, default=len(self.segments) - 1)
        changed = changes.reweighed(self.model).eval()
        segments = _segments(changed)
        places = changes.values_set()
        mine = [change for change, at in zip(changes, touched, strict=True) if at == first]
        maps = self._maps(first, mine)
        made = []
        with torch.inference_mode():
            for batch, values in enumerate(self._kept[first]):
                if maps is None:
                    values = _run(segments[first], seen(values), places)
                else:
                    part = _run_maps(segments[first], seen(values), places, maps, self.shapes)
                    values = self._kept[first + 1][batch].clone()
                    grouped = values.view(len(values), self._count(first), -1)
                    grouped[:, maps] = part.reshape(len(part), len(maps), -1)
                for segment in segments[first + 1 :]:
                    values = _run(segment, values, places)
                made.append(values)
        return torch.cat(made)

    def _count(self, segment: int) -> int:
        return self.shapes[self.segments[segment][0][0]][0]

    def _maps(self, first: int, changes: Sequence[Change]) -> list[int] | None:
        """The only maps of a segment that differ; None where all are to be computed."""
        segment = self.segments[first]
        head = segment[0][1]
        if first + 1 == len(self.segments) or not isinstance(head, nn.Conv2d) or head.groups != 1:
            return None
        if any(list(module.parameters()) for _, module in segment[1:]):
            return None
        flat = next((at for at, (_, m) in enumerate(segment) if isinstance(m, nn.Flatten)), None)
        behind = set() if flat is None else {name for name, _ in segment[flat:]}
        if any(change.layer in behind for change in changes):
            return None
        return sorted({change.place[0] for change in changes})

    def cost(self, changes: Changes) -> Cost:
        """What the changed network reads, held against the network as it is."""
        probabilities = self.logits(changes).softmax(1)
        sure, read = probabilities.max(1)
        labels = torch.from_numpy(self.tests.labels)
        right, right_now = self.read == labels, read == labels
        classes = probabilities.shape[1]
        newly = torch.nonzero(right & ~right_now).flatten()
        newly = newly[sure[newly].argsort(descending=True, stable=True)][:_EXAMPLES]
        count, before, after = (
            torch.bincount(labels[chosen], minlength=classes).numpy()
            for chosen in (torch.ones_like(right), right, right_now)
        )
        return Cost(count, before, after, tuple(newly.tolist()), tuple(read[newly].tolist()))

    def channels(self) -> tuple[str, ...]:
        """Every map of every convolution, as `Changes` writes it."""
        return tuple(
            f"{name}.{channel}"
            for name, module in self.model._modules.items()
            if isinstance(module, nn.Conv2d)
            for channel in range(module.out_channels)
        )


Segment = list[tuple[str, nn.Module]]


def _segments(model: nn.Sequential) -> list[Segment]:
    """The layers, parted before each that has every map read every other."""
    segments: list[Segment] = []
    for name, module in model._modules.items():
        assert module is not None
        if not segments or isinstance(module, nn.Conv2d | nn.Linear):
            segments.append([])
        segments[-1].append((name, module))
    return segments


def _run(
    segment: Segment, values: Tensor, places: dict[str, list[tuple[tuple[int, ...], float]]]
) -> Tensor:
    for name, module in segment:
        values = module(values)
        if name in places:
            values = with_places(values, places[name])
    return values


def _run_maps(
    segment: Segment,
    values: Tensor,
    places: dict[str, list[tuple[tuple[int, ...], float]]],
    maps: list[int],
    shapes: dict[str, tuple[int, ...]],
) -> Tensor:
    """What a segment that begins with a convolution makes of `maps` alone, or (1, …) where they are
    the same for every picture, being set as a whole."""
    start, made = 0, None
    for at, (name, _) in enumerate(segment):
        whole = {place[0]: value for place, value in places.get(name, []) if len(place) == 1}
        if set(maps) <= set(whole):
            start = at + 1
            numbers = torch.tensor([whole[channel] for channel in maps]).view(1, -1, 1, 1)
            made = numbers.expand(1, len(maps), *shapes[name][1:]).contiguous()
            made = _placed(made, places[name], maps)
    if made is None:
        start, convolution = 1, segment[0][1]
        assert isinstance(convolution, nn.Conv2d)
        bias = None if convolution.bias is None else convolution.bias[maps]
        made = _convolved(convolution, values, convolution.weight[maps], bias)
        made = _placed(made, places.get(segment[0][0], []), maps)
    for name, module in segment[start:]:
        made = module(made)
        if name in places:
            made = _placed(made, places[name], maps)
    return made


def _placed(
    values: Tensor, places: Sequence[tuple[tuple[int, ...], float]], maps: list[int]
) -> Tensor:
    return with_places(values, [((maps.index(at), *more), value) for (at, *more), value in places])


def _convolved(layer: nn.Conv2d, values: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    padding = layer.padding
    if layer.padding_mode != "zeros":
        assert not isinstance(padding, str)
        down, across = padding
        values = F.pad(values, (across, across, down, down), mode=layer.padding_mode)
        padding = 0
    return F.conv2d(values, weight, bias, layer.stride, padding, layer.dilation)


@lru_cache(maxsize=2)
def behind(checkpoint: Checkpoint) -> Behind:
    """Made once a network; of the last two it is kept.

    Raises `Unavailable` where there are no pictures to test it with.
    """
    return Behind(checkpoint.model, examples(checkpoint))
