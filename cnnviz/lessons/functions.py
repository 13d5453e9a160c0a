"""What a lesson's expressions can compute: torch's own numbers, and a little arithmetic.

torch takes seconds to import, so each function that needs it imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from cnnviz.networks.checkpoints import Checkpoint
    from cnnviz.networks.trace import Trace

Row = Sequence[float]
Grid = Sequence[Row]


def convolve(signal: Row, kernel: Row, stride: float = 1, dilation: float = 1) -> list[float]:
    """Every result of sliding the flipped `kernel` over the `signal`, overlaps at the edges too."""
    return _slid(signal, kernel[::-1], stride, dilation)


def cross_correlate(signal: Row, kernel: Row, stride: float = 1, dilation: float = 1) -> list:
    """The same without the flip."""
    return _slid(signal, kernel, stride, dilation)


def _slid(signal: Row, kernel: Row, stride: float, dilation: float) -> list[float]:
    from torch.nn.functional import conv1d

    step, gap = _whole(stride, "stride"), _whole(dilation, "dilation")
    return _plain(
        conv1d(
            _batch(signal),
            _batch(kernel),
            stride=step,
            padding=gap * (len(kernel) - 1),
            dilation=gap,
        )[0, 0]
    )


def slide(picture: Grid, kernel: Grid, stride: float = 1, padding: float = 0) -> list:
    """The map that `kernel` makes of `picture`, as torch's Conv2d does: without a flip."""
    from torch.nn.functional import conv2d

    return _plain(
        conv2d(
            _batch(picture),
            _batch(kernel),
            stride=_whole(stride, "stride"),
            padding=_whole(padding, "padding", 0),
        )[0, 0]
    )


def pool(picture: Grid, window: float = 2, stride: float = 2) -> list:
    """Max pooling."""
    from torch.nn.functional import max_pool2d

    return _pooled(max_pool2d, picture, window, stride)


def pool_mean(picture: Grid, window: float = 2, stride: float = 2) -> list:
    """Average pooling."""
    from torch.nn.functional import avg_pool2d

    return _pooled(avg_pool2d, picture, window, stride)


def _pooled(by: Callable[..., Tensor], picture: Grid, window: float, stride: float) -> list:
    size, step = _whole(window, "window"), _whole(stride, "stride")
    return _plain(by(_batch(picture), size, step)[0, 0])


def _batch(values: Row | Grid) -> Tensor:
    """With the two dimensions that torch wants in front: a batch of one, with one channel."""
    import torch

    return torch.tensor([[values]], dtype=torch.float64)


def size(
    pixels: float, kernel: float, stride: float = 1, padding: float = 0, dilation: float = 1
) -> int:
    """How many places there are along one side: of Conv2d's output, or a pooling's."""
    from cnnviz.labs.convolution_2d import output_size

    return output_size(
        _whole(pixels, "pixels"),
        _whole(kernel, "kernel"),
        _whole(stride, "stride"),
        _whole(padding, "padding", 0),
        _whole(dilation, "dilation"),
    )


def relu(value: Any) -> Any:
    """A number, or each of a list: what is below 0 becomes 0."""
    return [relu(v) for v in value] if isinstance(value, list) else max(value, 0)


def softmax(scores: Row) -> list[float]:
    """Shares of the vote, from scores."""
    import torch

    return _plain(torch.tensor(scores, dtype=torch.float64).softmax(0))


def surprise(share: float) -> float:
    """The loss of an answer whose share was `share`: −log of it."""
    import torch

    return float(-torch.tensor(share, dtype=torch.float64).log())


def multiply(first: Any, second: Any) -> Any:
    """Numbers at the same places, multiplied."""
    if isinstance(first, list) != isinstance(second, list):
        raise ValueError("multiply takes two numbers or two lists")
    if not isinstance(first, list):
        return first * second
    return [multiply(a, b) for a, b in zip(first, second, strict=True)]


def add(values: Any) -> float:
    """The sum of all numbers of a list, however deep."""
    return sum(map(add, values)) if isinstance(values, list) else values


