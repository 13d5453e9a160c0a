"""torch's optimizers as they are where nothing is compiled.

Their own methods first import the compiler, only to be left out of what it compiles: a second until
the first step of every process that takes one.
"""

from collections.abc import Callable
from typing import Any

import torch


def _uncompiled(method: Callable[..., Any]) -> Callable[..., Any]:
    return getattr(method, "__wrapped__", method)


class Adam(torch.optim.Adam):
    add_param_group = _uncompiled(torch.optim.Adam.add_param_group)
    step = torch.no_grad()(_uncompiled(torch.optim.Adam.step))


class SGD(torch.optim.SGD):
    add_param_group = _uncompiled(torch.optim.SGD.add_param_group)
    step = torch.no_grad()(_uncompiled(torch.optim.SGD.step))
