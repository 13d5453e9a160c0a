"""Every setting is checked before anything starts, and the message says what would be right."""

import math

import pytest
import torch

from cnnviz.networks.checkpoints import article
from cnnviz.training.config import TrainingConfig
from cnnviz.training.presets import PRESETS
from cnnviz.training.recipe import build_model, scheduled_rate


@pytest.mark.parametrize(
    ("setting", "value", "right"),
    [
        ("preset", "slow", "article, fast, tiny, own"),
        ("dataset", "cifar", "mnist, digits"),
        ("model", "ResNet", "SimpleCNN, FullyConnected"),
        ("channels", (4, 0), "1 to 64"),
        ("channels", 4, "1 to 64"),
        ("kernel_size", 4, "1, 3, 5, 7"),
        ("activation", "gelu", "relu, tanh"),
        ("pooling", "min", "max, average, none"),
        ("hidden", 0, "from 1 to 1024"),
        ("epochs", 0, "from 1 to 100"),
        ("epochs", 101, "from 1 to 100"),
        ("epochs", 2.5, "from 1 to 100"),
        ("epochs", True, "from 1 to 100"),
        ("batch_size", 5000, "from 1 to 4096"),
        ("optimizer", "lion", "adam, sgd"),
        ("learning_rate", 0.0, "from 1e-06 to 10"),
        ("learning_rate", math.nan, "from 1e-06 to 10"),
        ("learning_rate", "fast", "from 1e-06 to 10"),
        ("momentum", 1.0, "from 0 to below 1"),
        ("schedule", "cosine", "constant, one-cycle"),
        ("augmentation", "flips", "none, shifts, affine"),
        ("start", "elsewhere", "random, article"),
        ("train_size", 60_001, "from 1 to 60000"),
        ("shuffle_pixels", -1, "from 0 to"),
        ("seed", -1, "from 0 to"),
        ("threads", 0, "from 1 to 64"),
    ],
)
def test_a_setting_out_of_range_is_named_with_its_value_and_its_range(setting, value, right):
    with pytest.raises(ValueError, match=setting) as caught:
        TrainingConfig(**{setting: value})
    shown = value if setting == "channels" else repr(value)
    assert str(shown) in str(caught.value)
    assert right in str(caught.value)


def test_the_train_size_is_checked_against_the_data_set():
    with pytest.raises(ValueError, match="from 1 to 1437, got 1438"):
        TrainingConfig(dataset="digits", train_size=1438)


def test_settings_survive_json_and_unknown_ones_are_refused():
    for config in PRESETS.values():
        assert TrainingConfig.from_dict(config.to_dict()) == config
    with pytest.raises(ValueError, match="'dropout' is not a setting"):
        TrainingConfig.from_dict({"dropout": 0.5})


def test_one_cycle_follows_torchs_own():
    steps, peak = 1000, 0.02
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=1.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=peak, total_steps=steps)
    for step in range(steps):
        ours = scheduled_rate("one-cycle", peak, step / (steps - 1))
        # torch rounds the end of the climb to a step: half a per cent of the peak, at most.
        assert ours == pytest.approx(schedule.get_last_lr()[0], abs=0.005 * peak)
        optimizer.step()
        if step < steps - 1:
            schedule.step()


def test_only_a_network_with_the_shipped_convolutions_can_start_from_them():
    assert TrainingConfig(start="article").starts_with_shipped
    for other in ({"channels": (4, 9)}, {"kernel_size": 5}, {"dataset": "cifar10"}):
        with pytest.raises(ValueError, match="start: the shipped convolutions are 4 and 8"):
            TrainingConfig.from_dict({"start": "article", **other})
    # Without an effect it may stand there.
    assert not TrainingConfig(start="article", model="TinyVGG").starts_with_shipped
    assert not TrainingConfig(start="article").compares_with_article


def test_it_starts_with_the_shipped_convolutions_and_a_head_of_its_own():
    config = TrainingConfig(dataset="digits", start="article")
    (model, generator), (plain, as_before) = map(build_model, (config, TrainingConfig()))
    shipped = article().model.state_dict()
    for name, weight in model.state_dict().items():
        other = plain.state_dict() if name.startswith("fc") else shipped
        assert torch.equal(weight, other[name]), name
    # What is drawn after it is as it would have been without.
    assert torch.equal(generator.get_state(), as_before.get_state())
    with torch.no_grad():
        model.get_parameter("conv1.weight").zero_()
    assert shipped["conv1.weight"].any()
