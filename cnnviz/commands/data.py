"""`cnnviz data`: the data sets there are; fetch one, add or delete pictures of one's own."""

import argparse
import json
import shlex
from pathlib import Path

from cnnviz.commands.bar import Bar, DownloadBar
from cnnviz.commands.complaint import complain
from cnnviz.datasets import own
from cnnviz.datasets.catalogue import DATASETS, Dataset, everything, named, of_own
from cnnviz.datasets.stored import Unavailable, folder
from cnnviz.spelling import count

_NAMED = 5
"""Files left out that are named; the others are counted."""


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Fetch a data set unless it is there, verify it, and say where it is; or add pictures of "
        "your own, a folder a class: cnnviz data add FOLDER_OR_ZIP --title TITLE."
    )
    parser.add_argument(
        "dataset",
        nargs="?",
        metavar="DATASET | list | add | delete",
        default="mnist",
        help=f"which one (mnist): {', '.join(DATASETS)}, or the name of one of your own",
    )
    parser.add_argument(
        "what",
        nargs="?",
        metavar="FOLDER_OR_ZIP | NAME",
        help="what to add, or the name of what to delete for good",
    )
    parser.add_argument("--title", help="what the pictures to add are called (the folder's name)")
    parser.add_argument(
        "--size", type=int, default=28, metavar="N", help="pixels a side, 8 to 64 (28)"
    )
    parser.add_argument(
        "--channels", type=int, default=1, choices=(1, 3), help="1, ink; or 3, colours (1)"
    )
    parser.add_argument(
        "--root", metavar="DIR", help="its folder (CNNVIZ_DATA, else the user's cache folder)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: argparse.Namespace) -> int:
    try:
        return _run(arguments)
    except (ValueError, Unavailable) as error:
        complain("data", error)
        # The words on the command line are wrong, or the world is.
        return 2 if isinstance(error, ValueError) else 1


def _run(arguments: argparse.Namespace) -> int:
    match arguments.dataset, arguments.what:
        case "list", None:
            return _list(arguments)
        case ("add" | "delete") as what, None:
            named_by = "a folder or a zip" if what == "add" else "a name"
            raise ValueError(f"{what} needs {named_by}")
        case "add", what:
            return _add(arguments, Path(what).expanduser())
        case "delete", what:
            own.delete(what, arguments.root)
            print(f"{what} is deleted for good.")
            return 0
        case _, None:
            return _fetch(arguments, named(arguments.dataset, arguments.root))
    raise ValueError(f"{arguments.what!r} can't go with {arguments.dataset}")


def _fetch(arguments: argparse.Namespace, dataset: Dataset) -> int:
    bar = DownloadBar(dataset.stored.title)
    try:
        where = dataset.stored.fetch(arguments.root, bar)
    finally:
        bar.end()
    if arguments.json:
        row = {
            "root": str(folder(arguments.root)),
            "files": str(where),
            "train": dataset.train,
            "test": dataset.test,
        }
        print(json.dumps(row))
    elif dataset.own or dataset.stored.total_bytes:
        print(
            f"{dataset.title} is in {where}: {count(dataset.train)} training and "
            f"{count(dataset.test)} test pictures, verified."
        )
        print(f"From {dataset.source}. Licence: {dataset.licence}.")
    else:
        print(f"{dataset.title} come with cnnviz: there is nothing to fetch.")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    for dataset in everything(arguments.root):
        here = dataset.stored.available(arguments.root)
        if arguments.json:
            print(json.dumps(_described(dataset) | {"here": here}, ensure_ascii=False))
        else:
            where = "" if here else ", not on this machine"
            print(
                f"{dataset.name}: {dataset.label}, {len(dataset.classes)} classes, "
                f"{dataset.train + dataset.test:,} pictures{where}"
            )
    return 0


def _add(arguments: argparse.Namespace, source: Path) -> int:
    from cnnviz.datasets.folders import collection_of

    bar = Bar()
    try:
        made = collection_of(
            source,
            arguments.title or source.absolute().stem,
            arguments.channels,
            arguments.size,
            lambda done, total: bar.show("pictures", done / total, f"{done:,} of {total:,}"),
        )
    finally:
        bar.wipe()
    name = own.save(made.collection, arguments.root)
    for sentence in made.skipped[:_NAMED]:
        complain("data", f"left out: {sentence}")
    if (more := len(made.skipped) - _NAMED) > 0:
        complain("data", f"left out: {more:,} more")
    dataset = of_own(made.collection.outline)
    if arguments.json:
        left_out = {"skipped": list(made.skipped)}
        print(json.dumps(_described(dataset) | left_out, ensure_ascii=False))
        return 0
    print(f"{dataset.title} is kept as {name} in {own.where(arguments.root)}:")
    print(
        f"{dataset.train:,} training and {dataset.test:,} test pictures, "
        f"{len(dataset.classes)} classes ({', '.join(dataset.classes)})."
    )
    # Where nobody looks for it, unless told.
    where = own.where(arguments.root)
    told = "" if where == own.where() else f"CNNVIZ_OWN={shlex.quote(str(where))} "
    print(f"Train on them: {told}cnnviz train --data {name}")
    return 0


def _described(dataset: Dataset) -> dict[str, object]:
    return {
        "name": dataset.name,
        "title": dataset.title,
        "classes": list(dataset.classes),
        "shape": list(dataset.shape),
        "train": dataset.train,
        "test": dataset.test,
    }
