"""`cnnviz page`: the explorer as one HTML file that needs no server and no network."""

import argparse
from pathlib import Path

from cnnviz.commands import inputs
from cnnviz.commands.complaint import complain, reason
from cnnviz.spelling import count


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Write the explorer as one HTML file: opened from disk, it draws, reads and explains."
    )
    parser.add_argument("--out", required=True, metavar="FILE", help="explorer.html, say")
    parser.add_argument(
        "--weights",
        metavar="W",
        help="a .safetensors, .pt, .pth or .onnx; else those of “Convolutional Neural Networks”",
    )
    parser.add_argument(
        "--drawing",
        metavar="D",
        help="what it opens with: a picture's file, or a page's link with a drawing; else a sample",
    )


def run(arguments: argparse.Namespace) -> int:
    # torch takes seconds to import: --help and a mistyped option don't wait for it.
    from cnnviz.drawing import sources
    from cnnviz.export.page import page
    from cnnviz.files import write_atomically
    from cnnviz.views.explorer import Start

    try:
        checkpoint = inputs.network(arguments.weights)
    except ValueError as error:
        complain("page", error)
        return 2
    source, ink, centre = sources.sample(7), None, True
    try:
        if arguments.drawing is not None and inputs.is_link(arguments.drawing):
            source, ink, centre = inputs.linked(arguments.drawing)
        elif arguments.drawing is not None:
            source = inputs.picture(arguments.drawing, checkpoint.frame)
        prepared = sources.seen(source, ink, centre, frame=checkpoint.frame)
    except (OSError, ValueError) as error:
        complain("page", f"{arguments.drawing:.60}: {reason(error)}")
        return 2
    try:
        made = page(checkpoint, Start.of(prepared, source, ink, centre)).encode()
        write_atomically(Path(arguments.out), made)
    except (OSError, ValueError) as error:
        complain("page", f"{arguments.out}: {reason(error)}")
        return 1
    print(f"{arguments.out}: {count(-(-len(made) // 1000))} kB")
    return 0
