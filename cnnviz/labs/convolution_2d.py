"""One two-dimensional convolution: its layer, its output size, its padding and its cost.

`layer` gives an `nn.Sequential` with the one module `conv`, for `networks.trace`. What it
computes is PyTorch's `Conv2d`, which is cross-correlation; `flipped` kernels make it convolution.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Literal, get_args

import torch
from torch import Tensor, nn

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]
PADDING_MODES: tuple[PaddingMode, ...] = get_args(PaddingMode)
LARGEST_KERNEL = 7
LARGEST_SETTING = 16
# Ten digits say enough of what was typed; Python takes other scripts' digits for numbers, too.
_WHOLE = re.compile(r"[+-]?[0-9]{1,10}")

KERNELS: Mapping[str, Tensor] = {
    "identity": torch.tensor([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "blur": torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16,
    "sharpen": torch.tensor([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "Sobel x": torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "Sobel y": torch.tensor([[-1.0, -2, -1], [0, 0, 0], [1, 2, 1]]),
    "Laplacian": torch.tensor([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]]),
    "emboss": torch.tensor([[-2.0, -1, 0], [-1, 1, 1], [0, 1, 2]]),
}


@dataclass(frozen=True)
class Settings:
    """How a kernel is slid: (rows, columns) each, as in `torch.nn.Conv2d`.

    Raises ValueError for a stride or dilation under 1, a padding under 0, an unknown mode.
    """

    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)
    padding_mode: PaddingMode = "zeros"

    def __post_init__(self) -> None:
        for name, least in (("stride", 1), ("padding", 0), ("dilation", 1)):
            for value in getattr(self, name):
                check_setting(name, value, least)
        if self.padding_mode not in PADDING_MODES:
            raise ValueError(
                f"padding_mode must be one of {', '.join(PADDING_MODES)}, got {self.padding_mode!r}"
            )


def check_setting(name: str, value: int, least: int) -> None:
    if not least <= value <= LARGEST_SETTING:
        raise ValueError(
            f"{name} must be a whole number from {least} to {LARGEST_SETTING}, got {value}"
        )


def pair(name: str, text: str, least: int) -> tuple[int, int]:
    """A setting as typed, for (rows, columns): `2` is 2 for both, `1, 2` or `(1, 2)` sets each.

    Raises ValueError naming `name`, what was typed and what would do, for anything but one or two
    whole numbers from `least` to 16.
    """
    parts = text.strip().strip("()[]").replace(",", " ").replace("−", "-").split()
    if len(parts) not in (1, 2) or not all(_WHOLE.fullmatch(part) for part in parts):
        shown = text if len(text) <= 20 else text[:20] + "…"
        raise ValueError(
            f"{name} must be a whole number, or two for rows and columns such as 1, 2, "
            f"got {shown!r}"
        )
    for part in parts:
        check_setting(name, int(part), least)
    return int(parts[0]), int(parts[-1])


def output_size(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """Rows or columns of the output; the formula of torch.nn.Conv2d's page."""
    return floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1)


