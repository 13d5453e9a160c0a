"""The loss of a picture and its gradient by every value of every layer, from torch.autograd."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnnviz.networks.modes import evaluating
from cnnviz.networks.trace import Trace, trace


@dataclass(frozen=True, eq=False)
class Backward:
    """A picture's way through a network, and the loss −log p of its class on its way back.

    `gradients` are those of the loss by the image (C, H, W), then by what each layer of the trace
    made, in the same shapes. The network is as it is in use: batch normalisation takes the mean and
    variance that it has kept, dropout is idle.
    """

    trace: Trace
    target: int
    loss: float
    gradients: tuple[Tensor, ...]


@dataclass(frozen=True, eq=False)
class Pass:
    """A batch's way through a network and back, every value kept.

    `reached` are the images (B, C, H, W), then what each module made of them (B, …); `gradients`
    the mean loss's by each of these, `parameters` by each trained tensor, by name. `losses` (B,)
    are those of the images, `shares` (B, N) the probabilities.
    """

    losses: Tensor
    shares: Tensor
    reached: tuple[Tensor, ...]
    gradients: tuple[Tensor, ...]
    parameters: Mapping[str, Tensor]

    @property
    def loss(self) -> float:
        """The mean."""
        return self.losses.mean().item()


def backward(model: nn.Sequential, image: Tensor, target: int) -> Backward:
    """The gradients of one picture (1, C, H, W) of the class `target`.

    Raises:
        ValueError: for a class that the network doesn't have, weights or pixels that aren't finite
            numbers, and a network that doesn't end in scores.
    """
    steps = trace(model, image)
    if steps.logits is None:
        raise ValueError("the network must end in one score for each class, got maps")
    there = there_and_back(model, image, torch.tensor([target]))
    gradients = tuple(gradient[0].contiguous() for gradient in there.gradients)
    return Backward(steps, target, there.loss, gradients)


def there_and_back(model: nn.Sequential, images: Tensor, labels: Tensor) -> Pass:
    """The mean loss of `images` (B, C, H, W), whose classes are `labels` (B,), and its gradients.

    Nothing of the model changes: no gradient is left in it.

    Raises:
        ValueError: as `backward` does.
    """
    check_finite(model)
    with evaluating(model), torch.enable_grad():
        reached = [images.detach().clone().requires_grad_()]
        for module in model:
            # A copy, so that a module that works in place leaves what was kept alone.
            reached.append(module(reached[-1].clone()))
        logits = reached[-1]
        _check_labels(labels, logits)
        losses = F.cross_entropy(logits, labels, reduction="none")
        # Not `loss.backward()`: the model may be in use by other sessions at the same time.
        named = {n: p for n, p in model.named_parameters() if p.requires_grad}
        made = torch.autograd.grad(losses.mean(), [*reached, *named.values()])
    kept, parameters = made[: len(reached)], made[len(reached) :]
    return Pass(
        losses=losses.detach() + 0.0,  # not −0, where a probability is 1 to the last digit
        shares=logits.detach().softmax(1),
        reached=tuple(value.detach() for value in reached),
        gradients=kept,
        parameters=dict(zip(named, parameters, strict=True)),
    )


def check_finite(model: nn.Module) -> None:
    """Raises ValueError naming the first tensor of a network that isn't all finite numbers."""
    for name, tensor in model.state_dict().items():
        if not bool(torch.isfinite(tensor).all()):
            raise ValueError(
                f"the network's weights must be finite numbers, and {name} has NaN or infinity: "
                "from such weights there is no step"
            )


def _check_labels(labels: Tensor, logits: Tensor) -> None:
    if logits.ndim != 2:
        raise ValueError("the network must end in one score for each class, got maps")
    count = logits.shape[1]
    for label in labels.tolist():
        if not 0 <= label < count:
            raise ValueError(f"the class must be one of 0 to {count - 1}, got {label}")
