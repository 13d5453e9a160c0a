"""A kernel with its answers to bars, as HTML: kernel, a small rose of the angles, a sentence."""

import base64
import html
import math
from collections.abc import Sequence

import numpy as np

from cnnviz.images.png import picture
from cnnviz.palette import LIGHT, Theme

SIZE = 56  # of a rose, in CSS pixels


def roses(
    kernels: np.ndarray,
    angles: Sequence[int],
    answers: Sequence[np.ndarray],
    sentences: Sequence[str],
    theme: Theme = LIGHT,
) -> str:
    """HTML: a row for each of `kernels` (N, k, k), with its `answers` at `angles` in degrees.

    The roses are drawn on one scale. A line of a rose lies as its bar does; it is as long as the
    answer is large, and missing where that isn't above 0.
    """
    largest = max((float(each.max()) for each in answers), default=0.0)
    strongest = float(np.abs(kernels).max()) or 1.0
    rows = [
        f"<div>{picture(kernel / strongest, f'kernel {index}', SIZE // kernel.shape[0], theme)}"
        f"{_rose(angles, values, largest, theme)}"
        f"<p>kernel {index}<br>{html.escape(sentence)}</p></div>"
        for index, (kernel, values, sentence) in enumerate(
            zip(kernels, answers, sentences, strict=True)
        )
    ]
    return f'<div class="roses">{"".join(rows)}</div>'


def _rose(angles: Sequence[int], answers: np.ndarray, largest: float, theme: Theme) -> str:
    half = SIZE / 2
    lines = []
    for angle, answer in zip(angles, answers, strict=True):
        reach = max(0.0, float(answer)) / largest * (half - 2) if largest > 0 else 0.0
        right, up = reach * math.cos(math.radians(angle)), reach * math.sin(math.radians(angle))
        lines.append(
            f'<line x1="{half - right:.1f}" y1="{half + up:.1f}" '
            f'x2="{half + right:.1f}" y2="{half - up:.1f}"/>'
        )
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" '
        f'stroke="{theme.orange}" '
        f'stroke-width="2.5" stroke-linecap="round">'
        f'<circle cx="{half}" cy="{half}" r="{half - 1}" fill="none" stroke="{theme.line}" '
        f'stroke-width="1"/>{"".join(lines)}</svg>'
    )
    # As a picture: Streamlit lets no SVG through that stands in the page itself.
    encoded = base64.b64encode(drawn.encode()).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{encoded}" alt="" width="{SIZE}" height="{SIZE}">'
