"""Layers as text: "conv2d 8 3, relu, maxpool2d 2, flatten, linear 10".

A layer is its kind and its numbers, in the order of the kind's fields or by name: `conv2d 8 3
padding=1`. So they stand in files, in a run's settings and on the command line.
"""

import re
from collections.abc import Iterable
from dataclasses import MISSING, fields

from cnnviz.networks.kinds import KINDS
from cnnviz.networks.kinds.layer import Layer

MOST_CHARACTERS = 2000


def layers_of(text: str) -> tuple[Layer, ...]:
    """What `text` lists, with commas between the layers.

    Raises:
        ValueError: naming the layer that isn't one, and what would be right.
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"layers take at most {MOST_CHARACTERS} characters, got {len(text)}")
    return tuple(layer_of(part) for part in text.split(","))


def text_of(layers: Iterable[Layer]) -> str:
    """The text that `layers_of` reads as these."""
    return ", ".join(map(str, layers))


def address_of(layers: Iterable[Layer]) -> str:
    """The same in characters that an address has as they are: "conv2d_8_3_padding-1~relu"."""
    return text_of(layers).replace(", ", "~").replace(" ", "_").replace("=", "-")


def layers_in_address(text: str) -> tuple[Layer, ...]:
    """What `address_of` gave, or `text_of`. Raises ValueError as `layers_of` does."""
    if "~" in text or "_" in text:
        text = text.replace("~", ",").replace("_", " ")
        # A name (padding, mean2) and its number; the e of 1e-05 is no name.
        text = re.sub(r"([a-z]{2,}\d*)-", r"\1=", text)
    return layers_of(text)


def layer_of(text: str) -> Layer:
    """The layer that `text` describes: "maxpool2d 3 stride=2"."""
    kind, *words = text.split() or [""]
    if kind not in KINDS:
        said = f"{kind:.40} is no kind of layer" if kind else "a layer is missing beside a comma"
        raise ValueError(f"{said}; there are {', '.join(KINDS)}")
    row = KINDS[kind]
    names = [part.name for part in fields(row)]
    given: dict[str, int | float] = {}
    for place, word in enumerate(words):
        name, equals, value = word.rpartition("=")
        if not equals:
            # By position, which ends where names begin.
            name = names[place] if place < len(names) and place == len(given) else ""
        if name not in names or name in given:
            said = ", ".join(names) or "no numbers"
            raise ValueError(f"{text.strip():.60}: {kind} takes {said}; not {word:.40}")
        given[name] = number_of(value, f"{kind} {name}")
    missing = [
        part.name for part in fields(row) if part.default is MISSING and part.name not in given
    ]
    if missing:
        raise ValueError(f"{text.strip():.60}: {kind} needs {' and '.join(missing)}, in numbers")
    return row(**given)


def number_of(text: str, name: str) -> int | float:
    """The number that is written there. Raises ValueError with the `name` of what it is."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    raise ValueError(f"{name} must be a number, got {text!r:.40}")
