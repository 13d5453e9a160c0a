import threading
from collections import OrderedDict

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from cnnviz.networks.architecture import two_convolutions
from cnnviz.networks.models import FullyConnected, SimpleCNN, untrained
from cnnviz.networks.trace import trace


@st.composite
def models_and_images(draw):
    """Any small sequential model that the view knows, and an image that goes through it."""
    torch.manual_seed(draw(st.integers(0, 2**20)))
    channels, height, width = (
        draw(st.integers(1, 3)),
        draw(st.integers(1, 12)),
        draw(st.integers(1, 12)),
    )
    image = torch.randn(1, channels, height, width)
    modules: OrderedDict[str, nn.Module] = OrderedDict()
    current = image
    for index in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(["conv", "relu", "tanh", "max", "average"]))
        kernel = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
        stride = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
        dilation = (draw(st.integers(1, 2)), draw(st.integers(1, 2)))
        match kind:
            case "conv":
                module = nn.Conv2d(
                    current.shape[1],
                    draw(st.integers(1, 4)),
                    kernel,
                    stride=stride,
                    padding=(draw(st.integers(0, 2)), draw(st.integers(0, 2))),
                    dilation=dilation,
                    bias=draw(st.booleans()),
                    padding_mode=draw(
                        st.sampled_from(["zeros", "reflect", "replicate", "circular"])
                    ),
                )
            case "relu":
                module = nn.ReLU(inplace=draw(st.booleans()))
            case "tanh":
                module = nn.Tanh()
            case "max":
                module = nn.MaxPool2d(
                    kernel,
                    stride,
                    padding=(kernel[0] // 2, kernel[1] // 2),
                    dilation=dilation,
                    ceil_mode=draw(st.booleans()),
                )
            case _:
                module = nn.AvgPool2d(
                    kernel,
                    stride,
                    padding=(kernel[0] // 2, kernel[1] // 2),
                    ceil_mode=draw(st.booleans()),
                    count_include_pad=draw(st.booleans()),
                )
        try:
            with torch.no_grad():
                following = module(current.clone())
        except (RuntimeError, ValueError):
            continue  # the window is larger than what is left of the image
        modules[f"{kind}{index}"] = module
        current = following
    if draw(st.booleans()):
        modules["flatten"] = nn.Flatten()
        modules["fc"] = nn.Linear(current[0].numel(), draw(st.integers(1, 10)))
    return nn.Sequential(modules), image


def _same_bits(ours: torch.Tensor, theirs: torch.Tensor) -> bool:
    # A window wholly on max pooling's padding gives -inf, and later NaN, which equals nothing.
    return torch.equal(ours.view(torch.int32), theirs.contiguous().view(torch.int32))


@settings(max_examples=100)
@given(models_and_images())
def test_a_trace_is_what_the_layers_give_when_called_by_hand_bit_for_bit(model_and_image):
    model, image = model_and_image
    before = image.clone()
    steps = trace(model, image)
    values = image.clone()
    with torch.no_grad():
        for (name, module), layer in zip(model.named_children(), steps.layers, strict=True):
            values = module(values.clone())
            assert layer.name == name
            assert _same_bits(layer.values, values[0])
            for parameter in ("weight", "bias"):
                theirs, ours = getattr(module, parameter, None), getattr(layer, parameter)
                assert (theirs is None) == (ours is None)
                assert theirs is None or _same_bits(theirs, ours)
    assert _same_bits(image, before)
    assert _same_bits(steps.image, image[0])
    if "fc" in dict(model.named_children()):
        assert steps.logits is not None
        assert steps.probabilities is not None
        assert _same_bits(steps.logits, values[0])
        assert _same_bits(steps.probabilities, values[0].softmax(0))
    else:
        assert steps.logits is None
        assert steps.probabilities is None


def test_the_articles_network_has_the_shapes_of_the_article():
    steps = trace(untrained(), torch.rand(1, 1, 28, 28))
    assert [(layer.name, layer.kind, tuple(layer.values.shape)) for layer in steps.layers] == [
        ("conv1", "conv2d", (4, 26, 26)),
        ("relu1", "relu", (4, 26, 26)),
        ("pool1", "maxpool2d", (4, 13, 13)),
        ("conv2", "conv2d", (8, 11, 11)),
        ("relu2", "relu", (8, 11, 11)),
        ("pool2", "maxpool2d", (8, 5, 5)),
        ("flatten", "flatten", (200,)),
        ("fc", "linear", (10,)),
    ]
    assert steps["conv2"].hyperparameters == {
        "kernel": [3, 3],
        "stride": [1, 1],
        "padding": [0, 0],
        "dilation": [1, 1],
        "padding_mode": "zeros",
    }
    with pytest.raises(KeyError, match="no layer 'conv3'"):
        steps["conv3"]


@pytest.mark.parametrize("model", [FullyConnected(), SimpleCNN(two_convolutions(pooling="none"))])
def test_the_other_shipped_models_can_be_traced(model):
    image = torch.rand(1, 1, 28, 28)
    steps = trace(model, image)
    with torch.no_grad():
        assert torch.equal(steps.layers[-1].values, model(image)[0])


def test_an_in_place_relu_does_not_change_what_was_recorded_before_it():
    convolution = nn.Conv2d(1, 2, 1, bias=False)
    with torch.no_grad():
        convolution.weight.copy_(torch.tensor([1.0, -1.0]).reshape(2, 1, 1, 1))
    model = nn.Sequential(OrderedDict(conv=convolution, relu=nn.ReLU(inplace=True)))
    steps = trace(model, torch.tensor([[[[-2.0, 3.0]]]]))
    assert steps["conv"].values.tolist() == [[[-2.0, 3.0]], [[2.0, -3.0]]]
    assert steps["relu"].values.tolist() == [[[0.0, 3.0]], [[2.0, 0.0]]]


def test_an_in_place_first_layer_leaves_the_callers_image_alone():
    image = -torch.ones(1, 1, 2, 2)
    trace(nn.Sequential(OrderedDict(relu=nn.ReLU(inplace=True))), image)
    assert torch.equal(image, -torch.ones(1, 1, 2, 2))


def test_later_training_does_not_change_a_trace():
    model = untrained()
    steps = trace(model, torch.rand(1, 1, 28, 28))
    kept = steps["conv1"].weight
    assert kept is not None
    before = kept.clone()
    with torch.no_grad():
        model.get_parameter("conv1.weight").add_(1)
    assert torch.equal(kept, before)


def test_a_module_used_twice_is_recorded_twice():
    relu = nn.ReLU()
    first, second = nn.Conv2d(1, 1, 1), nn.Conv2d(1, 1, 1)
    model = nn.Sequential(OrderedDict(conv1=first, relu1=relu, conv2=second, relu2=relu))
    image = torch.randn(1, 1, 5, 5)
    steps = trace(model, image)
    assert [layer.name for layer in steps.layers] == ["conv1", "relu1", "conv2", "relu2"]
    with torch.no_grad():
        assert torch.equal(steps["relu1"].values, first(image).relu()[0])
        assert torch.equal(steps["relu2"].values, second(first(image).relu()).relu()[0])


def _hooks(model: nn.Module) -> int:
    return sum(len(module._forward_hooks) for module in model.modules())


def test_modes_are_put_back_even_when_the_model_raises():
    model = untrained().train()
    model.get_submodule("relu1").eval()
    modes = [module.training for module in model.modules()]
    with pytest.raises(RuntimeError):
        trace(model, torch.rand(1, 3, 28, 28))
    assert _hooks(model) == 0
    assert [module.training for module in model.modules()] == modes


@pytest.mark.parametrize("training", [True, False])
def test_mode_and_gradients_stay_as_they_were(training):
    model = untrained().train(training)
    model(torch.rand(1, 1, 28, 28)).sum().backward()
    gradients = [p.grad.clone() for p in model.parameters() if p.grad is not None]
    assert len(gradients) == 6
    steps = trace(model, torch.rand(1, 1, 28, 28, requires_grad=True))
    assert model.training is training
    assert _hooks(model) == 0
    assert torch.is_grad_enabled()
    assert all(p.requires_grad for p in model.parameters())
    for parameter, gradient in zip(model.parameters(), gradients, strict=True):
        assert parameter.grad is not None
        assert torch.equal(parameter.grad, gradient)
    assert not any(layer.values.requires_grad for layer in steps.layers)


def test_somebody_elses_hooks_stay():
    model = untrained()
    seen = []
    model.get_submodule("fc").register_forward_hook(lambda *_: seen.append(1))
    trace(model, torch.rand(1, 1, 28, 28))
    assert seen == [1]
    assert _hooks(model) == 1


def test_many_threads_tracing_and_calling_one_model_do_not_disturb_one_another():
    model = untrained()
    images = [torch.rand(1, 1, 28, 28) for _ in range(8)]
    with torch.no_grad():
        expected = [model(image)[0] for image in images]
    problems = []
    start = threading.Barrier(9)
    done = threading.Event()

    def call() -> None:
        start.wait()
        with torch.no_grad():
            while not done.is_set():
                model(torch.zeros(1, 1, 28, 28))

    def look(index: int) -> None:
        start.wait()
        for _ in range(40):
            steps = trace(model, images[index])
            if not torch.equal(steps.layers[-1].values, expected[index]):
                problems.append(index)

    caller = threading.Thread(target=call)
    lookers = [threading.Thread(target=look, args=(index,)) for index in range(8)]
    for thread in (caller, *lookers):
        thread.start()
    for thread in lookers:
        thread.join()
    done.set()
    caller.join()
    assert problems == []
    assert _hooks(model) == 0


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (torch.zeros(1, 28, 28), r"shape \(1, C, H, W\), got \(1, 28, 28\)"),
        (torch.zeros(2, 1, 28, 28), r"got \(2, 1, 28, 28\)"),
        (torch.full((1, 1, 28, 28), torch.nan), "finite"),
        (torch.full((1, 1, 28, 28), torch.inf), "finite"),
    ],
)
def test_what_is_not_one_finite_picture_is_refused(image, message):
    with pytest.raises(ValueError, match=message):
        trace(untrained(), image)


class _OwnForward(nn.Sequential):
    def forward(self, input):
        return input


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (nn.Linear(3, 3), "plain nn.Sequential, got Linear"),
        (_OwnForward(nn.ReLU()), "plain nn.Sequential, got _OwnForward"),
        (nn.Sequential(nn.GELU()), "layer '0' is a GELU; known are Conv2d"),
        (nn.Sequential(nn.Conv2d(2, 2, 1, groups=2)), "groups must be 1, got 2"),
        (nn.Sequential(nn.Conv2d(1, 1, 3, padding="same")), "padding must be given as numbers"),
        (nn.Sequential(nn.AvgPool2d(2, divisor_override=3)), "divisor_override must be None"),
        (nn.Sequential(nn.Flatten(2)), "Flatten must go from dimension 1 to -1, got 2 to -1"),
    ],
)
def test_a_model_that_the_view_does_not_know_is_refused_by_name(model, message):
    with pytest.raises(ValueError, match=message):
        trace(model, torch.zeros(1, 2, 4, 4))
