"""The sections of *Why*, in their order: a row is all that the page knows of one.

Sections import torch and more, which takes seconds: a module is imported once its section is
asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnnviz.ui.why.context import Context


@dataclass(frozen=True)
class Section:
    """A `title` to choose, what it asks in a sentence, and the module whose `show` answers it.

    One that `draws_network` itself has the page leave its own view of the network out.
    """

    title: str
    question: str
    module: str
    draws_network: bool = False

    def show(self, context: Context) -> None:
        import_module(f"cnnviz.ui.why.{self.module}").show(context)


SECTIONS = {
    "ink": Section("Which ink", "Which ink made it this answer?", "ink"),
    "excites": Section(
        "What excites a map", "Which pictures excite this map, or this unit, most?", "excites"
    ),
    "fool": Section("Fool it", "What is the least that turns it into another answer?", "fool"),
    "among": Section("Among the others", "Where does it lie among the test pictures?", "among"),
    "step": Section("One step", "How does it learn from this drawing?", "step", draws_network=True),
}
"""By the name that it has in the page's address."""

WAYS = ("occlusion", "gradient", "gradient_input", "integrated", "grad_cam")
"""Of saying which ink counts, as `cnnviz.reasons.methods` has them: without torch."""

LARGEST_PATCH = 8
"""Pixels a side that occlusion covers: no picture is smaller."""

CHANGES = ("pixels", "length")
"""What a change can be the least in."""

TSNE, TSNE_OF_ALL, LAYERS = "t-SNE", "t-SNE of all", "layer by layer"
MAPS = ("principal components", TSNE, TSNE_OF_ALL, LAYERS)
"""Of the test pictures in two dimensions."""
