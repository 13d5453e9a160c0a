"""What `cnnviz train` does; its options are those of `cnnviz.commands.train`."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cnnviz.commands.bar import Bar, DownloadBar
from cnnviz.commands.complaint import complain
from cnnviz.datasets.catalogue import Dataset
from cnnviz.datasets.stored import Unavailable
from cnnviz.export import onnx, weights
from cnnviz.files import write_atomically
from cnnviz.networks import checkpoints
from cnnviz.runs import control, folders, history, locks, recorder
from cnnviz.spelling import count, fixed, percent
from cnnviz.training.config import SETTINGS, TrainingConfig
from cnnviz.training.events import Change, Control, Epoch, Event, Failed, Step, Stopped, Wish
from cnnviz.training.presets import ARTICLE_LOSSES, PRESETS
from cnnviz.training.settings import Choice


def run(arguments: argparse.Namespace) -> int:
    try:
        if arguments.out is not None:
            _check_out(arguments.out)
        folder = _created(arguments) if arguments.resume is None else _resumed(arguments)
        config = folders.config(folder)
        _have(config.images)
    except (ValueError, Unavailable, OSError) as error:
        complain("train", error)
        return 2
    show = _Progress(config, arguments.json)
    print(f"run {folder.name} in {folder.parent}", file=sys.stderr)
    try:
        with _interruptible() as stop_at_interrupt:
            _record(folder, stop_at_interrupt, show)
    except (ValueError, Unavailable) as error:
        show.bar.wipe()
        complain("train", error)
        return 1
    show.bar.wipe()
    trained = history.read(folder)
    if trained.status in ("stopped", "paused"):
        print(
            f"{trained.status} at step {trained.events.last_step}; "
            f"go on with: cnnviz train --resume {_reference(folder)}",
            file=sys.stderr,
        )
        return 130
    if trained.active:
        print("another process goes on with it", file=sys.stderr)
        return 130
    if trained.status == "failed":
        complain("train", trained.events.reason)
        return 1
    if arguments.out is not None:
        try:
            snapshot = folders.read_snapshot(folder, trained.events.last_step)
            write_atomically(arguments.out, _in_format(arguments.out.suffix, snapshot))
        except (OSError, ValueError) as error:
            complain("train", error)
            return 1
    return 0


def _record(folder: Path, wishes: Control | None, show: recorder.Watch) -> None:
    recorder.record(folder, wishes, show)
    while _goes_on(folder):
        try:
            recorder.record(folder, wishes, show)
        except folders.RunError:
            if locks.is_active(folder):
                return  # a server was quicker
            raise


def _goes_on(folder: Path) -> bool:
    """Whether somebody asked a run that has just paused to go on, or to stop, while it was still
    this process's: a page then leaves it to whoever had it."""
    if history.read(folder).status != "paused" or locks.is_active(folder):
        return False
    wish = control.read(folder).wish
    if wish == "stop":
        recorder.note(folder, Stopped)
    return wish == "run"


