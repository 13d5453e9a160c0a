"""Every section of *Why* with what it can't use: it says so, and nothing is a traceback."""

from collections.abc import Callable

import pytest
import torch
from streamlit.testing.v1 import AppTest

from cnnviz.networks.architecture import Architecture
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.models import FullyConnected, SimpleCNN, untrained
from cnnviz.networks.notation import layers_of
from cnnviz.networks.seeding import seeded
from cnnviz.ui.why.sections import SECTIONS
from tests.pages.labs import open_link, open_with, texts
from tests.pages.telling import sent


def nothing_drawn(about: str) -> AppTest:
    return open_link("why", {"draw_source": None, "draw_problem": None}, about=about)


def a_class_that_is_not_there(about: str) -> AppTest:
    asked = {"why": "horse", "not": "cow", "into": "horse", "true": "horse"}
    return open_link("why", about=about, **asked)


def weights_that_are_no_numbers(about: str) -> AppTest:
    model = untrained()
    with torch.no_grad():
        model.get_parameter("conv1.weight")[0, 0, 1, 1] = float("nan")
    return open_with("why", Checkpoint(model, {}, "broken"), about=about)


def a_dead_weight_that_is_no_number(about: str) -> AppTest:
    """The answer to the drawing is all numbers: what the weight multiplies isn't there."""
    model = untrained()
    with torch.no_grad():
        model.get_parameter("conv2.bias")[3] = -float("inf")  # and its ReLU gives 0
    return open_with("why", Checkpoint(model, {}, "dead"), about=about)


def no_test_pictures(about: str) -> AppTest:
    with seeded(1):
        model = FullyConnected(3, (1, 9, 9), 4)
    return open_with("why", Checkpoint(model.eval(), {}, "small"), about=about)


def no_convolutions(about: str) -> AppTest:
    with seeded(1):
        model = FullyConnected(3)
    return open_with("why", Checkpoint(model.eval(), {}, "dense"), about=about, left="grad_cam")


def own_colours_and_classes(about: str) -> AppTest:
    layers = layers_of("conv2d 3 3, batchnorm2d, relu, dropout, avgpool2d 2, flatten, linear 2")
    model: SimpleCNN = untrained(Architecture(layers, (3, 12, 10), 2), 1)
    return open_with("why", Checkpoint(model, {"classes": '["a*b", "<i>c"]'}, "mine"), about=about)


DRAW = "Nothing is drawn yet"
NO_PICTURES = "nothing to test it with"
SAID: dict[Callable[[str], AppTest], dict[str, str]] = {
    nothing_drawn: dict.fromkeys(SECTIONS, DRAW),
    a_class_that_is_not_there: {
        "ink": "`why=horse`",
        "excites": "",
        "fool": "`into=horse`",
        "among": "",
        "step": "There is no class “horse”",
    },
    weights_that_are_no_numbers: dict.fromkeys(SECTIONS, "isn't a number"),
    a_dead_weight_that_is_no_number: {
        "ink": "",
        "excites": "",
        "fool": "",
        "among": "",
        "step": "must be finite numbers, and conv2.bias",
    },
    no_test_pictures: {
        "ink": "",
        "excites": NO_PICTURES,
        "fool": "for digits alone",
        "among": NO_PICTURES,
        "step": "",
    },
    no_convolutions: {
        "ink": "Grad-CAM doesn't apply",
        "excites": "",
        "fool": "There are no maps to compare",
        "among": "",
        "step": "",
    },
    own_colours_and_classes: {
        "ink": "",
        "excites": NO_PICTURES,
        "fool": "for digits alone",
        "among": NO_PICTURES,
        "step": "",
    },
}
"""What is said there; nothing where the section has no use for what is bad."""


@pytest.mark.usefixtures("without_mnist")
@pytest.mark.parametrize("about", SECTIONS)
@pytest.mark.parametrize("opened", SAID, ids=lambda opened: opened.__name__)
def test_what_a_section_cannot_use_is_said_and_the_page_stays(
    opened: Callable[[str], AppTest], about: str
) -> None:
    script = opened(about)
    notes = [*script.error, *script.info, *script.warning]
    said = "\n".join([texts(script), *(note.value for note in notes)])
    wanted = SAID[opened][about]
    assert wanted in said
    if not wanted:
        assert not script.error, [error.value for error in script.error]
    asked = "".join(element.proto.body for element in script.get("html"))
    assert SECTIONS[about].question in asked
    # The way to the other sections is there.
    assert "Why this answer?" in [data["label"] for data in sent(script, "choices")]
