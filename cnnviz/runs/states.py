"""The state that a run goes on from, as one safetensors file."""

import json
import math
from pathlib import Path
from typing import Any

import safetensors.torch
from safetensors import SafetensorError
from torch import Tensor

from cnnviz import plain_files
from cnnviz.runs import folders
from cnnviz.runs.folders import RunError
from cnnviz.training.events import State

MAX_STATE = 200_000_000
"""Bytes; ten times that of the largest network the settings allow."""


def load(folder: Path) -> State | None:
    """What the run goes on from; None when it has not begun.

    Raises:
        RunError: when the file is there but isn't such a state.
    """
    try:
        content = plain_files.read(folder / folders.STATE, MAX_STATE)
        # A safetensors file: the length of a JSON header in 8 bytes, the header, the numbers.
        tensors = safetensors.torch.load(content)
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        place = json.loads(header["__metadata__"]["state"])
        numbers: dict[str, Any] = {
            name: _checked(place[name], kind)
            for name, kind in (
                *((name, int) for name in ("step", "epoch", "position", "batches", "batch_size")),
                *((name, float) for name in ("loss_sum", "seconds", "learning_rate")),
            )
        }
        seed = place["epoch_seed"]
        return State(
            **numbers,
            epoch_seed=None if seed is None else _checked(seed, int, signed=True),
            generator=tensors.pop("generator"),
            weights=_under("weights.", tensors),
            optimizer=_under("optimizer.", tensors),
        )
    except FileNotFoundError:
        return None
    except (
        OSError,
        KeyError,
        TypeError,
        ValueError,
        OverflowError,
        RecursionError,
        SafetensorError,
    ) as error:
        raise RunError(
            f"run {folder.name} can't go on, its saved state is damaged: {error}"
        ) from error


def save(folder: Path, state: State) -> None:
    place = {
        name: value
        for name, value in vars(state).items()
        if name not in ("generator", "weights", "optimizer")
    }
    tensors = {"generator": state.generator}
    tensors.update({f"weights.{name}": tensor for name, tensor in state.weights.items()})
    tensors.update({f"optimizer.{name}": tensor for name, tensor in state.optimizer.items()})
    content = safetensors.torch.save(tensors, {"state": json.dumps(place)})
    plain_files.write(folder / folders.STATE, content)


def _checked(value: Any, kind: type, signed: bool = False) -> Any:
    good = isinstance(value, kind | int) and not isinstance(value, bool)
    if not good or not math.isfinite(value) or (value < 0 and not signed):
        raise ValueError(f"{value!r} where a number should be")
    return kind(value)


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }
