"""`cnnviz data`: fetch and verify MNIST, and say where it is."""

import argparse
import json

from cnnviz.commands.bar import DownloadBar
from cnnviz.commands.complaint import complain
from cnnviz.datasets import mnist
from cnnviz.datasets.catalogue import DATASETS


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = "Fetch MNIST unless it is there, verify it, and say where it is."
    parser.add_argument(
        "--root", metavar="DIR", help="its folder (CNNVIZ_DATA, else the user's cache folder)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: argparse.Namespace) -> int:
    bar = DownloadBar()
    try:
        where = mnist.fetch(arguments.root, bar)
    except mnist.Unavailable as error:
        bar.end()
        complain("data", error)
        return 1
    bar.end()
    sizes = DATASETS["mnist"]
    if arguments.json:
        row = {
            "root": str(mnist.folder(arguments.root)),
            "files": str(where),
            "train": sizes.train,
            "test": sizes.test,
        }
        print(json.dumps(row))
    else:
        print(
            f"MNIST is in {where}: {sizes.train:,} training and {sizes.test:,} test digits, "
            "verified."
        )
    return 0
