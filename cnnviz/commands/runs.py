"""`cnnviz runs`: list the recorded runs."""

import argparse
import json
from datetime import datetime

from cnnviz.runs import history
from cnnviz.spelling import percent


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = "List the recorded runs, newest first."
    parser.add_argument("--json", action="store_true", help="a run a line, as JSON")


def run(arguments: argparse.Namespace) -> int:
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
            share = "" if accuracy is None else percent(accuracy, 2)
            done = f"{row['epochs_done']}/{epochs} epochs"
            print(f"{run.name:34} {run.status:12} {done:14} {share:7} {run.about.title}")
    return 0
