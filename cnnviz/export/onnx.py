"""A network as an ONNX graph (https://onnx.ai/onnx/operators/), opset 17.

Needs the `onnx` package, an extra: `pip install 'cnnviz[onnx]'`.
"""

import importlib.util
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnviz.networks.architecture import IMAGE_SIZE

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

OPSET = 17
_IR_VERSION = 8

Pair = tuple[int, int]


class Missing(ValueError):  # noqa: N818 - it reads as it is used: `except onnx.Missing`
    """The onnx package isn't installed."""


def check_available() -> None:
    """Raises `Missing`, saying what to install, where the onnx package isn't there."""
    if importlib.util.find_spec("onnx") is None:
        raise Missing("ONNX needs the onnx package: pip install 'cnnviz[onnx]'")


def graph(model: nn.Sequential, image: tuple[int, int, int] = (1, IMAGE_SIZE, IMAGE_SIZE)) -> bytes:
    """`model` as the content of an ONNX file: from `image` (N, *image) to `logits`, any N.

    Raises:
        Missing: without the onnx package.
        ValueError: for a module, or a setting of one, that isn't known here.
    """
    check_available()
    return _model(model, image).SerializeToString()


def _model(model: nn.Sequential, image: tuple[int, int, int]) -> "ModelProto":
    import onnx
    from onnx import helper

    parts = _Parts()
    names = list(dict(model.named_children()))
    values = torch.zeros(1, *image)
    with torch.inference_mode():
        for index, (name, module) in enumerate(model.named_children()):
            output = "logits" if index == len(names) - 1 else f"{name}.values"
            before, values = values, module(values)
            parts.add(name, module, before, values, output)
    inputs, outputs = (
        [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["N", *shape])]
        for name, shape in (("image", image), ("logits", values.shape[1:]))
    )
    made = helper.make_model(
        helper.make_graph(parts.nodes, "cnnviz", inputs, outputs, parts.tensors),
        producer_name="cnnviz",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=_IR_VERSION,
    )
    onnx.checker.check_model(made, full_check=True)
    return made


@dataclass
class _Parts:
    """The graph so far; `last` is the name of the values that the next node reads."""

    nodes: list["NodeProto"] = field(default_factory=list)
    tensors: list["TensorProto"] = field(default_factory=list)
    last: str = "image"

    def add(self, name: str, module: nn.Module, before: Tensor, after: Tensor, output: str) -> None:
        """The node of `module`, and those it needs beside it; the last one makes `output`."""
        if isinstance(module, nn.Conv2d):
            self._weights_of(name, module, output, "Conv", **_convolution(name, module))
        elif isinstance(module, nn.Linear):
            self._weights_of(name, module, output, "Gemm", transB=1)
        elif isinstance(module, nn.MaxPool2d):
            self._max_pool(name, module, before, after, output)
        elif isinstance(module, nn.AvgPool2d):
            self._average_pool(name, module, before, after, output)
        elif isinstance(module, nn.Flatten):
            if (module.start_dim, module.end_dim) != (1, -1):
                raise ValueError(f"{name} flattens other dimensions than all but the first")
            self._node("Flatten", output)
        elif isinstance(module, nn.ReLU):
            self._node("Relu", output)
        elif isinstance(module, nn.Tanh):
            self._node("Tanh", output)
        else:
            raise ValueError(f"{name} is a {type(module).__name__}, which ONNX export doesn't know")

    def _node(self, operator: str, output: str, *more: str, **attributes: Any) -> None:
        from onnx import helper

        self.nodes.append(
            helper.make_node(operator, [self.last, *more], [output], name=output, **attributes)
        )
        self.last = output

    def _constant(self, name: str, values: Tensor) -> str:
        from onnx import numpy_helper

        self.tensors.append(numpy_helper.from_array(values.detach().numpy(), name))
        return name

    def _weights_of(
        self, name: str, module: nn.Module, output: str, operator: str, **attributes: Any
    ) -> None:
        weights = [
            self._constant(f"{name}.{key}", parameter.contiguous())
            for key, parameter in module.named_parameters()
        ]
        self._node(operator, output, *weights, **attributes)

    def _max_pool(
        self, name: str, module: nn.MaxPool2d, before: Tensor, after: Tensor, output: str
    ) -> None:
        if module.return_indices:
            raise ValueError(f"{name} returns indices, which ONNX export doesn't know")
        windows = _windows(module, before, after)
        pads = windows.pads
        if any(windows.overhang):
            # Runtimes differ about windows that hang over the padding, so there is more of it.
            self._pad(name, windows, -torch.inf)
            pads = (0, 0, 0, 0)
        self._node("MaxPool", output, dilations=windows.dilation, pads=pads, **windows.attributes)

    def _average_pool(
        self, name: str, module: nn.AvgPool2d, before: Tensor, after: Tensor, output: str
    ) -> None:
        windows = _windows(module, before, after)
        if not any(windows.overhang) and module.divisor_override is None:
            self._node(
                "AveragePool",
                output,
                pads=windows.pads,
                count_include_pad=int(module.count_include_pad),
                **windows.attributes,
            )
            return
        # The means of whole windows, each times what torch divides by instead of their size.
        self._pad(name, windows, 0.0)
        ones = torch.ones_like(before[:, :1])
        with torch.inference_mode():
            whole = F.avg_pool2d(F.pad(ones, windows.padded), windows.size, windows.stride)
            share = module(ones) / whole  # (1, 1, H', W')
        self._node("AveragePool", f"{name}.means", **windows.attributes)
        self._node("Mul", output, self._constant(f"{name}.share", share))

    def _pad(self, name: str, windows: "_Windows", value: float) -> None:
        left, right, top, bottom = windows.padded
        pads = torch.tensor([0, 0, top, left, 0, 0, bottom, right])
        self._node(
            "Pad",
            f"{name}.padded",
            self._constant(f"{name}.pads", pads),
            self._constant(f"{name}.padding", torch.tensor(value)),
        )


