"""What a link may have, in words: the table in docs/links.md, made from the pages' own.

`python -m cnnviz.ui.parameters` prints it, and a test holds the two together.
"""

from cnnviz.ui import addresses
from cnnviz.ui.link import OF_THE_VIEW, Table

# By title, and whose address it is.
PAGES: dict[str, Table] = {
    "Every page": addresses.SESSION,
    "Draw": addresses.DRAW,
    "Why": addresses.WHY,
    "1D convolution": addresses.CONVOLUTION_1D,
    "2D convolution": addresses.CONVOLUTION_2D,
    "Pooling": addresses.POOLING,
    "Translation": addresses.TRANSLATION,
    "Build": addresses.BUILD,
    "Training": addresses.TRAINING,
    "Teach": addresses.TEACH,
}

MEANINGS: dict[str, str] = {
    # of the network view
    "pin": "the unit that is pinned, as `conv2.5.4.6`",
    "scope": "what gives colours their scale: `layer`, `map` or `all`",
    # of the session
    "drawing": "what was drawn",
    "test": "a test image in the drawing's place",
    "sample": "one of our ten digits in its place; 7 where nothing is said",
    "centre": "whether the drawing is centred",
    "model": "the network in use",
    "run": "the run in view",
    "course": "the lesson that is played, and its step",
    "language": "the language of the lesson that is played, where one was chosen",
    # Draw
    "changes": "what if: what is changed of the network or its input",
    # Why
    "about": "the section",
    "why": "the class that is asked about",
    "not": "the class that it is compared with",
    "left": "the method at the left",
    "right": "the method at the right",
    "patch": "how large a patch is taken away, in pixels",
    "fill": "what stands in for ink that is taken away",
    "cam": "the layer of Grad-CAM",
    "into": "what the drawing is turned into",
    "by": "what may be changed of it",
    "true": "what the drawing truly is",
    "learn": "what one step is learnt from",
    "rule": "the optimizer",
    "rate": "the learning rate",
    "weight": "the weight that is followed",
    "picture": "which of the step's pictures it is followed in",
    "layer": "the layer",
    "channel": "the map",
    "unit": "row and column in the map",
    "map": "how the test images are laid out",
    # 1D convolution
    "signal": "the signal",
    "filter": "the filter",
    "flip": "whether the filter is flipped",
    "mode": "what happens at the ends",
    "hop": "the stride",
    "gap": "the dilation",
    "predict": "whether a value is guessed before it is shown",
    "at": "the position",
    "code": "the library of the snippet",
    "rod": "the rod of the heat equation",
    "time": "how long heat has flowed",
    "passes": "the filter of the spectrum",
    # 2D convolution and pooling
    "input": "where the input comes from",
    "digit": "which digit it is",
    "grid": "its numbers, row by row",
    "in": "input channels",
    "out": "output channels",
    "kernels": "the kernels, row by row",
    "bias": "a bias for each output channel",
    "stride": "rows and columns a step",
    "padding": "rows and columns around the input",
    "dilation": "rows and columns between the kernel's cells",
    "padding_mode": "what stands around the input",
    "both": "whether convolution stands beside cross-correlation",
    "operation": "the kind of pooling",
    "window": "rows and columns that are pooled",
    "pool_stride": "rows and columns a step",
    "pool_padding": "rows and columns around the input",
    "pool_dilation": "rows and columns between the window's cells",
    "ceil_mode": "whether a window may reach over the edge",
    "weights": "the weights of the strided convolution",
    "shift": "how far the input is moved, in pixels",
    # Translation
    "digit_at": "the digit that is moved",
    "label": "what it is meant to be",
    "dx": "how far to the right, in pixels",
    "dy": "how far down, in pixels",
    "rotation": "degrees by which it is turned, anticlockwise",
    "size": "a factor by which it is resized",
    "stroke": "pixels by which its strokes are thicker on each side",
    "noise": "the standard deviation of what is added",
    # Build
    "layers": "the row of layers",
    "data": "the pictures that it is for",
    # Training
    "step": "the step of its snapshot; the last where nothing is said",
    "compare": "the step that it is compared with",
    # Teach
    "lesson": "the drawing set, which lies on the server",
    "doing": "whether one teaches it or tries it",
}


def meaning(name: str) -> str:
    """Raises KeyError for a parameter of no page."""
    return MEANINGS[name]


def table() -> str:
    """Markdown: a row a parameter, page by page."""
    lines = ["| page | parameter | what it is | what it may be |", "| --- | --- | --- | --- |"]
    for title, page in PAGES.items():
        for name, row in page.rows.items():
            lines.append(f"| {title} | `{name}` | {meaning(name)} | {row.may_be} |")
    for name in sorted(OF_THE_VIEW):
        lines.append(f"| with a network view | `{name}` | {meaning(name)} | what the view has |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(), end="")
