"""The curve as a PNG, drawn with Pillow: Plotly's own export wants a browser on the server."""

import io
import math

from PIL import Image, ImageDraw, ImageFont

from cnnviz.figures.training import ZERO, smoothed
from cnnviz.runs.history import Run

SIZE = (1600, 900)
_LEFT, _RIGHT, _TOP, _BOTTOM = 120, 120, 90, 90
_LOSS, _ACCURACY, _TEXT, _LINE = "#e6550d", "#3182bd", "#1d2733", "#d5dae1"


def png(run: Run) -> bytes:
    """Smoothed loss and test accuracy over the logarithmic step axis, 1600 by 900 pixels."""
    width, height = SIZE
    picture = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(26)
    low, high = math.log10(ZERO), max(1.0, math.log10(max(run.events.last_step, 1)))
    steps, losses = smoothed(run)
    most = max(2.5, max(losses, default=0.0))

    def x(step: float) -> float:
        part = (math.log10(max(step, ZERO)) - low) / (high - low)
        return _LEFT + part * (width - _LEFT - _RIGHT)

    def y(part: float) -> float:
        return height - _BOTTOM - part * (height - _TOP - _BOTTOM)

    for step, label in ((0, "0"), *((10**p, f"{10**p:,}") for p in range(math.floor(high) + 1))):
        pen.line([(x(step), y(0)), (x(step), y(1))], fill=_LINE, width=2)
        pen.text((x(step), y(0) + 14), label, fill=_TEXT, font=font, anchor="ma")
    for part in (0, 0.25, 0.5, 0.75, 1):
        pen.line([(_LEFT, y(part)), (width - _RIGHT, y(part))], fill=_LINE, width=2)
        pen.text((_LEFT - 14, y(part)), f"{part * most:.2f}", fill=_LOSS, font=font, anchor="rm")
        percent = f"{100 * part:.0f} %"
        pen.text((width - _RIGHT + 14, y(part)), percent, fill=_ACCURACY, font=font, anchor="lm")
    tests = run.events.snapshots
    _draw(pen, [(x(row.step), y(row.test_accuracy)) for row in tests], _ACCURACY)
    _draw(pen, [(x(s), y(min(1.0, v / most))) for s, v in zip(steps, losses, strict=True)], _LOSS)
    pen.text((_LEFT, 30), "loss, smoothed", fill=_LOSS, font=font)
    pen.text((_LEFT + 240, 30), "test accuracy", fill=_ACCURACY, font=font)
    title = run.about.title.encode("latin-1", "replace").decode("latin-1")
    pen.text((width - _RIGHT, 30), title, fill=_TEXT, font=font, anchor="ra")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _draw(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], colour: str) -> None:
    if len(points) > 1:
        pen.line(points, fill=colour, width=4, joint="curve")
