"""`cnnviz data`: fetch and verify a data set (MNIST, or the one named), and say where it is."""

import argparse
import json

from cnnviz.commands.bar import DownloadBar
from cnnviz.commands.complaint import complain
from cnnviz.datasets.catalogue import everything, named
from cnnviz.datasets.stored import Unavailable, folder


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = "Fetch a data set unless it is there, verify it, and say where it is."
    parser.add_argument(
        "dataset",
        nargs="?",
        choices=[row.name for row in everything()],
        default="mnist",
        help="which one (mnist)",
    )
    parser.add_argument(
        "--root", metavar="DIR", help="its folder (CNNVIZ_DATA, else the user's cache folder)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: argparse.Namespace) -> int:
    dataset = named(arguments.dataset)
    bar = DownloadBar(dataset.stored.title)
    try:
        where = dataset.stored.fetch(arguments.root, bar)
    except Unavailable as error:
        bar.end()
        complain("data", error)
        return 1
    bar.end()
    if arguments.json:
        row = {
            "root": str(folder(arguments.root)),
            "files": str(where),
            "train": dataset.train,
            "test": dataset.test,
        }
        print(json.dumps(row))
    elif dataset.stored.total_bytes:
        print(
            f"{dataset.title} is in {where}: {dataset.train:,} training and {dataset.test:,} test "
            "pictures, verified."
        )
        print(f"From {dataset.source}. Licence: {dataset.licence}.")
    else:
        print(f"{dataset.title} come with cnnviz: there is nothing to fetch.")
    return 0
