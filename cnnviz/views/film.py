"""The filmstrip of a training run: what frontend/training_view is sent of each snapshot."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.training.events import Snapshot
from cnnviz.views.letters import letters

MAX_KERNELS = 8
"""So many kernels of a layer, and of each so many input channels, have room in the strip."""


@dataclass(frozen=True)
class Frame:
    """One snapshot: kernels (channels out, channels in, k, k) by layer name, the class `read` with
    `confidence` (0-1) from the drawing, and `test_accuracy` (0-1) over `tested` images."""

    step: int
    kernels: dict[str, Tensor]
    read: str
    confidence: float
    test_accuracy: float
    tested: int

    def to_dict(self) -> dict[str, Any]:
        """As the view reads it."""
        return {
            "step": self.step,
            "read": self.read,
            "confidence": round(self.confidence, 4),
            "accuracy": self.test_accuracy,
            "tested": self.tested,
            "kernels": {name: _encoded(kernels) for name, kernels in self.kernels.items()},
        }


def frame_of(checkpoint: Checkpoint, row: Snapshot, image: Tensor) -> Frame:
    """The frame of a snapshot, and what its network reads in `image` (1, C, H, W)."""
    with torch.inference_mode():
        probabilities = checkpoint.model(image).softmax(1)[0]
    read = int(probabilities.argmax())
    kernels = {
        name.removesuffix(".weight"): weight
        for name, weight in checkpoint.model.state_dict().items()
        if weight.ndim == 4
    }
    return Frame(
        row.step,
        kernels,
        checkpoint.classes[read],
        float(probabilities[read]),
        row.test_accuracy,
        row.tested,
    )


def _encoded(kernels: Tensor) -> dict[str, Any]:
    shown = kernels[:MAX_KERNELS, :MAX_KERNELS]
    return {
        "shape": list(shown.shape),
        "of": list(kernels.shape[:2]),
        "values": letters(shown.detach().numpy(), "<f4"),
    }
