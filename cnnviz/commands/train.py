"""`cnnviz train` and `cnnviz runs`: the training page's engine without the page."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from cnnviz.datasets import mnist
from cnnviz.files import write_atomically
from cnnviz.runs import folder as runs
from cnnviz.runs import history, recorder
from cnnviz.training.config import ARTICLE_LOSSES, PRESETS, TrainingConfig
from cnnviz.training.events import Change, Epoch, Event, Failed, Step, Wish

_MODELS = {"cnn": "SimpleCNN", "fully-connected": "FullyConnected"}
_SETTINGS: dict[str, dict[str, Any]] = {
    "dataset": {"choices": ("mnist", "digits"), "help": "what to train on"},
    "model": {"choices": tuple(_MODELS), "help": "the kind of network"},
    "channels": {"type": int, "nargs": 2, "metavar": "N", "help": "of both convolutions"},
    "kernel_size": {"type": int, "metavar": "N", "help": "of both convolutions: 1, 3, 5 or 7"},
    "activation": {"choices": ("relu", "tanh")},
    "pooling": {"choices": ("max", "average", "none")},
    "hidden": {"type": int, "metavar": "N", "help": "hidden units of the fully connected network"},
    "epochs": {"type": int, "metavar": "N", "help": "times through all images"},
    "batch_size": {"type": int, "metavar": "N", "help": "images a step"},
    "optimizer": {"choices": ("adam", "sgd")},
    "learning_rate": {"type": float, "metavar": "X", "help": "the peak with one-cycle"},
    "momentum": {"type": float, "metavar": "X", "help": "of SGD"},
    "schedule": {"choices": ("constant", "one-cycle"), "help": "of the learning rate"},
    "augmentation": {"choices": ("none", "shifts"), "help": "shifts: by up to two pixels"},
    "train_size": {"type": int, "metavar": "N", "help": "use only the first N images"},
    "shuffle_pixels": {
        "type": int,
        "metavar": "SEED",
        "help": "put every image's pixels in one random order, drawn from SEED",
    },
    "seed": {"type": int, "metavar": "N"},
    "threads": {"type": int, "metavar": "N", "help": "of torch"},
}


def add_subcommands(subparsers: Any) -> None:
    """Add `train` and `runs`; each parser sets `run`, which takes the arguments."""
    train = subparsers.add_parser(
        "train",
        help="train a network and record the run",
        description="Train a network. Ctrl-C stops cleanly; --resume goes on.",
    )
    train.add_argument(
        "--preset",
        choices=("article", "fast", "tiny"),
        default="article",
        help="the settings to begin with (article)",
    )
    for name, options in _SETTINGS.items():
        train.add_argument(f"--{name.replace('_', '-')}", default=None, **options)
    train.add_argument("--resume", metavar="RUN", help="go on with a run: its name or its folder")
    train.add_argument(
        "--run-dir", type=Path, metavar="DIR", help="the run's own folder (a new one by default)"
    )
    train.add_argument("--title", help="the run's title on the training page")
    train.add_argument("--out", type=Path, metavar="FILE", help="write the trained weights here")
    train.add_argument("--json", action="store_true", help="an epoch a line, as JSON")
    train.set_defaults(run=_train)

    listing = subparsers.add_parser("runs", help="list the recorded runs")
    listing.add_argument("--json", action="store_true", help="a run a line, as JSON")
    listing.set_defaults(run=_list)


def _train(arguments: argparse.Namespace) -> int:
    try:
        folder = _resumed(arguments) if arguments.resume else _created(arguments)
        config = runs.config(folder)
        if arguments.out is not None and not arguments.out.absolute().parent.is_dir():
            raise runs.RunError(f"the folder of --out isn't there: {arguments.out.parent}")
        if config.dataset == "mnist":
            mnist.fetch(progress=_Download() if not mnist.available() else None)
    except (ValueError, mnist.Unavailable, OSError) as error:
        print(f"cnnviz train: {error}", file=sys.stderr)
        return 2
    show = _Progress(config, arguments.json)
    print(f"run {folder.name} in {folder.parent}", file=sys.stderr)
    try:
        with _interruptible() as control:
            recorder.record(folder, control, show)
    except (ValueError, mnist.Unavailable) as error:
        show.end()
        print(f"cnnviz train: {error}", file=sys.stderr)
        return 1
    show.end()
    run = history.read(folder)
    if run.status == "stopped":
        print(
            f"stopped at step {run.events.last_step}; "
            f"go on with: cnnviz train --resume {_reference(folder)}",
            file=sys.stderr,
        )
        return 130
    if run.status == "failed":
        print(f"cnnviz train: {run.events.reason}", file=sys.stderr)
        return 1
    if arguments.out is not None:
        try:
            trained = runs.snapshot_path(folder, run.events.last_step)
            write_atomically(arguments.out, trained.read_bytes())
        except OSError as error:
            print(f"cnnviz train: {error}", file=sys.stderr)
            return 1
    return 0


def _created(arguments: argparse.Namespace) -> Path:
    chosen = _chosen(arguments)
    settings = {**PRESETS[arguments.preset].to_dict(), **chosen}
    same = TrainingConfig.from_dict(settings) == PRESETS[arguments.preset]
    config = TrainingConfig.from_dict(settings if same else {**settings, "preset": "own"})
    if arguments.run_dir is None:
        return runs.create(config, arguments.title)
    folder = arguments.run_dir.absolute()
    return runs.create(config, arguments.title, folder.name, folder.parent)


def _resumed(arguments: argparse.Namespace) -> Path:
    chosen = _chosen(arguments)
    epochs = chosen.pop("epochs", None)
    if chosen or arguments.run_dir is not None:
        name = next(iter(chosen), "run_dir").replace("_", "-")
        raise runs.RunError(f"--resume keeps the run's settings; --{name} can't go with it")
    given = Path(arguments.resume)
    folder = (
        runs.find(given.name, given.absolute().parent)
        if given.is_dir()
        else runs.find(arguments.resume)
    )
    if epochs is not None:
        runs.extend(folder, epochs)
    runs.send(folder, wish="run")
    return folder


def _chosen(arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings given on the command line, as the configuration names them."""
    chosen = {
        name: getattr(arguments, name) for name in _SETTINGS if getattr(arguments, name) is not None
    }
    if "model" in chosen:
        chosen["model"] = _MODELS[chosen["model"]]
    return chosen


