"""`cnnviz runs`: list the recorded runs."""

import argparse
import json
from datetime import datetime
from typing import Any

from cnnviz.runs import history
from cnnviz.runs.history import BrokenRun, Run
from cnnviz.spelling import percent


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = "List the recorded runs, newest first."
    parser.add_argument("--json", action="store_true", help="a run a line, as JSON")


def run(arguments: argparse.Namespace) -> int:
    for run in history.read_all():
        row = _row(run)
        if arguments.json:
            print(json.dumps(row))
        else:
            accuracy = row["test_accuracy"]
            share = "" if accuracy is None else percent(accuracy, 2)
            done = f"{row['epochs_done']}/{row['epochs']} epochs"
            print(f"{run.name:34} {row['status']:12} {done:14} {share:7} {run.about.title}")
    return 0


def _row(run: Run | BrokenRun) -> dict[str, Any]:
    row: dict[str, Any] = {
        "run": run.name,
        "title": run.about.title,
        "status": "broken",
        "preset": None,
        "step": 0,
        "epochs_done": 0,
        "epochs": 0,
        "test_accuracy": None,
        "created": datetime.fromtimestamp(run.about.created).isoformat(timespec="seconds"),
    }
    if isinstance(run, BrokenRun):
        return row | {"problem": run.problem}
    epochs = run.events.epochs
    return row | {
        "status": run.status,
        "preset": run.config.preset,
        "step": run.events.last_step,
        "epochs_done": len(epochs),
        "epochs": run.config.epochs,
        "test_accuracy": epochs[-1].test_accuracy if epochs else None,
        "problem": run.events.reason,
    }
