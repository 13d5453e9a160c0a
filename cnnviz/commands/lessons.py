"""`cnnviz lessons check`: say what is wrong with a lesson's file."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cnnviz.commands.complaint import complain


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = "For whoever writes lessons (docs/lessons.md says how)."
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    check = actions.add_parser("check", help="say what is wrong with lessons' files")
    check.description = (
        "Read each file, name every fault with its step and field, ask each question with 20 "
        "different draws of its numbers, and play what has no fault in a browser, if there is one."
    )
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.add_argument(
        "--no-browser", action="store_true", help="don't play them: that takes seconds a step"
    )


def run(arguments: argparse.Namespace) -> int:
    # What the questions compute needs torch, which takes seconds to import.
    from cnnviz.lessons.files import BANK

    found = {path: _read(path) for path in arguments.files}
    played = [path for path, faults in found.items() if not faults and path.name != BANK]
    if played and not arguments.no_browser:
        _play(played, found)
    for path, faults in found.items():
        for fault in faults:
            complain("lessons", fault)
        if not faults:
            print(f"{path}: no fault found", flush=True)
    return 2 if any(found.values()) else 0


def _read(path: Path) -> list[str]:
    from cnnviz.lessons.faults import faults
    from cnnviz.lessons.files import BANK
    from cnnviz.lessons.reading import read
    from cnnviz.ui.lessons import set_ups

    found = faults(path)
    if path.name == BANK:
        return found
    try:
        lesson = read(path)
    except ValueError:  # which has been told
        return found
    return [*found, *(f"{path.name}: {fault}" for fault in set_ups.faults(lesson))]


def _play(paths: Sequence[Path], found: dict[Path, list[str]]) -> None:
    from cnnviz.commands import lesson_player

    try:
        with lesson_player.app(paths) as play:
            for path in paths:
                found[path] += [f"{path.name}: {fault}" for fault in play(path)]
    except lesson_player.NoBrowserError as error:
        print(f"cnnviz lessons: not played in a browser: {error}", file=sys.stderr)
