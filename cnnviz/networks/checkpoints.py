"""Weights on disk: safetensors with metadata, and state dicts of the article's plain class.

A file is judged by what is in it, not by its name. Nothing in it is ever run: safetensors hold
no code, and a `.pt` is read by `torch_files`.
"""

import importlib.metadata
import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from cnnviz import __version__
from cnnviz.files import write_atomically
from cnnviz.networks import torch_files
from cnnviz.networks.architecture import CLASSES, IMAGE_SIZE, Architecture, two_convolutions
from cnnviz.networks.models import FullyConnected, SimpleCNN

CHECKPOINTS = Path(__file__).resolve().parents[2] / "checkpoints"
MAX_BYTES = 50 * 1000 * 1000
MOST_HEADER_BYTES = 2 * 1000 * 1000


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A model in eval mode, what its file says about it, and a name for people."""

    model: SimpleCNN | FullyConnected
    metadata: Mapping[str, str]
    name: str

    @cached_property
    def architecture(self) -> Architecture | None:
        """What the network is made of; None for the one without convolution."""
        return self.model.architecture if isinstance(self.model, SimpleCNN) else None

    @cached_property
    def test_accuracy(self) -> float | None:
        """On MNIST's 10,000 test images, 0 to 1; None where the file doesn't say."""
        accuracy = _json(self.metadata.get("test_accuracy"))
        return float(accuracy) if _is_number(accuracy) and 0 <= accuracy <= 1 else None

    @cached_property
    def losses(self) -> tuple[float, ...]:
        """Training loss summed over an epoch's batches, one an epoch; empty if not told."""
        losses = _json(self.metadata.get("losses"))
        if not isinstance(losses, list) or not all(_is_number(loss) for loss in losses):
            return ()
        return tuple(float(loss) for loss in losses)


