"""The command line: `python -m cnnviz`, or `cnnviz` when installed.

Results go to stdout, everything else to stderr. Exit codes: 0 done, 1 it couldn't be done, 2 bad
input (one line on stderr for each), 130 interrupted.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from cnnviz import __version__

# A command is a module of `cnnviz.commands`. torch takes seconds to import, so only the module of
# the command that is called is.
_COMMANDS = {
    "app": "start the app",
    "predict": "read the digit in picture files",
    "page": "write the explorer as one HTML file",
    "data": "fetch and verify a data set, and say where it is",
    "train": "train a network and record the run",
    "runs": "list the recorded runs",
    "lessons": "check lessons of one's own",
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
        description="See a convolutional network work. The app itself: cnnviz app",
    )
    parser.add_argument("--version", action="version", version=f"cnnviz {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, words in _COMMANDS.items():
        subparser = subparsers.add_parser(name, help=words)
        if arguments and arguments[0] == name:
            command = importlib.import_module(f"cnnviz.commands.{name}")
            command.describe(subparser)
            subparser.set_defaults(run=command.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
