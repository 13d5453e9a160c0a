"""Train a run in this process, writing what happens into its folder as it happens."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from cnnviz.datasets.images import TrainingData
from cnnviz.runs import folders, locks, states
from cnnviz.runs.history import Reader
from cnnviz.runs.listener import Listener
from cnnviz.runs.writer import Writer, disk_problems_told, open_for_append
from cnnviz.training.events import Control, Event, Paused, Saved, Told, to_line
from cnnviz.training.loop import train

Watch = Callable[[Event], None]


def record(
    folder: Path,
    wishes: Control | None = None,
    watch: Watch | None = None,
    data: TrainingData | None = None,
    abandoned: Callable[[], bool] = lambda: False,
) -> None:
    """Train the run in `folder`, from its saved state if it has one, until it ends, is stopped or
    paused.

    Pause, stop and changed settings are taken from the folder's `control.json`, besides from
    `wishes`. `abandoned` says that nobody is left to train for: the run then ends as one that was
    interrupted, with its state saved.

    Raises:
        RunError: when the run can't be trained. The folder tells the reason too, unless another
            process trains it, its settings or saved state can't be read, or it can't be written.
    """
    with contextlib.ExitStack() as held:
        with disk_problems_told(folder):
            held.enter_context(locks.training(folder))
        config = folders.config(folder)
        state = states.load(folder)
        with Writer(folder, config, state, abandoned) as writer:
            try:
                listener = Listener(folder, wishes or (lambda: None), abandoned, writer)
                for event in train(config, state, listener, data):
                    writer.write(event)
                    if watch is not None:
                        watch(event)
                    if isinstance(event, Saved) and listener.pauses():
                        writer.tell(Paused(writer.step))
                        break
            except Exception as error:
                writer.fail(str(error))
                raise


def note(folder: Path, event_at: Callable[[int], Told]) -> None:
    """Write down an event of a run that isn't training; `event_at` makes it of the last step.

    Raises:
        RunError: when it trains after all, or its folder can't be written.
    """
    with disk_problems_told(folder), locks.training(folder):
        event = event_at(Reader(folder).update().last_step)
        with open_for_append(folder / folders.EVENTS) as file:
            file.write(to_line(event, time.time()))
