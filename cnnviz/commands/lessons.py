"""`cnnviz lessons check`: say what is wrong with a lesson's file."""

import argparse
from pathlib import Path

from cnnviz.commands.complaint import complain


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = "For whoever writes lessons (docs/lessons.md says how)."
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    check = actions.add_parser("check", help="say what is wrong with lessons' files")
    check.description = (
        "Read each file, name every fault with its step and field, and ask each question with 20 "
        "different draws of its numbers. Whether a page takes what set_up has is held by "
        "tests/lessons/test_set_ups.py, for the lessons in cnnviz/lessons."
    )
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")


def run(arguments: argparse.Namespace) -> int:
    # What the questions compute needs torch, which takes seconds to import.
    from cnnviz.lessons.faults import faults

    code = 0
    for path in arguments.files:
        found = faults(path)
        for fault in found:
            complain("lessons", fault)
            code = 2
        if not found:
            print(f"{path}: no fault found", flush=True)
    return code
