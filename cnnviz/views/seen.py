"""What the network sees of a drawing, and how it came to be: what frontend/seen is sent."""

from typing import Any

from cnnviz.drawing.frames import Frame
from cnnviz.drawing.preprocessing import Prepared
from cnnviz.images.png import ink_url, light_url

_SIZE = 48  # px of a picture, as in frontend/seen


def names_of_steps(frame: Frame, centre: bool, inverted: bool = False) -> list[dict[str, Any]]:
    """The steps from a drawing to a picture of `frame`, without pictures: three, or the last
    alone without centring."""
    placed = "centred by its mass" if frame.middle == "mass" else "in the middle"
    steps = [
        ("the ink", "inverted" if inverted else "cropped"),
        (f"{frame.box}×{frame.box}", "scaled"),
        (frame.pixels, placed),
    ]
    if not centre:
        steps = [(frame.pixels, "")]
    return [{"name": name, "how": how, "url": None, "light": None} for name, how in steps]


def seen_message(prepared: Prepared, view: str) -> dict[str, Any]:
    """The ink's box, the field that it is scaled into and the picture; the last alone without
    centring. `view` is the key of the network view whose preview it follows."""
    frame = prepared.frame
    steps = names_of_steps(frame, prepared.centre, prepared.inverted)
    pictures = [
        prepared.cropped,
        prepared.scaled,
        None if prepared.empty else prepared.centred,
    ]
    for step, picture in zip(steps, pictures[-len(steps) :], strict=True):
        step["url"] = None if picture is None else ink_url(picture, _SIZE)
    if frame.channels == 3:  # seen in its colours, on its ground
        steps[-1] |= {"url": None, "light": light_url(prepared.image, _SIZE)}
    return {"view": view, "pictures": steps}
