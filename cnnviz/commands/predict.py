"""`cnnviz predict`: read the digit, or whatever else a network tells apart, in picture files."""

import argparse
import json
from typing import Any

from cnnviz.commands import inputs
from cnnviz.commands.complaint import complain, reason
from cnnviz.spelling import percent


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Read the digit, or what the weights tell apart, in drawings, scans or photographs."
    )
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument(
        "--weights", metavar="W", help="a .safetensors, .pt or .pth (this project's own training)"
    )
    parser.add_argument("--json", action="store_true", help="a file a line, as JSON")


def run(arguments: argparse.Namespace) -> int:
    # torch takes seconds to import: --help and a mistyped option don't wait for it.
    from cnnviz.drawing import sources
    from cnnviz.networks.trace import as_image, trace

    try:
        checkpoint = inputs.network(arguments.weights)
    except ValueError as error:
        complain("predict", error)
        return 2
    code = 0
    for name in arguments.files:
        try:
            source = inputs.picture(name, checkpoint.frame)
            prepared = sources.seen(source, None, centre=True, frame=checkpoint.frame)
        except (OSError, ValueError) as error:
            complain("predict", f"{name}: {reason(error)}")
            code = 2
            continue
        probabilities = trace(checkpoint.model, as_image(prepared.image)).probabilities
        assert probabilities is not None  # both kinds of model end in logits
        place = int(probabilities.argmax())
        read, confidence = checkpoint.classes[place], float(probabilities[place])
        if arguments.json:
            row: dict[str, Any] = {
                "file": name,
                **({"digit": place} if read == str(place) else {"class": read}),
                "confidence": confidence,
                "probabilities": probabilities.tolist(),
            }
            print(json.dumps(row), flush=True)
        else:
            print(f"{name}: {read} ({percent(confidence)})", flush=True)
    return code
