"""ONNX files of networks that are a row of layers (https://onnx.ai/onnx/operators/).

`bounds` counts what a file asks for before anything is made of it, `graph` reads its nodes and
constants, and `reading` makes layers and weights of them, as each kind says (`of_onnx`).
Needs the `onnx` package, an extra: `pip install 'cnnviz[onnx]'`.
"""

import importlib.util


class Missing(ValueError):  # noqa: N818 - it reads as it is used: `except onnx.Missing`
    """The onnx package isn't installed."""


def check_available() -> None:
    """Raises `Missing`, saying what to install, where the onnx package isn't there."""
    if importlib.util.find_spec("onnx") is None:
        raise Missing("ONNX needs the onnx package: pip install 'cnnviz[onnx]'")


def looks_like(content: bytes) -> bool:
    """Whether it begins as ONNX files do: with the version of their format, field 1, a number."""
    return content[:1] == b"\x08" and content[8:9] != b"{"
