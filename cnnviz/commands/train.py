"""`cnnviz train`: the training page's engine without the page."""

import argparse
from pathlib import Path
from typing import Any

from cnnviz.training.config import SETTINGS
from cnnviz.training.presets import PRESETS
from cnnviz.training.settings import Choice, Layers, Setting, Whole, Wholes

_ALSO = {"dataset": ("--data",)}


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = "Train a network. Ctrl-C stops cleanly; --resume goes on."
    for setting in SETTINGS.values():
        names = [f"--{setting.name.replace('_', '-')}", *_ALSO.get(setting.name, ())]
        parser.add_argument(*names, default=None, **_option(setting))
    parser.set_defaults(preset="article")
    parser.add_argument("--resume", metavar="RUN", help="Go on with a run: its name or its folder.")
    parser.add_argument(
        "--run-dir", type=Path, metavar="DIR", help="The run's own folder (a new one by default)."
    )
    parser.add_argument("--title", help="Its title on the training page.")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="Write the trained network here: as ONNX (.onnx), a state dict (.pt), or safetensors.",
    )
    parser.add_argument("--json", action="store_true", help="An epoch a line, as JSON.")


def run(arguments: argparse.Namespace) -> int:
    # torch takes seconds to import: --help and a mistyped option don't wait for it.
    from cnnviz.commands import training

    return training.run(arguments)


def _option(setting: Setting) -> dict[str, Any]:
    """What argparse is told of a setting; ranges are left to the configuration's own message."""
    kind = setting.kind
    if setting.name == "preset":
        return {"choices": tuple(PRESETS), "help": f"{_sentence(setting)} (article)"}
    if isinstance(kind, Choice):
        flags = tuple(kind.flags)
        return {"choices": flags, "type": type(flags[0]), "help": _sentence(setting)}
    if isinstance(kind, Wholes):
        return {
            "type": int,
            "nargs": len(kind.names),
            "metavar": "N",
            "help": _sentence(setting),
        }
    if isinstance(kind, Whole):
        return {"type": int, "metavar": "N", "help": _sentence(setting)}
    if isinstance(kind, Layers):
        return {"metavar": "TEXT", "help": _sentence(setting)}
    return {"type": float, "metavar": "X", "help": _sentence(setting)}


def _sentence(setting: Setting) -> str:
    """The form's help; argparse takes a % for its own."""
    return setting.help.replace("%", "%%")
