"""Training as a plain generator of events; it knows nothing of files, processes or Streamlit.

The `article` preset is the article's run to the last bit of its data order: `DataLoader(shuffle=
True)` draws a base seed and a sampler seed from torch's generator each epoch, then a permutation
from a generator with the sampler's seed. So does this loop, from a generator of its own that
takes over where building the network left it; the images are slices of one tensor.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnviz.datasets import images as training_data
from cnnviz.datasets.images import TrainingData
from cnnviz.datasets.shuffling import permutation
from cnnviz.networks.models import FullyConnected
from cnnviz.training.config import (
    TrainingConfig,
    check_batch_size,
    check_learning_rate,
    make_optimizer,
    scheduled_rate,
)
from cnnviz.training.events import (
    Change,
    Control,
    Epoch,
    Event,
    Failed,
    Finished,
    Saved,
    Snapshot,
    State,
    Step,
    Stopped,
    Wish,
)
from cnnviz.training.speed import quick, take_step

EXPLODED = 1_000.0
"""A mean loss above this can't recover: guessing costs 2.3."""

QUICK_TEST = 1_000
"""Test images that a snapshot between epochs is tested on; an epoch's end uses all."""

BRIEFLY = 0.1
"""Seconds that testing may take when somebody waits for the run to stop."""

_OPTIMIZER_TENSORS = ("step", "exp_avg", "exp_avg_sq", "momentum_buffer")
_building = threading.Lock()


def is_snapshot_step(step: int) -> bool:
    """Whether `step` is 0 or 1, 2 or 5 times a power of ten: even on a logarithmic axis."""
    if step == 0:
        return True
    while step % 10 == 0:
        step //= 10
    return step in (1, 2, 5)


def train(
    config: TrainingConfig,
    resume: State | None = None,
    control: Control | None = None,
    data: TrainingData | None = None,
) -> Iterator[Event]:
    """Train, an event at a time; the generator can be dropped between any two.

    `control` is asked before every step. `resume` takes a state of an earlier run of the same
    configuration; `epochs` alone may have grown since. The same configuration on the same
    number of threads gives the same weights, however often it was stopped and resumed.

    Raises:
        ValueError: when `resume` doesn't fit the configuration.
        cnnviz.data.Unavailable: when the images can't be had.
    """
    data = data if data is not None else training_data.load_for(config)
    with _threads(config.threads):
        yield from _Run(config, data, resume).events(control)


