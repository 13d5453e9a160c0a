"""The network as training runs it: the same weights and the same function, in less time.

On a network this small most of a step's time goes into moving numbers, not into arithmetic.
Nothing here approximates; results differ from the plain modules' in the last bits at most.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.adam import adam


class PooledConvolution(nn.Module):
    """A convolution of one channel and the 2 by 2 max pooling after it, as one convolution.

    Each pooled value is the largest of four neighbours. A convolution of stride 2 whose kernels
    are the given ones shifted by 0 or 1 down and right, padded with zeros to k + 1, gives these
    four as channels: (B, 1, H, W) -> (B, 4 C, H', W') -> (B, C, H', W') with
    H' = floor((H - k + 1) / 2). It needs a third of the time of the two modules.
    """

    def __init__(self, convolution: nn.Conv2d) -> None:
        super().__init__()
        self.convolution = convolution
        size = convolution.kernel_size[0]
        self.spread: Tensor
        self.register_buffer("spread", _spread(size), persistent=False)

    def forward(self, image: Tensor) -> Tensor:
        weight, bias = self.convolution.weight, self.convolution.bias
        assert bias is not None
        channels, size = len(weight), self.convolution.kernel_size[0]
        kernels = weight.reshape(channels, -1) @ self.spread  # (C, 4 (k + 1)²)
        kernels = kernels.view(4 * channels, 1, size + 1, size + 1)
        neighbours = F.conv2d(
            image, kernels, bias.unsqueeze(1).expand(-1, 4).reshape(-1), stride=2
        )  # (B, 4 C, H', W')
        pooled: Tensor = _Largest.apply(neighbours.unflatten(1, (channels, 4)))  # type: ignore[assignment]
        return pooled.contiguous(memory_format=torch.channels_last)


class _Largest(torch.autograd.Function):
    """`amax(2)`, and its gradient as torch has it, shared among equals, in a quarter of the time:
    0 and 1 as numbers are multiplied sooner than truth values."""

    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        largest = values.amax(2, keepdim=True)
        ctx.save_for_backward(values, largest)
        return largest.squeeze(2)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        values, largest = ctx.saved_tensors
        winners = values.clone().eq_(largest)
        return winners.mul_((gradients[0] / winners.sum(2)).unsqueeze(2))


def quick(model: nn.Sequential) -> nn.Sequential:
    """`model`, rearranged; it shares the weights, and laying them out anew is part of it.

    Each ReLU changes places with the max pooling that follows it: the largest of several
    numbers, cut at 0, is the largest of the numbers cut at 0, and a quarter as many are cut. Then
    the first convolution can take its pooling in. Other activations and poolings stay as they are.
    """
    # Convolutions and pooling with channels last take four fifths of the time.
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    modules = list(model)
    for i in range(len(modules) - 1):
        if isinstance(modules[i], nn.ReLU) and isinstance(modules[i + 1], nn.MaxPool2d):
            modules[i : i + 2] = modules[i + 1], modules[i]
    first, second, *rest = modules
    if isinstance(first, nn.Conv2d) and first.in_channels == 1 and isinstance(second, nn.MaxPool2d):
        return nn.Sequential(PooledConvolution(first), *rest)
    return nn.Sequential(*modules)


def take_step(optimizer: torch.optim.Optimizer) -> None:
    """`optimizer.step()`, and the gradients gone after it.

    With Adam the very kernel of `step` is called, without the hooks and checks around it: on a
    network this small these take longer than the kernel.
    """
    (group,) = optimizer.param_groups
    states = [optimizer.state[parameter] for parameter in group["params"]]
    # The first step makes the states.
    if isinstance(optimizer, torch.optim.Adam) and all("exp_avg" in state for state in states):
        with torch.no_grad():
            adam(
                group["params"],
                [parameter.grad for parameter in group["params"]],
                [state["exp_avg"] for state in states],
                [state["exp_avg_sq"] for state in states],
                [],
                [state["step"] for state in states],
                fused=True,
                amsgrad=False,
                beta1=group["betas"][0],
                beta2=group["betas"][1],
                lr=group["lr"],
                weight_decay=group["weight_decay"],
                eps=group["eps"],
                maximize=False,
            )
    else:
        optimizer.step()
    for parameter in group["params"]:
        parameter.grad = None


def _spread(size: int) -> Tensor:
    """(k², 4 (k + 1)²) of 0 and 1: a kernel of `size` k to its four shifted copies, row by row."""
    spread = torch.zeros(size, size, 2, 2, size + 1, size + 1)
    for down in (0, 1):
        for right in (0, 1):
            for row in range(size):
                for column in range(size):
                    spread[row, column, down, right, row + down, column + right] = 1
    return spread.view(size**2, 4 * (size + 1) ** 2)
