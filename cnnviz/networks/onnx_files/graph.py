"""An ONNX file's nodes and constants, held against their limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from cnnviz.networks.kinds.onnx_node import Node
from cnnviz.networks.onnx_files import bounds, constants
from cnnviz.spelling import fixed

if TYPE_CHECKING:
    from onnx import AttributeProto, GraphProto, NodeProto

OPSETS = range(1, 27)
MOST_NODES = 500
STANDS_FOR_ANY = 7919
"""In place of a batch of any size: a prime number, so that no product of sides hides it."""


class NodeError(ValueError):
    """What can't be read of a node, which the message names."""


@dataclass
class Graph:
    """What is in the file: one input, one output, and the nodes that lie between."""

    source: str
    picture: tuple[int, ...]
    target: str
    nodes: Sequence["NodeProto"]
    opset: int
    batch: int
    constants: dict[str, NDArray[Any]]
    properties: Mapping[str, str]
    values: int = 0

    def keep(self, name: str, array: NDArray[Any]) -> None:
        self.values += array.size
        if self.values > constants.MOST_VALUES:
            raise ValueError(f"its constants have more than {constants.MOST_VALUES:,} values")
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
        made = constants.computed(proto, node, constants.MOST_VALUES - self.values)
        self.keep(node.outputs[0], made)


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
        found.keep(tensor.name, constants.array_of(tensor))
    return found


def _input(graph: "GraphProto") -> tuple[str, tuple[int, ...], int]:
    """The name of the one input, its shape without the batch, and the batch."""
    from onnx import TensorProto

    known = {tensor.name for tensor in graph.initializer}
    inputs = [entry for entry in graph.input if entry.name not in known]
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
            return constants.array_of(attribute.t)
    return None  # a graph or a list of tensors: of no use to any operator that is known here
