"""An ONNX file's nodes and constants, held against their limits; what is constant is computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.networks.kinds.layer import Shape, times
from cnnviz.networks.onnx_files import bounds
from cnnviz.spelling import fixed

if TYPE_CHECKING:
    from onnx import AttributeProto, GraphProto, NodeProto, TensorProto

Array = NDArray[Any]

OPSETS = range(1, 27)
MOST_NODES = 500
MOST_VALUES = 8_000_000
"""In all constants, those that are computed included."""
STANDS_FOR_ANY = 7919
"""In place of a batch of any size: a prime number, so that no product of sides hides it."""

# Each makes at most as many values as it is given, but for those in the next two.
_ARITHMETIC = {"Mul", "Add", "Sub", "Div"}
_COMPUTED = {
    *("Identity", "Reshape", "Transpose", "Cast", "Gather", "Unsqueeze", "Squeeze"),
    *("Concat", "Slice", "Flatten"),
    *_ARITHMETIC,
}
_SUMMED = {"Concat"}
_MULTIPLIED = {"Gather", *_ARITHMETIC}
# Attributes that are inputs since an opset up to 13, in the order of these.
_MOVED = {
    "Unsqueeze": ("axes",),
    "Squeeze": ("axes",),
    "Slice": ("starts", "ends", "axes"),
    "Reshape": ("shape",),
}


class NodeError(ValueError):
    """What can't be read of a node, which the message names."""


@dataclass
class Node:
    """A node whose first input is the network's values, and all that it is told besides.

    `given` is the shape of those values without the batch's dimension; `zeros` are the rows and
    columns that a Pad before it puts around the maps, above, left, below and right, and
    `take_zeros` says that the node's layer counts them in. Each attribute that is asked for is
    known; `check_known` refuses the others.
    """

    name: str
    operator: str
    opset: int
    batch: int
    inputs: Sequence[str]
    outputs: Sequence[str]
    attributes: Mapping[str, Any]
    constants: Mapping[str, Array]
    given: Shape = ()
    zeros: tuple[int, int, int, int] = (0, 0, 0, 0)
    asked: set[str] = field(default_factory=set)

    @property
    def title(self) -> str:
        return f"node {self.name:.60} ({self.operator:.40})"

    def integer(self, name: str, default: int) -> int:
        value = self._attribute(name, default)
        if not isinstance(value, int):
            raise ValueError(f"{name} should be a whole number")
        return value

    def real(self, name: str, default: float) -> float:
        value = self._attribute(name, default)
        if not isinstance(value, int | float):
            raise ValueError(f"{name} should be a number")
        return value

    def integers(self, name: str, default: Sequence[int] = ()) -> tuple[int, ...]:
        value = self._attribute(name, default)
        if not isinstance(value, list | tuple) or not all(isinstance(n, int) for n in value):
            raise ValueError(f"{name} should be a list of whole numbers")
        return tuple(value)

    def text(self, name: str, default: str) -> str:
        value = self._attribute(name, default.encode())
        if not isinstance(value, bytes):
            raise ValueError(f"{name} should be a text")
        return value.decode(errors="replace")

    def ignore(self, *names: str) -> None:
        """Of these attributes no value changes what is computed here."""
        self.asked.update(names)

    def tensor(self, place: int) -> Array | None:
        """The constant that is its input number `place`, from 0; None where it has none.

        Raises ValueError where that is computed from the picture.
        """
        if place >= len(self.inputs) or not self.inputs[place]:
            return None
        name = self.inputs[place]
        if name not in self.constants:
            raise ValueError(f"its input {name:.60} isn't a constant of the file")
        return self.constants[name]

    def weights(self, place: int, dimensions: int | None = None) -> Array | None:
        """The same of numbers with a fraction, of so many dimensions."""
        array = self.tensor(place)
        if array is None:
            return None
        if array.dtype not in (np.float32, np.float64):
            raise ValueError(f"its weights are {array.dtype}; float32 or float64 can be read")
        if dimensions is not None and array.ndim != dimensions:
            said = f"{array.ndim} dimension{'s' * (array.ndim != 1)}"
            raise ValueError(f"its weights have {said} ({times(array.shape)}), not {dimensions}")
        return array

    def whole(self, place: int) -> tuple[int, ...] | None:
        """The same of a list of whole numbers."""
        array = self.tensor(place)
        if array is None:
            return None
        if array.dtype.kind not in "iu" or array.size > 16:
            raise ValueError(f"its input {self.inputs[place]:.60} isn't a short list of numbers")
        return tuple(int(n) for n in array.reshape(-1))

    def take_zeros(self) -> tuple[int, int, int, int]:
        zeros, self.zeros = self.zeros, (0, 0, 0, 0)
        return zeros

    def check_known(self) -> None:
        """Raises ValueError for an attribute that nobody asked for, or zeros that nobody took."""
        if any(self.zeros):
            raise ValueError("a Pad comes before it, which only a Conv or AveragePool can count in")
        if more := sorted(self.attributes.keys() - self.asked):
            raise ValueError(f"its attribute {more[0]:.40} isn't known here")

    def _attribute(self, name: str, default: Any) -> Any:
        self.asked.add(name)
        return self.attributes.get(name, default)