def _list(arguments: argparse.Namespace) -> int:
    for run in history.read_all():
        epochs = run.config.epochs if run.config else 0
        accuracy = run.events.epochs[-1].test_accuracy if run.events.epochs else None
        row = {
            "run": run.name,
            "title": run.about.title,
            "status": run.status,
            "preset": run.config.preset if run.config else None,
            "step": run.events.last_step,
            "epochs_done": len(run.events.epochs),
            "epochs": epochs,
            "test_accuracy": accuracy,
            "created": datetime.fromtimestamp(run.about.created).isoformat(timespec="seconds"),
            "problem": run.problem or run.events.reason,
        }
        if arguments.json:
            print(json.dumps(row))
        else:
            share = "" if accuracy is None else f"{accuracy:.2%}"
            done = f"{row['epochs_done']}/{epochs} epochs"
            print(f"{run.name:34} {run.status:12} {done:14} {share:7} {run.about.title}")
    return 0


class _Progress:
    """Epochs to stdout, a bar to stderr where there is someone to look at it."""

    def __init__(self, config: TrainingConfig, as_json: bool) -> None:
        self.config = config
        self.as_json = as_json
        self.bar = sys.stderr.isatty()
        self.drawn = 0.0
        self.done = 0

    def __call__(self, event: Event) -> None:
        if isinstance(event, Step):
            self.done = event.step
            if self.bar and time.monotonic() - self.drawn > 0.1:
                self.drawn = time.monotonic()
                total = self.config.steps_per_epoch
                part = min(1.0, (event.step - (event.epoch - 1) * total) / total)
                filled = round(max(0.0, part) * 30)
                print(
                    f"\r  epoch {event.epoch}/{self.config.epochs} "
                    f"[{'#' * filled}{'.' * (30 - filled)}] loss {event.loss:.3f} ",
                    end="",
                    file=sys.stderr,
                    flush=True,
                )
        elif isinstance(event, Epoch):
            self._epoch(event)
        elif isinstance(event, Change):
            self.end()
            print(f"{event.setting} is now {event.new:g}", file=sys.stderr)
        elif isinstance(event, Failed):
            self.end()
            print(f"last good snapshot: step {event.last_good_step}", file=sys.stderr)

    def end(self) -> None:
        if self.bar:
            print("\r" + " " * 70 + "\r", end="", file=sys.stderr, flush=True)

    def _epoch(self, event: Epoch) -> None:
        self.end()
        if self.as_json:
            row = {name: value for name, value in vars(event).items() if name != "step"}
            print(json.dumps(row), flush=True)
            return
        printed = ""
        if self.config.compares_with_article and event.epoch <= len(ARTICLE_LOSSES):
            printed = f" (article {ARTICLE_LOSSES[event.epoch - 1]:.3f})"
        print(
            f"epoch {event.epoch:2}: loss {event.loss_sum:.3f}{printed}, "
            f"test accuracy {event.test_accuracy:.2%}, "
            f"{event.seconds:.1f} s, {event.samples_per_second:,.0f} images/s",
            flush=True,
        )


class _Download:
    def __call__(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(
                f"\r  MNIST: {done / 1e6:.1f} of {total / 1e6:.1f} MB",
                end="" if done < total else "\n",
                file=sys.stderr,
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
    return folder.name if folder.parent == runs.root() else str(folder)


assert set(_SETTINGS) == {field.name for field in fields(TrainingConfig)} - {"preset"}
