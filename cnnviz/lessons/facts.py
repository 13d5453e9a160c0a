"""What the app tells a lesson of itself: the named facts that its conditions and texts may use.

Each page tells its own (`cnnviz.ui.lessons.told`); until it has, a fact is what it starts as.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cnnviz.lessons.expressions import Value


@dataclass(frozen=True)
class Fact:
    """`page` is the path of the page that tells it, "" for every page."""

    page: str
    words: str
    start: Value


_DRAW, _LINE, _GRID = "draw", "convolution_1d", "convolution_2d"

FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        "page": Fact("", "the page that is open, as in its address", ""),
        "pin.layer": Fact("", "the pinned unit's layer; empty while nothing is pinned", ""),
        "pin.map": Fact("", "its map, from 0; −1 while nothing is pinned", -1),
        "pin.row": Fact("", "its row, from 0", -1),
        "pin.column": Fact("", "its column, from 0", -1),
        "pin.value": Fact("", "its number, from torch", 0.0),
        "drawing.ink": Fact(_DRAW, "how many pixels of the input have ink", 0),
        "drawing.sample": Fact(_DRAW, "which of our ten samples it is; −1 for another drawing", -1),
        "drawing.row": Fact(_DRAW, "the row of the ink's centre of mass, 0 to 27", -1.0),
        "drawing.column": Fact(_DRAW, "its column", -1.0),
        "drawing.centred": Fact(_DRAW, "whether drawings are centred for the network", True),
        "drawing.answer": Fact(_DRAW, "the network's best guess, a class's name", ""),
        "drawing.share": Fact(_DRAW, "that class's share of the vote, 0 to 1", 0.0),
        "drawing.second": Fact(_DRAW, "the runner-up", ""),
        "drawing.unlike": Fact(_DRAW, "whether it is unlike what the network has learnt", False),
        "line.signal": Fact(_LINE, "the signal's samples", []),
        "line.filter": Fact(_LINE, "the filter's taps", []),
        "line.flip": Fact(_LINE, "whether the filter is flipped first", True),
        "line.mode": Fact(_LINE, "full, same or valid", "full"),
        "line.stride": Fact(_LINE, "the stride", 1),
        "line.dilation": Fact(_LINE, "the dilation", 1),
        "line.results": Fact(_LINE, "the results", []),
        "line.position": Fact(_LINE, "where the filter stands, from 0; −1 before it is moved", -1),
        "line.time": Fact(_LINE, "the rod's time in seconds", 2.0),
        "grid.picture": Fact(_GRID, "the input's first channel, row by row", [[0]]),
        "grid.kernel": Fact(_GRID, "the first kernel, row by row", [[0]]),
        "grid.stride": Fact(_GRID, "the stride, downwards", 1),
        "grid.padding": Fact(_GRID, "the padding, above and below", 0),
        "grid.dilation": Fact(_GRID, "the dilation, downwards", 1),
        "grid.channels": Fact(_GRID, "how many channels are read", 1),
        "grid.maps": Fact(_GRID, "how many maps are made", 1),
        "grid.rows": Fact(_GRID, "the output's rows", 0),
        "grid.columns": Fact(_GRID, "the output's columns", 0),
        "pooling.operation": Fact("pooling", "max, average or strided convolution", "max"),
        "pooling.window": Fact("pooling", "the window's rows", 2),
        "pooling.stride": Fact("pooling", "the stride, downwards", 2),
        "pooling.rows": Fact("pooling", "the output's rows", 0),
        "pooling.columns": Fact("pooling", "the output's columns", 0),
        "pooling.shift": Fact("pooling", "by how many pixels the input is moved", 1),
        "pooling.before": Fact("pooling", "the share of the input's numbers that change", 0.0),
        "pooling.after": Fact("pooling", "the share of the output's numbers that change", 0.0),
        "translation.right": Fact("translation", "by how many pixels the digit is moved", 0),
        "translation.down": Fact("translation", "and downwards", 0),
        "translation.answer": Fact("translation", "what the convolutional network reads", ""),
        "training.running": Fact("training", "whether a run of yours is being trained", False),
        "training.epochs": Fact("training", "epochs that the run in view has finished", 0),
        "training.accuracy": Fact("training", "its latest test accuracy, 0 to 1", 0.0),
        "why.section": Fact("why", "the section that is open", "ink"),
        "why.fooled": Fact("why", "the class into which a drawing was turned; else empty", ""),
        "why.into": Fact("why", "the class that somebody chose to have it turned into", ""),
        "step.rate": Fact("why", "the learning rate of the step", 0.0),
        "step.before": Fact("why", "the loss before the step", 0.0),
        "step.after": Fact("why", "the loss after it", 0.0),
    }
)

PAGES = tuple(dict.fromkeys(fact.page for fact in FACTS.values() if fact.page))
"""The pages on which a step of a lesson can take place."""


def starts() -> dict[str, Value]:
    """What all facts are before a page has told any."""
    return {name: fact.start for name, fact in FACTS.items()}