@dataclass
class Graph:
    """What is in the file: one input, one output, and the nodes that lie between."""

    source: str
    picture: tuple[int, ...]
    target: str
    nodes: Sequence["NodeProto"]
    opset: int
    batch: int
    constants: dict[str, Array]
    properties: Mapping[str, str]
    values: int = 0

    def keep(self, name: str, array: Array) -> None:
        self.values += array.size
        if self.values > MOST_VALUES:
            raise ValueError(f"its constants have more than {MOST_VALUES:,} values")
        self.constants[name] = array

    def node(self, proto: "NodeProto", number: int) -> Node:
        if proto.domain not in ("", "ai.onnx"):
            raise NodeError(
                f"node {proto.name or f'number {number}':.60} ({proto.op_type:.40}) is one of "
                f"{proto.domain:.60}; only ONNX's own operators can be read"
            )
        node = Node(
            proto.name or f"number {number}",
            proto.op_type,
            self.opset,
            self.batch,
            list(proto.input),
            list(proto.output),
            {},
            self.constants,
        )
        try:
            node.attributes = {a.name: _value(a) for a in proto.attribute}
        except ValueError as error:
            raise NodeError(f"{node.title}: {error}") from None
        return node

    def compute(self, proto: "NodeProto", node: Node) -> None:
        """Keep what a node makes of constants alone."""
        if node.operator == "Constant":
            known = [node.attributes[key] for key in _CONSTANTS if key in node.attributes]
            if len(known) != 1:
                raise ValueError("its value is of a kind that isn't read here")
            made = np.asarray(known[0])
            narrow = "value" not in node.attributes and made.dtype == np.float64
            self.keep(node.outputs[0], made.astype(np.float32) if narrow else made)
            return
        if node.operator not in _COMPUTED:
            raise ValueError("it computes a constant in a way that isn't known here")
        given = {name: self.constants[name] for name in node.inputs if name}
        sizes = [self.constants[name].size for name in node.inputs if name]
        most = max(sizes, default=0)
        if node.operator in _SUMMED:
            most = sum(sizes)
        elif node.operator in _MULTIPLIED:
            most = prod(sizes)
        if self.values + most > MOST_VALUES:
            raise ValueError(f"with it, constants may have more than {MOST_VALUES:,} values")
        # A text takes a hundred bytes and more, where a number takes eight at most.
        if node.operator == "Cast" and not _is_read(_dtype(node.integer("to", 0))):
            raise ValueError("it makes something else than numbers of its constant")
        if node.operator in _ARITHMETIC and node.attributes:
            raise ValueError("it broadcasts in the way of opsets before 7")  # another than numpy's
        try:
            made = _evaluated(proto, self.opset, given)
        # It fails in as many ways as a node can be wrong.
        except Exception as error:
            raise ValueError(f"it can't be computed ({_short(error)})") from None
        self.keep(node.outputs[0], made)


def _evaluated(proto: "NodeProto", opset: int, given: Mapping[str, Array]) -> Array:
    """What the onnx package says that a node makes; it knows the newer form of each alone."""
    from onnx import NodeProto
    from onnx.reference import ReferenceEvaluator

    moved = {a.name: a for a in proto.attribute if a.name in _MOVED.get(proto.op_type, ())}
    if moved:
        opset, given = max(opset, 13), dict(given)
        newer = NodeProto()
        newer.CopyFrom(proto)
        del newer.attribute[:]
        for name in _MOVED[proto.op_type]:
            if name in moved:
                newer.input.append(f"{proto.output[0]}.{name}")
                given[newer.input[-1]] = np.array(moved[name].ints, np.int64)
        proto = newer
    (made,) = ReferenceEvaluator(proto, opsets={"": opset}).run(None, dict(given))  # type: ignore
    return np.asarray(made)


_CONSTANTS = ("value", "value_int", "value_ints", "value_float", "value_floats")


