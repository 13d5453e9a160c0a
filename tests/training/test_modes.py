"""Dropout and batch normalisation: trained in one mode, tested in the other, resumed to the bit."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from cnnviz.networks.models import SimpleCNN
from cnnviz.training import loop
from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import Epoch, Saved, Step, Wish
from cnnviz.training.loop import train
from cnnviz.training.presets import PRESETS

LAYERS = (
    "conv2d 4 5, batchnorm2d, relu, maxpool2d 2, dropout, flatten, "
    "linear 16, dropout share=0.3, linear 10"
)
CONFIG = replace(
    PRESETS["tiny"], preset="own", model="Layers", layers=LAYERS, epochs=2, train_size=320
)


def last_state(events):
    return [event.state for event in events if isinstance(event, Saved)][-1]


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been():
    whole = last_state(train(CONFIG))
    stops = iter([None] * 7 + [Wish(stop=True)])
    stopped = last_state(train(CONFIG, control=lambda: next(stops)))
    assert stopped.step == 7
    resumed = last_state(train(CONFIG, resume=stopped))
    for name, weight in whole.weights.items():
        assert torch.equal(resumed.weights[name], weight), name
    for name, tensor in whole.optimizer.items():
        assert torch.equal(resumed.optimizer[name], tensor), name
    assert torch.equal(resumed.generator, whole.generator)


def test_dropout_leaves_the_global_generator_and_other_networks_orders_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    list(train(replace(CONFIG, epochs=1, train_size=64)))
    assert torch.equal(torch.rand(3), expected)


def test_the_running_statistics_are_saved_and_the_test_uses_them(monkeypatch):
    modes = []
    measure = loop.accuracy

    def watched(model, images, labels):
        result = measure(model, images, labels)
        modes.append((model.training, result))
        return result

    monkeypatch.setattr(loop, "accuracy", watched)
    events = list(train(CONFIG))
    state = last_state(events)
    assert all(training for training, _ in modes)  # it is put back for the next step
    model = SimpleCNN(CONFIG.architecture)
    model.load_state_dict(dict(state.weights))
    assert int(state.weights["norm1.num_batches_tracked"]) == state.step
    assert not torch.equal(state.weights["norm1.running_mean"], torch.zeros(4))
    data = loop.training_images.load_for(CONFIG)
    epoch = [event for event in events if isinstance(event, Epoch)][-1]
    assert measure(model, data.test_images, data.test_labels) == epoch.test_accuracy
    assert epoch.test_accuracy > 0.5


def test_training_draws_what_dropout_hides_anew_each_time(monkeypatch):
    seen = []

    def keep(module, inputs, output):
        seen.append((output == 0).float().mean().item())

    build = loop.build_model

    def watched(config):
        model, generator = build(config)
        model.get_submodule("dropout1").register_forward_hook(keep)
        return model, generator

    monkeypatch.setattr(loop, "build_model", watched)
    list(train(replace(CONFIG, epochs=1, train_size=64, batch_size=32)))
    zeros_in_training = [share for share in seen if share > 0.5]
    assert len(set(zeros_in_training)) >= 2


def test_a_last_batch_of_one_that_has_no_variance_is_refused_in_words():
    layers = "globalavgpool2d, batchnorm2d, flatten, linear 10"
    config = replace(CONFIG, layers=layers, train_size=33, batch_size=32)
    with pytest.raises(ValueError, match=r"a batch of 1 is too small .* another batch size"):
        list(train(config))


@pytest.mark.parametrize("model", ["LeNet-5", "TinyVGG"])
def test_presets_train(model):
    config = TrainingConfig(
        preset="own", dataset="digits", model=model, epochs=1, train_size=640, batch_size=32
    )
    losses = [event.loss for event in train(config) if isinstance(event, Step)]
    assert len(losses) == 20
    assert sum(losses[-5:]) < sum(losses[:5])


def test_a_network_without_dropout_draws_nothing_more_than_before():
    """Its order and its start are those of the article's loop, whatever else there is."""
    run = loop._Run(PRESETS["tiny"], loop.training_images.load_for(PRESETS["tiny"]), None)
    assert not run.draws
    assert not any(isinstance(module, nn.Dropout) for module in run.model)