class _Run:
    def __init__(self, config: TrainingConfig, data: TrainingData, resume: State | None) -> None:
        self.config = config
        self.data = data
        self.model, self.generator = _initial(config)
        self.quick_model = quick(self.model)
        self.optimizer = make_optimizer(config, self.model)
        self.step = self.epoch = self.position = self.batches = 0
        self.loss_sum = self.seconds = 0.0
        self.epoch_seed: int | None = None
        self.permutation: Tensor | None = None
        self.learning_rate = config.learning_rate
        self.batch_size = config.batch_size
        self.last_snapshot = 0
        if resume is not None:
            self._restore(resume)

    def events(self, control: Control | None) -> Iterator[Event]:
        if self.step == 0:
            yield self._snapshot(*self._test(QUICK_TEST))
        while self.epoch < self.config.epochs:
            wish = control() if control is not None else None
            if wish is not None:
                changes = list(self._changes(wish))
                yield from changes
                # A change is part of what resuming goes on from, so it is saved with it.
                if (changes or wish.save) and _all_finite(self.model):
                    yield Saved(self._state())
                if wish.stop:
                    # To be looked at and used as it is.
                    if self.last_snapshot != self.step and _all_finite(self.model):
                        yield self._snapshot(*self._test_briefly())
                    yield Stopped(self.step, self._state())
                    return
            loss = self._train_batch()
            if not math.isfinite(loss) or loss > EXPLODED:
                yield self._failed(f"the loss of step {self.step} is {loss:g}")
                return
            yield Step(
                self.step,
                self.epoch + 1,
                loss,
                self.optimizer.param_groups[0]["lr"],
                self.batch_size,
                self.seconds,
            )
            ended = self.position >= self.config.samples
            if (ended or is_snapshot_step(self.step)) and not _all_finite(self.model):
                yield self._failed(f"a weight is no longer a number after step {self.step}")
                return
            if ended:
                yield from self._end_epoch()
            elif is_snapshot_step(self.step):
                yield self._snapshot(*self._test(QUICK_TEST))
        yield Finished(self.step, self._test(None)[0], self._state())

    def _train_batch(self) -> float:
        started = time.perf_counter()
        config = self.config
        if self.permutation is None:
            self._start_epoch()
        assert self.permutation is not None
        batch = self.permutation[self.position : self.position + self.batch_size]
        # Half the time of indexing with [batch].
        images = self.data.train_images.index_select(0, batch)
        labels = self.data.train_labels.index_select(0, batch)
        if config.augmentation == "shifts":
            images = shifted(images, self.generator)
        progress = (self.epoch + self.position / config.samples) / config.epochs
        self.optimizer.param_groups[0]["lr"] = scheduled_rate(
            config.schedule, self.learning_rate, progress
        )
        loss = F.cross_entropy(self.quick_model(images), labels)
        loss.backward()
        take_step(self.optimizer)
        value = loss.item()
        self.step += 1
        self.batches += 1
        self.position += len(batch)
        self.loss_sum += value
        self.seconds += time.perf_counter() - started
        return value

    def _start_epoch(self) -> None:
        if self.epoch_seed is None:
            # DataLoader's own order of draws: a base seed that nothing here uses, then this.
            torch.empty((), dtype=torch.int64).random_(generator=self.generator)
            drawn = torch.empty((), dtype=torch.int64).random_(generator=self.generator)
            self.epoch_seed = int(drawn.item())
        order = torch.Generator().manual_seed(self.epoch_seed)
        self.permutation = torch.randperm(self.config.samples, generator=order)

    def _end_epoch(self) -> Iterator[Event]:
        self.epoch += 1
        loss_sum, batches, seconds = self.loss_sum, self.batches, self.seconds
        self.position = self.batches = 0
        self.loss_sum = self.seconds = 0.0
        self.epoch_seed = self.permutation = None
        snapshot = self._snapshot(*self._test(None))
        yield Epoch(
            epoch=self.epoch,
            step=self.step,
            loss_sum=loss_sum,
            loss_mean=loss_sum / batches,
            test_accuracy=snapshot.test_accuracy,
            seconds=seconds,
            samples_per_second=self.config.samples / seconds,
        )
        yield snapshot

    def _changes(self, wish: Wish) -> Iterator[Change]:
        if wish.learning_rate is not None and wish.learning_rate != self.learning_rate:
            old, self.learning_rate = self.learning_rate, check_learning_rate(wish.learning_rate)
            yield Change(self.step, "learning_rate", old, self.learning_rate)
        if wish.batch_size is not None and wish.batch_size != self.batch_size:
            old, self.batch_size = self.batch_size, check_batch_size(wish.batch_size)
            yield Change(self.step, "batch_size", old, self.batch_size)

    def _snapshot(self, accuracy: float, tested: int) -> Snapshot:
        self.last_snapshot = self.step
        return Snapshot(self.step, self.epoch, self._state(), accuracy, tested)

    def _failed(self, reason: str) -> Failed:
        return Failed(
            self.step,
            f"{reason}. A lower learning rate than {self.learning_rate:g} may help",
            self.last_snapshot,
        )

    def _test(self, count: int | None) -> tuple[float, int]:
        images, labels = self.data.test_images[:count], self.data.test_labels[:count]
        return accuracy(self.model, images, labels), len(labels)

    def _test_briefly(self) -> tuple[float, int]:
        """On as many test images as there is time for: whoever said stop is waiting."""
        right, tested = 0.0, 0
        end = time.perf_counter() + BRIEFLY
        for images, labels in zip(
            self.data.test_images[:QUICK_TEST].split(20),
            self.data.test_labels[:QUICK_TEST].split(20),
            strict=True,
        ):
            right += accuracy(self.model, images, labels) * len(labels)
            tested += len(labels)
            if time.perf_counter() > end:
                break
        return min(1.0, right / tested), tested

    def _state(self) -> State:
        return State(
            step=self.step,
            epoch=self.epoch,
            position=self.position,
            epoch_seed=self.epoch_seed,
            loss_sum=self.loss_sum,
            batches=self.batches,
            seconds=self.seconds,
            learning_rate=self.learning_rate,
            batch_size=self.batch_size,
            generator=self.generator.get_state(),
            weights={name: _plain(t) for name, t in self.model.state_dict().items()},
            optimizer={
                f"{name}.{key}": _plain(value)
                for name, parameter in self.model.named_parameters()
                for key, value in self.optimizer.state[parameter].items()
                if isinstance(value, Tensor)
            },
        )

    def _restore(self, state: State) -> None:
        try:
            self.model.load_state_dict(state.weights)
            for key, value in state.optimizer.items():
                self._restore_optimizer(key, value)
            self.generator.set_state(state.generator)
        except (RuntimeError, AttributeError, TypeError, ValueError) as error:
            raise ValueError(f"the saved state doesn't fit this run: {error}") from error
        if state.position >= self.config.samples or state.batch_size < 1:
            raise ValueError(
                f"the saved state doesn't fit this run: image {state.position} of "
                f"{self.config.samples}, in batches of {state.batch_size}"
            )
        self.step, self.epoch, self.position = state.step, state.epoch, state.position
        self.loss_sum, self.batches, self.seconds = state.loss_sum, state.batches, state.seconds
        self.learning_rate = check_learning_rate(state.learning_rate)
        self.batch_size = check_batch_size(state.batch_size)
        self.epoch_seed = state.epoch_seed
        self.last_snapshot = state.step
        if self.epoch_seed is not None:
            self._start_epoch()

    def _restore_optimizer(self, key: str, value: Tensor) -> None:
        parameter_name, _, name = key.rpartition(".")
        parameter = self.model.get_parameter(parameter_name)
        if name not in _OPTIMIZER_TENSORS or value.shape not in ((), parameter.shape):
            raise ValueError(f"{key} of shape {tuple(value.shape)}")
        # As the optimizer made it: laid out in memory like its parameter.
        like = torch.empty_like(parameter) if value.shape == parameter.shape else value
        self.optimizer.state[parameter][name] = like.detach().clone().copy_(value)


