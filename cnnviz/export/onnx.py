"""A network as an ONNX graph (https://onnx.ai/onnx/operators/), opset 17.

Needs the `onnx` package, an extra: `pip install 'cnnviz[onnx]'`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnviz.drawing.frames import SHAPE
from cnnviz.networks.kinds import kind_of
from cnnviz.networks.kinds.layer import pair
from cnnviz.networks.modes import evaluating
from cnnviz.networks.onnx_files import Missing as Missing
from cnnviz.networks.onnx_files import check_available

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

OPSET = 17
_IR_VERSION = 8

Pair = tuple[int, int]


def graph(
    model: nn.Sequential,
    image: tuple[int, int, int] | None = None,
    classes: Sequence[str] = (),
) -> bytes:
    """`model` as the content of an ONNX file: from `image` (N, C, H, W) to `logits`, any N.

    Of a network that says what it reads, that is the `image`; of others, MNIST's. The names of
    its `classes` go along as metadata, a JSON list.

    Raises:
        Missing: without the onnx package.
        ValueError: for a module, or a setting of one, that isn't known here.
    """
    check_available()
    made = _model(model, image or getattr(model, "picture", SHAPE))
    if classes:
        from onnx import helper

        names = json.dumps(list(classes), ensure_ascii=False)
        helper.set_model_props(made, {"classes": names})
    return made.SerializeToString()


def _model(model: nn.Sequential, image: tuple[int, int, int]) -> "ModelProto":
    import onnx
    from onnx import helper

    parts = _Parts()
    children = list(model.named_children())
    values = torch.zeros(1, *image)
    # A batch of one would be all that a batch normalisation knows in training.
    with evaluating(model), torch.inference_mode():
        for index, (name, module) in enumerate(children):
            output = "logits" if index == len(children) - 1 else f"{name}.values"
            before, values = values, module(values)
            parts.add(_Place(name, module, before, values, output))
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


@dataclass(frozen=True)
class _Place:
    """A module with what it was given and made; `output` is what its last node is called."""

    name: str
    module: nn.Module
    before: Tensor
    after: Tensor
    output: str


@dataclass
class _Parts:
    """The graph so far; `last` is the name of the values that the next node reads.

    It is a `cnnviz.networks.kinds.layer.Graph`, to which each kind adds its node.
    """

    nodes: list["NodeProto"] = field(default_factory=list)
    tensors: list["TensorProto"] = field(default_factory=list)
    last: str = "image"
    place: _Place = field(init=False)

    def add(self, place: _Place) -> None:
        """The node of a module, and those it needs beside it; the last one makes its output."""
        self.place = place
        try:
            kind_of(place.module).onnx(self, place.module)
        except ValueError as error:
            raise ValueError(f"{place.name} {error}") from None

    def node(self, operator: str, *more: str, **attributes: Any) -> None:
        self._node(operator, self.place.output, *more, **attributes)

    def _node(self, operator: str, output: str, *more: str, **attributes: Any) -> None:
        from onnx import helper

        self.nodes.append(
            helper.make_node(operator, [self.last, *more], [output], name=output, **attributes)
        )
        self.last = output

    def constant(self, key: str, values: Tensor) -> str:
        from onnx import numpy_helper

        name = f"{self.place.name}.{key}"
        array = values.detach().contiguous().numpy()
        self.tensors.append(numpy_helper.from_array(array, name))
        return name

    def weighted(self, operator: str, **attributes: Any) -> None:
        weights = [self.constant(key, p) for key, p in self.place.module.named_parameters()]
        self.node(operator, *weights, **attributes)

    def max_pool(self) -> None:
        windows = _windows(self.place)
        pads = windows.pads
        if any(windows.overhang):
            # Runtimes differ about windows that hang over the padding, so there is more of it.
            self._pad(windows, -torch.inf)
            pads = (0, 0, 0, 0)
        self.node("MaxPool", dilations=windows.dilation, pads=pads, **windows.attributes)

    def average_pool(self) -> None:
        windows, module = _windows(self.place), self.place.module
        assert isinstance(module, nn.AvgPool2d)
        if not any(windows.overhang) and module.divisor_override is None:
            self.node(
                "AveragePool",
                pads=windows.pads,
                count_include_pad=int(module.count_include_pad),
                **windows.attributes,
            )
            return
        # The means of whole windows, each times what torch divides by instead of their size.
        self._pad(windows, 0.0)
        ones = torch.ones_like(self.place.before[:, :1])
        with torch.inference_mode():
            whole = F.avg_pool2d(F.pad(ones, windows.padded), windows.size, windows.stride)
            share = module(ones) / whole  # (1, 1, H', W')
        self._node("AveragePool", f"{self.place.name}.means", **windows.attributes)
        self.node("Mul", self.constant("share", share))

    def _pad(self, windows: "_Windows", value: float) -> None:
        left, right, top, bottom = windows.padded
        pads = torch.tensor([0, 0, top, left, 0, 0, bottom, right])
        self._node(
            "Pad",
            f"{self.place.name}.padded",
            self.constant("pads", pads),
            self.constant("padding", torch.tensor(value)),
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


def _windows(place: _Place) -> _Windows:
    module = place.module
    assert isinstance(module, nn.MaxPool2d | nn.AvgPool2d)
    size, padding, stride = (
        _pair_of(value) for value in (module.kernel_size, module.padding, module.stride)
    )
    dilation = _pair_of(module.dilation) if isinstance(module, nn.MaxPool2d) else (1, 1)
    before, after = place.before.shape[2:], place.after.shape[2:]
    rows, columns = (
        max(0, (count - 1) * s + d * (k - 1) + 1 - there - 2 * p)
        for count, s, d, k, there, p in zip(
            after, stride, dilation, size, before, padding, strict=True
        )
    )
    return _Windows(size, stride, padding, dilation, (rows, columns))


def _pair_of(value: int | tuple[int, ...]) -> Pair:
    rows, columns = pair(value)
    return rows, columns
