"""What the network sees of a drawing, and how it came to be."""

from cnnviz.drawing.preprocessing import Prepared
from cnnviz.images.png import ink_tile

SIZE = 48  # as in page.css


def steps(prepared: Prepared) -> str:
    """HTML: the ink's box, the 20x20 field and the 28x28 picture, as far as there are such."""
    pictures = [
        (prepared.cropped, "your ink", "inverted" if prepared.inverted else "cropped"),
        (prepared.scaled, "20×20", "scaled"),
        (prepared.centred, "28×28", "centred by its mass" if prepared.cropped is not None else ""),
    ]
    figures = [
        f"<figure>{ink_tile(picture, f'{name} {how}'.strip(), SIZE)}"
        f"<figcaption>{name}</figcaption></figure>"
        for picture, name, how in pictures
        if picture is not None
    ]
    return (
        '<p class="muted">what the network sees</p>'
        f'<div class="pictures steps">{"".join(figures)}</div>'
    )