def turned(values: list) -> list:
    """A list, or a grid, turned by 180°: the flip of a convolution."""
    return [turned(v) if isinstance(v, list) else v for v in values[::-1]]


def patch(picture: Grid, row: float, column: float, rows: float, columns: float) -> list:
    """What a window sees whose upper left corner is at (row, column), counted from 0."""
    top, left = _whole(row, "row", 0), _whole(column, "column", 0)
    height, width = _whole(rows, "rows"), _whole(columns, "columns")
    if top + height > len(picture) or left + width > len(picture[0]):
        raise ValueError(f"a window at {top}, {left} of {height}×{width} isn't all inside")
    return [list(line[left : left + width]) for line in picture[top : top + height]]


def answer(digit: float, right: float = 0, down: float = 0) -> str:
    """What the network of “Convolutional Neural Networks” reads in our sample of `digit`, moved by
    so many pixels."""
    return str(int(_shares(digit, right, down).argmax()))


def share(digit: float, of: float, right: float = 0, down: float = 0) -> float:
    """How much of its vote, 0 to 1, the class `of` gets there."""
    return float(_shares(digit, right, down)[_whole(of, "class", 0)])


def _shares(digit: float, right: float, down: float) -> Tensor:
    shares = _read(_whole(digit, "digit", 0), int(right), int(down)).probabilities
    assert shares is not None
    return shares


def unit(
    digit: float,
    layer: str,
    channel: float,
    row: float,
    column: float,
    right: float = 0,
    down: float = 0,
) -> float:
    """One number of the network of “Convolutional Neural Networks” while it reads our sample of
    `digit`, moved so far."""
    values = _layer(_read(_whole(digit, "digit", 0), int(right), int(down)), layer).values
    return float(values[_whole(channel, "map", 0), _whole(row, "row", 0), _whole(column, "x", 0)])


def feature_map(
    digit: float, layer: str, channel: float = 0, right: float = 0, down: float = 0
) -> list:
    """All numbers of a map of a layer, row by row, while the article's network reads our sample of
    `digit`, moved so far; of the layer 'input' the picture itself."""
    read = _read(_whole(digit, "digit", 0), int(right), int(down))
    values = read.image if layer == "input" else _layer(read, layer).values
    if values.ndim != 3:
        raise ValueError(f"layer {layer} has no maps")
    at = _whole(channel, "map", 0)
    if at >= len(values):
        raise ValueError(f"layer {layer} has {len(values)} maps, and no map {at}")
    return _plain(values[at])


def accuracy(network: str) -> float:
    """The test accuracy, 0 to 1, that one of the shipped networks' files tells."""
    told = _shipped(network).test_accuracy
    if told is None:
        raise ValueError(f"the file of {network} doesn't tell its accuracy")
    return told


def article_loss(epoch: float) -> float:
    """The loss that the article prints after an `epoch`, 1 to 10, summed over its batches."""
    from cnnviz.training.presets import ARTICLE_LOSSES

    place = _whole(epoch, "epoch")
    if place > len(ARTICLE_LOSSES):
        raise ValueError(f"epoch must be from 1 to {len(ARTICLE_LOSSES)}, got {place}")
    return ARTICLE_LOSSES[place - 1]


def apart_when_shuffled(digit: float) -> float:
    """By how much the scores for our `digit` change, at most, in the network without convolution
    when all pixels change places, and its first weights with them."""
    from cnnviz.datasets import shuffling
    from cnnviz.labs.translation import for_shuffled_pixels

    plain = _shipped("fully_connected").model
    image = _read(_whole(digit, "digit", 0), 0, 0).image[None]
    same = for_shuffled_pixels(plain, shuffling.permutation(0))
    return float((plain(image) - same(shuffling.shuffle(image, 0))).abs().max().detach())


def weights(layer: str, to: float, of: float = 0) -> list:
    """The kernel of the network of “Convolutional Neural Networks” by which map `to` of `layer`
    reads map `of`."""
    weight = _layer(_read(7, 0, 0), layer).weight
    if weight is None:
        raise ValueError(f"layer {layer} has no weights")
    return _plain(weight[_whole(to, "map", 0), _whole(of, "map", 0)])


