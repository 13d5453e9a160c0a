"""ONNX files: each layer says what onnxruntime says, or the file is refused by a node's name."""

import io
import itertools
import random
import re
import tracemalloc
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from cnnviz.export import onnx as export
from cnnviz.networks import checkpoints
from cnnviz.networks.architecture import LENET5, TINYVGG, Architecture
from cnnviz.networks.models import SimpleCNN
from cnnviz.networks.notation import layers_of, text_of
from cnnviz.networks.onnx_files import bounds, graph, reading
from cnnviz.networks.onnx_files.reading import Opened
from cnnviz.networks.seeding import seeded

STATE: Any = onnxruntime.capi.onnxruntime_pybind11_state  # type: ignore[attr-defined]
RUNTIME_ERRORS = (STATE.Fail, STATE.RuntimeException)
MADE = Path(__file__).parent / "onnx_made"
PACKAGED = sorted(
    path
    for folder in ("backend/test/data", "../onnxruntime/datasets")
    for path in (Path(onnx.__file__).parent / folder).rglob("*.onnx")
)


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def op(operator: str, inputs: Sequence[str], outputs: Sequence[str], **more: Any) -> onnx.NodeProto:
    return helper.make_node(operator, list(inputs), list(outputs), **more)


def model(
    nodes: Sequence[onnx.NodeProto],
    constants: dict[str, np.ndarray] | None = None,
    *,
    picture: Sequence[int | str | None] = (1, 8, 8),
    opset: int = 17,
    batch: int | str = "N",
) -> bytes:
    """From `x` through `nodes`, whose last one makes `y`."""
    made = helper.make_model(
        helper.make_graph(
            list(nodes),
            "by hand",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [batch, *picture])],
            [onnx.ValueInfoProto(name="y")],
            [numpy_helper.from_array(array, name) for name, array in (constants or {}).items()],
        ),
        opset_imports=[helper.make_opsetid("", opset)],
        ir_version=3 if opset < 9 else 8,
    )
    if opset < 9:  # there every constant is an input, too
        made.graph.input.extend(
            helper.make_tensor_value_info(t.name, t.data_type, list(t.dims))
            for t in made.graph.initializer
        )
    made.graph.output[0].type.tensor_type.elem_type = TensorProto.FLOAT
    return made.SerializeToString()


def classifier(
    *nodes: onnx.NodeProto,
    shape: tuple[int, ...],
    constants: dict[str, np.ndarray] | None = None,
    **more,
) -> bytes:
    """`nodes` from `x` to `v`, which has `shape`, then Flatten and Gemm."""
    count = int(np.prod(shape))
    head = {"w": numbers(3, count) / count, "b": numbers(3)}
    tail = [
        op("Flatten", ["v"], ["flat"]),
        op("Gemm", ["flat", "w", "b"], ["y"], transB=1),
    ]
    return model([*nodes, *tail], {**(constants or {}), **head}, **more)


def session_of(proto: onnx.ModelProto) -> onnxruntime.InferenceSession:
    quiet = onnxruntime.SessionOptions()
    quiet.log_severity_level = 4
    return onnxruntime.InferenceSession(proto.SerializeToString(), quiet)


def assert_as_onnxruntime(content: bytes, count: int = 1) -> Opened:
    """Each layer's output on random pictures; what the file says of each is made an output."""
    opened = reading.read(content, "my.onnx")
    network = SimpleCNN(opened.architecture).eval()
    network.load_state_dict(dict(opened.tensors))
    proto = onnx.load_from_string(content)
    del proto.graph.output[:]
    proto.graph.output.extend(onnx.ValueInfoProto(name=value) for value in opened.values)
    session = session_of(proto)
    pictures = numbers(count, *opened.architecture.picture, seed=1)
    source = session.get_inputs()[0].name
    expected = session.run(None, {source: pictures})
    values = torch.from_numpy(pictures)
    assert len(expected) == len(network)
    with torch.inference_mode():
        for (name, module), theirs in zip(network.named_children(), expected, strict=True):
            values = module(values)
            ours, theirs = values.numpy(), np.asarray(theirs)
            np.testing.assert_allclose(
                ours, theirs.reshape(ours.shape), rtol=1e-5, atol=1e-5, err_msg=name
            )
    return opened


