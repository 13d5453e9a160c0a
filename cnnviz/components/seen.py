"""What the network sees of a drawing, and how it came to be, while the pen moves."""

import numpy as np

from cnnviz.components.modules import component_in
from cnnviz.drawing.preprocessing import Prepared
from cnnviz.images.png import ink_url, light_url

_component = component_in("seen", '<div class="steps"></div>')
_SIZE = 48  # px of a picture, as in frontend/seen


def seen(prepared: Prepared, *, key: str, view: str) -> None:
    """The ink's box, the field that it is scaled into and the picture; the last alone without
    centring.

    `view` is the key of a `network_view` of the page that follows the pen: while that shows a
    preview, so does this.
    """
    frame = prepared.frame
    placed = "centred by its mass" if frame.middle == "mass" else "in the middle"
    how = "inverted" if prepared.inverted else "cropped"
    steps: list[tuple[np.ndarray | None, str, str]] = [
        (prepared.cropped, "the ink", how),
        (prepared.scaled, f"{frame.box}×{frame.box}", "scaled"),
        (None if prepared.empty else prepared.centred, frame.pixels, placed),
    ]
    if not prepared.centre:
        steps = [(steps[-1][0], frame.pixels, "")]
    pictures: list[dict[str, str | None]] = [
        {
            "name": name,
            "how": words,
            "url": None if picture is None else ink_url(picture, _SIZE),
            "light": None,
        }
        for picture, name, words in steps
    ]
    if frame.channels == 3:  # seen in its colours, on its ground
        pictures[-1] |= {"url": None, "light": light_url(prepared.image, _SIZE)}
    _component(
        key=key,
        data={
            "view": view,
            "pictures": pictures,
        },
    )