def read(content: bytes) -> Graph:
    """The graph of a file's content. Raises ValueError, naming what can't be read."""
    import onnx
    from google.protobuf.message import DecodeError

    if len(content) > bounds.MOST_BYTES:
        raise ValueError(
            f"it has {fixed(len(content) / 1e6, 0)} MB; "
            f"an ONNX file may have at most {bounds.MOST_BYTES // 10**6} MB"
        )
    bounds.check(content, onnx.ModelProto.DESCRIPTOR)
    try:
        model = onnx.ModelProto.FromString(content)
    except DecodeError:
        raise ValueError("it is no ONNX file, or damaged") from None
    versions = [entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")]
    opset = versions[0] if versions else 1
    if opset not in OPSETS:
        raise ValueError(f"its opset is {opset}; {OPSETS[0]} to {OPSETS[-1]} can be read")
    graph = model.graph
    if not graph.node:
        raise ValueError("it has no nodes")
    if len(graph.node) > MOST_NODES:
        raise ValueError(f"it has {len(graph.node):,} nodes; {MOST_NODES} can be read")
    if graph.sparse_initializer:
        raise ValueError("its weights are sparse tensors, which aren't read here")
    source, picture, batch = _input(graph)
    if len(graph.output) != 1:
        raise ValueError(f"it has {len(graph.output)} outputs; a classifier has one")
    found = Graph(
        source,
        picture,
        graph.output[0].name,
        _needed(graph),
        opset,
        batch,
        {},
        {entry.key: entry.value for entry in model.metadata_props},
    )
    for tensor in graph.initializer:
        found.keep(tensor.name, array_of(tensor))
    return found


def _input(graph: "GraphProto") -> tuple[str, tuple[int, ...], int]:
    """The name of the one input, its shape without the batch, and the batch."""
    from onnx import TensorProto

    constants = {tensor.name for tensor in graph.initializer}
    inputs = [entry for entry in graph.input if entry.name not in constants]
    if len(inputs) != 1:
        raise ValueError(f"it has {len(inputs)} inputs; a network for pictures has one")
    name, kind = inputs[0].name, inputs[0].type.tensor_type
    if kind.elem_type not in (TensorProto.FLOAT, TensorProto.DOUBLE):
        held = {v: k for k, v in TensorProto.DataType.items()}.get(kind.elem_type, "something else")
        raise ValueError(f"its input {name:.60} holds {held}; FLOAT or DOUBLE can be read")
    sides = [d.dim_value if d.HasField("dim_value") else None for d in kind.shape.dim]
    if len(sides) != 4:
        raise ValueError(
            f"its input {name:.60} has {len(sides)} dimensions; "
            "pictures have four: how many, channels, rows and columns"
        )
    batch, *picture = sides
    if any(side is None or side < 1 for side in picture):
        raise ValueError(f"its input {name:.60} doesn't say how many channels, rows and columns")
    return name, tuple(side or 0 for side in picture), batch or STANDS_FOR_ANY


def _needed(graph: "GraphProto") -> list["NodeProto"]:
    """The nodes that the output is made by, in the file's order."""
    wanted, needed = {graph.output[0].name}, []
    for node in reversed(graph.node):
        if wanted.intersection(node.output):
            needed.append(node)
            wanted.update(node.input)
    return needed[::-1]


def _value(attribute: "AttributeProto") -> Any:
    from onnx import AttributeProto

    match attribute.type:
        case AttributeProto.INT:
            return attribute.i
        case AttributeProto.FLOAT:
            return attribute.f
        case AttributeProto.STRING:
            return attribute.s
        case AttributeProto.INTS:
            return list(attribute.ints)
        case AttributeProto.FLOATS:
            return list(attribute.floats)
        case AttributeProto.TENSOR:
            return array_of(attribute.t)
    return None  # a graph or a list of tensors: of no use to any operator that is known here


def array_of(tensor: "TensorProto") -> Array:
    """Its values, which must be in the file. Raises ValueError, naming it."""
    from onnx import TensorProto, helper, numpy_helper

    name = f"constant {tensor.name or 'without a name':.60}"
    if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
        raise ValueError(
            f"{name} lies in a file of its own; save the model with its weights inside "
            "(torch.onnx.export(..., external_data=False))"
        )
    if tensor.HasField("segment"):
        raise ValueError(f"{name} is in parts, which aren't put together here")
    dtype = _dtype(tensor.data_type)
    if dtype is None:
        raise ValueError(f"{name} holds values of a kind that isn't known")
    if not _is_read(dtype):
        raise ValueError(f"{name} holds {dtype}, which isn't read here")
    if len(tensor.dims) > 8 or any(side < 0 for side in tensor.dims):
        raise ValueError(f"{name} has a shape that can't be")
    count = prod(tensor.dims)
    if count > MOST_VALUES:
        raise ValueError(f"{name} has {count:,} values, more than {MOST_VALUES:,}")
    held = len(tensor.raw_data) / dtype.itemsize if tensor.HasField("raw_data") else None
    if held is None:
        field_name = helper.tensor_dtype_to_field(tensor.data_type)
        held = len(getattr(tensor, field_name))
    if held != count:
        raise ValueError(
            f"{name} should have {count:,} values of shape {times(tuple(tensor.dims)) or 'one'}, "
            f"and has {held:g}"
        )
    return numpy_helper.to_array(tensor)


def _dtype(kind: int) -> np.dtype | None:
    """numpy's for one of `TensorProto.DataType`; None for a number that is none of them."""
    from onnx import helper

    try:
        return helper.tensor_dtype_to_np_dtype(kind)
    except (KeyError, ValueError):
        return None


def _is_read(dtype: np.dtype | None) -> bool:
    """Whether it is one of numpy's own kinds of numbers, of eight bytes at most."""
    if dtype is None:
        return False
    return dtype.kind in "fiub" and dtype.itemsize <= 8 and dtype.type.__module__ == "numpy"


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
