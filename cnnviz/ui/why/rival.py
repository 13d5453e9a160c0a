"""Changes that fool a network, looked for once; and whether they fool another one, too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st
from torch import Tensor

from cnnviz.components.escaping import as_sentence, escaped
from cnnviz.networks import checkpoints
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.models import SimpleCNN
from cnnviz.networks.trace import trace
from cnnviz.reasons import fooling
from cnnviz.spelling import fixed, percent
from cnnviz.ui.tables import table
from cnnviz.ui.why.context import Context
from cnnviz.ui.why.pixels import Pixels


@dataclass(frozen=True)
class Search:
    """A `title` to choose, and the `function` of a model, an image and a class that searches."""

    title: str
    function: Callable[..., Tensor | None]


SEARCHES = {
    "pixels": Search("the fewest pixels", fooling.fewest_pixels),
    "length": Search("the smallest change (L2)", fooling.smallest_change),
}


def search(checkpoint: Checkpoint, by: str, image: Tensor, target: int) -> Tensor | None:
    """The `image` (1, C, H, W) changed so that it is read as `target`; None where that wasn't
    found. Asked again for the same it isn't looked for again."""
    return _search(checkpoint, by, Pixels.of(image), target)


@lru_cache(maxsize=64)
def _search(checkpoint: Checkpoint, by: str, pixels: Pixels, target: int) -> Tensor | None:
    return SEARCHES[by].function(checkpoint.model, pixels.image(), target)


def answer_of(checkpoint: Checkpoint, image: Tensor) -> tuple[int, float]:
    """The class that it says, and its share of the vote."""
    probabilities = trace(checkpoint.model, image).probabilities
    assert probabilities is not None
    return int(probabilities.argmax()), float(probabilities.max())


@dataclass(frozen=True, eq=False)
class Rival:
    """Another network that the change is tried on; `kind` is what a sentence calls it."""

    kind: str
    checkpoint: Checkpoint


def _rival(context: Context) -> Rival | None:
    """The well-trained network of the other kind, where both read digits as MNIST has them."""
    if not context.reads.digits:
        return None
    if isinstance(context.checkpoint.model, SimpleCNN):
        return Rival("the fully connected network", _fully_connected())
    return Rival("the CNN of “Convolutional Neural Networks”", checkpoints.article())


@lru_cache(maxsize=1)
def _fully_connected() -> Checkpoint:
    return checkpoints.load(checkpoints.CHECKPOINTS / "fully_connected_128.safetensors")


def elsewhere(context: Context, by: str, changed: Tensor, target: int) -> None:
    """Whether the change fools the other network, and the other's change this one."""
    st.markdown("**Does it fool the other kind of network?**")
    try:
        rival = _rival(context)
    except ValueError as error:
        st.error(f"{as_sentence(error)} Without it there is nothing to compare with.")
        return
    if rival is None:
        st.markdown("There is another well-trained network to try it on for digits alone.")
        return
    pictures = {"the drawing": context.image, "changed for this network": changed}
    already = answer_of(rival.checkpoint, context.image)[0] == target
    theirs = None if already else search(rival.checkpoint, by, context.image, target)
    if theirs is not None:
        pictures[f"changed for {rival.kind}"] = theirs
    rows = []
    for name, image in pictures.items():
        length = float((image - context.image).norm())
        rows.append(
            (
                name,
                fixed(length, 2) if length else "–",
                *(_says(each, image) for each in (context.checkpoint, rival.checkpoint)),
            )
        )
    table(("picture", "length", "this network says", f"{rival.kind} says"), rows, align="lrll")
    words = {
        (True, True): "Either change fools both.",
        (True, False): "This network's change fools both; the other's only the other one.",
        (False, True): "The other's change fools both; this network's only this one.",
        (False, False): "Each change fools only the network that it was found for.",
    }
    both = answer_of(rival.checkpoint, changed)[0] == target
    if already:
        name = escaped(context.classes[target])
        st.markdown(f"The other one takes it for {name} as it is: there is nothing to fool.")
    elif theirs is None:
        st.markdown(
            f"For the other one no change was found; this network's "
            f"{'fools it, too' if both else 'doesn’t fool it'}."
        )
    else:
        st.markdown(words[both, answer_of(context.checkpoint, theirs)[0] == target])


def _says(checkpoint: Checkpoint, image: Tensor) -> str:
    at, share = answer_of(checkpoint, image)
    return f"{escaped(checkpoint.classes[at])}, {percent(share)}"
