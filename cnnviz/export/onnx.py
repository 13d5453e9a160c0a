"""ONNX by hand: these networks need seven operators, and no exporter's dependencies.

An ONNX file is a protocol-buffer message (https://onnx.ai, `onnx/onnx.proto`); a field is its
number and wire type, then the content. Opset 17.
"""

import struct
from collections.abc import Iterable

from torch import Tensor, nn

_IR_VERSION, _OPSET = 8, 17
_FLOAT, _INT_LIST, _INT = 1, 7, 2


def onnx(model: nn.Sequential) -> bytes:
    """`model` as an ONNX graph from `image` (N, 1, 28, 28) to `logits` (N, 10), any N.

    Raises:
        ValueError: for a module that is none of convolution, ReLU, tanh, pooling, flatten, linear.
    """
    nodes, weights, last = [], [], "image"
    modules = list(model.named_children())
    for index, (name, module) in enumerate(modules):
        output = "logits" if index == len(modules) - 1 else name
        inputs = [last]
        for key, parameter in module.named_parameters():
            inputs.append(f"{name}.{key}")
            weights.append(_field(5, _tensor(f"{name}.{key}", parameter)))
        operator, attributes = _operator(name, module)
        nodes.append(_field(1, _node(name, operator, inputs, output, attributes)))
        last = output
    graph = b"".join(
        (
            *nodes,
            _field(2, b"cnnviz"),
            *weights,
            _field(11, _value("image", ("N", 1, 28, 28))),
            _field(12, _value("logits", ("N", 10))),
        )
    )
    opset = _number(2, _OPSET)
    return b"".join(
        (_number(1, _IR_VERSION), _field(2, b"cnnviz"), _field(7, graph), _field(8, opset))
    )


def _operator(name: str, module: nn.Module) -> tuple[str, list[bytes]]:
    if isinstance(module, nn.Conv2d):
        height, width = module.kernel_size
        return "Conv", [_ints("kernel_shape", (height, width))]
    if isinstance(module, nn.MaxPool2d | nn.AvgPool2d):
        size = module.kernel_size
        size = (size, size) if isinstance(size, int) else size
        kind = "MaxPool" if isinstance(module, nn.MaxPool2d) else "AveragePool"
        return kind, [_ints("kernel_shape", size), _ints("strides", size)]
    if isinstance(module, nn.Linear):
        return "Gemm", [_int("transB", 1)]
    for kind, operator in ((nn.ReLU, "Relu"), (nn.Tanh, "Tanh"), (nn.Flatten, "Flatten")):
        if isinstance(module, kind):
            return operator, []
    raise ValueError(f"{name} is a {type(module).__name__}, which ONNX export doesn't know")


def _node(name: str, operator: str, inputs: list[str], output: str, attributes: list[bytes]):
    return b"".join(
        (
            *(_field(1, value.encode()) for value in inputs),
            _field(2, output.encode()),
            _field(3, name.encode()),
            _field(4, operator.encode()),
            *(_field(5, attribute) for attribute in attributes),
        )
    )


def _tensor(name: str, tensor: Tensor) -> bytes:
    values = tensor.detach().contiguous().numpy().astype("<f4").tobytes()
    dimensions = b"".join(_number(1, size) for size in tensor.shape)
    return dimensions + _number(2, _FLOAT) + _field(8, name.encode()) + _field(9, values)


def _value(name: str, shape: Iterable[str | int]) -> bytes:
    dimensions = b"".join(
        _field(1, _field(2, size.encode()) if isinstance(size, str) else _number(1, size))
        for size in shape
    )
    tensor = _number(1, _FLOAT) + _field(2, dimensions)
    return _field(1, name.encode()) + _field(2, _field(1, tensor))


def _ints(name: str, values: Iterable[int]) -> bytes:
    numbers = b"".join(_number(8, value) for value in values)
    return _field(1, name.encode()) + numbers + _number(20, _INT_LIST)


def _int(name: str, value: int) -> bytes:
    return _field(1, name.encode()) + _number(3, value) + _number(20, _INT)


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    parts = []
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return struct.pack(f"{len(parts) + 1}B", *parts, value)
