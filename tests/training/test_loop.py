"""The engine: the article's numbers, exact resuming, and runs that go wrong."""

import functools
import statistics
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.data import DataLoader, TensorDataset

from cnnviz.datasets.catalogue import DATASETS
from cnnviz.datasets.shuffling import permutation, shuffle
from cnnviz.networks.models import SimpleCNN
from cnnviz.runs import states
from cnnviz.training import loop
from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import (
    Change,
    Epoch,
    Failed,
    Finished,
    Saved,
    Snapshot,
    Step,
    Stopped,
    Wish,
)
from cnnviz.training.images import load_for, shifted
from cnnviz.training.loop import is_snapshot_step, train
from cnnviz.training.presets import ARTICLE_LOSSES, PRESETS
from cnnviz.training.recipe import build_model
from tests.training.stopping import stop_after

needs_mnist = pytest.mark.skipif(
    not DATASETS["mnist"].stored.available(), reason="MNIST is not on this machine"
)

SMALL = TrainingConfig(preset="own", dataset="digits", train_size=120, epochs=3, batch_size=32)
"""Four steps an epoch, the last of them smaller."""


def of(kind, events):
    """The events of a kind, those that came with a saved state included."""
    told = (event.event if isinstance(event, Saved) else event for event in events)
    return [event for event in told if isinstance(event, kind)]


def saved_with(kind, events):
    """The states that came with events of a kind."""
    saved = (event for event in events if isinstance(event, Saved))
    return [event.state for event in saved if isinstance(event.event, kind)]


def final(events):
    return saved_with(Finished, events)[0]


def assert_same_weights(state, other):
    assert state.weights.keys() == other.weights.keys()
    for name, weight in state.weights.items():
        assert torch.equal(weight, other.weights[name]), name


def test_it_trains_as_the_articles_loop_does_batch_by_batch():
    config = replace(SMALL, epochs=2, seed=7)
    images = load_for(config)
    torch.manual_seed(7)
    model = SimpleCNN()
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
    loader = DataLoader(
        TensorDataset(images.train_images, images.train_labels), batch_size=32, shuffle=True
    )
    losses = []
    for _ in range(2):
        for batch, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(batch), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())

    events = list(train(config))

    assert [s.loss for s in of(Step, events)] == pytest.approx(losses, abs=1e-5)
    for name, weight in model.state_dict().items():
        torch.testing.assert_close(final(events).weights[name], weight, atol=1e-5, rtol=1e-4)


@pytest.mark.mnist
@needs_mnist
def test_two_epochs_of_the_article_have_the_losses_it_prints():
    article_prints(2)


@pytest.mark.slow
@pytest.mark.mnist
@needs_mnist
def test_all_ten_epochs_of_the_article_have_the_losses_it_prints():
    assert article_prints(10) > 0.98


def article_prints(epochs):
    events = train(replace(PRESETS["article"], epochs=epochs))
    summaries = of(Epoch, events)
    for summary, printed in zip(summaries, ARTICLE_LOSSES, strict=False):
        assert summary.loss_sum == pytest.approx(printed, abs=0.5)
    assert len(summaries) == epochs
    return summaries[-1].test_accuracy


@pytest.mark.slow
@pytest.mark.mnist
@needs_mnist
def test_fast_reads_98_per_cent_within_three_epochs():
    assert PRESETS["fast"].epochs <= 3
    results = [
        of(Finished, train(replace(PRESETS["fast"], seed=seed)))[0].test_accuracy
        for seed in (1, 2, 3)
    ]
    assert statistics.median(results) >= 0.98


def test_tiny_needs_no_mnist_and_learns_the_small_digits(monkeypatch):
    monkeypatch.setattr(DATASETS["mnist"].stored, "load", None)
    assert of(Finished, train(PRESETS["tiny"]))[0].test_accuracy > 0.88


def test_the_global_generator_and_thread_count_are_left_alone():
    torch.manual_seed(3)
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    list(train(replace(SMALL, augmentation="shifts", threads=1)))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads


def test_the_same_settings_twice_give_the_same_weights_and_another_seed_does_not():
    config = replace(SMALL, augmentation="shifts")
    first, again = final(train(config)), final(train(config))
    assert_same_weights(first, again)
    other = final(train(replace(config, seed=43)))
    assert not torch.equal(first.weights["fc.weight"], other.weights["fc.weight"])


