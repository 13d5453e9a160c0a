"""What a run gives away: weights for other programs, its curve, and a script that repeats it."""

import io

import torch
from torch import nn

from cnnviz.export.onnx import onnx
from cnnviz.export.picture import png
from cnnviz.export.script import script
from cnnviz.runs.history import Events

__all__ = ["csv", "onnx", "png", "script", "state_dict"]


def state_dict(model: nn.Module) -> bytes:
    """A `.pt` for `load_state_dict` of the article's plain class; opens with weights_only=True."""
    file = io.BytesIO()
    torch.save({name: tensor.clone() for name, tensor in model.state_dict().items()}, file)
    return file.getvalue()


def csv(events: Events) -> str:
    """A line a step: its loss and learning rate, and the test accuracy where it was measured."""
    tested = {row.step: f"{row.test_accuracy},{row.tested}" for row in events.snapshots}
    lines = ["step,loss,learning_rate,test_accuracy,tested"]
    if 0 in tested:
        lines.append(f"0,,,{tested[0]}")
    lines += [
        f"{step},{loss},{rate},{tested.get(step, ',')}"
        for step, loss, rate in zip(events.steps, events.losses, events.learning_rates, strict=True)
    ]
    return "\n".join(lines) + "\n"
