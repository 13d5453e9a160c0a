import threading

import pytest
import torch

from cnnviz.networks.architecture import Architecture, two_convolutions
from cnnviz.networks.kinds import Normalize
from cnnviz.networks.models import FullyConnected, SimpleCNN, parameter_count, untrained
from tests.networks.article import Article


def test_the_articles_network_has_its_parameters_keys_and_shapes():
    model = SimpleCNN()
    assert parameter_count(model) == 2346
    assert {key: tuple(value.shape) for key, value in model.state_dict().items()} == {
        "conv1.weight": (4, 1, 3, 3),
        "conv1.bias": (4,),
        "conv2.weight": (8, 4, 3, 3),
        "conv2.bias": (8,),
        "fc.weight": (10, 200),
        "fc.bias": (10,),
    }
    assert [name for name, _ in model.named_children()] == [
        *("conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "fc")
    ]


@pytest.mark.parametrize("kernel_size", [1, 3, 5, 7])
@pytest.mark.parametrize("pooling", ["max", "average", "none"])
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_every_architecture_gives_ten_logits(kernel_size, pooling, activation):
    model = SimpleCNN(two_convolutions((2, 3), kernel_size, activation, pooling))
    assert model(torch.zeros(2, 1, 28, 28)).shape == (2, 10)


def test_the_network_without_convolution_is_about_as_large():
    model = FullyConnected()
    assert parameter_count(model) == 2395
    assert model(torch.zeros(2, 1, 28, 28)).shape == (2, 10)


@pytest.mark.parametrize(
    "model",
    [
        SimpleCNN(),
        FullyConnected(5, normalize=Normalize(0.3, 0.4)),
        FullyConnected(170, (3, 64, 64)),
    ],
    ids=["article", "normalises", "two million weights"],
)
def test_a_networks_steps_are_its_modules(model):
    values = torch.zeros(1, *model.picture)
    for step, (name, module) in zip(model.steps, model.named_children(), strict=True):
        assert (step.name, step.given) == (name, tuple(values.shape[1:]))
        values = module(values)
        assert step.shape == tuple(values.shape[1:])


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"channels": (4,)}, "channels"),
        ({"channels": (0, 8)}, "channels"),
        ({"channels": (4, 65)}, "channels"),
        ({"channels": (4, 8.0)}, "channels"),
        ({"kernel_size": 4}, "kernel_size must be 1, 3, 5 or 7, got 4"),
        ({"activation": "sigmoid"}, "activation must be one of relu, tanh, got 'sigmoid'"),
        ({"pooling": "min"}, "pooling must be one of max, average, none, got 'min'"),
    ],
)
def test_an_architecture_that_cannot_be_is_refused_by_name(wrong, named):
    with pytest.raises(ValueError, match=named):
        two_convolutions(**wrong)


@pytest.mark.parametrize("hidden", [0, -1, 5000, 2.5])
def test_hidden_units_out_of_range_are_refused(hidden):
    with pytest.raises(ValueError, match="hidden must be a whole number from 1 to 4096"):
        FullyConnected(hidden)


def test_an_architecture_survives_json():
    import json

    architecture = two_convolutions((6, 16), 5, "tanh", "average")
    assert Architecture.from_dict(json.loads(json.dumps(architecture.to_dict()))) == architecture


def test_a_seed_gives_the_articles_initial_weights():
    torch.manual_seed(42)
    plain = Article().state_dict()
    model = untrained(seed=42)
    assert all(torch.equal(plain[key], value) for key, value in model.state_dict().items())
    assert not model.training


def test_an_untrained_network_leaves_the_global_generator_alone():
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    untrained()
    assert torch.equal(torch.rand(3), expected)


def test_untrained_networks_made_at_once_are_the_same():
    expected = untrained().state_dict()
    made = []
    threads = [threading.Thread(target=lambda: made.append(untrained())) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 16
    for model in made:
        assert all(torch.equal(expected[key], value) for key, value in model.state_dict().items())
