"""A network from an ONNX file: its nodes in a row, each read by the kind of layer that it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from cnnviz.networks import advice
from cnnviz.networks.architecture import Architecture
from cnnviz.networks.kinds import KINDS
from cnnviz.networks.kinds.layer import OfNode
from cnnviz.networks.kinds.onnx_node import Node
from cnnviz.networks.kinds.shapes import Shape, times
from cnnviz.networks.onnx_files import check_available, graph
from cnnviz.networks.onnx_files.graph import NodeError

_PASSED_ON = ("Identity", "Cast")
_AT_THE_END = ("Softmax", "LogSoftmax")


@dataclass(frozen=True, eq=False)
class Opened:
    """A network that an ONNX file holds.

    `tensors` are its state dict. `values` names, for each layer, what the file calls its output.
    `notes` say what isn't as in the file, a sentence each.
    """

    architecture: Architecture
    tensors: Mapping[str, Tensor]
    values: tuple[str, ...]
    classes: str | None
    notes: tuple[str, ...]


@dataclass
class _Row:
    """The layers so far; `last` is the name of what the last one makes, of `shape`."""

    last: str
    shape: Shape
    shapes: dict[str, Shape]
    made: list[OfNode] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ended: str | None = None
    zeros: tuple[int, int, int, int] = (0, 0, 0, 0)

    def add(self, node: Node, read: OfNode) -> None:
        if len(self.made) == advice.MOST_LAYERS:
            raise ValueError(f"a network has at most {advice.MOST_LAYERS} layers")
        self.shape = read.layer.shape(node.given)
        self.made.append(read)
        self.values.append("")
        self.notes += [f"N{node.title[1:]}: {note}." for note in read.notes]
        self.passed_on(node)

    def passed_on(self, node: Node) -> None:
        """The node's output is the row's, with the shape that it has now."""
        self.last = node.outputs[0]
        self.shapes[self.last] = self.shape
        if self.values:
            self.values[-1] = self.last


def read(content: bytes, name: str) -> Opened:
    """The network in an ONNX file's content; `name` is used in messages.

    Raises:
        onnx_files.Missing: without the onnx package.
        ValueError: in one sentence that names the node, and why, for whatever isn't a row of the
            layers that there are here.
    """
    check_available()
    try:
        found = graph.read(content)
        row = _row(found)
        architecture = _architecture(row, found.picture)
        return Opened(
            architecture,
            _tensors(architecture, row),
            tuple(row.values),
            found.properties.get("classes"),
            tuple(row.notes),
        )
    except ValueError as error:
        raise ValueError(f"{name} can't be opened: {error}.") from None
    # A file can be wrong in more ways than are looked for one by one.
    except (ArithmeticError, LookupError, RecursionError, TypeError, MemoryError) as error:
        raise ValueError(
            f"{name} can't be opened: it is damaged ({type(error).__name__})."
        ) from error


def _row(found: graph.Graph) -> _Row:
    row = _Row(found.source, found.picture, {found.source: found.picture})
    for number, proto in enumerate(found.nodes):
        node = found.node(proto, number)
        try:
            _take(node, found, row, lambda node=node, proto=proto: found.compute(proto, node))
        except ValueError as error:
            raise NodeError(f"{node.title}: {error}") from None
    if row.last != found.target or any(row.zeros):
        raise ValueError(f"its output {found.target:.60} isn't made of its input")
    return row


def _take(node: Node, found: graph.Graph, row: _Row, compute: Callable[[], None]) -> None:
    used = [name for name in node.inputs if name in row.shapes]
    odd = [
        name
        for name in node.inputs
        if name and name not in row.shapes and name not in found.constants
    ]
    if odd:
        raise ValueError(f"its input {odd[0]:.60} is made by no node before it")
    if not node.outputs or not node.outputs[0]:
        raise ValueError("it has no output")
    if node.operator == "Shape" and used:
        sides = np.array([node.batch, *row.shapes[used[0]]], np.int64)
        start, end = node.integer("start", 0), node.integer("end", len(sides))
        found.keep(node.outputs[0], sides[start:end])
    elif not used:
        compute()
    elif used != [row.last] or (row.last in node.inputs[1:] and node.operator != "Add"):
        _refuse_branch(node, row, used)
    else:
        node.given, node.zeros, row.zeros = row.shape, row.zeros, (0, 0, 0, 0)
        _add(node, row)
        node.check_known()


def _refuse_branch(node: Node, row: _Row, used: list[str]) -> None:
    if len(used) > 1:
        raise ValueError(
            "it reads two things that are made of the picture; here layers are in a row"
        )
    if used == [row.last]:
        raise ValueError("what is made of the picture should be the first thing that it reads")
    raise ValueError(
        f"it reads {used[0]:.60}, which an earlier node has read already; here layers are in a row"
    )


def _add(node: Node, row: _Row) -> None:
    operator = node.operator
    if row.ended and operator not in _PASSED_ON:
        raise ValueError(f"it comes after {row.ended}, which ends a network here")
    if operator == "Add":
        _add_bias(node, row)
    elif operator in _AT_THE_END:
        axis = node.integer("axis", 1 if node.opset < 13 else -1)
        if len(row.shape) != 1 or axis not in (1, -1):
            raise ValueError("it is no softmax over classes")
        row.ended = node.title
        row.notes.append(f"N{node.title[1:]} is left out: the view computes softmax of all scores.")
        row.last = node.outputs[0]
    elif operator == "Pad":
        row.zeros = _zeros(node)
        row.last = node.outputs[0]
        row.shapes[row.last] = row.shape
    elif operator in _PASSED_ON:
        if operator == "Cast" and node.integer("to", 0) not in (1, 11):
            raise ValueError("it makes whole numbers, or coarser ones, of the values")
        node.ignore("saturate", "to")
        if row.ended:
            row.last = node.outputs[0]
        else:
            row.passed_on(node)
    else:
        kind = next((kind for kind in KINDS.values() if operator in kind.read_from), None)
        if kind is None:
            raise ValueError(f"{operator:.40} is no kind of layer that is known here")
        read = kind.of_onnx(node)
        if read is None:
            row.passed_on(node)
        else:
            row.add(node, read)


def _zeros(node: Node) -> tuple[int, int, int, int]:
    """The rows and columns of zeros that a Pad puts around maps."""
    if node.text("mode", "constant") != "constant":
        raise ValueError("it pads with something else than zeros")
    value = node.real("value", 0.0) if node.opset < 11 else node.tensor(2)
    if value is not None and np.any(value):
        raise ValueError("it pads with something else than zeros")
    if len(node.inputs) > 3:
        raise ValueError("it pads along axes of its own")
    old = node.integers("paddings") if node.opset < 2 else node.integers("pads")
    pads = old or node.whole(1) or ()
    if len(node.given) != 3 or len(pads) != 8:
        raise ValueError("it pads something else than maps")
    first, second, top, left, third, fourth, below, right = pads
    if any((first, second, third, fourth)) or min(pads) < 0:
        raise ValueError("it pads more than rows and columns, or cuts some off")
    return top, left, below, right


def _add_bias(node: Node, row: _Row) -> None:
    """The Add after a layer with a bias of its own: both are one layer here."""
    bias = node.weights(1 if node.inputs[0] == row.last else 0)
    if bias is None or not row.made or row.made[-1].layer.width is None:
        raise ValueError("it adds to what isn't a convolution or a linear layer")
    count, rank = row.shape[0], 1 + len(row.shape)
    shape = bias.shape
    if node.opset < 7 and node.integer("broadcast", 0):
        axis = node.integer("axis", rank - len(shape))
        shape = (*shape, *(1,) * (rank - axis - len(shape)))
    aligned = (*(1,) * (rank - len(shape)), *shape)
    if aligned not in ((1, count, *(1,) * (rank - 2)), (1,) * rank):
        raise ValueError(
            f"it adds {times(bias.shape)} values; a bias here has one for each of {count}"
        )
    before = row.made[-1]

    def tensors() -> Mapping[str, Any]:
        made = before.tensors()
        return {**made, "bias": made["bias"] + bias.reshape(-1)}

    row.made[-1] = replace(before, tensors=tensors)
    row.passed_on(node)


def _architecture(row: _Row, picture: tuple[int, ...]) -> Architecture:
    if not row.made:
        raise ValueError("it has no layers")
    channels, rows, columns = picture
    if len(row.shape) != 1:
        raise ValueError(f"it ends in {times(row.shape)} maps, and not in scores of classes")
    return Architecture(
        tuple(read.layer for read in row.made), (channels, rows, columns), row.shape[0]
    )


def _tensors(architecture: Architecture, row: _Row) -> dict[str, Tensor]:
    return {
        f"{step.name}.{key}": torch.as_tensor(np.array(value), dtype=_kept_as(value))
        for step, read in zip(architecture.steps, row.made, strict=True)
        for key, value in read.tensors().items()
    }


def _kept_as(value: Any) -> torch.dtype:
    return torch.int64 if isinstance(value, int) else torch.float32
