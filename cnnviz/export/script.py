"""One Python file that trains a configuration by itself: torch, torchvision, and no cnnviz.

The program stands in `templates/`: `train.py.template`, and a file for each part of it that
depends on the configuration.
"""

import textwrap
from pathlib import Path
from string import Template

from torch import Tensor

from cnnviz.networks.as_python import in_order
from cnnviz.training.config import TrainingConfig
from cnnviz.training.recipe import shipped_convolutions

_TEMPLATES = Path(__file__).parent / "templates"


def script(config: TrainingConfig) -> str:
    """A program that prints each epoch's summed loss and test accuracy, and saves the weights.

    It follows the same recipe step by step: same start, same order, same learning rates.
    """
    schedule = config.schedule.replace("-", "_")
    return _filled(
        "train",
        preset=config.preset,
        title=config.images.title,
        imports=_imports(config),
        threads=config.threads,
        seed=config.seed,
        network=_network(config),
        learning_rate=_filled(f"learning_rate_{schedule}", learning_rate=config.learning_rate),
        augmented=_filled(f"augmented_{config.augmentation}"),
        images=_images(config),
        model=_model(config),
        optimizer=_optimizer(config),
        epochs=config.epochs,
        batch_size=config.batch_size,
    )


def _filled(name: str, **values: object) -> str:
    text = (_TEMPLATES / f"{name}.py.template").read_text(encoding="utf-8")
    filled = Template(text).substitute(values)
    # A part ends where its place in the program goes on.
    return filled if name == "train" else filled.rstrip("\n")


def _imports(config: TrainingConfig) -> str:
    lines = {
        "import sys",
        "import torch",
        "import torch.nn.functional as F",
        "from torch import nn",
    }
    lines.update(config.images.stored.imports)
    for layer in config.architecture.layers:
        lines.update(layer.imports)
    if config.schedule == "one-cycle" or config.augmentation == "affine":
        lines.add("import math")
    return in_order(lines)


def _network(config: TrainingConfig) -> str:
    steps = config.architecture.steps
    lines = [f"        self.{step.name} = {step.layer.line(step.given)}" for step in steps]
    return _filled("network", layers="\n".join(lines))


def _images(config: TrainingConfig) -> str:
    text = config.images.stored.lines()
    if (count := config.train_size) is not None:
        text += f"\nimages, labels = images[:{count}], labels[:{count}]"
    if config.shuffle_pixels is not None:
        text += "\n" + _filled("images_shuffled", shuffle_pixels=config.shuffle_pixels)
    return text


def _model(config: TrainingConfig) -> str:
    text = "model = Network()"
    if config.starts_with_shipped:
        text += "\n# The shipped convolutions of cnnviz; what follows them starts at random."
        text += "".join(map(_given, shipped_convolutions().items()))
    if config.model == "FullyConnected" and config.shuffle_pixels is not None:
        if config.images.shape[0] > 1:
            text += (
                "\nchannels = torch.arange(images.shape[1]).unsqueeze(1)"
                "\norder = (channels * height * width + order).flatten()"
            )
        text += "\nmodel.fc1.weight.data = model.fc1.weight.data[:, order]"
    return text


def _given(named: tuple[str, Tensor]) -> str:
    """A line that gives a parameter its numbers, each to the bit."""
    name, weight = named
    numbers = textwrap.fill(
        ", ".join(f"{number:.9g}" for number in weight.flatten().tolist()),
        width=92,
        initial_indent="        ",
        subsequent_indent="        ",
    )
    return (
        f"\nmodel.{name}.data = torch.tensor(\n    [\n{numbers}\n    ]\n)"
        f".view({', '.join(map(str, weight.shape))})"
    )


def _optimizer(config: TrainingConfig) -> str:
    if config.optimizer == "adam":
        return f"torch.optim.Adam(model.parameters(), lr={config.learning_rate}, fused=True)"
    return (
        f"torch.optim.SGD(\n    model.parameters(), lr={config.learning_rate}, "
        f"momentum={config.momentum}, fused=True\n)"
    )