def why_not(content: bytes) -> str | None:
    """Why it is refused; None where it opens."""
    try:
        reading.read(content, "my.onnx")
    except ValueError as error:
        return str(error)
    return None


def refused(content: bytes) -> str:
    """The one sentence that says why."""
    with pytest.raises(ValueError, match=r"^my\.onnx can't be opened: ") as raised:
        reading.read(content, "my.onnx")
    return str(raised.value)


def layers(opened: Opened) -> str:
    return text_of(opened.architecture.layers)


# Made here, and by others


EVERY_KIND = layers_of(
    "conv2d 4 3 padding=1 dilation=2, batchnorm2d, leakyrelu slope=0.2, maxpool2d 3 stride=2 "
    "padding=1, conv2d 6 3 stride=2, sigmoid, avgpool2d 2, tanh, relu, globalavgpool2d, flatten, "
    "linear 10"
)


@pytest.mark.parametrize("made", [None, LENET5, TINYVGG, EVERY_KIND])
def test_what_is_exported_here_opens_as_the_same_network(made):
    architecture = Architecture() if made is None else Architecture(made)
    with seeded(0):
        network = SimpleCNN(architecture).eval()
    opened = assert_as_onnxruntime(export.graph(network), count=3)
    assert opened.architecture == architecture
    for key, tensor in network.state_dict().items():
        torch.testing.assert_close(opened.tensors[key], tensor)


