"""A lesson in one file: drawings, symbols, settings, and the network that came of them.

It is safetensors, of n drawings: `pictures` (n, 28, 28) and `symbols` (n,), both uint8; their `ids`
(n,), int64, rising; `label` (n,) uint8, a drawing's class in the network or 255, and `held` (n,)
uint8, 1 where it was held back for the test; the network's weights, each named `network.` and its
name there; and metadata. Files may come from anywhere: nothing in them is run, and all is checked.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import safetensors.torch
import torch
from torch import Tensor

from cnnviz.networks import checkpoints, weight_files
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.teaching.course import Choices
from cnnviz.teaching.lesson import (
    MOST_DRAWINGS,
    MOST_SYMBOLS,
    OTHER,
    OTHER_ID,
    SIDE,
    Drawing,
    Lesson,
    Symbol,
    stacked,
)

_KEY, _NETWORK = "cnnviz.lesson", "network."
NOT_LEARNT = 255
"""In place of a class."""

_MOST_ID = 2**50
"""So that a browser can count on from it exactly."""


@dataclass(frozen=True, eq=False)
class Taught:
    """The network that came of a lesson. By a drawing's id: `labels`, the number of its class
    there, and which were `held` back for the test."""

    network: Checkpoint
    labels: Mapping[int, int]
    held: frozenset[int]


@dataclass(frozen=True, eq=False)
class Kept:
    """All that a file holds."""

    lesson: Lesson
    choices: Choices = field(default_factory=Choices)
    taught: Taught | None = None


def to_bytes(kept: Kept) -> bytes:
    """The file's content; drawings that are crossed out aren't in it."""
    lesson, taught = kept.lesson.tidied(), kept.taught
    place = {symbol.id: at for at, symbol in enumerate(lesson.symbols)}
    drawings = lesson.drawings
    tensors: dict[str, Tensor] = {
        "pictures": torch.from_numpy(stacked(drawings)),
        "symbols": _numbers(place[drawing.symbol] for drawing in drawings),
        "ids": torch.tensor([drawing.id for drawing in drawings], dtype=torch.int64),
    }
    named = [symbol for symbol in lesson.symbols if symbol.id != OTHER_ID]
    about: dict[str, Any] = {
        "symbols": [symbol.name for symbol in named],
        "symbol_ids": [symbol.id for symbol in named],
        "last_id": lesson.last_id,
        "last_symbol": lesson.last_symbol,
        "other": lesson.other,
        "choices": vars(kept.choices),
        "network": None,
    }
    if taught is not None:
        labels = (taught.labels.get(drawing.id, NOT_LEARNT) for drawing in drawings)
        tensors["label"] = _numbers(labels)
        tensors["held"] = _numbers(int(drawing.id in taught.held) for drawing in drawings)
        for name, weight in taught.network.model.state_dict().items():
            tensors[_NETWORK + name] = weight.contiguous()
        about["network"] = dict(taught.network.metadata)
    return safetensors.torch.save(tensors, {_KEY: json.dumps(about, ensure_ascii=False)})


def from_bytes(content: bytes, name: str) -> Kept:
    """What `to_bytes` gave. `name` is used in messages.

    Raises ValueError, with the reason in a sentence, for whatever else a file may be.
    """
    weights = weight_files.read_safetensors(content, name)
    if _KEY not in weights.metadata:
        raise ValueError(f"{name} is not a drawing set that this page has saved.")
    tensors = dict(weights.tensors)
    try:
        about = json.loads(weights.metadata[_KEY])
        lesson = _lesson(about, tensors)
        choices = Choices(**_dictionary(about["choices"]))
        labels, held = _partition(about, tensors, lesson)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        reason = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else error
        raise ValueError(f"{name} is a damaged drawing set: {str(reason).rstrip('.')}.") from error
    if about["network"] is None:
        return Kept(lesson, choices)
    # As a file of its own: what isn't a network is refused as anywhere else.
    given = {key.removeprefix(_NETWORK): t for key, t in tensors.items() if _is_weight(key)}
    network = checkpoints.load_safetensors(
        safetensors.torch.save(given, about["network"]), f"The network in {name}"
    )
    if network.model.picture != (1, SIDE, SIDE):
        raise ValueError(f"{name} is a damaged drawing set: its network reads other pictures.")
    if any(label >= network.model.classes for label in labels.values()):
        raise ValueError(f"{name} is a damaged drawing set: its network has no such class.")
    return Kept(lesson, choices, Taught(network, labels, held))


def _lesson(about: Any, tensors: Mapping[str, Tensor]) -> Lesson:
    names = _dictionary(about)["symbols"]
    if not isinstance(names, list) or len(names) > MOST_SYMBOLS:
        raise ValueError(f"its symbols must be a list of up to {MOST_SYMBOLS} names")
    # The first files told of no ids: theirs count from 1.
    last_id, last_symbol = (_id(about.get(name, 0)) for name in ("last_id", "last_symbol"))
    symbol_ids = about.get("symbol_ids", [*range(1, len(names) + 1)])
    if not isinstance(symbol_ids, list) or len(symbol_ids) != len(names):
        raise ValueError("its symbols must have an id each")
    if len(set(map(_id, symbol_ids)) - {OTHER_ID}) != len(names):
        raise ValueError("two of its symbols have the same id")
    symbols = [Symbol(id, name) for id, name in zip(symbol_ids, names, strict=True)]
    if about["other"] is True:
        symbols.append(Symbol(OTHER_ID, OTHER))
    pictures = tensors["pictures"]
    count = len(pictures) if pictures.ndim else 0
    if count > MOST_DRAWINGS:
        raise ValueError(f"it has {count:,} drawings, more than {MOST_DRAWINGS:,}")
    _check("pictures", pictures, (count, SIDE, SIDE))
    of = _listed("symbols", tensors, count)
    if any(place >= len(symbols) for place in of):
        raise ValueError("a drawing is of a symbol that isn't there")
    numbered = tensors.get("ids", torch.arange(1, count + 1))
    _check("ids", numbered, (count,), torch.int64)
    ids = numbered.tolist()
    if not all(before < after for before, after in pairwise([0, *ids, _MOST_ID])):
        raise ValueError("the ids of its drawings don't rise")
    images = pictures.numpy().copy()
    images.flags.writeable = False
    drawn = zip(ids, of, images, strict=True)
    return Lesson(
        tuple(symbols),
        tuple(Drawing(id, symbols[at].id, image) for id, at, image in drawn),
        last_id=last_id,
        last_symbol=last_symbol,
    )


def _partition(
    about: Mapping[str, Any], tensors: Mapping[str, Tensor], lesson: Lesson
) -> tuple[dict[int, int], frozenset[int]]:
    """By a drawing's id its class in the network, and which were held back."""
    if (told := about["network"]) is None:
        return {}, frozenset()
    texts = isinstance(told, dict) and all(isinstance(text, str) for text in told.values())
    if not texts or not any(map(_is_weight, tensors)):
        raise ValueError("its network isn't told of as it should be")
    count = len(lesson.drawings)
    label, held = (_listed(name, tensors, count) for name in ("label", "held"))
    rows = list(zip(lesson.drawings, label, held, strict=True))
    return (
        {drawing.id: at for drawing, at, _ in rows if at != NOT_LEARNT},
        frozenset(drawing.id for drawing, at, back in rows if back and at != NOT_LEARNT),
    )


def _is_weight(key: str) -> bool:
    return key.startswith(_NETWORK)


def _listed(name: str, tensors: Mapping[str, Tensor], count: int) -> list[int]:
    _check(name, tensors[name], (count,))
    return tensors[name].tolist()


def _check(
    name: str, tensor: Tensor, shape: tuple[int, ...], dtype: torch.dtype = torch.uint8
) -> None:
    if tensor.dtype != dtype or tuple(tensor.shape) != shape:
        raise ValueError(
            f"{name} must be {str(dtype).removeprefix('torch.')} of shape {shape}, "
            f"got {tensor.dtype} {tuple(tensor.shape)}"
        )


def _id(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _MOST_ID:
        raise ValueError(f"an id must be a number from 0 to {_MOST_ID}, got {value!r:.60}")
    return value


def _dictionary(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("what it says about itself isn't an object")
    return value


def _numbers(values: Any) -> Tensor:
    return torch.tensor(list(values), dtype=torch.uint8)
