"""Heat in a rod: convolution with the heat kernel, checked against finite differences.

The temperature u(x, t) of a long rod obeys du/dt = D d²u/dx². Its Green's function, the answer to
one unit of heat at one point, is a Gaussian of standard deviation sqrt(2 D t); so the temperature
at time t is the initial one convolved with that Gaussian.
See L. C. Evans, Partial Differential Equations, section 2.3.1.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

LENGTH = 200  # cells of 1 mm
DIFFUSIVITY = 23.0  # mm²/s: iron
LONGEST = 30.0  # s
# Explicit Euler is stable up to a half; at a sixth its leading errors in time and space cancel.
COURANT = 1 / 6


def _hot(*spans: tuple[int, int]) -> Values:
    rod = np.zeros(LENGTH)
    for start, stop in spans:
        rod[start:stop] = 100.0
    return rod


RODS: Mapping[str, Values] = MappingProxyType(
    {
        "hot spot": _hot((90, 110)),
        "two spots": _hot((50, 70), (120, 130)),
        "hot half": _hot((0, 100)),
        "comb": _hot(*((start, start + 10) for start in range(45, 155, 20))),
    }
)


@dataclass(frozen=True)
class Cooling:
    """A rod at one time: the start, convolution's answer and finite differences' (cells,) in °C.

    `width` is the heat kernel's standard deviation in mm, `error` the largest difference in °C.
    """

    start: Values
    convolved: Values
    stepped: Values
    width: float
    error: float


def kernel(width: float, reach: int) -> Values:
    """(2 reach + 1,): the Gaussian of standard deviation `width` (cells, at least 0), by cell.

    Each tap is the Gaussian's integral over its cell, so that the taps add up to 1 for every
    width, down to 0, where nothing spreads (a sampled Gaussian would not).
    """
    if width < 0:
        raise ValueError(f"width must be at least 0, got {width}")
    edges = np.arange(-reach - 0.5, reach + 1.5)
    if width == 0:
        below = (edges > 0).astype(np.float64)
    else:
        below = np.array(
            [0.5 * math.erfc(-edge / (width * math.sqrt(2))) for edge in edges.tolist()]
        )
    return np.diff(below)


def by_convolution(rod: Values, time: float, diffusivity: float = DIFFUSIVITY) -> Values:
    """(cells,) in °C after `time` s: the initial temperature convolved with the heat kernel.

    The rod goes on beyond both ends, and is cold (0 °C) there at the start.
    """
    width = math.sqrt(2 * diffusivity * time)
    return np.convolve(rod, kernel(width, len(rod)))[len(rod) : 2 * len(rod)]


def by_finite_differences(rod: Values, time: float, diffusivity: float = DIFFUSIVITY) -> Values:
    """(cells,) in °C after `time` s: many small steps of du/dt = D d²u/dx², knowing no kernel.

    Forward in time, centred in space, on a rod that goes on for six kernel widths beyond the ends.
    """
    margin = math.ceil(6 * math.sqrt(2 * diffusivity * time)) + 1
    u = np.pad(rod, margin)
    steps = max(1, math.ceil(diffusivity * time / COURANT))
    ratio = diffusivity * time / steps
    for _ in range(steps):
        u[1:-1] += ratio * np.diff(u, 2)
    return u[margin:-margin]


def cool(rod: Values, time: float) -> Cooling:
    """Both answers for `rod` (cells,) in °C after `time` s, from 0 to 30."""
    if not 0 <= time <= LONGEST:
        raise ValueError(f"time must be from 0 to {LONGEST:g} s, got {time}")
    convolved, stepped = by_convolution(rod, time), by_finite_differences(rod, time)
    return Cooling(
        start=rod,
        convolved=convolved,
        stepped=stepped,
        width=math.sqrt(2 * DIFFUSIVITY * time),
        error=float(np.abs(convolved - stepped).max()),
    )
