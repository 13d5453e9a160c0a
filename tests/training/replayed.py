"""A step of a run that is taken anew, without the states on the way."""

from collections.abc import Iterable

from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import Change, State
from cnnviz.training.loop import Coming, replaying


def replayed(
    config: TrainingConfig, step: int, changes: Iterable[Change] = (), resume: State | None = None
) -> Coming:
    """What comes after `step` steps of a run of `config`."""
    (coming,) = replaying(config, step, changes, resume, every=step + 1)
    assert isinstance(coming, Coming)
    return coming