def test_the_thread_count_is_the_runs_own_in_a_step_and_its_watchers_between_two():
    inside = set()
    shifts = torch.randint
    threads = torch.get_num_threads()

    def counting(*arguments, **options):
        inside.add(torch.get_num_threads())
        return shifts(*arguments, **options)

    config = replace(SMALL, augmentation="shifts", threads=threads + 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "randint", counting)
        for _ in train(config):
            assert torch.get_num_threads() == threads
    assert inside == {threads + 1}


def test_the_network_learns_in_train_mode_and_is_tested_in_eval_mode(monkeypatch):
    class Mode(torch.nn.Identity):
        def forward(self, input):
            modes.append((self.training, torch.is_grad_enabled()))
            return input

    def with_mode(config):
        model, generator = build_model(config)
        model.append(Mode())
        return model.eval(), generator

    modes: list[tuple[bool, bool]] = []
    monkeypatch.setattr(loop, "build_model", with_mode)
    kinds = [type(event) for event in train(replace(SMALL, epochs=1))]
    assert set(modes) == {(True, True), (False, False)}
    assert modes.count((True, True)) == kinds.count(Step)


VARIANTS = {
    "adam": SMALL,
    "sgd with momentum, shifts": replace(SMALL, optimizer="sgd", augmentation="shifts"),
    "one-cycle, tanh": replace(SMALL, schedule="one-cycle", activation="tanh"),
    "fully connected": replace(SMALL, model="FullyConnected", shuffle_pixels=1),
}


@functools.cache
def uninterrupted(variant):
    return list(train(VARIANTS[variant]))


@settings(max_examples=20)
@given(
    variant=st.sampled_from(sorted(VARIANTS)),
    stops=st.lists(st.integers(0, 12), min_size=1, max_size=3),
)
def test_stopped_anywhere_and_resumed_is_as_never_stopped(variant, stops, tmp_path_factory):
    folder = tmp_path_factory.mktemp("state")
    state, steps, summaries, events = None, [], [], []
    for stop in [*stops, 10**6]:
        events = list(train(VARIANTS[variant], state, stop_after(stop)))
        steps += of(Step, events)
        summaries += of(Epoch, events)
        if not (stopped := saved_with(Stopped, events)):
            break
        states.save(folder, stopped[0])
        state = states.load(folder)

    whole = uninterrupted(variant)
    assert [s.loss for s in steps] == [s.loss for s in of(Step, whole)]
    assert [e.loss_sum for e in summaries] == [e.loss_sum for e in of(Epoch, whole)]
    assert_same_weights(final(events), final(whole))
    for name, tensor in final(whole).optimizer.items():
        assert torch.equal(final(events).optimizer[name], tensor), name


def test_a_finished_run_goes_on_when_epochs_are_added():
    short = final(train(replace(SMALL, epochs=1)))
    assert_same_weights(final(train(SMALL, short)), final(train(SMALL)))


def with_tensor(state, name, value):
    return {**state.optimizer, name: torch.tensor(value)}


def without(state, name):
    return {key: value for key, value in state.optimizer.items() if key != name}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda state: replace(state, weights={}),
        lambda state: replace(state, optimizer={"nothing.exp_avg": torch.zeros(1)}),
        lambda state: replace(state, optimizer={"fc.bias.exp_avg": torch.zeros(3)}),
        lambda state: replace(state, optimizer={"fc.bias.__class__": torch.zeros(10)}),
        lambda state: replace(state, optimizer={}),
        lambda state: replace(state, optimizer=with_tensor(state, "fc.weight.exp_avg", 0.0)),
        lambda state: replace(state, optimizer=with_tensor(state, "fc.bias.step", [1.0] * 10)),
        lambda state: replace(state, optimizer=with_tensor(state, "fc.bias.step", 1)),
        lambda state: replace(state, optimizer=without(state, "conv1.bias.exp_avg_sq")),
        lambda state: replace(state, epoch_seed=2**70),
        lambda state: replace(state, generator=torch.zeros(3, dtype=torch.uint8)),
        lambda state: replace(state, position=120),
        lambda state: replace(state, batch_size=0),
    ],
)
def test_a_state_of_something_else_is_refused(spoil):
    (state,) = saved_with(Stopped, train(SMALL, None, stop_after(2)))
    with pytest.raises(ValueError, match="doesn't fit this run"):
        list(train(SMALL, spoil(state)))


