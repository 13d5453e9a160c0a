"""Convolution and cross-correlation of a signal and a filter, and the code that gives them.

One index axis serves for all: at position n the filter's right end stands at sample n, so it
covers the samples n - span + 1 ... n, where span = dilation (taps - 1) + 1. Convolution flips the
filter first, y[n] = sum over k of h[k] f[n - dilation k]; cross-correlation doesn't,
z[n] = sum over k of h[k] f[n - span + 1 + dilation k], which is what torch's `conv1d` computes.
Samples outside the signal are zeros. Positions run from 0 to len(f) + span - 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Mode = Literal["full", "same", "valid"]
Operation = Literal["convolution", "cross-correlation"]
Values = NDArray[np.float64]

MODES: tuple[Mode, ...] = get_args(Mode)
MAX_STEP = 16


@dataclass(frozen=True)
class Sliding:
    """How the filter is slid: which positions are kept, every which one, and the taps' spacing.

    `full` keeps every position at which filter and signal overlap; `same` as many as there are
    samples, from position (span - 1) // 2 on, as `np.convolve` does; `valid` those at which the
    filter lies wholly inside. `stride` and `dilation` (1-16) are those of
    `torch.nn.functional.conv1d`; the stride counts from the first position kept.
    """

    mode: Mode = "full"
    stride: int = 1
    dilation: int = 1

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}, got {self.mode!r}")
        for name, value in (("stride", self.stride), ("dilation", self.dilation)):
            if not 1 <= value <= MAX_STEP:
                raise ValueError(f"{name} must be from 1 to {MAX_STEP}, got {value}")

    def span(self, taps: int) -> int:
        """How many samples the filter reaches over, the gaps of its dilation included."""
        return self.dilation * (taps - 1) + 1

    def check(self, samples: int, taps: int) -> None:
        """Raises ValueError if the mode is `valid` and the filter fits nowhere."""
        span = self.span(taps)
        if self.mode == "valid" and span > samples:
            raise ValueError(
                f"mode valid needs a signal at least as long as the filter: the filter reaches "
                f"over {span} samples, the signal has {samples}. Choose full or same, "
                f"a shorter filter or a longer signal"
            )

    def kept(self, samples: int, taps: int) -> range:
        """The positions n of the results, for a signal and a filter of these lengths.

        Raises ValueError as `check`.
        """
        self.check(samples, taps)
        span = self.span(taps)
        full = samples + span - 1
        if self.mode == "full":
            return range(0, full, self.stride)
        if self.mode == "same":
            start = (span - 1) // 2
            return range(start, start + samples, self.stride)
        return range(span - 1, samples, self.stride)


def convolve(signal: Values, kernel: Values, sliding: Sliding) -> Values:
    """(samples,), (taps,) -> (len(sliding.kept(samples, taps)),): the filter flipped, then slid."""
    kept = sliding.kept(len(signal), len(kernel))
    return np.convolve(signal, _dilated(kernel, sliding))[kept.start : kept.stop : kept.step]


def cross_correlate(signal: Values, kernel: Values, sliding: Sliding) -> Values:
    """The same without the flip: what torch's convolution layers compute."""
    kept = sliding.kept(len(signal), len(kernel))
    full = np.correlate(signal, _dilated(kernel, sliding), "full")
    return full[kept.start : kept.stop : kept.step]


def is_symmetric(kernel: Values) -> bool:
    """Whether the flip changes nothing."""
    return bool(np.array_equal(kernel, kernel[::-1]))


def numpy_code(
    operation: Operation, signal: Sequence[str], kernel: Sequence[str], sliding: Sliding
) -> str:
    """A NumPy line for this result, runnable after `import numpy as np`.

    `signal` and `kernel` are Python literals, such as those of `signals.Numbers.tokens`.
    """
    f, h = f"[{', '.join(signal)}]", f"[{', '.join(kernel)}]"
    span = sliding.span(len(kernel))
    if sliding.dilation > 1 and len(kernel) > 1:
        comb = ", ".join(["1"] + ["0"] * (sliding.dilation - 1))
        h = f"np.kron({h}, [{comb}])[:{1 - sliding.dilation}]"
    function = "convolve" if operation == "convolution" else "correlate"
    mode, rest = sliding.mode, ""
    if mode == "same" and span > len(signal):  # NumPy would take the longer one for the signal
        start = (span - 1) // 2
        mode, rest = "full", f"[{start}:{start + len(signal)}]"
    if sliding.stride > 1:
        rest += f"[::{sliding.stride}]"
    return f'np.{function}({f}, {h}, "{mode}"){rest}'


def pytorch_code(
    operation: Operation, signal: Sequence[str], kernel: Sequence[str], sliding: Sliding
) -> str:
    """The same result by `torch.nn.functional.conv1d`, after `import torch`.

    An expression of several lines whose value is a tensor of shape (1, 1, positions).
    """
    span = sliding.span(len(kernel))
    start = sliding.kept(len(signal), len(kernel)).start
    f = f"torch.tensor([[[{', '.join(signal)}]]], dtype=torch.float64)"
    h = f"torch.tensor([[[{', '.join(kernel)}]]], dtype=torch.float64)"
    if operation == "convolution":
        h += ".flip(-1)  # conv1d itself doesn't flip"
    before = span - 1 - start
    after = {"full": span - 1, "same": start, "valid": 0}[sliding.mode]
    padding = ""
    if before == after and before:
        padding = f"padding={before}, "
    elif before or after:
        f = f"torch.nn.functional.pad({f}, ({before}, {after}))"
    h_line, _, comment = h.partition("  # ")
    return (
        "torch.nn.functional.conv1d(\n"
        f"    {f},\n"
        f"    {h_line},{'  # ' + comment if comment else ''}\n"
        f"    {padding}stride={sliding.stride}, dilation={sliding.dilation},\n"
        ")"
    )


def _dilated(kernel: Values, sliding: Sliding) -> Values:
    spread = np.zeros(sliding.span(len(kernel)))
    spread[:: sliding.dilation] = kernel
    return spread
