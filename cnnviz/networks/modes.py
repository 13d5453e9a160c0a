"""Train and eval mode: dropout and batch normalisation do something else in each."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn

# A mode belongs to the model, and so do hooks; one model may serve several sessions.
_lock = threading.RLock()


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """`model` as it is when it is used; afterwards each module is in the mode that it was in.

    One thread at a time, so that none puts back what another has just changed.
    """
    with _lock:
        was_training = {module: module.training for module in model.modules()}
        try:
            model.eval()
            yield
        finally:
            for module, training in was_training.items():
                module.training = training