def test_snapshots_come_at_1_2_5_times_powers_of_ten_and_at_each_epoch():
    assert [s for s in range(2001) if is_snapshot_step(s)] == [
        *(0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
    ]
    snapshots = of(Snapshot, train(SMALL))
    assert [s.step for s in snapshots] == [0, 1, 2, 4, 5, 8, 10, 12]
    assert snapshots[-1].tested == 360


def test_stopped_between_snapshots_it_leaves_one_of_where_it_stopped():
    events = list(train(SMALL, None, stop_after(3)))
    assert [s.step for s in of(Snapshot, events)] == [0, 1, 2, 3]
    (state,) = saved_with(Stopped, events)
    again = list(train(SMALL, state, stop_after(0)))
    assert not of(Snapshot, again)


@pytest.mark.parametrize(
    ("optimizer", "activation"), [("adam", "relu"), ("adam", "tanh"), ("sgd", "tanh")]
)
def test_an_exploding_loss_ends_the_run_and_names_the_last_good_snapshot(optimizer, activation):
    config = replace(
        SMALL, optimizer=optimizer, activation=activation, learning_rate=10.0, momentum=0.99
    )
    events = list(train(config))
    failed = events[-1]
    assert isinstance(failed, Failed)
    assert "A lower learning rate than 10 may help" in failed.reason
    good = next(s for s in saved_with(Snapshot, events) if s.step == failed.last_good_step)
    assert all(weight.isfinite().all() for weight in good.weights.values())


def test_nan_in_the_images_ends_the_run_too():
    images = load_for(SMALL)
    spoiled = replace(images, train_images=images.train_images.clone().fill_(torch.nan))
    events = list(train(SMALL, data=spoiled))
    assert isinstance(events[-1], Failed)
    assert events[-1].last_good_step == 0
    assert "nan" in events[-1].reason


def test_changes_in_mid_run_are_told_saved_and_take_effect_at_the_next_step():
    wishes = iter([None, None, Wish(learning_rate=0.01), None, Wish(batch_size=8)])
    events = list(train(SMALL, control=lambda: next(wishes, None)))
    assert of(Change, events) == [
        Change(2, "learning_rate", 0.001, 0.01),
        Change(4, "batch_size", 32.0, 8.0),
    ]
    assert [state.learning_rate for state in saved_with(type(None), events)] == [0.01, 0.01]
    steps = of(Step, events)
    assert [s.learning_rate for s in steps[:4]] == [0.001, 0.001, 0.01, 0.01]
    # Four steps of 32 an epoch, then fifteen of 8.
    assert [s.epoch for s in steps] == [1] * 4 + [2] * 15 + [3] * 15


def test_shifts_move_an_image_by_at_most_two_pixels_and_lose_no_ink_inside():
    images = torch.zeros(500, 1, 28, 28)
    images[:, 0, 10, 12] = 1
    moved = shifted(images, torch.Generator().manual_seed(0)).nonzero()
    assert moved[:, 0].tolist() == list(range(500))
    offsets = {(int(row) - 10, int(column) - 12) for _, _, row, column in moved}
    assert offsets == {(y, x) for y in range(-2, 3) for x in range(-2, 3)}


def test_a_fully_connected_network_cannot_tell_shuffled_pixels_from_whole_images():
    config = replace(SMALL, model="FullyConnected")
    plain = [s.loss for s in of(Step, train(config))]
    shuffled = [s.loss for s in of(Step, train(replace(config, shuffle_pixels=42)))]
    assert shuffled == pytest.approx(plain, abs=1e-4)


def test_pixels_are_shuffled_by_the_seeds_own_permutation():
    order = torch.randperm(784, generator=torch.Generator().manual_seed(5))
    assert torch.equal(permutation(5), order)
    image = torch.arange(784.0).view(1, 1, 28, 28)
    assert torch.equal(shuffle(image, 5).flatten(), order.float())
    # Of a picture in colour every channel's pixels are in one order, in a row or in place.
    colour = torch.rand(2, 3, 4, 5)
    shuffled = shuffle(colour, 5)
    assert torch.equal(shuffled.flatten(1), colour.flatten(1)[:, permutation(5, (3, 4, 5))])
    assert torch.equal(shuffled[:, 1], shuffle(colour[:, 1], 5))
