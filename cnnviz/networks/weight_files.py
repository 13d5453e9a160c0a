"""What a file of weights holds: tensors by name, and what it says about itself.

Safetensors with metadata, and state dicts that `torch.save` wrote. A file is judged by what is in
it, not by its name. Nothing in it is ever run: safetensors hold no code, and a `.pt` is read by
`torch_files`.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch

from cnnviz.networks import torch_files
from cnnviz.networks.tensor_pickles import CarriesCodeError, TooLargeError
from cnnviz.spelling import fixed, with_article

MAX_BYTES = 50 * 1000 * 1000
MOST_HEADER_BYTES = 2 * 1000 * 1000


@dataclass(frozen=True, eq=False)
class Weights:
    """What should be tensors, by name, unchecked; the file's metadata; its name for messages."""

    tensors: Mapping[str, Any]
    metadata: Mapping[str, str]
    name: str


def read(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Weights:
    """From a path or a file's content. `name` is used in messages.

    Raises ValueError, with the reason, for whatever is no file of weights: missing, empty, more
    than 50 MB, cut off, of another kind, a pickle that carries code.
    """
    held, name = content(source, name)
    if _is_safetensors(held):
        return _from_safetensors(held, name)
    if held.startswith((b"PK\x03\x04", b"\x80")):
        return Weights(_state_dict(held, name), {}, name)
    raise ValueError(
        f"{name} is not a weights file; it should be .safetensors, "
        "a .pt or .pth saved with torch.save(model.state_dict(), ...), or .onnx."
    )


def read_safetensors(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Weights:
    """The same, of safetensors only: a pickle, harmless or not, isn't even opened."""
    held, name = content(source, name)
    if not _is_safetensors(held):
        raise ValueError(f"{name} is not a safetensors file.")
    return _from_safetensors(held, name)


def content(source: str | os.PathLike[str] | bytes, name: str | None) -> tuple[bytes, str]:
    """The bytes of a path or a file's content, and a name for messages.

    Raises ValueError where they can't be read, or there are none, or more than 50 MB.
    """
    if isinstance(source, bytes):
        name = name or "The file"
        size, held = len(source), source
    else:
        path = Path(source)
        name = name or path.name
        try:
            size = path.stat().st_size
            # Asked before reading: a file of 200 MB shouldn't come into memory to be refused.
            held = path.read_bytes() if size <= MAX_BYTES else b""
        except OSError as error:
            raise ValueError(f"{path} can't be read: {error.strerror}.") from error
    if size > MAX_BYTES:
        raise ValueError(
            f"{name} has {fixed(size / 1e6, 0)} MB; weights may have at most "
            f"{MAX_BYTES // 10**6} MB."
        )
    if size == 0:
        raise ValueError(f"{name} is empty.")
    return held, name


def _is_safetensors(content: bytes) -> bool:
    """Whether it begins as safetensors do: the header's length, 8 bytes, then the header, JSON.

    The length comes first, so any bytes can stand there, a pickle's own first two included.
    """
    return content[8:9] == b"{" and int.from_bytes(content[:8], "little") < MAX_BYTES


def _from_safetensors(content: bytes, name: str) -> Weights:
    # Before it is parsed: a header of 50 MB would become millions of objects.
    length = int.from_bytes(content[:8], "little")
    if length > MOST_HEADER_BYTES:
        raise ValueError(
            f"{name} has a header of {fixed(length / 1e6, 0)} MB; that is more than weights can "
            f"need (at most {MOST_HEADER_BYTES // 10**6} MB)."
        )
    try:
        tensors = safetensors.torch.load(content)
        # safetensors reads metadata only from a file on disk. The header is JSON after its length,
        # and it has just been found valid.
        header = json.loads(content[8 : 8 + length])
    # A dtype that torch lacks is a KeyError or an AttributeError, a shape too large a RuntimeError.
    except Exception as error:
        raise ValueError(f"{name} is damaged or cut off ({_first_line(error)}).") from error
    return Weights(tensors, header.get("__metadata__") or {}, name)


def _state_dict(content: bytes, name: str) -> dict[str, Any]:
    try:
        loaded = torch_files.read(content, MAX_BYTES)
    except CarriesCodeError as error:
        raise ValueError(
            f"{name} is a pickle that carries code ({error.name:.80}), and is not run. "
            "Save the weights alone: torch.save(model.state_dict(), ...)."
        ) from error
    except TooLargeError as error:
        raise ValueError(
            f"{name} is no file of weights alone: {error}. "
            "Save them with torch.save(model.state_dict(), ...)."
        ) from error
    except ValueError as error:
        raise ValueError(f"{name} is damaged or cut off ({_first_line(error)}).") from error
    if isinstance(loaded, Mapping):
        for wrapper in ("state_dict", "model_state_dict", "model"):
            if isinstance(loaded.get(wrapper), Mapping):
                loaded = loaded[wrapper]
    if not isinstance(loaded, Mapping):
        raise ValueError(
            f"{name} holds {with_article(type(loaded).__name__)}, not a state dict. "
            "Save it with torch.save(model.state_dict(), ...)."
        )
    if not all(isinstance(key, str) for key in loaded):
        raise ValueError(f"{name} is no state dict: its keys should be names such as conv1.weight.")
    # DataParallel and torch.compile put their own name before every key.
    return {re.sub(r"^(module\.|_orig_mod\.)+", "", key): t for key, t in loaded.items()}


def _first_line(error: Exception) -> str:
    line = (str(error).splitlines() or [type(error).__name__])[0]
    return line.split(". ")[0].strip(" .:")[:160]
