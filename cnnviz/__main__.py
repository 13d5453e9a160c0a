"""The command line: `python -m cnnviz`, or `cnnviz` when installed.

Results go to stdout, everything else to stderr. Exit codes: 0 done, 1 it couldn't be done, 2 bad
input (one line on stderr for each), 130 interrupted.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from cnnviz import __version__

_BAR = 30

# torch takes seconds to import, so a command's module is imported when the command is called for.
_TRAINING = {
    "train": "train a network and record the run",
    "runs": "list the recorded runs",
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, instead of argparse's usage before it."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        parsed = _parser(arguments).parse_args(arguments)
        return parsed.run(parsed)
    except SystemExit as stop:  # argparse, after --help or bad input
        return stop.code if isinstance(stop.code, int) else 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read stdout has seen enough (`| head`); Python would complain while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="cnnviz",
        description="See a convolutional network work. The app itself: streamlit run app.py",
    )
    parser.add_argument("--version", action="version", version=f"cnnviz {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    predict = commands.add_parser(
        "predict",
        help="read the digit in picture files",
        description="Read the digit in picture files: drawings, scans or photographs.",
    )
    predict.add_argument("files", nargs="+", metavar="FILE")
    predict.add_argument(
        "--weights", metavar="W", help="a .safetensors, .pt or .pth (this project's own training)"
    )
    predict.add_argument("--json", action="store_true", help="a file a line, as JSON")
    predict.set_defaults(run=_predict)

    mnist = commands.add_parser(
        "data",
        help="fetch and verify MNIST, and say where it is",
        description="Fetch MNIST unless it is there, verify it, and say where it is.",
    )
    mnist.add_argument(
        "--root", metavar="DIR", help="its folder (CNNVIZ_DATA, else the user's cache folder)"
    )
    mnist.add_argument("--json", action="store_true", help="one JSON object")
    mnist.set_defaults(run=_data)

    if arguments and arguments[0] in _TRAINING:
        from cnnviz.commands import train

        train.add_subcommands(commands)
    else:
        for name, words in _TRAINING.items():
            commands.add_parser(name, help=words)
    return parser


def _complain(command: str, message: object) -> None:
    # A message may have been made of several lines by whoever raised it.
    print(f"cnnviz {command}: {' '.join(str(message).split())}", file=sys.stderr)


def _predict(arguments: argparse.Namespace) -> int:
    from cnnviz.drawing import preprocessing
    from cnnviz.drawing.pictures import MAX_BYTES
    from cnnviz.networks import checkpoints
    from cnnviz.networks.trace import trace

    try:
        checkpoint = (
            checkpoints.load(arguments.weights) if arguments.weights else checkpoints.article()
        )
    except ValueError as error:
        _complain("predict", error)
        return 2
    code = 0
    for name in arguments.files:
        try:
            with Path(name).open("rb") as file:
                # One byte more is enough for the message that it is too large.
                content = file.read(MAX_BYTES + 1)
            prepared = preprocessing.prepare(preprocessing.ink_from_picture(content))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            _complain("predict", f"{name}: {reason}")
            code = 2
            continue
        probabilities = trace(checkpoint.model, prepared.image).probabilities
        assert probabilities is not None  # both kinds of model end in ten logits
        digit = int(probabilities.argmax())
        confidence = float(probabilities[digit])
        if arguments.json:
            row: dict[str, Any] = {
                "file": name,
                "digit": digit,
                "confidence": confidence,
                "probabilities": probabilities.tolist(),
            }
            print(json.dumps(row), flush=True)
        else:
            print(f"{name}: {digit} ({confidence:.1%})", flush=True)
    return code


def _data(arguments: argparse.Namespace) -> int:
    from cnnviz.datasets import mnist

    bar = _Bar("MNIST")
    try:
        where = mnist.fetch(arguments.root, bar)
    except mnist.Unavailable as error:
        bar.end()
        _complain("data", error)
        return 1
    bar.end()
    root = mnist.folder(arguments.root)
    if arguments.json:
        print(json.dumps({"root": str(root), "files": str(where), "train": 60000, "test": 10000}))
    else:
        print(f"MNIST is in {where}: 60,000 training and 10,000 test digits, verified.")
    return 0


class _Bar:
    """Bytes done, drawn over one line of stderr; where stderr isn't a screen, only the end."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.drawn = 0.0
        self.shown = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if not sys.stderr.isatty() or (done < total and now - self.drawn < 0.1):
            return
        self.drawn, self.shown = now, True
        filled = _BAR * done // total
        print(
            f"\r{self.title} [{'#' * filled}{'.' * (_BAR - filled)}] "
            f"{done / 1e6:.1f} of {total / 1e6:.1f} MB ",
            end="",
            file=sys.stderr,
            flush=True,
        )

    def end(self) -> None:
        if self.shown:
            print(file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
