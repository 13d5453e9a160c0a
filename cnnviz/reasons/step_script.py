"""The same step as a program of torch alone, and the file that it reads."""

import csv
import io
from collections.abc import Sequence

import numpy as np
import torch
from safetensors.torch import save
from torch import Tensor

from cnnviz.networks.as_python import imports_of, in_order, sequential
from cnnviz.networks.steps import Step as Placed
from cnnviz.reasons.rule import Rule
from cnnviz.reasons.step import Step
from cnnviz.reasons.weights import Number

FILE = "step.safetensors"


def content(step: Step, images: Tensor, labels: Tensor) -> bytes:
    """The network before the step, the pictures, their classes, and what the optimizer had kept."""
    tensors = {f"model.{name}": tensor for name, tensor in step.before.state_dict().items()}
    for name, kept in step.kept.items():
        tensors |= {f"kept.{name}/{key}": value for key, value in kept.items()}
    tensors |= {"images": images, "labels": labels}
    return save({name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()})


def program(layers: Sequence[Placed], rule: Rule, number: Number, *, kept: bool) -> str:
    """Python that takes the step of a network of `layers` from that file: it prints the loss, the
    gradient of `number`, what the step made of it, and the loss after it. `kept` says whether the
    optimizer had taken steps before."""
    imports = imports_of(layers) | {
        "import torch",
        "import torch.nn.functional as F",
        "from safetensors.torch import load_file",
    }
    momentum = f", momentum={rule.momentum!r}" if rule.optimizer == "momentum" else ""
    name = "Adam" if rule.optimizer == "Adam" else "SGD"
    before = [
        "for name, parameter in model.named_parameters():",
        '    beginning = f"kept.{name}/"',
        "    kept = [key for key in file if key.startswith(beginning)]",
        "    optimizer.state[parameter] = {key.removeprefix(beginning): file[key] for key in kept}",
    ]
    at = f"model.get_parameter({number.parameter!r})"
    place = ", ".join(map(str, number.place))
    return "\n".join(
        [
            in_order(imports),
            "",
            f"file = load_file({FILE!r})",
            f"model = {sequential(layers)}.eval()",
            "model.load_state_dict(",
            '    {k.removeprefix("model."): v for k, v in file.items() if k.startswith("model.")}',
            ")",
            f"optimizer = torch.optim.{name}(model.parameters(), lr={rule.rate!r}{momentum})",
            *(before if kept else []),
            "",
            'loss = F.cross_entropy(model(file["images"]), file["labels"])',
            "loss.backward()",
            f"gradient = {at}.grad[{place}].item()",
            "optimizer.step()",
            f"new = {at}[{place}].item()",
            'after = F.cross_entropy(model(file["images"]), file["labels"])',
            "print(loss.item(), gradient, new, after.item())",
            "",
        ]
    )


def csv_of(taken: Step) -> str:
    """A line a trained number: its name, old, gradient, new, as float32 has them."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("weight", "old", "gradient", "new"))
    for name, old in taken.before.named_parameters():
        new = taken.model.get_parameter(name)
        grad = taken.there.parameters.get(name, torch.zeros_like(old))
        for place in np.ndindex(tuple(old.shape)):
            numbers = (_digits(tensor, place) for tensor in (old, grad, new))
            rows.writerow((str(Number(name, place)), *numbers))
    return text.getvalue()


def _digits(tensor: Tensor, place: tuple[int, ...]) -> str:
    return str(np.float32(tensor[place].item()))
