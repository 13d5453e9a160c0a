"""A network from its file: what the file holds, held against what it must be."""

import contextlib
import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import torch
from torch import Tensor

from cnnviz.app_folder import APP_FOLDER
from cnnviz.drawing.classes import MOST_NAME
from cnnviz.drawing.frames import SHAPE, Frame
from cnnviz.networks import onnx_files, weight_files
from cnnviz.networks.architecture import CLASSES, Architecture, two_convolutions
from cnnviz.networks.models import FullyConnected, SimpleCNN
from cnnviz.networks.tensor_pickles import OddTensor
from cnnviz.networks.weight_files import Weights
from cnnviz.spelling import with_article

CHECKPOINTS = APP_FOLDER / "checkpoints"


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A model in eval mode, what its file says about it, and a name for people.

    `notes` say what of the file's network was changed so that it fits, a sentence each.
    """

    model: SimpleCNN | FullyConnected
    metadata: Mapping[str, str]
    name: str
    notes: tuple[str, ...] = ()

    @cached_property
    def architecture(self) -> Architecture | None:
        """What the network is made of; None for the one without convolution."""
        return self.model.architecture if isinstance(self.model, SimpleCNN) else None

    @cached_property
    def digest(self) -> str:
        """80 bits of BLAKE2b, in hexadecimal, of its weights and of what its file says: a link
        names by it what it can't hold."""
        found = hashlib.blake2b(repr(sorted(self.metadata.items())).encode(), digest_size=10)
        for key, tensor in self.model.state_dict().items():
            found.update(f"{key} {tensor.dtype} {tuple(tensor.shape)}".encode())
            found.update(tensor.detach().contiguous().numpy().tobytes())
        return found.hexdigest()

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Their names, as the file says; else digits where there are ten, else numbers."""
        names, count = _json(self.metadata.get("classes")), self.model.classes
        if (
            isinstance(names, list)
            and len(names) == count
            and all(isinstance(name, str) and 1 <= len(name) <= MOST_NAME for name in names)
            and len(set(names)) == count
        ):
            return tuple(names)
        return tuple(map(str, range(count)))

    @cached_property
    def frame(self) -> Frame:
        """How a drawing is made to look like the pictures that it was trained on, as the file says;
        else as MNIST's were made."""
        described = _json(self.metadata.get("frame"))
        if isinstance(described, dict):
            with contextlib.suppress(ValueError):
                frame = Frame.from_dict(described)
                if frame.shape == self.model.picture:
                    return frame
        return Frame.like_mnist(self.model.picture)

    @cached_property
    def test_accuracy(self) -> float | None:
        """On all test images of its data set, 0 to 1; None where the file doesn't say."""
        accuracy = _json(self.metadata.get("test_accuracy"))
        return float(accuracy) if _is_number(accuracy) and 0 <= accuracy <= 1 else None

    @cached_property
    def recipe(self) -> Mapping[str, Any]:
        """The settings that it was trained with, by name; empty where the file doesn't say."""
        recipe = _json(self.metadata.get("recipe"))
        return recipe if isinstance(recipe, dict) else {}

    @cached_property
    def losses(self) -> tuple[float, ...]:
        """Training loss summed over an epoch's batches, one an epoch; empty if not told."""
        losses = _json(self.metadata.get("losses"))
        if not isinstance(losses, list) or not all(_is_number(loss) for loss in losses):
            return ()
        return tuple(float(loss) for loss in losses)


