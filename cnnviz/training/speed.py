"""The network as training runs it: the same weights and the same function, in less time.

On a network this small most of a step's time goes into moving numbers, not into arithmetic.
Nothing here approximates; logits differ from the plain modules' in the last bits at most. Where
neighbours under a pooling window are equal, they share the gradient that `MaxPool2d` gives to the
first: both are right, and with real pictures it is blank paper where that happens.
"""

from typing import Any, TypeGuard

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
        self.register_buffer("spread", _spread(size).to(convolution.weight), persistent=False)

    def forward(self, image: Tensor) -> Tensor:
        weight, bias = self.convolution.weight, self.convolution.bias
        channels, size = len(weight), self.convolution.kernel_size[0]
        kernels = weight.reshape(channels, -1) @ self.spread  # (C, 4 (k + 1)²)
        kernels = kernels.view(4 * channels, 1, size + 1, size + 1)
        if bias is not None:
            bias = bias.unsqueeze(1).expand(-1, 4).reshape(-1)
        neighbours = F.conv2d(image, kernels, bias, stride=2)  # (B, 4 C, H', W')
        pooled: Tensor = _Largest.apply(neighbours.unflatten(1, (channels, 4)))  # type: ignore[assignment]
        return pooled.contiguous(memory_format=torch.channels_last)


class _Largest(torch.autograd.Function):
    """`amax(2)`, and the gradient of that, shared among equals, in a quarter of the time: 0 and 1
    as numbers are multiplied sooner than truth values.
    """

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


def rearranged(model: nn.Sequential) -> nn.Sequential:
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
    if len(modules) > 1:
        first, second, *rest = modules
        if _is_plain_convolution(first) and _is_two_by_two_pooling(second):
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


def _is_plain_convolution(module: nn.Module) -> TypeGuard[nn.Conv2d]:
    """Whether it is one of one channel, with a square kernel, and nothing further."""
    return isinstance(module, nn.Conv2d) and (
        module.in_channels == 1
        and module.kernel_size[0] == module.kernel_size[1]
        and module.stride == module.dilation == (1, 1)
        and module.padding == (0, 0)
    )


def _is_two_by_two_pooling(module: nn.Module) -> bool:
    return isinstance(module, nn.MaxPool2d) and (
        module.kernel_size == module.stride == 2
        and module.padding == 0
        and module.dilation == 1
        and not module.ceil_mode
    )


def _spread(size: int) -> Tensor:
    """(k², 4 (k + 1)²) of 0 and 1: a kernel of `size` k to its four shifted copies, row by row."""
    spread = torch.zeros(size, size, 2, 2, size + 1, size + 1)
    kernel = torch.eye(size**2).view(size, size, size, size)
    for down in (0, 1):
        for right in (0, 1):
            spread[:, :, down, right, down : down + size, right : right + size] = kernel
    return spread.view(size**2, 4 * (size + 1) ** 2)
