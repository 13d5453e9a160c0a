"""torch's global generator, borrowed: what is drawn at random while a model is built."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch

# Sessions and runs may build models at once, and there is one global generator.
_lock = threading.Lock()


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Within, torch's global generator starts from `seed`, for this thread alone.

    Others who ask for the same wait; afterwards the generator is as it was before.
    """
    with _lock, torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield
