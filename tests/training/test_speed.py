"""The network as training runs it computes what its plain modules compute."""

import copy

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnviz.networks.architecture import two_convolutions
from cnnviz.networks.models import FullyConnected, SimpleCNN, untrained
from cnnviz.training import optimizers
from cnnviz.training.config import TrainingConfig
from cnnviz.training.speed import PooledConvolution, rearranged, take_step

architectures = st.builds(
    two_convolutions,
    channels=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    kernel_size=st.sampled_from((1, 3, 5, 7)),
    activation=st.sampled_from(("relu", "tanh")),
    pooling=st.sampled_from(("max", "average", "none")),
)


def gradients(network: nn.Module, model: nn.Module, images, labels) -> list[torch.Tensor]:
    loss = F.cross_entropy(network(images), labels)
    return list(torch.autograd.grad(loss, list(model.parameters())))


@given(architectures, st.integers(0, 1000))
def test_logits_and_gradients_are_those_of_the_plain_modules(architecture, seed):
    # In double precision nothing is so near a tie that the last bits decide who wins.
    model = untrained(architecture, seed).double()
    images = torch.rand(
        6, 1, 28, 28, generator=torch.Generator().manual_seed(seed), dtype=torch.float64
    )
    labels = torch.arange(6)
    plain = copy.deepcopy(model)
    network = rearranged(model)
    torch.testing.assert_close(network(images), plain(images), rtol=1e-12, atol=1e-12)
    for ours, theirs in zip(
        gradients(network, model, images, labels),
        gradients(plain, plain, images, labels),
        strict=True,
    ):
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-12)


@given(
    size=st.integers(1, 5),
    channels=st.integers(1, 4),
    height=st.integers(6, 14),
    width=st.integers(6, 14),
    bias=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_a_pooled_convolution_is_a_convolution_then_max_pooling(
    size, channels, height, width, bias, seed
):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        convolution = nn.Conv2d(1, channels, size, bias=bias)
        image = torch.randn(3, 1, height, width)
    torch.testing.assert_close(
        PooledConvolution(convolution)(image), F.max_pool2d(convolution(image), 2)
    )


def test_blank_paper_where_all_four_neighbours_tie_gives_the_bias_its_whole_gradient():
    model = untrained()
    network = rearranged(copy.deepcopy(model))
    images, labels = torch.zeros(4, 1, 28, 28), torch.arange(4)
    F.cross_entropy(model(images), labels).backward()
    F.cross_entropy(network(images), labels).backward()
    expected = model.get_parameter("conv1.bias").grad
    ours = dict(network.named_parameters())["0.convolution.bias"].grad
    assert expected is not None
    torch.testing.assert_close(ours, expected)


def test_it_shares_the_weights():
    model = SimpleCNN()
    network = rearranged(model)
    assert {id(p) for p in network.parameters()} == {id(p) for p in model.parameters()}


@pytest.mark.parametrize(
    "model",
    [
        FullyConnected(),
        SimpleCNN(two_convolutions(pooling="none")),
        nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.MaxPool2d(2)),
        nn.Sequential(nn.Conv2d(1, 2, (1, 3)), nn.MaxPool2d(2)),
        nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(2, ceil_mode=True)),
        nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(3, 2)),
    ],
    ids=["dense", "unpooled", "padded", "not square", "ceil_mode", "overlapping"],
)
def test_what_has_nothing_to_take_in_stays_as_it_is(model):
    assert list(rearranged(model)) == list(model)


@pytest.mark.parametrize(
    ("optimizer", "theirs"), [("adam", torch.optim.Adam), ("sgd", torch.optim.SGD)]
)
def test_a_step_is_the_optimizers_own_bit_for_bit(optimizer, theirs):
    config = TrainingConfig(optimizer=optimizer, learning_rate=0.01)
    ours, plain = untrained(), untrained()
    images = torch.rand(8, 1, 28, 28, generator=torch.Generator().manual_seed(3))
    momentum = {"momentum": config.momentum} if optimizer == "sgd" else {}
    for model, made, step in (
        (ours, optimizers.make(config, ours), take_step),
        (
            plain,
            theirs(plain.parameters(), lr=0.01, fused=True, **momentum),
            lambda made: made.step(),
        ),
    ):
        for rate in (0.01, 0.01, 0.002, 0.03):
            made.param_groups[0]["lr"] = rate
            made.zero_grad()
            F.cross_entropy(model(images), torch.arange(8)).backward()
            step(made)
    for name, weight in plain.state_dict().items():
        assert torch.equal(ours.state_dict()[name], weight), name
    assert all(parameter.grad is None for parameter in ours.parameters())
