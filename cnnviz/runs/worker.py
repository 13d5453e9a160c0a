"""What runs in the worker process: warming up, and training one run after another.

A run's folder is all that passes between worker and page: the worker is given its path, and
returns nothing.
"""

import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

NICENESS = 10
"""So nice that the server and the browser get nine tenths of a core that they want, and training
all that they leave. `CNNVIZ_NICENESS` sets another, 0 (as important as anything) to 19."""

_parent: int | None = None
_training = threading.Lock()


def become_worker(parent: int) -> None:
    """Called once in a process of our own: yield to whoever draws, and warm up.

    `parent` is the server's process id: when it is gone, training stops, resumable.
    """
    global _parent
    _parent = parent
    # Ctrl-C in the terminal reaches this process too; the server ends it, and says why.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(int(os.environ.get("CNNVIZ_NICENESS", NICENESS)))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    warm_up()


def warm_up() -> None:
    """Have torch, its kernels, the optimizer and the images ready before anyone presses Start."""
    from cnnviz.training.loop import train
    from cnnviz.training.presets import PRESETS

    tiny = replace(PRESETS["tiny"], epochs=1, train_size=64)
    for _ in train(tiny):
        pass
    load_images()


def load_images() -> None:
    """Have MNIST in memory, where it is on this machine."""
    from cnnviz.datasets import images
    from cnnviz.datasets.catalogue import DATASETS

    if DATASETS["mnist"].stored.available():
        images.load("mnist")


def work(folder: str, _submission: int) -> None:
    """Train the run in `folder` to its end, or until it is stopped or nobody is left.

    `_submission` tells one call from the next to an executor that remembers results by arguments.
    """
    from cnnviz.runs.recorder import record

    with _training:
        record(Path(folder), abandoned=_abandoned)


def _end_with_parent() -> None:
    """A server that was killed can't end its worker; the worker notices by itself."""
    while not _abandoned():
        time.sleep(0.5)
    with _training:
        os._exit(0)


def _abandoned() -> bool:
    return _parent is not None and os.getppid() != _parent