def accuracy(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    """The share (0-1) of images (N, 1, 28, 28) that `model` reads as labels (N,) say."""
    with torch.inference_mode():
        right = sum(
            int((model(batch).argmax(1) == truth).sum())
            for batch, truth in zip(images.split(1000), labels.split(1000), strict=True)
        )
    return right / len(labels)


def _initial(config: TrainingConfig) -> tuple[nn.Sequential, torch.Generator]:
    """The network from the seed, and a generator that goes on where its building stopped."""
    with _building, torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        model = config.build_model()
        if isinstance(model, FullyConnected) and config.shuffle_pixels is not None:
            # The same start, in the pixels' new order: then only chance in the last bits of the
            # sums tells this network from its twin, and the comparison is not one of seeds.
            first = model.get_submodule("fc1").get_parameter("weight")
            first.data = first.data[:, permutation(config.shuffle_pixels)]
        generator = torch.Generator()
        generator.set_state(torch.get_rng_state())
    return model, generator


def shifted(images: Tensor, generator: torch.Generator) -> Tensor:
    """Each of (B, 1, 28, 28) moved by up to two pixels either way, ink leaving at the edge."""
    count = len(images)
    down, right = torch.randint(0, 5, (2, count, 1), generator=generator)
    padded = F.pad(images, (2, 2, 2, 2))
    rows = (down + torch.arange(28)).unsqueeze(2)  # (B, 28, 1)
    columns = (right + torch.arange(28)).unsqueeze(1)  # (B, 1, 28)
    return padded[torch.arange(count).view(-1, 1, 1), 0, rows, columns].unsqueeze(1)


def _plain(tensor: Tensor) -> Tensor:
    return tensor.detach().clone(memory_format=torch.contiguous_format)


def _all_finite(model: nn.Module) -> bool:
    return all(bool(parameter.isfinite().all()) for parameter in model.parameters())


@contextmanager
def _threads(count: int) -> Iterator[None]:
    before: Any = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
