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


@contextmanager
def drawing_from(generator: torch.Generator) -> Iterator[None]:
    """Within, torch's global generator goes on where `generator` is, and takes that along.

    For modules such as Dropout, which draw from no other. As with `seeded`, others wait.
    """
    with _lock, torch.random.fork_rng(devices=[]):
        torch.set_rng_state(generator.get_state())
        try:
            yield
        finally:
            generator.set_state(torch.get_rng_state())
