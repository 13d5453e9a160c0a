"""The border that `Conv2d` puts around an image, made by itself."""

import torch.nn.functional as F
from torch import Tensor

from cnnviz.labs.convolution_2d import Settings


def padded(image: Tensor, settings: Settings) -> Tensor:
    """Image (1, C, H, W) with its border, as large as `Conv2d` slides over."""
    rows, columns = settings.padding
    mode = "constant" if settings.padding_mode == "zeros" else settings.padding_mode
    return F.pad(image, (columns, columns, rows, rows), mode=mode)
