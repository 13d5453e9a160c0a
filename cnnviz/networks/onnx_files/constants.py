"""The constants of an ONNX file: those that stand in it, and those that nodes make of others."""

from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.networks.kinds.onnx_node import Node
from cnnviz.networks.kinds.shapes import times

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

Array = NDArray[Any]

MOST_VALUES = 8_000_000
"""In all constants, those that are computed included."""

# Each makes at most as many values as it is given, but for those in the next two.
_ARITHMETIC = {"Mul", "Add", "Sub", "Div"}
_COMPUTED = {
    *("Identity", "Reshape", "Transpose", "Cast", "Gather", "Unsqueeze", "Squeeze"),
    *("Concat", "Slice", "Flatten"),
    *_ARITHMETIC,
}
_SUMMED = {"Concat"}
_MULTIPLIED = {"Gather", *_ARITHMETIC}
# Where a Constant has its value.
_VALUES = ("value", "value_int", "value_ints", "value_float", "value_floats")
# Attributes that are inputs since an opset up to 13, in the order of these.
_MOVED = {
    "Unsqueeze": ("axes",),
    "Squeeze": ("axes",),
    "Slice": ("starts", "ends", "axes"),
    "Reshape": ("shape",),
}


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


def computed(proto: "NodeProto", node: Node, room: int) -> Array:
    """What a node makes of constants alone, of `room` values at the most.

    Raises ValueError where it would be more, or is made in a way that isn't known here.
    """
    if node.operator == "Constant":
        return _written(node)
    if node.operator not in _COMPUTED:
        raise ValueError("it computes a constant in a way that isn't known here")
    given = {name: node.constants[name] for name in node.inputs if name}
    sizes = [node.constants[name].size for name in node.inputs if name]
    most = max(sizes, default=0)
    if node.operator in _SUMMED:
        most = sum(sizes)
    elif node.operator in _MULTIPLIED:
        most = prod(sizes)
    if most > room:
        raise ValueError(f"with it, constants may have more than {MOST_VALUES:,} values")
    # A text takes a hundred bytes and more, where a number takes eight at most.
    if node.operator == "Cast" and not _is_read(_dtype(node.integer("to", 0))):
        raise ValueError("it makes something else than numbers of its constant")
    if node.operator in _ARITHMETIC and node.attributes:
        raise ValueError("it broadcasts in the way of opsets before 7")  # another than numpy's
    try:
        return _evaluated(proto, node.opset, given)
    # It fails in as many ways as a node can be wrong.
    except Exception as error:
        raise ValueError(f"it can't be computed ({_short(error)})") from None


def _written(node: Node) -> Array:
    """What stands in a node Constant."""
    known = [node.attributes[key] for key in _VALUES if key in node.attributes]
    if len(known) != 1:
        raise ValueError("its value is of a kind that isn't read here")
    made = np.asarray(known[0])
    narrow = "value" not in node.attributes and made.dtype == np.float64
    return made.astype(np.float32) if narrow else made


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