@dataclass(frozen=True)
class _Windows:
    """A pooling's windows, rows before columns.

    `overhang` counts the rows and columns that the last windows reach beyond the padding, as they
    may with `ceil_mode`.
    """

    size: Pair
    stride: Pair
    padding: Pair
    dilation: Pair
    overhang: Pair

    @property
    def attributes(self) -> dict[str, Pair]:
        return {"kernel_shape": self.size, "strides": self.stride}

    @property
    def pads(self) -> tuple[int, int, int, int]:
        """As ONNX has it: top, left, bottom, right."""
        return self.padding + self.padding

    @property
    def padded(self) -> tuple[int, int, int, int]:
        """As torch has it, left, right, top, bottom, with room for what hangs over."""
        (down, right), (rows, columns) = self.padding, self.overhang
        return right, right + columns, down, down + rows


def _windows(module: nn.MaxPool2d | nn.AvgPool2d, before: Tensor, after: Tensor) -> _Windows:
    size, padding = _pair_of(module.kernel_size), _pair_of(module.padding)
    stride = _pair_of(module.stride)
    dilation = _pair_of(module.dilation) if isinstance(module, nn.MaxPool2d) else (1, 1)
    rows, columns = (
        max(0, (count - 1) * s + d * (k - 1) + 1 - there - 2 * p)
        for count, s, d, k, there, p in zip(
            after.shape[2:], stride, dilation, size, before.shape[2:], padding, strict=True
        )
    )
    return _Windows(size, stride, padding, dilation, (rows, columns))


def _convolution(name: str, module: nn.Conv2d) -> dict[str, Any]:
    if module.padding_mode != "zeros":
        raise ValueError(
            f"{name} is padded by {module.padding_mode!r}, and ONNX export knows 'zeros' alone"
        )
    size, dilation = _pair_of(module.kernel_size), _pair_of(module.dilation)
    if module.padding == "same":
        both = [d * (k - 1) for d, k in zip(dilation, size, strict=True)]
        pads = [*(total // 2 for total in both), *(total - total // 2 for total in both)]
    elif module.padding == "valid":
        pads = [0, 0, 0, 0]
    else:
        pads = [*_pair_of(module.padding) * 2]
    return {
        "kernel_shape": size,
        "strides": _pair_of(module.stride),
        "pads": pads,
        "dilations": dilation,
        "group": module.groups,
    }


def _pair_of(value: Any) -> Pair:
    """Rows and columns: torch keeps one number where both are the same."""
    return value if isinstance(value, tuple) else (value, value)
