"""t-SNE of a layer's values (van der Maaten and Hinton, 2008) by openTSNE: made in the background,
kept by the digests of network and pictures, and new pictures placed on it."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.reasons.embedding import values
from cnnviz.reasons.examples import Examples
from cnnviz.reasons.kept import Kept
from cnnviz.reasons.stages import Stages
from cnnviz.spelling import count

if TYPE_CHECKING:
    from openTSNE import TSNEEmbedding

MOST = 2_000
"""Pictures of the quick map: some ten seconds."""

FEW = 3_000
"""Up to so many pictures every force is summed (Barnes and Hut 1986); of more the forces are
interpolated, which takes a time that grows with their number alone (Linderman et al. 2019)."""

PERPLEXITY = 30
SEED = 0
# openTSNE's own: first with exaggerated forces, then without.
STEPS = (250, 500)
_EVERY = 10  # steps from one report to the next
_MOST_WAITING = 4


@dataclass(eq=False)
class Making:
    """A map of test pictures as it is made: `progress` from 0 to 1, then `points` (N, 2) float32,
    or the `problem` that it ended with."""

    progress: float = 0.0
    points: NDArray[np.float32] | None = None
    problem: str | None = None
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within so many seconds."""
        return self._ended.wait(seconds)


class Maker:
    """Makes maps one after the other, in a thread of its own; those there are, by name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, "t-sne", initializer=_yielding)
        self._under_way: dict[str, Making] = {}
        self._failed: OrderedDict[str, Making] = OrderedDict()

    def get(self, stages: Stages, examples: Examples, layer: str) -> Making:
        """The map of the examples in what a layer makes of them: there, under way, or begun.

        Raises ValueError where four others are waiting already.
        """
        name = _name(stages, examples, layer)
        if (done := _found(name)) is not None:
            return done
        with self._lock:
            # One that failed would fail again.
            if (making := self._under_way.get(name) or self._failed.get(name)) is not None:
                return making
            # It is kept before it stops being under way, so it may have ended since the first look.
            if (done := _found(name)) is not None:
                return done
            if len(self._under_way) > _MOST_WAITING:
                raise ValueError(
                    f"{count(len(self._under_way))} other maps are being made; try it again later"
                )
            making = self._under_way[name] = Making()
            future = self._pool.submit(_make, making, stages, examples, layer, name)
        future.add_done_callback(lambda done: self._end(name, making, done))
        return making

    def _end(self, name: str, making: Making, done: Future[None]) -> None:
        with self._lock:
            del self._under_way[name]
            if (error := done.exception()) is not None:
                making.problem = str(error)
                self._failed[name] = making
                while len(self._failed) > _MOST_WAITING:
                    self._failed.popitem(last=False)
        making._ended.set()


def _yielding() -> None:
    """Have this thread go behind those that somebody waits for, where the system can do that."""
    with contextlib.suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


MAKER = Maker()


def _found(name: str) -> Making | None:
    """A map that is kept; None where there is none of that name."""
    if (kept := _KEPT.find(name)) is None:
        return None
    done = Making(1.0, np.asarray(kept["points"], np.float32))
    done._ended.set()
    return done


def _make(making: Making, stages: Stages, examples: Examples, layer: str, name: str) -> None:
    made = values(stages, examples, layer)

    def at(_step: int, _error: float, _points: object) -> None:
        making.progress = min(1.0, making.progress + _EVERY / sum(STEPS))

    making.points = points = fit(made, at)
    making.progress = 1.0
    _KEPT.put(name, {"points": points})


def fit(
    made: NDArray[np.float32], at: Callable[[int, float, object], None] | None = None
) -> NDArray[np.float32]:
    """t-SNE of values (N, K): (N, 2). `at` is called with the step, the divergence and the points
    every few steps.

    Raises ValueError for fewer than four pictures.
    """
    from openTSNE import TSNE

    if len(made) < 4:
        raise ValueError(f"t-SNE needs 4 pictures at least, got {count(len(made))}")
    more: dict[str, Any] = {} if at is None else {"callbacks": at, "callbacks_every_iters": _EVERY}
    return np.asarray(
        TSNE(
            perplexity=perplexity(PERPLEXITY, len(made)),
            early_exaggeration_iter=STEPS[0],
            n_iter=STEPS[1],
            neighbors="exact",
            negative_gradient_method=forces(len(made)),
            n_jobs=1,
            random_state=SEED,
            **more,
        ).fit(made),
        np.float32,
    )


def placed(
    stages: Stages, examples: Examples, layer: str, points: NDArray[np.float32], one: NDArray
) -> NDArray[np.float32]:
    """Where pictures of values `one` (n, K) lie among the `points` that `Making` has: (n, 2)."""
    embedding = _embedding(_name(stages, examples, layer), stages, examples, layer, points)
    return place_among(embedding, one)


_LAST: dict[str, TSNEEmbedding] = {}


def _embedding(
    name: str, stages: Stages, examples: Examples, layer: str, points: NDArray[np.float32]
) -> TSNEEmbedding:
    """openTSNE's object, made anew of the points: its own files are pickles, which may carry code.
    The last one is kept."""
    if (found := _LAST.get(name)) is not None:
        return found
    made = embedding_of(values(stages, examples, layer), points)
    _LAST.clear()
    _LAST[name] = made
    return made


def embedding_of(made: NDArray[np.float32], points: NDArray[np.float32]) -> TSNEEmbedding:
    """The values (N, K) with their points (N, 2), so that others can be placed among them."""
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PerplexityBasedNN

    affinities = PerplexityBasedNN(
        made,
        perplexity=perplexity(PERPLEXITY, len(made)),
        method="exact",
        n_jobs=1,
        random_state=SEED,
    )
    return TSNEEmbedding(
        points.astype(np.float64),
        affinities,
        negative_gradient_method=forces(len(made)),
        n_jobs=1,
        random_state=SEED,
    )


def place_among(embedding: TSNEEmbedding, one: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where values (n, K) come to lie: (n, 2). The embedding's own points stay."""
    many = len(embedding)
    made = embedding.transform(
        np.asarray(one, np.float32), perplexity=perplexity(5, many), k=min(25, many - 1)
    )
    return np.asarray(made, np.float32)


def perplexity(wanted: int, pictures: int) -> int:
    """Neighbours that count, about; openTSNE needs three times as many pictures."""
    return max(1, min(wanted, (pictures - 1) // 3))


def forces(pictures: int) -> str:
    """How openTSNE sums the forces between so many."""
    return "bh" if pictures <= FEW else "fft"


def _name(stages: Stages, examples: Examples, layer: str) -> str:
    return f"{stages.digest}-{examples.digest}-{layer}-{PERPLEXITY}-{STEPS}-{SEED}"


_KEPT = Kept("t-sne", 32_000_000)
