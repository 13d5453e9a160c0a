"""What a network's probabilities say, in words."""

from dataclasses import dataclass

from torch import Tensor

from cnnviz.spelling import percent

UNSURE_BELOW = 0.5
UNSURE_WITHIN = 0.2


@dataclass(frozen=True)
class Reading:
    """The likeliest digit and the one after it, each with its probability."""

    digit: int
    probability: float
    second: int
    second_probability: float

    @property
    def unsure(self) -> bool:
        """No class above 50 %, or the first two within 20 points."""
        return (
            self.probability <= UNSURE_BELOW
            or self.probability - self.second_probability <= UNSURE_WITHIN
        )


def read(probabilities: Tensor) -> Reading:
    """The reading of `probabilities` (N,), N at least 2; of equals the first comes first."""
    if probabilities.ndim != 1 or len(probabilities) < 2:
        raise ValueError(f"probabilities must have shape (N,), got {tuple(probabilities.shape)}")
    order = probabilities.argsort(descending=True, stable=True)
    first, second = int(order[0]), int(order[1])
    return Reading(first, float(probabilities[first]), second, float(probabilities[second]))


def words(reading: Reading, label: int | None = None, doubt: str | None = None) -> str:
    """The reading as Markdown; beside it, where it is known, what the digit truly is.

    `doubt` is a reason not to believe it, however sure the network is.
    """
    if doubt is not None:
        said = (
            f"**Unsure:** {doubt}. The network's nearest is "
            f"a {reading.digit} ({percent(reading.probability)})"
        )
    elif reading.unsure:
        said = (
            f"**Unsure:** a {reading.digit} ({percent(reading.probability)}), "
            f"or a {reading.second} ({percent(reading.second_probability)})"
        )
    else:
        said = f"Reads a **{reading.digit}**, {percent(reading.probability)} sure"
    if label is None:
        return said
    return f"{said} · truly a **{label}**{'' if label == reading.digit else ': misread'}"
