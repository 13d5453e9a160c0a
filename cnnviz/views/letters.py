"""Numbers as letters: a message to the browser is JSON, which has no bytes."""

import base64

import numpy as np
from numpy.typing import ArrayLike


def letters(values: ArrayLike, kind: str) -> str:
    """`values` in C order as base64 of numpy's `kind`: "<f4", "<f8" or "u1"."""
    return base64.b64encode(np.asarray(values, kind).tobytes()).decode("ascii")
