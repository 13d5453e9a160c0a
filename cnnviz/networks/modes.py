"""Train and eval mode: dropout and batch normalisation do something else in each."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from torch import nn

# A mode belongs to the model, and one model may serve several sessions.
_lock = threading.Lock()


@dataclass(eq=False)
class _InUse:
    """The modules of a model that were in train mode, and how many use it in eval mode now."""

    training: list[nn.Module]
    users: int = field(default=0)


_in_use: dict[int, _InUse] = {}
"""By the model's id: it lives for as long as it is used."""


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """`model` as it is when it is used; afterwards each module is in the mode that it was in.

    Any number of threads may be within at the same time, and none waits for another: the first
    that comes changes the mode, the last that goes puts it back.
    """
    with _lock:
        now = _in_use.get(id(model))
        if now is None:
            training = [module for module in model.modules() if module.training]
            now = _in_use[id(model)] = _InUse(training)
            for module in training:
                module.training = False
        now.users += 1
    try:
        yield
    finally:
        with _lock:
            now.users -= 1
            if not now.users:
                del _in_use[id(model)]
                for module in now.training:
                    module.training = True
