"""What happens in training, and how a line of a run's `events.jsonl` tells it.

`cnnviz.training.loop.train` yields these; the recorder writes them; the history reads them back.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any, get_args

from cnnviz.training import config

if TYPE_CHECKING:
    from torch import Tensor

MAX_REASON = 1_000
"""Characters of a reason that are read back."""


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
    seconds: float


@dataclass(frozen=True)
class Snapshot:
    """The network after `step` steps; `test_accuracy` (0-1) over the first `tested` test images."""

    step: int
    epoch: int
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
class Stopped:
    """Stopped as asked."""

    step: int


@dataclass(frozen=True)
class Finished:
    step: int
    test_accuracy: float


@dataclass(frozen=True)
class Failed:
    """The loss or a weight left the numbers one can train with, or something was in the way."""

    step: int
    reason: str
    last_good_step: int | None = None


@dataclass(frozen=True)
class Queued:
    """Waits for its turn to go on after `step` steps."""

    step: int


@dataclass(frozen=True)
class Started:
    """Trains from here on, with `threads` of torch's; what was told of later steps is void."""

    step: int
    threads: int


@dataclass(frozen=True)
class Paused:
    step: int


@dataclass(frozen=True)
class Continued:
    """No longer paused: told when a paused run still kept its turn; now it is `Started` anew."""

    step: int


@dataclass(frozen=True)
class Saved:
    """The state that resuming goes on from, and the event that it comes with, if it does."""

    state: State
    event: Snapshot | Stopped | Finished | None = None


Told = (
    Step
    | Snapshot
    | Epoch
    | Change
    | Stopped
    | Finished
    | Failed
    | Queued
    | Started
    | Paused
    | Continued
)
"""What a line can tell."""

Event = Step | Epoch | Change | Failed | Saved
"""What training yields."""


@dataclass(frozen=True)
class Wish:
    """What whoever watches a run wants before its next step."""

    stop: bool = False
    save: bool = False
    learning_rate: float | None = None
    batch_size: int | None = None


Control = Callable[[], Wish | None]


def to_line(event: Told, time: float | None = None) -> bytes:
    """A line of `events.jsonl`; `time` is in seconds since 1970.

    Raises:
        ValueError: for a number that isn't finite.
    """
    content = {"event": _NAMES[type(event)], **vars(event)}
    if isinstance(event, Step):
        content["seconds"] = round(event.seconds, 4)
    if time is not None:
        content["time"] = round(time, 3)
    return json.dumps(content, allow_nan=False).encode() + b"\n"


def from_line(line: bytes | str) -> Told:
    """The event that a line tells; what else it holds is passed over.

    Raises:
        ValueError: when it tells none.
    """
    try:
        content = json.loads(line)
        kind, checks = _KINDS[content["event"]]
        event = kind(**{name: check(content.get(name, other)) for name, check, other in checks})
        if isinstance(event, Change):
            # What pages count with and offer for change: no more than the setting may be.
            config.check(event.setting, content["new"])
        return event
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise ValueError(f"not an event: {line[:100]!r}") from error


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
        raise ValueError(value)
    return value


def _whole_or_none(value: Any) -> int | None:
    return None if value is None else _whole(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(value)
    if not math.isfinite(value):
        raise ValueError(value)
    return float(value)


def _positive(value: Any) -> float:
    if not _number(value) > 0:
        raise ValueError(value)
    return float(value)


def _share(value: Any) -> float:
    if not 0 <= _number(value) <= 1:
        raise ValueError(value)
    return float(value)


def _setting(value: Any) -> str:
    if value not in ("learning_rate", "batch_size"):
        raise ValueError(value)
    return value


def _reason(value: Any) -> str:
    if value is None:
        raise ValueError(value)
    return str(value)[:MAX_REASON]


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "step": _whole,
    "epoch": _whole,
    "loss": _number,
    "learning_rate": _number,
    "seconds": _number,
    "test_accuracy": _share,
    "tested": _whole,
    "loss_sum": _number,
    "loss_mean": _number,
    "samples_per_second": _number,
    "setting": _setting,
    "old": _positive,
    "new": _positive,
    "reason": _reason,
    "last_good_step": _whole_or_none,
    "threads": _whole,
}
"""How a field's value is read back, whichever event it belongs to."""

_NAMES: dict[type, str] = {kind: kind.__name__.lower() for kind in get_args(Told)}
_KINDS: dict[str, tuple[Any, list[tuple[str, Callable[[Any], Any], Any]]]] = {
    name: (
        kind,
        [
            (field.name, _CHECKS[field.name], None if field.default is MISSING else field.default)
            for field in fields(kind)
        ],
    )
    for kind, name in _NAMES.items()
}