def formula(size: int, kernel: int, stride: int, padding: int, dilation: int) -> str:
    """The same formula with the numbers filled in, floor included."""
    before = (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
    filled = f"({size} + 2·{padding} − {dilation}·({kernel} − 1) − 1) / {stride} + 1"
    return f"⌊{filled}⌋ = ⌊{before:g}⌋ = {floor(before)}"


def check(image_shape: Sequence[int], kernels_shape: Sequence[int], settings: Settings) -> None:
    """Whether kernels (C_out, C_in, kH, kW) can slide over an image (C_in, H, W).

    Raises ValueError that says what doesn't fit and what would.
    """
    if len(kernels_shape) != 4:
        raise ValueError(
            f"kernels must have shape (C_out, C_in, kH, kW), got {tuple(kernels_shape)}"
        )
    if image_shape[0] != kernels_shape[1]:
        raise ValueError(
            f"kernels must read as many channels as the image has, {image_shape[0]}, "
            f"got {kernels_shape[1]}"
        )
    for axis, name in enumerate(("rows", "columns")):
        size, kernel = image_shape[1 + axis], kernels_shape[2 + axis]
        padding, dilation = settings.padding[axis], settings.dilation[axis]
        if not 1 <= kernel <= LARGEST_KERNEL:
            raise ValueError(f"kernel {name} must be 1 to {LARGEST_KERNEL}, got {kernel}")
        most = {"reflect": size - 1, "circular": size}.get(settings.padding_mode)
        if most is not None and padding > most:
            raise ValueError(
                f"{settings.padding_mode} padding must be at most {most} for an input of {size} "
                f"{name}, got {padding}; zeros and replicate take any padding"
            )
        span = dilation * (kernel - 1) + 1
        room = size + 2 * padding
        if span > room:
            needed = -(-(span - size) // 2)
            reach = (
                f"a kernel of {kernel} {name} with a dilation of {dilation} reaches over {span}"
                if dilation > 1
                else f"the kernel has {kernel} {name}"
            )
            where = f"the input with its padding has {room}" if padding else f"the input has {size}"
            raise ValueError(
                f"{reach}, but {where}; a padding of {needed} or more would do, or a smaller kernel"
                + (" or dilation" if dilation > 1 else "")
            )


def layer(
    kernels: Tensor, settings: Settings | None = None, bias: Tensor | None = None
) -> nn.Sequential:
    """`Sequential(conv=Conv2d(...))` with weights (C_out, C_in, kH, kW), and a bias (C_out,)."""
    settings = settings or Settings()
    channels_out, channels_in, height, width = kernels.shape
    conv = nn.Conv2d(
        channels_in,
        channels_out,
        (height, width),
        stride=settings.stride,
        padding=settings.padding,
        dilation=settings.dilation,
        padding_mode=settings.padding_mode,
        bias=bias is not None,
    )
    with torch.no_grad():
        conv.weight.copy_(kernels)
        if bias is not None and conv.bias is not None:
            conv.bias.copy_(bias)
    return nn.Sequential(OrderedDict(conv=conv)).eval()


def flipped(kernels: Tensor) -> Tensor:
    """Kernels turned by 180 degrees: cross-correlation with them is convolution."""
    return kernels.flip(-2, -1)


@dataclass(frozen=True)
class Cost:
    """Weights (without biases) and multiplications for one image, beside the same output
    computed by a fully connected layer, which has a weight for every pair of input and output."""

    weights: int
    multiplications: int
    dense: int


def cost(image_shape: Sequence[int], kernels_shape: Sequence[int], output: Sequence[int]) -> Cost:
    """Counts for kernels (C_out, C_in, kH, kW), an image (C_in, H, W) and its output (C_out, ...).

    Multiplications with padding are counted, as a plain implementation does them.
    """
    channels_out, channels_in, height, width = kernels_shape
    window = channels_in * height * width
    outputs = output[0] * output[1] * output[2]
    inputs = image_shape[0] * image_shape[1] * image_shape[2]
    return Cost(
        weights=channels_out * window, multiplications=outputs * window, dense=inputs * outputs
    )


def trained_kernels(model: nn.Sequential) -> tuple[Tensor, Tensor]:
    """Weights (C, 1, k, k) and biases (C,) of a network's first convolution.

    Raises ValueError for a network without one, or one that reads colours.
    """
    for module in model.children():
        if isinstance(module, nn.Conv2d):
            weight = module.weight.detach().clone()
            if weight.shape[1] != 1:
                raise ValueError(
                    f"the first convolution must read one channel, but it reads {weight.shape[1]}; "
                    "pick another network"
                )
            bias = torch.zeros(weight.shape[0]) if module.bias is None else module.bias
            return weight, bias.detach().clone()
    raise ValueError("model must have a convolution, but it has none; pick another network")
