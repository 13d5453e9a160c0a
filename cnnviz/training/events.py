"""What training tells (events, and the state that resuming needs) and what it is asked (wishes)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class State:
    """All that training needs to go on, bit for bit, as if it had never stopped.

    `generator` is the state of the run's generator, `epoch_seed` that of the epoch's permutation;
    `position` counts the images of the epoch already used, `loss_sum` and `seconds` belong to it.
    `optimizer` holds the optimizer's tensors, keyed `<parameter>.<name>`.
    """

    step: int
    epoch: int
    position: int
    epoch_seed: int | None
    loss_sum: float
    batches: int
    seconds: float
    learning_rate: float
    batch_size: int
    generator: "Tensor"
    weights: Mapping[str, "Tensor"]
    optimizer: Mapping[str, "Tensor"]


@dataclass(frozen=True)
class Step:
    """One batch: `loss` is the batch's mean, before the step was taken; `step` counts from 1.

    `seconds` is what this epoch's training has taken so far.
    """

    step: int
    epoch: int
    loss: float
    learning_rate: float
    batch_size: int
    seconds: float


@dataclass(frozen=True)
class Snapshot:
    """The network after `step` steps; `test_accuracy` (0-1) over the first `tested` test images."""

    step: int
    epoch: int
    state: State
    test_accuracy: float
    tested: int


@dataclass(frozen=True)
class Epoch:
    """A whole epoch: `seconds` is training alone, as one would time the article's loop."""

    epoch: int
    step: int
    loss_sum: float
    loss_mean: float
    test_accuracy: float
    seconds: float
    samples_per_second: float


@dataclass(frozen=True)
class Change:
    """A setting changed in mid-run; it counts from the step after `step`."""

    step: int
    setting: str
    old: float
    new: float


@dataclass(frozen=True)
class Saved:
    """The state, because it was asked for."""

    state: State


@dataclass(frozen=True)
class Stopped:
    """Stopped as asked; `state` resumes it."""

    step: int
    state: State


@dataclass(frozen=True)
class Failed:
    """The loss or a weight left the numbers one can train with."""

    step: int
    reason: str
    last_good_step: int


@dataclass(frozen=True)
class Finished:
    step: int
    test_accuracy: float
    state: State


Event = Step | Snapshot | Epoch | Change | Saved | Stopped | Failed | Finished


@dataclass(frozen=True)
class Wish:
    """What whoever watches a run wants before its next step."""

    stop: bool = False
    save: bool = False
    learning_rate: float | None = None
    batch_size: int | None = None


Control = Callable[[], Wish | None]
