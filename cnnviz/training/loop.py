"""Training as a plain generator of events; it knows nothing of files, processes or Streamlit.

The `article` preset is the article's run to the last bit of its data order: `DataLoader(shuffle=
True)` draws a base seed and a sampler seed from torch's generator each epoch, then a permutation
from a generator with the sampler's seed. So does this loop, from a generator of its own that
takes over where building the network left it; the images are slices of one tensor.
"""

import math
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnviz.datasets.images import TrainingData
from cnnviz.networks.seeding import drawing_from
from cnnviz.training import images as training_images
from cnnviz.training import optimizers
from cnnviz.training.config import TrainingConfig, check
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
from cnnviz.training.recipe import build_model, scheduled_rate
from cnnviz.training.speed import rearranged, take_step
from cnnviz.training.testing import accuracy, accuracy_within

EXPLODED = 1_000.0
"""A mean loss above this can't recover: guessing costs 2.3."""

QUICK_TEST = 1_000
"""Test images that a snapshot between epochs is tested on; an epoch's end uses all."""

BRIEFLY = 0.1
"""Seconds that testing may take when somebody waits for the run to stop."""


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
        cnnviz.datasets.stored.Unavailable: when the images can't be had.
    """
    data = data if data is not None else training_images.load_for(config)
    yield from _Run(config, data, resume).events(control)


@dataclass(frozen=True, eq=False)
class Coming:
    """What the step after `state` learns from, and how far it goes: its images (B, C, H, W) as the
    run moves them, their labels and indices (B,), and the learning rate."""

    state: State
    images: Tensor
    labels: Tensor
    indices: Tensor
    learning_rate: float


def replaying(
    config: TrainingConfig,
    step: int,
    changes: Iterable[Change] = (),
    resume: State | None = None,
    *,
    every: int,
) -> Iterator[State | Coming]:
    """Where a run of `config` stood after `step` steps, trained anew from its beginning, or from
    `resume` where that isn't later; `changes` are those that were made to it on its way.

    That comes last; before it a state on the way every so many steps, from any of which it can be
    gone on. Nothing is tested or saved. The same configuration on the same number of threads gives
    the very weights that the run had.

    Raises:
        ValueError: for a step that the run doesn't take.
        cnnviz.datasets.stored.Unavailable: when the images can't be had.
    """
    last = resume.step if resume is not None and resume.step <= step else 0
    run = _Run(config, training_images.load_for(config), resume if last else None)
    made = [change for change in changes if change.step >= last]
    while True:
        for change in made:
            if change.step == run.step:
                kind = type(getattr(run, change.setting))
                setattr(run, change.setting, kind(change.new))
        if run.epoch >= config.epochs:
            raise ValueError(f"the run takes {run.step} steps, and none after step {step}")
        if run.step == step:
            break
        run._train_batch()
        if run.position >= config.samples:
            run._next_epoch()
        if run.step % every == 0:
            yield run._state()
    indices = run._next_batch()
    state = run._state()
    images, labels = run._pictures(indices)
    rate = float(run.optimizer.param_groups[0]["lr"])
    yield Coming(state, images, labels, indices, rate)


class _Run:
    def __init__(self, config: TrainingConfig, data: TrainingData, resume: State | None) -> None:
        self.config = config
        self.data = data
        self.model, self.generator = build_model(config)
        self.model.train()
        self.draws = any(layer.draws for layer in config.architecture.layers)
        # Of the same weights and the same modules, so the mode of `model` is that of both.
        self.rearranged_model = rearranged(self.model)
        self.optimizer = optimizers.make(config, self.model)
        self.augmented = training_images.AUGMENTATIONS[config.augmentation]
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
                    yield Saved(self._state(), Stopped(self.step))
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
        yield Saved(self._state(), Finished(self.step, self._test(None)[0]))

    def _next_batch(self) -> Tensor:
        """(B,) int64: the indices of its images; the optimizer's learning rate is set for it."""
        if self.permutation is None:
            self.permutation = self._order_of_epoch()
        progress = (self.epoch + self.position / self.config.samples) / self.config.epochs
        self.optimizer.param_groups[0]["lr"] = scheduled_rate(
            self.config.schedule, self.learning_rate, progress
        )
        return self.permutation[self.position : self.position + self.batch_size]

    def _pictures(self, batch: Tensor) -> tuple[Tensor, Tensor]:
        """The images (B, C, H, W) of indices `batch`, moved as the run moves them, and their
        labels."""
        # Half the time of indexing with [batch].
        images = self.data.train_images.index_select(0, batch)
        labels = self.data.train_labels.index_select(0, batch)
        return self.augmented(images, self.generator), labels

    def _train_batch(self) -> float:
        started = time.perf_counter()
        batch = self._next_batch()
        with _threads(self.config.threads):
            loss = self._learn(batch)
        self.step += 1
        self.batches += 1
        self.position += len(batch)
        self.loss_sum += loss
        self.seconds += time.perf_counter() - started
        return loss

    def _learn(self, batch: Tensor) -> float:
        """One step of the optimizer on the images of indices `batch` (B,); their mean loss."""
        images, labels = self._pictures(batch)
        with drawing_from(self.generator) if self.draws else nullcontext():
            try:
                logits = self.rearranged_model(images)
            except ValueError as error:  # of one number a map there is no variance
                raise ValueError(
                    f"a batch of {len(batch)} is too small for this network ({error}); "
                    "with another batch size no single image would be left over"
                ) from error
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        take_step(self.optimizer)
        return loss.item()

    def _order_of_epoch(self) -> Tensor:
        """(N,) int64: the training images' indices, in the order of this epoch."""
        if self.epoch_seed is None:
            # DataLoader's own order of draws: a base seed that nothing here uses, then this.
            torch.empty((), dtype=torch.int64).random_(generator=self.generator)
            drawn = torch.empty((), dtype=torch.int64).random_(generator=self.generator)
            self.epoch_seed = int(drawn.item())
        order = torch.Generator().manual_seed(self.epoch_seed)
        return torch.randperm(self.config.samples, generator=order)

    def _next_epoch(self) -> None:
        self.epoch += 1
        self.position = self.batches = 0
        self.loss_sum = self.seconds = 0.0
        self.epoch_seed = self.permutation = None

    def _end_epoch(self) -> Iterator[Event]:
        loss_sum, batches, seconds = self.loss_sum, self.batches, self.seconds
        self._next_epoch()
        test_accuracy, tested = self._test(None)
        yield Epoch(
            epoch=self.epoch,
            step=self.step,
            loss_sum=loss_sum,
            loss_mean=loss_sum / batches,
            test_accuracy=test_accuracy,
            seconds=seconds,
            samples_per_second=self.config.samples / seconds,
        )
        yield self._snapshot(test_accuracy, tested)

    def _changes(self, wish: Wish) -> Iterator[Change]:
        if wish.learning_rate is not None and wish.learning_rate != self.learning_rate:
            old, self.learning_rate = self.learning_rate, check("learning_rate", wish.learning_rate)
            yield Change(self.step, "learning_rate", old, self.learning_rate)
        if wish.batch_size is not None and wish.batch_size != self.batch_size:
            old, self.batch_size = self.batch_size, check("batch_size", wish.batch_size)
            yield Change(self.step, "batch_size", old, self.batch_size)

    def _snapshot(self, accuracy: float, tested: int) -> Saved:
        self.last_snapshot = self.step
        return Saved(self._state(), Snapshot(self.step, self.epoch, accuracy, tested))

    def _failed(self, reason: str) -> Failed:
        return Failed(
            self.step,
            f"{reason}. A lower learning rate than {self.learning_rate:g} may help",
            self.last_snapshot,
        )

    def _test(self, count: int | None) -> tuple[float, int]:
        """Accuracy on the first `count` test images (None: all), and how many there were."""
        images, labels = self.data.test_images[:count], self.data.test_labels[:count]
        with _threads(self.config.threads):
            return accuracy(self.model, images, labels), len(labels)

    def _test_briefly(self) -> tuple[float, int]:
        """On as many test images as there is time for: whoever said stop is waiting."""
        images, labels = self.data.test_images[:QUICK_TEST], self.data.test_labels[:QUICK_TEST]
        with _threads(self.config.threads):
            return accuracy_within(BRIEFLY, self.model, images, labels)

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
            weights={name: optimizers.plain(t) for name, t in self.model.state_dict().items()},
            optimizer=optimizers.saved_tensors(self.optimizer, self.model),
        )

    def _restore(self, state: State) -> None:
        try:
            self.model.load_state_dict(state.weights)
            optimizers.restore(self.optimizer, self.model, self.config, state)
            self.generator.set_state(state.generator)
            self.epoch_seed = state.epoch_seed
            if self.epoch_seed is not None:
                self.permutation = self._order_of_epoch()
        except (RuntimeError, AttributeError, TypeError, ValueError) as error:
            raise ValueError(f"the saved state doesn't fit this run: {error}") from error
        if state.position >= self.config.samples or state.batch_size < 1:
            raise ValueError(
                f"the saved state doesn't fit this run: image {state.position} of "
                f"{self.config.samples}, in batches of {state.batch_size}"
            )
        self.step, self.epoch, self.position = state.step, state.epoch, state.position
        self.loss_sum, self.batches, self.seconds = state.loss_sum, state.batches, state.seconds
        self.learning_rate = check("learning_rate", state.learning_rate)
        self.batch_size = check("batch_size", state.batch_size)
        self.last_snapshot = state.step


def _all_finite(model: nn.Module) -> bool:
    return all(bool(tensor.isfinite().all()) for tensor in model.state_dict().values())


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Within, torch computes on `count` threads; whoever takes the events has a count of theirs."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
