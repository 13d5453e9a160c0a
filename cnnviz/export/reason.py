"""One Python file that computes an explanation by itself: torch, Captum, and no cnnviz."""

import base64
import textwrap
from pathlib import Path
from string import Template

from safetensors.torch import save
from torch import Tensor

from cnnviz.networks.architecture import Architecture, fully_connected
from cnnviz.networks.models import FullyConnected, SimpleCNN

_TEMPLATE = Path(__file__).parent / "templates" / "reason.py.template"


def program(
    title: str,
    model: SimpleCNN | FullyConnected,
    image: Tensor,
    target: int,
    other: int | None,
    lines: str,
) -> str:
    """A program with the `image` (1, C, H, W) and the weights in it, which runs `lines` on them.

    They find `model`, `image` and `score`, a function of images (N, C, H, W): the logit of class
    `target`, less that of `other` where there is one.
    """
    architecture = _architecture(model)
    imports = {"import torch", "from torch import nn", "from collections import OrderedDict"}
    for layer in architecture.layers:
        imports.update(layer.imports)
    steps = zip(model._modules, architecture.steps, strict=True)
    weights = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    score = f"logits[:, {target}]"
    if other is not None:
        score += f" - logits[:, {other}]"
    pixels = image.detach().contiguous().numpy().astype("<f4").tobytes()
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=title,
        imports="\n".join(sorted(imports)),
        weights=_encoded(save(weights)),
        image=_encoded(pixels),
        layers="\n".join(f"        {name}={step.layer.line(step.given)}," for name, step in steps),
        shape=", ".join(map(str, image.shape)),
        score=score,
        lines=lines,
    )


def _architecture(model: SimpleCNN | FullyConnected) -> Architecture:
    if isinstance(model, SimpleCNN):
        return model.architecture
    plain = fully_connected(model.hidden, model.picture, model.classes)
    if model.normalisation is None:
        return plain
    return Architecture((model.normalisation, *plain.layers), model.picture, model.classes)


def _encoded(content: bytes) -> str:
    return "\n".join(textwrap.wrap(base64.b64encode(content).decode("ascii"), 100))