def shape(layer: str) -> list[int]:
    """How large a layer of the network of “Convolutional Neural Networks” is: maps, rows, columns;
    or how many values."""
    return list(_layer(_read(7, 0, 0), layer).values.shape)


def parameters(layer: str = "") -> int:
    """How many numbers are learnt in a layer of the network of “Convolutional Neural Networks”, or
    in all of it."""
    return sum(step.parameters for step in _steps(layer))


def multiplications(layer: str = "") -> int:
    """How many multiplications a layer of the network of “Convolutional Neural Networks” takes, or
    all of it."""
    return sum(step.multiplications for step in _steps(layer))


def field(layer: str) -> int:
    """How many pixels of the picture, each way, one unit of a layer sees."""
    return _steps(layer)[0].receptive_field[0]


def warmed(width: float, distance: float) -> float:
    """The bell of heat `distance` from a hot spot, after it has spread to `width`."""
    from cnnviz.labs.heat import kernel

    reach = _whole(abs(distance), "distance", 0) + 1
    return float(kernel(width, reach)[reach + _whole(abs(distance), "distance", 0)])


def near(first: float, second: float, by: float = 1e-6) -> bool:
    """Whether two numbers are at most `by` apart."""
    return abs(first - second) <= by


def argmax(values: Row) -> int:
    """The place, from 0, of the largest."""
    return max(range(len(values)), key=values.__getitem__)


def place_of_largest(grid: Grid) -> list[int]:
    """Where the largest number of a grid is, [row, column], from 0; the first of several."""
    row = argmax([max(each) for each in grid])
    return [row, argmax(grid[row])]


def place_of_smallest(grid: Grid) -> list[int]:
    """Where the smallest is."""
    return place_of_largest([[-value for value in row] for row in grid])


FUNCTIONS: MappingProxyType[str, Callable[..., Any]] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            *(abs, accuracy, apart_when_shuffled, article_loss, len, max, min, round, sum),
            *(add, answer, argmax, convolve, cross_correlate, field, multiplications, multiply),
            *(feature_map, near, parameters, patch, place_of_largest, place_of_smallest, pool),
            *(pool_mean, relu, shape, share, size, slide, softmax, surprise, turned, unit, warmed),
            *(weights,),
        )
    }
)


@lru_cache(maxsize=64)
def _read(digit: int, right: int, down: int) -> Trace:
    from cnnviz.drawing.sources import sample, seen
    from cnnviz.labs.translation import shift
    from cnnviz.networks.checkpoints import article
    from cnnviz.networks.trace import as_image, trace

    image = as_image(seen(sample(digit), None, centre=True).image)
    return trace(article().model, shift(image, right, down) if right or down else image)


@lru_cache(maxsize=8)
def _shipped(network: str) -> Checkpoint:
    from cnnviz.networks.checkpoints import CHECKPOINTS, load_safetensors

    names = sorted(path.stem for path in CHECKPOINTS.glob("*.safetensors"))
    if network not in names:
        raise ValueError(f"network must be one of {', '.join(names)}, got {network!r:.40}")
    return load_safetensors(CHECKPOINTS / f"{network}.safetensors")


def _layer(steps: Trace, name: str) -> Any:
    try:
        return steps[name]
    except KeyError as error:
        raise ValueError(error.args[0]) from None


def _steps(layer: str) -> list[Any]:
    from cnnviz.networks.checkpoints import article

    steps = [step for step in article().model.steps if layer in ("", step.name)]
    if not steps:
        raise ValueError(f"no layer {layer!r} in the network of “Convolutional Neural Networks”")
    return steps


def _whole(value: float, name: str, least: int = 1) -> int:
    if value != int(value) or not least <= value <= 4096:
        raise ValueError(f"{name} must be a whole number from {least} to 4096, got {value:g}")
    return int(value)


def _plain(values: Tensor) -> list:
    """Whole numbers as such, so that they are spelled and compared so."""

    def plain(value: Any) -> Any:
        if isinstance(value, list):
            return [plain(v) for v in value]
        return int(value) if float(value).is_integer() and abs(value) < 1e15 else value

    return plain(values.tolist())