class Exported(nn.Module):
    """As people write them: functions between modules, `view`, softmax at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding="same")
        self.norm = nn.BatchNorm2d(4, eps=1e-3)
        self.pool = nn.MaxPool2d(2)
        self.mean = nn.AvgPool2d(3, 2, 1)
        self.drop = nn.Dropout(0.3)
        self.fc = nn.Linear(4 * 7 * 7, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.mean(self.pool(torch.relu(self.norm(self.conv(x)))))
        return torch.softmax(self.fc(self.drop(x.view(x.size(0), -1))), 1)


def exported() -> nn.Module:
    with seeded(0):
        module = Exported()
        module(torch.randn(8, 1, 28, 28))  # so that the batch normalisation has seen something
    return module.eval()


@pytest.mark.parametrize("opset", [9, 11, 13, 20])
@pytest.mark.parametrize("folded", [True, False])
def test_torchs_exporter_of_torchscript(opset: int, folded: bool):
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it isn't torch's newest
        torch.onnx.export(
            exported(),
            (torch.zeros(1, 1, 28, 28),),
            file,  # type: ignore[arg-type]  # this one writes into it
            dynamo=False,
            opset_version=opset,
            do_constant_folding=folded,
            training=torch.onnx.TrainingMode.EVAL if folded else torch.onnx.TrainingMode.PRESERVE,
            input_names=["x"],
            dynamic_axes={"x": {0: "n"}} if opset != 11 else None,
        )
    opened = assert_as_onnxruntime(file.getvalue())
    norm = "" if "batchnorm2d" not in layers(opened) else "batchnorm2d, "
    assert layers(opened) == (
        f"conv2d 4 3 padding=1, {norm}relu, maxpool2d 2, avgpool2d 3 stride=2 padding=1, "
        "flatten, linear 5"
    )
    assert bool(norm) is not folded
    assert "Softmax) is left out" in opened.notes[-1]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "torch_folded.onnx",
            "conv2d 4 3 padding=1, relu, maxpool2d 2, avgpool2d 3 stride=2 padding=1, "
            "flatten, linear 5",
        ),
        (
            "torch_unfolded.onnx",
            "conv2d 4 3 padding=1, batchnorm2d, relu, maxpool2d 2, "
            "avgpool2d 3 stride=2 padding=1, flatten, linear 5",
        ),
        (
            "mnist-8.onnx",
            "conv2d 8 5 padding=2, relu, maxpool2d 2, conv2d 16 5 padding=2, relu, maxpool2d 3, "
            "flatten, linear 10",
        ),
    ],
)
def test_files_from_elsewhere_open(file: str, expected: str):
    opened = assert_as_onnxruntime((MADE / file).read_bytes())
    assert layers(opened) == expected


@pytest.mark.parametrize("path", PACKAGED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_onnx_packages_own_files_are_opened_or_refused_in_a_sentence(path: Path):
    said = refused(path.read_bytes())
    assert said.endswith(".")
    assert "\n" not in said
    assert len(said) < 300


def test_a_checkpoint_has_its_network_its_classes_and_what_was_changed():
    network = SimpleCNN(Architecture(classes=3, layers=layers_of("flatten, linear 3")))
    content = export.graph(network, classes=("cat", "dog", "owl"))
    checkpoint = checkpoints.load(content, "pets.onnx")
    assert checkpoint.name == "pets.onnx"
    assert checkpoint.classes == ("cat", "dog", "owl")
    assert checkpoint.notes == ()
    assert not checkpoint.model.training
    changed = checkpoints.load((MADE / "torch_folded.onnx").read_bytes())
    assert "Softmax) is left out" in changed.notes[0]


# By hand: each operator in its old and new forms


@pytest.mark.parametrize("opset", [1, 6, 7, 8, 9, 11, 12, 13, 14, 17, 21])
def test_operators_as_each_opset_writes_them(opset: int):
    inference = {"is_test": 1} if opset < 7 else {}
    ratio = {"ratio": 0.25} if opset < 12 else {}
    shape = {"shape": [0, -1]} if opset < 5 else {}
    legacy = {"broadcast": 1} if opset < 7 else {}
    dropout = ["n", "ratio"] if opset >= 12 else ["n"]
    nodes = [
        op("Conv", ["x", "k"], ["c"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        op("Add", ["c", "kb"], ["cb"], **({"broadcast": 1, "axis": 1} if opset < 7 else {})),
        op("BatchNormalization", ["cb", "s", "o", "m", "v"], ["n"], epsilon=1e-3, **inference),
        op("Dropout", dropout, ["d"], **ratio, **inference),
        op("LeakyRelu", ["d"], ["l"], alpha=0.2),
        op("AveragePool", ["l"], ["p"], kernel_shape=[2, 2], strides=[2, 2]),
        op("Reshape", ["p", "to"] if opset >= 5 else ["p"], ["f"], **shape),
        op("Gemm", ["f", "w", "b"], ["y"], alpha=0.5, beta=2.0, **legacy),
    ]
    bias = numbers(4) if opset < 7 else numbers(4, 1, 1)
    constants = {
        "k": numbers(4, 1, 3, 3),
        "kb": bias,
        **{name: numbers(4, seed=place) for place, name in enumerate("som")},
        "v": np.abs(numbers(4)),
        "w": numbers(64, 3),
        "b": numbers(3),
        **({"to": np.array([0, -1])} if opset >= 5 else {}),
        **({"ratio": np.array(0.25, np.float32)} if opset >= 12 else {}),
    }
    content = model(nodes, constants, opset=opset)
    if opset < 7:  # whose operators onnxruntime no longer knows: as the next opset writes them
        opened = reading.read(content, "my.onnx")
        newer = {**constants, "kb": bias.reshape(4, 1, 1), "to": np.array([0, -1])}
        for node in nodes:
            kept = [a for a in node.attribute if a.name not in ("is_test", "broadcast", "axis")]
            del node.attribute[:]
            node.attribute.extend(a for a in kept if a.name != "shape")
            if node.op_type == "Reshape":
                node.input[:] = ["p", "to"]
        other = assert_as_onnxruntime(model(nodes, newer, opset=8))
        assert other.architecture == opened.architecture
        for key, tensor in other.tensors.items():
            assert torch.equal(opened.tensors[key], tensor)
    else:
        opened = assert_as_onnxruntime(content)
    assert layers(opened) == (
        "conv2d 4 3 padding=1, batchnorm2d, dropout share=0.25, leakyrelu slope=0.2, avgpool2d 2, "
        "flatten, linear 3"
    )
    assert opened.notes == (
        "Node number 2 (BatchNormalization): its epsilon of 0.001 is part of the variances.",
    )


def test_identity_cast_squeeze_and_the_means_of_whole_maps():
    nodes = [
        op("Identity", ["x"], ["i"]),
        op("Tanh", ["i"], ["t"]),
        op("Cast", ["t"], ["s"], to=TensorProto.FLOAT),
        op("Sigmoid", ["s"], ["g"]),
        op("Conv", ["g", "k", "kb"], ["c"]),
        op("ReduceMean", ["c"], ["m"], axes=[-1, -2]),
        op("Squeeze", ["m", "axes"], ["f"]),
        op("MatMul", ["f", "w"], ["u"]),
        op("Add", ["b", "u"], ["z"]),
        op("LogSoftmax", ["z"], ["y"]),
    ]
    constants = {
        "k": numbers(4, 1, 3, 3),
        "kb": numbers(4),
        "axes": np.array([2, 3]),
        "w": numbers(4, 3),
        "b": numbers(1, 3),
    }
    opened = assert_as_onnxruntime(model(nodes, constants))
    assert layers(opened) == "tanh, sigmoid, conv2d 4 3, globalavgpool2d, flatten, linear 3"


def test_weights_that_the_file_computes_are_computed():
    nodes = [
        op("Flatten", ["x"], ["f"]),
        op("Constant", [], ["two"], value_float=2.0),
        op("Mul", ["w", "two"], ["twice"]),
        op("Transpose", ["twice"], ["turned"], perm=[1, 0]),
        op("MatMul", ["f", "turned"], ["y"]),
    ]
    assert_as_onnxruntime(model(nodes, {"w": numbers(3, 64)}))


sides = st.tuples(st.integers(8, 12), st.integers(8, 12))
small = st.integers(1, 3)


@st.composite
def windows(draw) -> tuple[dict, tuple[int, int]]:
    """A sliding node's attributes, and the kernel."""
    square = draw(st.booleans())
    kernel = (draw(st.integers(1, 4)),) * 2 if square else (draw(small), draw(small))
    attributes: dict = {"kernel_shape": kernel, "strides": (draw(small),) * 2}
    auto = draw(st.sampled_from(["NOTSET", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"]))
    if auto == "NOTSET":
        most = min(kernel) // 2
        attributes["pads"] = [draw(st.integers(0, most)) for _ in range(4)]
    else:
        attributes["auto_pad"] = auto
    return attributes, kernel


def shape_of(node: onnx.NodeProto, constants: dict[str, np.ndarray], picture) -> tuple[int, ...]:
    proto = onnx.load_from_string(model([node], constants, picture=picture, batch=1))
    proto.graph.node[0].output[0] = "y"
    session = session_of(proto)
    (made,) = session.run(None, {"x": np.zeros((1, *picture), np.float32)})
    return np.asarray(made).shape[1:]


def hold_exact_or_refused(node: onnx.NodeProto, constants: dict[str, np.ndarray], picture) -> None:
    """Where it opens, each layer is onnxruntime's; else its node is named."""
    try:
        shape = shape_of(node, constants, picture)
    except RUNTIME_ERRORS:
        return  # it isn't ONNX: no window fits
    content = classifier(node, shape=shape, constants=constants, picture=picture)
    if (said := why_not(content)) is not None:
        assert re.match(rf"my.onnx can't be opened: node number 0 \({node.op_type}\): ", said)
    else:
        assert_as_onnxruntime(content, count=2)


@settings(deadline=None, max_examples=40)
@given(windows(), sides, st.sampled_from([1, 3]), st.integers(1, 2), st.booleans(), st.booleans())
def test_any_convolution_is_exact_or_refused(window, side, groups, dilation, one_side, unwritten):
    attributes, kernel = window
    if "pads" not in attributes:
        dilation = 1  # onnxruntime has no automatic padding for others
    elif one_side:
        attributes["pads"][2:] = [0, 0]
    if unwritten:
        del attributes["kernel_shape"]
    node = op("Conv", ["x", "k", "kb"], ["v"], group=groups, dilations=[dilation] * 2, **attributes)
    constants = {"k": numbers(6, 3 // groups, *kernel), "kb": numbers(6)}
    hold_exact_or_refused(node, constants, (3, *side))


@settings(deadline=None, max_examples=40)
@given(windows(), sides, st.booleans(), st.booleans(), st.booleans())
def test_any_pooling_is_exact_or_refused(window, side, ceil, maximum, counted):
    attributes, _ = window
    counting = {} if maximum else {"count_include_pad": int(counted)}
    if "pads" in attributes:
        attributes["ceil_mode"] = int(ceil)
    node = op("MaxPool" if maximum else "AveragePool", ["x"], ["v"], **attributes, **counting)
    hold_exact_or_refused(node, {}, (1, *side))


@pytest.mark.parametrize(
    ("attributes", "kernel", "expected"),
    [
        ({"auto_pad": "SAME_UPPER"}, (2, 2), "conv2d 2 3 padding=1"),
        ({"auto_pad": "SAME_LOWER"}, (4, 4), "conv2d 2 5 padding=2"),
        ({"pads": [0, 1, 0, 1]}, (1, 3), "conv2d 2 3 padding=1"),
        ({"pads": [0, 0, 1, 1], "strides": [2, 2]}, (3, 3), "conv2d 2 4 stride=2 padding=1"),
        ({"pads": [2, 2, 2, 2], "dilations": [2, 2]}, (3, 3), "conv2d 2 3 padding=2 dilation=2"),
    ],
)
def test_uneven_padding_and_kernels_become_zeros_of_a_larger_kernel(attributes, kernel, expected):
    node = op("Conv", ["x", "k"], ["v"], **attributes)
    constants = {"k": numbers(2, 1, *kernel)}
    shape = shape_of(node, constants, (1, 8, 8))
    opened = assert_as_onnxruntime(classifier(node, shape=shape, constants=constants))
    assert layers(opened).startswith(f"{expected}, flatten")


def test_groups_are_one_convolution_with_zeros():
    node = op("Conv", ["x", "k"], ["v"], group=3)
    content = classifier(
        node, shape=(6, 6, 6), constants={"k": numbers(6, 1, 3, 3)}, picture=(3, 8, 8)
    )
    opened = assert_as_onnxruntime(content)
    assert opened.notes == (
        "Node number 0 (Conv): its 3 groups are one convolution with zeros between them.",
    )


def test_zeros_put_around_by_a_pad_are_the_next_convolutions_padding():
    pad = op("Pad", ["x", "pads"], ["p"])
    conv = op("Conv", ["p", "k"], ["v"], pads=[1, 1, 1, 1])
    constants = {"pads": np.array([0, 0, 1, 1, 0, 0, 1, 1]), "k": numbers(2, 1, 3, 3)}
    opened = assert_as_onnxruntime(classifier(pad, conv, shape=(2, 10, 10), constants=constants))
    assert layers(opened).startswith("conv2d 2 3 padding=2, ")
    pool = op("MaxPool", ["p"], ["v"], kernel_shape=[2, 2])
    assert "node number 1 (MaxPool): a Pad comes before it" in refused(
        classifier(pad, pool, shape=(1, 9, 9), constants=constants)
    )


# Refused


def node(operator: str, *inputs: str, **attributes) -> onnx.NodeProto:
    return op(operator, ["x", *inputs], ["v"], name="here", **attributes)


MAPS = numbers(2, 1, 3, 3)


@pytest.mark.parametrize(
    ("made", "constants", "why"),
    [
        (node("Elu"), {}, "node here (Elu): Elu is no kind of layer that is known here"),
        (node("LeakyRelu", alpha=2.0), {}, "node here (LeakyRelu): leakyrelu slope must be"),
        (
            node("Conv", "k"),
            {"k": numbers(2, 1, 3)},
            "its weights have 3 dimensions (2×1×3), not 4",
        ),
        (
            node("Conv", "k"),
            {"k": numbers(2, 2, 3, 3)},
            "weights for 2 maps in 1 groups, and reads 1",
        ),
        (node("Conv", "k"), {"k": numbers(2, 1, 9, 9)}, "8×8 is smaller than the 9×9 window"),
        (node("Conv", "k"), {"k": MAPS.astype(np.float16)}, "its weights are float16"),
        (node("Conv", "k", strides=[1, 2]), {"k": MAPS}, "its strides is 1×2"),
        (node("Conv", "k", pads=[-1, 0, 0, 0]), {"k": MAPS}, "its pads are [-1, 0, 0, 0]"),
        (node("Conv", "k", strides=[9, 9]), {"k": MAPS}, "conv2d stride must be a whole number"),
        (node("Conv", "k", padding=1), {"k": MAPS}, "its attribute padding isn't known here"),
        (node("Conv", "q"), {}, "its input q is made by no node before it"),
        (
            node("MaxPool", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
            {},
            "its last windows hang over the edge of the maps (ceil_mode is 1)",
        ),
        (node("MaxPool", kernel_shape=[2, 2], dilations=[2, 2]), {}, "its windows have gaps"),
        (
            node("AveragePool", kernel_shape=[2, 2], pads=[1, 1, 1, 1]),
            {},
            "its means leave the padding out (count_include_pad is 0)",
        ),
        (
            node("MaxPool", kernel_shape=[2, 2], pads=[0, 0, 1, 1]),
            {},
            "it pads 0 above, 0 left, 1 below and 1 right",
        ),
        (node("Flatten", axis=3), {}, "here maps can be laid out in one row, N×64"),
        (node("Softmax", axis=1), {}, "it is no softmax over classes"),
        (node("Add", "k"), {"k": numbers(1)}, "it adds to what isn't a convolution"),
        (node("Dropout", "", "t"), {"t": np.array(True)}, "as in training (training_mode is true)"),
        (
            node("BatchNormalization", *"abcd", training_mode=1),
            dict.fromkeys("abcd", numbers(1)),
            "as in training (training_mode is 1)",
        ),
        (
            node("BatchNormalization", *"abcd"),
            dict.fromkeys("abcd", numbers(2)),
            "1 maps need as many numbers for its weight",
        ),
        (
            op("Relu", ["x"], ["v"], name="here", domain="com.example"),
            {},
            "node here (Relu) is one of com.example",
        ),
    ],
)
def test_a_node_that_no_layer_is_like_is_refused_by_name(made, constants, why):
    said = refused(classifier(made, shape=(1, 8, 8), constants=constants))
    assert "node here (" in said
    assert why in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            classifier(
                op("Relu", ["x"], ["r"], name="first"),
                op("Add", ["r", "x"], ["v"], name="skip"),
                shape=(1, 8, 8),
            ),
            "node skip (Add): it reads two things that are made of the picture",
        ),
        (
            classifier(
                op("Relu", ["x"], ["r"]),
                op("Tanh", ["x"], ["v"], name="branch"),
                op("Add", ["r", "v"], ["z"]),
                shape=(1, 8, 8),
            ),
            "it ends in",
        ),
        (classifier(node("Relu"), shape=(1, 8, 8), picture=(1, "h", "w")), "input x doesn't say"),
        (classifier(node("Relu"), shape=(2, 8, 8), picture=(2, 8, 8)), "got (2, 8, 8)"),
        (classifier(node("Relu"), shape=(1, 8, 8), picture=(64,)), "input x has 2 dimensions"),
        (model([op("Relu", ["x"], ["y"])]), "it ends in 1×8×8 maps"),
        (classifier(node("Relu"), shape=(1, 8, 8), opset=99), "its opset is 99; 1 to"),
        (classifier(*[op("Relu", ["x"], ["v"])] * 501, shape=(1, 8, 8)), "503 nodes"),
    ],
)
def test_a_graph_that_is_no_row_of_layers_for_pictures_is_refused(content, why):
    if why == "it ends in":  # the branch that nothing reads isn't looked at
        assert layers(assert_as_onnxruntime(content)) == "tanh, flatten, linear 3"
        return
    assert why in refused(content)


@pytest.mark.parametrize("operator", ["Softmax", "LogSoftmax"])
@pytest.mark.parametrize(
    ("opset", "axis", "opens"),
    [
        *((11, None, True), (11, 1, True), (11, 0, False)),
        *((13, None, True), (13, -1, True), (13, 1, True), (13, 0, False), (13, -2, False)),
    ],
)
def test_a_softmax_is_over_the_classes_and_not_over_the_pictures(operator, opset, axis, opens):
    nodes = [
        op("Flatten", ["x"], ["f"]),
        op("MatMul", ["f", "w"], ["z"]),
        op(operator, ["z"], ["y"], name="end", **({} if axis is None else {"axis": axis})),
    ]
    content = model(nodes, {"w": numbers(64, 3)}, opset=opset)
    if opens:
        assert layers(assert_as_onnxruntime(content)) == "flatten, linear 3"
    else:
        assert f"node end ({operator}): it is no softmax over classes" in refused(content)


def test_too_many_layers_and_too_many_parameters_are_refused():
    names = ["x", *(f"r{i}" for i in range(15)), "v"]
    many = [op("Relu", [a], [b]) for a, b in itertools.pairwise(names)]
    assert "a network has at most 16 layers" in refused(classifier(*many, shape=(1, 8, 8)))
    # 1,000 bytes that would be a million weights between groups.
    wide = op("Conv", ["x", "k"], ["c"])
    deep = op("Conv", ["c", "g"], ["v"], group=512, pads=[7, 7, 7, 7])
    constants = {"k": numbers(512, 1, 1, 1), "g": numbers(512, 1, 15, 15)}
    content = classifier(wide, deep, shape=(512, 8, 8), constants=constants)
    tracemalloc.start()
    try:
        assert "parameters, more than the 2,000,000 it may have" in refused(content)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_weights_in_another_file_are_refused_by_name():
    proto = onnx.load_from_string(classifier(node("Relu"), shape=(1, 8, 8)))
    tensor = proto.graph.initializer[0]
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    tensor.ClearField("raw_data")
    assert "constant w lies in a file of its own" in refused(proto.SerializeToString())


# Hostile bytes


CONTENT = export.graph(SimpleCNN())


def test_fields_are_counted_before_anything_is_made_of_them():
    # 8 million nodes of nothing, two bytes each, in a graph.
    nodes = b"\x0a\x00" * 8_000_000
    length = bytes([len(nodes) & 0x7F | 0x80, len(nodes) >> 7 & 0x7F | 0x80])
    length += bytes([len(nodes) >> 14 & 0x7F | 0x80, len(nodes) >> 21])
    content = b"\x08\x08\x3a" + length + nodes
    tracemalloc.start()
    try:
        assert "it has more than 50,000 fields" in refused(content)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_nesting_size_and_growing_constants_have_limits():
    inner = b""
    for _ in range(40):  # graphs in attributes of nodes in graphs
        inner = op("If", [], []).SerializeToString() + _field(5, _field(6, _field(1, inner)))
    assert "nested more than 12 deep" in refused(b"\x08\x08" + _field(7, _field(1, inner)))
    assert "it has 20 MB; an ONNX file may have at most 20 MB" in refused(
        b"\x08\x08" + bytes(bounds.MOST_BYTES)
    )
    doubled = [op("Concat", [f"c{i}", f"c{i}"], [f"c{i + 1}"], axis=0) for i in range(40)]
    flatten = op("Flatten", ["x"], ["f"])
    end = op("Gemm", ["f", "c40"], ["y"])
    tracemalloc.start()
    try:
        assert "constants may have more than 8,000,000 values" in refused(
            model([*doubled, flatten, end], {"c0": numbers(1024)})
        )
        assert tracemalloc.get_traced_memory()[1] < 200_000_000
    finally:
        tracemalloc.stop()


def test_numbers_that_would_become_texts_are_refused_before_they_are_made():
    nodes = [
        op("Cast", ["w"], ["s"], name="here", to=TensorProto.STRING),
        op("Cast", ["s"], ["n"], to=TensorProto.FLOAT),
        op("Flatten", ["x"], ["f"]),
        op("MatMul", ["f", "n"], ["y"]),
    ]
    content = model(nodes, {"w": numbers(64, 3)})
    assert "node here (Cast): it makes something else than numbers" in refused(content)
    nodes[0].attribute[0].i = TensorProto.DOUBLE
    assert layers(assert_as_onnxruntime(model(nodes, {"w": numbers(64, 3)}))) == "flatten, linear 3"


def test_what_is_known_is_not_copied_for_each_input_that_is_looked_for(monkeypatch):
    """With 20,000 constants that would be 20,000 × 20,000 steps."""
    copies = []

    class Watched(dict):
        def __ror__(self, other):
            copies.append(other)
            return {**other, **self}

    def watched(content: bytes) -> graph.Graph:
        found = graph_read(content)
        found.constants = Watched(found.constants)
        return found

    graph_read = graph.read
    monkeypatch.setattr(graph, "read", watched)
    reading.read(CONTENT, "my.onnx")
    assert not copies


def _field(number: int, content: bytes) -> bytes:
    """A field of bytes or of a message."""
    size, length = len(content), b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return bytes([number << 3 | 2]) + length + content


def test_a_tensor_that_says_more_than_it_holds_is_refused():
    proto = onnx.load_from_string(CONTENT)
    proto.graph.initializer[0].dims[0] = 2**40
    assert "values, more than 8,000,000" in refused(proto.SerializeToString())
    proto.graph.initializer[0].dims[0] = 5
    assert "should have 45 values of shape 5×1×3×3, and has 36" in refused(
        proto.SerializeToString()
    )


@settings(deadline=None, max_examples=400)
@given(st.integers(0, 2**32), st.integers(1, 8))
def test_damaged_bytes_are_refused_as_any_wrong_value_is(seed: int, changes: int):
    damaged, chance = bytearray(CONTENT), random.Random(seed)
    # Most of the bytes are weights: the others are changed more often than they would be.
    places = [at for at in range(len(damaged)) if at < 700 or chance.random() < 0.02]
    for _ in range(changes):
        at = chance.choice(places)
        match chance.randrange(3):
            case 0:
                damaged[at % len(damaged)] = chance.randrange(256)
            case 1:
                del damaged[at : at + chance.randrange(1, 40)]
            case 2:
                damaged[at:at] = chance.randbytes(chance.randrange(1, 12))
    _only_value_errors(bytes(damaged))


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused(content: bytes):
    _only_value_errors(content)


def _only_value_errors(content: bytes) -> None:
    said = why_not(content)
    assert said is None or said.startswith("my.onnx can't be opened: ")
    assert said is None or len(said) < 400
