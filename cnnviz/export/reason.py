"""One Python file that computes an explanation by itself: torch, Captum, and no cnnviz."""

import base64
from pathlib import Path
from string import Template

from safetensors.torch import save
from torch import Tensor

from cnnviz.networks.as_python import imports_of, in_order, sequential
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
    imports = imports_of(model.steps) | {
        "import base64",
        "import torch",
        "from safetensors.torch import load",
    }
    weights = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    score = f"logits[:, {target}]"
    if other is not None:
        score += f" - logits[:, {other}]"
    pixels = image.detach().contiguous().numpy().astype("<f4").tobytes()
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=title,
        imports=in_order(imports),
        weights=_encoded(save(weights)),
        image=_encoded(pixels),
        network=sequential(model.steps),
        shape=", ".join(map(str, image.shape)),
        score=score,
        lines=lines,
    )


def _encoded(content: bytes) -> str:
    text = base64.b64encode(content).decode("ascii")
    # Not by textwrap: of a large network's weights it would take 20 seconds.
    return "\n".join(text[at : at + 100] for at in range(0, len(text), 100))
