"""`cnnviz predict`: read the digit in picture files."""

import argparse
import json
from pathlib import Path
from typing import Any

from cnnviz.commands.complaint import complain, reason
from cnnviz.spelling import percent


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = "Read the digit in picture files: drawings, scans or photographs."
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument(
        "--weights", metavar="W", help="a .safetensors, .pt or .pth (this project's own training)"
    )
    parser.add_argument("--json", action="store_true", help="a file a line, as JSON")


def run(arguments: argparse.Namespace) -> int:
    # torch takes seconds to import: --help and a mistyped option don't wait for it.
    from cnnviz.drawing import preprocessing
    from cnnviz.drawing.pictures import MAX_BYTES
    from cnnviz.networks import checkpoints
    from cnnviz.networks.trace import as_image, trace

    try:
        checkpoint = (
            checkpoints.article()
            if arguments.weights is None
            else checkpoints.load(arguments.weights)
        )
    except ValueError as error:
        complain("predict", error)
        return 2
    code = 0
    for name in arguments.files:
        try:
            with Path(name).open("rb") as file:
                # One byte more is enough for the message that it is too large.
                content = file.read(MAX_BYTES + 1)
            prepared = preprocessing.prepare(preprocessing.ink_from_picture(content))
        except (OSError, ValueError) as error:
            complain("predict", f"{name}: {reason(error)}")
            code = 2
            continue
        probabilities = trace(checkpoint.model, as_image(prepared.centred)).probabilities
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
            print(f"{name}: {digit} ({percent(confidence)})", flush=True)
    return code
