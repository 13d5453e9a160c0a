"""What every map of a network costs that is switched off alone: a table that fills as it is
computed, kept by the digests of network and pictures."""

import threading
import time
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnnviz.reasons import stages
from cnnviz.reasons.changes import Changes
from cnnviz.reasons.costs import Behind, Cost
from cnnviz.reasons.kept import Kept


class EachChannel:
    """A row for each map of `base`; whoever looks at it fills it, one after the other."""

    def __init__(self, base: Behind) -> None:
        self.base = base
        self.channels = base.channels()
        """As `Changes` writes them."""
        self._name = f"{stages.of(base.model, base.picture).digest}-{base.tests.digest}"
        self._lock = threading.Lock()
        self._costs: list[Cost] = []
        if (found := _KEPT.find(self._name)) is not None:
            count, before = (np.asarray(found[key], np.int64) for key in ("count", "before"))
            after = np.asarray(found["after"], np.int64)  # (channels, K)
            self._costs = [_cost(count, before, row) for row in after]

    @property
    def costs(self) -> Sequence[Cost]:
        """Of the first so many channels; without the pictures that are newly wrong."""
        return tuple(self._costs)

    @property
    def whole(self) -> bool:
        return len(self._costs) == len(self.channels)

    def fill(self, seconds: float) -> bool:
        """Compute for about so long, one map at least where one is missing; whether all are there.

        What another thread computes meanwhile isn't computed twice.
        """
        end = time.perf_counter() + seconds
        while not self.whole:
            with self._lock:
                if not self.whole:
                    self._next()
            if time.perf_counter() > end:
                break
        return self.whole

    def _next(self) -> None:
        found = self.base.cost(Changes.parse(f"{self.channels[len(self._costs)]}=0"))
        self._costs.append(_cost(found.count, found.before, found.after))
        if self.whole:
            after = np.stack([cost.after for cost in self._costs])
            _KEPT.put(self._name, {"count": found.count, "before": found.before, "after": after})


def _cost(count: NDArray[np.int64], before: NDArray[np.int64], after: NDArray[np.int64]) -> Cost:
    return Cost(count, before, after, (), ())


@lru_cache(maxsize=2)
def each_channel(base: Behind) -> EachChannel:
    """The one table of `base`, whoever asks."""
    return EachChannel(base)


_KEPT = Kept("channels", 8_000_000)