def _check_out(out: Path) -> None:
    """Before minutes of training, rather than after: can `--out` be written?"""
    if out.suffix == ".onnx":
        onnx.check_available()
    folder = out.absolute().parent
    if out.is_dir():
        raise ValueError(f"--out must be a file, but {out} is a folder")
    if not folder.is_dir():
        raise ValueError(f"--out can't be written: there is no folder {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ValueError(f"--out can't be written: the folder {folder} is read-only")


def _in_format(suffix: str, snapshot: bytes) -> bytes:
    """The network of a snapshot as a file called `*suffix` holds it."""
    if suffix == ".onnx":
        trained = checkpoints.load_safetensors(snapshot)
        return onnx.graph(trained.model, classes=trained.classes)
    if suffix == ".pt":
        return weights.state_dict(checkpoints.load_safetensors(snapshot).model)
    return snapshot


def _have(dataset: Dataset) -> None:
    bar = DownloadBar(dataset.stored.title)
    try:
        dataset.stored.fetch(progress=None if dataset.stored.available() else bar)
    finally:
        bar.end()


def _created(arguments: argparse.Namespace) -> Path:
    chosen = _chosen(arguments)
    settings = PRESETS[arguments.preset].to_dict() | chosen
    same = TrainingConfig.from_dict(settings) == PRESETS[arguments.preset]
    config = TrainingConfig.from_dict(settings if same else settings | {"preset": "own"})
    if arguments.run_dir is None:
        return folders.create(config, arguments.title)
    folder = arguments.run_dir.absolute()
    return folders.create(config, arguments.title, folder.name, folder.parent)


def _resumed(arguments: argparse.Namespace) -> Path:
    if not arguments.resume:
        raise ValueError("--resume needs a run's name or its folder; cnnviz runs lists the names")
    chosen = _chosen(arguments)
    epochs = chosen.pop("epochs", None)
    if chosen or arguments.run_dir is not None:
        name = next(iter(chosen), "run_dir").replace("_", "-")
        raise ValueError(f"--resume keeps the run's settings; --{name} can't go with it")
    given = Path(arguments.resume)
    folder = (
        folders.find(given.name, given.absolute().parent)
        if given.is_dir()
        else folders.find(arguments.resume)
    )
    # Another process may train it: what that was told is to stay.
    with locks.training(folder):
        if epochs is not None:
            folders.extend(folder, epochs)
        control.send(folder, wish="run")
    return folder


def _chosen(arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings given on the command line, as the configuration names their values."""
    chosen = {}
    for setting in SETTINGS.values():
        value = getattr(arguments, setting.name)
        if setting.name != "preset" and value is not None:
            kind = setting.kind
            chosen[setting.name] = kind.flags[value] if isinstance(kind, Choice) else value
    if "layers" in chosen:
        chosen.setdefault("model", "Layers")
    return chosen


class _Progress:
    """Epochs to stdout, a bar to stderr where there is someone to look at it."""

    def __init__(self, config: TrainingConfig, as_json: bool) -> None:
        self.config = config
        self.as_json = as_json
        self.bar = Bar()

    def __call__(self, event: Event) -> None:
        if isinstance(event, Step):
            total = self.config.steps_per_epoch
            self.bar.show(
                f"  epoch {event.epoch}/{self.config.epochs}",
                (event.step - (event.epoch - 1) * total) / total,
                f"loss {fixed(event.loss, 3)}",
            )
        elif isinstance(event, Epoch):
            self._epoch(event)
        elif isinstance(event, Change):
            self.bar.wipe()
            print(f"{event.setting} is now {event.new:g}", file=sys.stderr)
        elif isinstance(event, Failed):
            self.bar.wipe()
            print(f"last good snapshot: step {event.last_good_step}", file=sys.stderr)

    def _epoch(self, event: Epoch) -> None:
        self.bar.wipe()
        if self.as_json:
            row = {name: value for name, value in vars(event).items() if name != "step"}
            print(json.dumps(row), flush=True)
            return
        printed = ""
        if self.config.compares_with_article and event.epoch <= len(ARTICLE_LOSSES):
            printed = (
                f" (in “Convolutional Neural Networks” {fixed(ARTICLE_LOSSES[event.epoch - 1], 3)})"
            )
        print(
            f"epoch {event.epoch:2}: loss {fixed(event.loss_sum, 3)}{printed}, "
            f"test accuracy {percent(event.test_accuracy, 2)}, "
            f"{fixed(event.seconds, 1)} s, {count(round(event.samples_per_second))} images/s",
            flush=True,
        )


@contextmanager
def _interruptible() -> Iterator[Any]:
    """A control that stops at Ctrl-C; the second one ends the process as usual."""
    asked = False

    def stop(_signal: int, _frame: Any) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)

    try:
        before = signal.signal(signal.SIGINT, stop)
    except ValueError:  # not the main thread, as in a test: there is no Ctrl-C to catch
        yield None
        return
    try:
        yield lambda: Wish(stop=True) if asked else None
    finally:
        signal.signal(signal.SIGINT, before)


def _reference(folder: Path) -> str:
    return folder.name if folder.parent == folders.root() else str(folder)
