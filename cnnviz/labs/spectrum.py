"""Spectra of short signals: what a filter lets through."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Kind = Literal["low-pass", "high-pass", "band-pass", "band-stop", "comb", "all-pass", "silence"]
POINTS = 513


@dataclass(frozen=True)
class Spectrum:
    """Magnitudes at `frequency` (513,), in cycles per sample from 0 to 1/2 (the Nyquist limit).

    `after` = `before` times `gain`: the convolution theorem.
    """

    frequency: Values
    before: Values
    gain: Values
    after: Values


def spectrum(signal: Values, kernel: Values) -> Spectrum:
    """(samples,), (taps,): the discrete-time Fourier transform of each, and of their convolution.

    Each is evaluated at 513 frequencies by an FFT of the signal padded with zeros.
    """
    length = max(2 * (POINTS - 1), len(signal) + len(kernel))
    length += (-length) % (2 * (POINTS - 1))
    step = length // (2 * (POINTS - 1))
    before, gain, after = (
        np.abs(np.fft.rfft(values, length))[::step]
        for values in (signal, kernel, np.convolve(signal, kernel))
    )
    return Spectrum(np.linspace(0, 0.5, POINTS), before, gain, after)


def kind(kernel: Values) -> Kind:
    """What sort of filter this is, by where its gain reaches half of its largest.

    A plain rule for plain filters: passing means a gain of at least half the largest.
    """
    gain = spectrum(np.ones(1), kernel).gain
    if gain.max() == 0:
        return "silence"
    passes = gain >= gain.max() / 2
    low, edges = bool(passes[0]), int(np.count_nonzero(np.diff(passes)))
    match low, edges:
        case True, 0:
            return "all-pass"
        case True, 1:
            return "low-pass"
        case False, 1:
            return "high-pass"
        case True, 2:
            return "band-stop"
        case False, 2:
            return "band-pass"
    return "comb"