def load(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Checkpoint:
    """Weights from a path or a file's content, as a model ready to use.

    Takes safetensors, and `.pt`/`.pth` files that hold a state dict (also one wrapped as
    `{"state_dict": ...}`). Without metadata the model is recognised from the shapes, as a
    `SimpleCNN` with ReLU, or a `FullyConnected`. `name` is used in messages.

    Raises ValueError, with the reason, for whatever else a file may be: missing, empty, more
    than 50 MB, cut off, of another kind, a pickle that carries code, wrong keys or shapes, NaN or
    infinite weights.
    """
    content, name = _content(source, name)
    if _is_safetensors(content):
        tensors, metadata = _read_safetensors(content, name)
    elif content.startswith((b"PK\x03\x04", b"\x80")):
        tensors, metadata = _read_torch(content, name), {}
    else:
        raise ValueError(
            f"{name} is not a weights file; it should be .safetensors, "
            "or a .pt or .pth saved with torch.save(model.state_dict(), ...)."
        )
    return _checkpoint(tensors, metadata, name)


def load_safetensors(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Checkpoint:
    """The same, of safetensors only: a pickle, harmless or not, isn't even opened."""
    content, name = _content(source, name)
    if not _is_safetensors(content):
        raise ValueError(f"{name} is not a safetensors file.")
    return _checkpoint(*_read_safetensors(content, name), name)


def save(
    path: str | os.PathLike[str],
    model: SimpleCNN | FullyConnected,
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write the weights as safetensors: whole or not at all, replacing what was there.

    Adds to `metadata` the model's kind and architecture and the versions of cnnviz, torch and
    torchvision. Raises ValueError for metadata that isn't text, OSError when the disk won't.
    """
    described = {
        "model": type(model).__name__,
        "architecture": json.dumps(
            model.architecture.to_dict()
            if isinstance(model, SimpleCNN)
            else {"hidden": model.hidden}
        ),
        "cnnviz": __version__,
        "torch": importlib.metadata.version("torch"),
        "torchvision": importlib.metadata.version("torchvision"),
        **(metadata or {}),
    }
    for key, value in described.items():
        if not isinstance(value, str):
            raise ValueError(f"metadata {key!r} must be text, got {value!r}")
    tensors = {
        key: tensor.detach().to("cpu", _kept_as(tensor)).contiguous()
        for key, tensor in model.state_dict().items()
    }
    write_atomically(Path(path), safetensors.torch.save(tensors, described))


@lru_cache(maxsize=1)
def article() -> Checkpoint:
    """This project's own training of the article's network; read once, so don't change it."""
    return load(CHECKPOINTS / "article.safetensors", "article")


def _checkpoint(tensors: Mapping[str, Any], metadata: Mapping[str, str], name: str) -> Checkpoint:
    model = _model(tensors, metadata, name).eval()
    _fill(model, tensors, name)
    return Checkpoint(model=model, metadata=metadata, name=name)


def _content(source: str | os.PathLike[str] | bytes, name: str | None) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        name = name or "The file"
        size, content = len(source), source
    else:
        path = Path(source)
        name = name or path.name
        try:
            size = path.stat().st_size
            # Asked before reading: a file of 200 MB shouldn't come into memory to be refused.
            content = path.read_bytes() if size <= MAX_BYTES else b""
        except OSError as error:
            raise ValueError(f"{path} can't be read: {error.strerror}.") from error
    if size > MAX_BYTES:
        raise ValueError(
            f"{name} has {size / 1e6:.0f} MB; weights may have at most {MAX_BYTES // 10**6} MB."
        )
    if size == 0:
        raise ValueError(f"{name} is empty.")
    return content, name


def _is_safetensors(content: bytes) -> bool:
    """Whether it begins as safetensors do: the header's length, 8 bytes, then the header, JSON.

    The length comes first, so any bytes can stand there, a pickle's own first two included.
    """
    return content[8:9] == b"{" and int.from_bytes(content[:8], "little") < MAX_BYTES


def _read_safetensors(content: bytes, name: str) -> tuple[dict[str, Any], dict[str, str]]:
    # Before it is parsed: a header of 50 MB would become millions of objects.
    length = int.from_bytes(content[:8], "little")
    if length > MOST_HEADER_BYTES:
        raise ValueError(
            f"{name} has a header of {length / 1e6:.0f} MB; that is more than weights can need "
            f"(at most {MOST_HEADER_BYTES // 10**6} MB)."
        )
    try:
        tensors = safetensors.torch.load(content)
        # safetensors reads metadata only from a file on disk. The header is JSON after its length,
        # and it has just been found valid.
        header = json.loads(content[8 : 8 + length])
    # A dtype that torch lacks is a KeyError or an AttributeError, a shape too large a RuntimeError.
    except Exception as error:
        raise ValueError(f"{name} is damaged or cut off ({_first_line(error)}).") from error
    return tensors, header.get("__metadata__") or {}


def _read_torch(content: bytes, name: str) -> dict[str, Any]:
    try:
        loaded = torch_files.read(content, MAX_BYTES)
    except torch_files.CarriesCodeError as error:
        raise ValueError(
            f"{name} is a pickle that carries code ({error.name:.80}), and is not run. "
            "Save the weights alone: torch.save(model.state_dict(), ...)."
        ) from error
    except torch_files.TooLargeError as error:
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
            f"{name} holds {_a(type(loaded).__name__)}, not a state dict. "
            "Save it with torch.save(model.state_dict(), ...)."
        )
    if not all(isinstance(key, str) for key in loaded):
        raise ValueError(f"{name} is no state dict: its keys should be names such as conv1.weight.")
    # DataParallel and torch.compile put their own name before every key.
    return {re.sub(r"^(module\.|_orig_mod\.)+", "", key): t for key, t in loaded.items()}


def _first_line(error: Exception) -> str:
    line = (str(error).splitlines() or [type(error).__name__])[0]
    return line.split(". ")[0].strip(" .:")[:160]


def _model(
    tensors: Mapping[str, Any], metadata: Mapping[str, str], name: str
) -> SimpleCNN | FullyConnected:
    """The untrained model that these weights are for: told by the file, or seen from shapes."""
    kind = metadata.get("model")
    if kind is not None or "architecture" in metadata:
        described = _json(metadata.get("architecture", "{}"))
        try:
            if not isinstance(described, dict):
                raise ValueError("not a JSON object")
            if kind == "FullyConnected":
                return FullyConnected(**described)
            if kind in (None, "SimpleCNN"):
                return SimpleCNN(Architecture.from_dict(described))
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"{name} describes its architecture in a way that isn't known "
                f"({metadata.get('architecture')!r:.200}: {error})."
            ) from error
        raise ValueError(f"{name} is of a {kind!r:.60}; known are SimpleCNN and FullyConnected.")

    shapes = {key: tuple(t.shape) for key, t in tensors.items() if isinstance(t, Tensor)}
    hidden = shapes.get("fc1.weight", ())
    if len(hidden) == 2 and hidden[1] == IMAGE_SIZE**2 and 1 <= hidden[0] <= 4096:
        return FullyConnected(hidden[0])
    first, second = shapes.get("conv1.weight", ()), shapes.get("conv2.weight", ())
    if len(first) != 4 or len(second) != 4:
        return SimpleCNN()
    try:
        pooled, unpooled = (
            two_convolutions((first[0], second[0]), first[2], pooling=pooling)
            for pooling in ("max", "none")
        )
    except ValueError:
        return SimpleCNN()
    inputs = unpooled.steps[-1].given[0]
    return SimpleCNN(unpooled if shapes.get("fc.weight") == (CLASSES, inputs) else pooled)


def _fill(model: SimpleCNN | FullyConnected, tensors: Mapping[str, Any], name: str) -> None:
    """Check `tensors` against what the model wants, all of them, then put them in."""
    wanted = model.state_dict()
    problems = []
    for key, parameter in wanted.items():
        shape = tuple(parameter.shape)
        if key not in tensors:
            problems.append(f"{key} of shape {shape} is missing")
        elif isinstance(tensors[key], torch_files.OddTensor):
            problems.append(f"{key} is {tensors[key].kind}, it should be a plain tensor")
        elif not isinstance(tensors[key], Tensor):
            problems.append(f"{key} is {_a(type(tensors[key]).__name__)}, not a tensor")
        elif tuple(tensors[key].shape) != shape:
            problems.append(f"{key} has shape {tuple(tensors[key].shape)}, it should be {shape}")
        elif tensors[key].is_floating_point() != parameter.is_floating_point():
            problems.append(f"{key} holds {tensors[key].dtype}, it should be {parameter.dtype}")
    for key, tensor in tensors.items():
        if key not in wanted:
            shape = f" of shape {tuple(tensor.shape)}" if isinstance(tensor, Tensor) else ""
            problems.append(f"{key:.80}{shape} is not part of this network")
    if problems:
        more = f"; and {len(problems) - 4} more" if len(problems) > 4 else ""
        raise ValueError(f"{name} doesn't fit the network: {'; '.join(problems[:4])}{more}.")

    state = {key: tensors[key].detach().to(_kept_as(wanted[key])) for key in wanted}
    for key, tensor in state.items():
        if count := int((~torch.isfinite(tensor)).sum()):
            raise ValueError(
                f"{name} can't be used: {key} holds {count} NaN or infinite "
                f"value{'s' if count > 1 else ''} among {tensor.numel()}."
            )
        if key.endswith(".running_var") and bool((tensor < 0).any()):
            raise ValueError(f"{name} can't be used: {key} holds a variance below 0.")
    model.load_state_dict(state)
    picture = (
        model.architecture.picture if isinstance(model, SimpleCNN) else (1, IMAGE_SIZE, IMAGE_SIZE)
    )
    with torch.no_grad():
        logits = model(torch.ones(1, *picture))
    if not bool(torch.isfinite(logits).all()):
        raise ValueError(f"{name} can't be used: its weights are so large that the sums overflow.")


def _kept_as(tensor: Tensor) -> torch.dtype:
    """The type that its numbers have in files and networks: counts stay whole."""
    return torch.float32 if tensor.is_floating_point() else tensor.dtype


def _a(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def _json(text: str | None) -> Any:
    try:
        return None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_number(value: Any) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # JSON has whole numbers that no float can hold
        return False
