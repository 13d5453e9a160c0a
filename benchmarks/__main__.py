"""Run the benchmarks named on the command line, else all, and print one table."""

import argparse
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import benchmarks
from benchmarks.table import Row, machine, markdown, updated

# Not benchmarks themselves.
FURNITURE = {"__main__", "table", "browser", "recording", "replay", "servers"}


def names() -> list[str]:
    found = {module.name for module in pkgutil.iter_modules(benchmarks.__path__)}
    return sorted(found - FURNITURE)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names())}")
    parser.add_argument("--out", type=Path, help="write the table here, too")
    parser.add_argument("--update", type=Path, help="put the rows into the table in this file")
    of_load = parser.add_argument_group("load")
    of_load.add_argument("--people", type=int, help="who draw at the same time")
    of_load.add_argument("--minutes", type=float, help="for how long")
    of_load.add_argument("--replicas", type=int, help="servers among which they are shared out")
    of_load.add_argument("--training", action="store_true", default=None, help="a run beside it")
    of_load.add_argument("--looking", action="store_true", default=None, help="all but one look")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(names())
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(names())}")

    where = machine()
    rows: list[Row] = []
    for name in options.names or names():
        print(f"{name} …", file=sys.stderr, flush=True)
        measure = importlib.import_module(f"benchmarks.{name}").measure
        rows += measure(**_chosen(options, measure))
    table = f"{markdown(rows)}\n\nMeasured on {where}."
    print(table)
    if options.out:
        options.out.write_text(table + "\n", encoding="utf-8")
    if options.update:
        text = options.update.read_text(encoding="utf-8")
        options.update.write_text(updated(text, rows), encoding="utf-8")
    return 0


def _chosen(options: argparse.Namespace, measure: Callable[..., list[Row]]) -> dict[str, Any]:
    """What was asked for on the command line, of what this benchmark can be asked for."""
    asked = {name: getattr(options, name, None) for name in inspect.signature(measure).parameters}
    return {name: value for name, value in asked.items() if value is not None}


if __name__ == "__main__":
    sys.exit(main())