def load(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Checkpoint:
    """Weights from a path or a file's content, as a model ready to use.

    Takes safetensors, `.pt`/`.pth` files that hold a state dict (also one wrapped as
    `{"state_dict": ...}`), and ONNX of networks that are a row of layers. Without metadata the
    model of a state dict is recognised from the shapes, as a `SimpleCNN` with ReLU, or a
    `FullyConnected`. `name` is used in messages.

    Raises ValueError, with the reason, for whatever else a file may be: missing, empty, more
    than 50 MB, cut off, of another kind, a pickle that carries code, wrong keys or shapes, NaN or
    infinite weights; an ONNX node that no layer here is like.
    """
    content, name = weight_files.content(source, name)
    if onnx_files.looks_like(content):
        return _from_onnx(content, name)
    return _checkpoint(weight_files.read(content, name))


@dataclass(frozen=True)
class Fit:
    """A tensor of a file beside that of a network: their shapes, None where there is none.

    `odd` says what the file has there instead of a plain tensor of such numbers.
    """

    key: str
    in_file: tuple[int, ...] | None
    in_network: tuple[int, ...] | None
    odd: str | None = None

    @property
    def fits(self) -> bool:
        return self.in_file == self.in_network and self.odd is None


def fits(weights: Weights, architecture: Architecture) -> tuple[Fit, ...]:
    """Key by key, the network's first, then what else is in the file."""
    wanted = SimpleCNN(architecture).state_dict()
    keys = [*wanted, *(key for key in weights.tensors if key not in wanted)]
    return tuple(_fit(key, weights.tensors.get(key), wanted.get(key)) for key in keys)


def _fit(key: str, found: Any, wanted: Tensor | None) -> Fit:
    shape = None if wanted is None else tuple(wanted.shape)
    if found is None or isinstance(found, Tensor):
        odd = None
        if found is not None and wanted is not None:
            alike = found.is_floating_point() == wanted.is_floating_point()
            odd = None if alike else str(found.dtype)
        return Fit(key, None if found is None else tuple(found.shape), shape, odd)
    kind = found.kind if isinstance(found, OddTensor) else with_article(type(found).__name__)
    return Fit(key, None, shape, kind)


def fitted(weights: Weights, architecture: Architecture) -> Checkpoint:
    """The network of `architecture` with these weights.

    Raises ValueError where one of them doesn't fit, or can't be used.
    """
    model = SimpleCNN(architecture).eval()
    _fill(model, weights)
    return Checkpoint(model, weights.metadata, weights.name)


def load_safetensors(source: str | os.PathLike[str] | bytes, name: str | None = None) -> Checkpoint:
    """The same, of safetensors only: a pickle, harmless or not, isn't even opened."""
    return _checkpoint(weight_files.read_safetensors(source, name))


@lru_cache(maxsize=1)
def article() -> Checkpoint:
    """This project's own training of the article's network; read once, so don't change it."""
    return load(CHECKPOINTS / "article.safetensors", "article")


def _from_onnx(content: bytes, name: str) -> Checkpoint:
    from cnnviz.networks.onnx_files import reading

    opened = reading.read(content, name)
    model = SimpleCNN(opened.architecture).eval()
    metadata = {} if opened.classes is None else {"classes": opened.classes}
    _fill(model, Weights(opened.tensors, metadata, name))
    return Checkpoint(model, metadata, name, opened.notes)


def _checkpoint(weights: Weights) -> Checkpoint:
    model = _model(weights).eval()
    _fill(model, weights)
    return Checkpoint(model=model, metadata=weights.metadata, name=weights.name)


def _model(weights: Weights) -> SimpleCNN | FullyConnected:
    """The untrained model that these weights are for: told by the file, or seen from shapes."""
    tensors, metadata, name = weights.tensors, weights.metadata, weights.name
    kind = metadata.get("model")
    if kind is not None or "architecture" in metadata:
        described = _json(metadata.get("architecture", "{}"))
        try:
            if not isinstance(described, dict):
                raise ValueError("not a JSON object")
            if kind == "FullyConnected":
                return FullyConnected.from_dict(described)
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
    if len(hidden) == 2 and hidden[1] == math.prod(SHAPE) and 1 <= hidden[0] <= 4096:
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


def _fill(model: SimpleCNN | FullyConnected, weights: Weights) -> None:
    """Check the tensors against what the model wants, all of them, then put them in."""
    tensors, name = weights.tensors, weights.name
    wanted = model.state_dict()
    problems = []
    for key, parameter in wanted.items():
        shape = tuple(parameter.shape)
        if key not in tensors:
            problems.append(f"{key} of shape {shape} is missing")
        elif isinstance(tensors[key], OddTensor):
            problems.append(f"{key} is {tensors[key].kind}, it should be a plain tensor")
        elif not isinstance(tensors[key], Tensor):
            problems.append(f"{key} is {with_article(type(tensors[key]).__name__)}, not a tensor")
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
    with torch.no_grad():
        logits = model(torch.ones(1, *model.picture))
    if not bool(torch.isfinite(logits).all()):
        raise ValueError(f"{name} can't be used: its weights are so large that the sums overflow.")


def _kept_as(tensor: Tensor) -> torch.dtype:
    """The type that its numbers have in files and networks: counts stay whole."""
    return torch.float32 if tensor.is_floating_point() else tensor.dtype


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
