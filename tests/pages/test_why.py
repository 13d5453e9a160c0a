"""Why: its frame, and each section's claims as a person reads them."""

import re
from functools import partial

import pytest
import torch
from streamlit.testing.v1 import AppTest

from cnnviz.networks import checkpoints, models
from cnnviz.networks.architecture import Architecture
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.kinds import Conv2d, Flatten, Linear, ReLU
from cnnviz.reasons.examined import examined, others_like
from cnnviz.reasons.fooling import fewest_pixels, smallest_change
from cnnviz.reasons.methods import Asked
from cnnviz.reasons.question import Question
from cnnviz.spelling import fixed
from cnnviz.ui.why.sections import SECTIONS
from tests.pages.choosing import choose, chosen
from tests.pages.labs import open_link, open_with, texts
from tests.pages.telling import sent
from tests.reasons.small import digit

opened, opened_with = partial(open_link, "why"), partial(open_with, "why")


def asked_about(script: AppTest) -> tuple[int | None, int | None]:
    """The class that the sentence is about, None for the network's answer, and against which."""
    (data,) = sent(script, "asked")
    assert data["view"] == "why_network"
    return data["target"], data["other"]


def maps(script: AppTest) -> list[dict]:
    """What the maps of ink were given, from left to right."""
    return sent(script, "ink_map")


def test_each_section_opens_by_its_address_with_what_it_asks_and_nothing_of_the_others():
    for name, section in SECTIONS.items():
        script = opened(about=name)
        assert not script.error
        said = "".join(element.proto.body for element in script.get("html"))
        assert section.question in said
        others = [other.question for other in SECTIONS.values() if other is not section]
        assert not any(question in said for question in others)


def test_which_ink_says_of_each_map_what_the_core_finds():
    script = opened(why="7", left="gradient_input", right="grad_cam", fill="ink", **{"not": "1"})
    assert asked_about(script) == (7, 1)
    assert "the logit of 7 less that of 1" in maps(script)[0]["label"]
    model = checkpoints.article().model
    asked = Asked(Question(7, 1), fill=1.0, layer="relu2")
    for name in ("gradient_input", "grad_cam"):
        result = examined(name, model, digit(7), asked, others_like(model))
        for mean in result.deletion.means:
            assert fixed(mean, 2) in texts(script)
        assert f"a similarity of {fixed(result.alike, 2)} " in texts(script)
    assert "explains the drawing more than the network" in texts(script)
    left, right = maps(script)
    assert left["shape"] == [28, 28]
    assert right["shape"] == [11, 11]
    assert right["cells"] == {"top": 3, "left": 3, "height": 2, "width": 2}
    assert left["view"] == right["view"] == "why_network"


def test_integrated_gradients_show_what_they_add_up_to():
    script = opened()
    assert chosen(script, "The right map") == "Integrated gradients"
    assert "**Adds up to** 13.066; the score differs from a blank picture's by 13.059" in texts(
        script
    )
    assert not script.warning


def test_another_method_is_a_click_and_stands_in_the_address():
    script = opened()
    choose(script, "The left map", "Gradient")
    assert chosen(script, "The left map") == "Gradient"
    assert script.query_params["left"] == "gradient"
    choose(script, "The left map", "Occlusion")
    assert "left" not in script.query_params
    assert script.slider(key="patch").value == 3


def test_another_method_at_one_map_has_the_other_one_not_computed_again(monkeypatch):
    script = opened(right="gradient_input")
    computed: list[str] = []

    def counted(name: str, *given):
        computed.append(name)
        return examined(name, *given)

    monkeypatch.setattr("cnnviz.ui.why.ink.examined", counted)
    choose(script, "The left map", "Gradient")
    assert chosen(script, "The left map") == "Gradient"
    assert "gradient_input" not in computed


def test_why_a_class_and_not_the_same_one_is_refused_and_the_rest_stays():
    script = opened(why="3", **{"not": "3"})
    assert "Why 3 and not 3 is no question" in script.error[0].value
    script.selectbox(key="not").set_value("5").run()
    assert not script.error
    assert len(maps(script)) == 2
    # Only classes stand in the menus, whatever they are called; nothing chosen is what was there.
    assert script.selectbox(key="not").options == [str(digit) for digit in range(10)]
    for key in ("why", "not"):
        script.selectbox(key=key).set_value(None).run()
    assert asked_about(script) == (None, None)


def test_a_class_that_is_not_there_is_ignored_with_a_note():
    script = opened(why="horse")
    assert "`why=horse`" in script.info[0].value
    assert asked_about(script) == (None, None)


def test_without_convolutions_it_says_what_does_not_apply_and_does_the_rest():
    dense = checkpoints.load(checkpoints.CHECKPOINTS / "fully_connected_128.safetensors")
    script = opened_with(dense, left="grad_cam")
    assert "Grad-CAM doesn't apply" in script.info[0].value
    assert len(maps(script)) == 1
    assert "Adds up to" in texts(script)


@pytest.mark.parametrize("channels", [1, 3])
def test_networks_of_ones_own_with_classes_of_their_own_are_asked_likewise(channels: int):
    layers = (Conv2d(4, 3), ReLU(), Flatten(), Linear(2))
    network = models.untrained(Architecture(layers, (channels, 12, 10), 2), 1)
    metadata = {"classes": '["left", "right"]'}
    script = opened_with(
        Checkpoint(network, metadata, "mine"), why="right", left="grad_cam", **{"not": "left"}
    )
    assert not script.error
    assert asked_about(script) == (1, 0)
    assert "the logit of right less that of left" in maps(script)[0]["label"]
    assert [each["shape"] for each in maps(script)] == [[10, 8], [12, 10]]
    # In colour a click pins the channel that counts most at the pixel.
    assert [each["channel"] is None for each in maps(script)] == [channels == 1] * 2


def test_a_change_is_found_shown_tried_on_the_other_network_and_taken_as_the_drawing():
    script = opened(about="fool", into="1")
    model = checkpoints.article().model
    changed = fewest_pixels(model, digit(7), 1)
    assert changed is not None
    touched = int((changed != digit(7)).sum())
    assert "7 becomes **1**, which had" in texts(script)
    assert f"{touched} pixels changed" in texts(script)
    assert "the fully connected network says" in texts(script)
    assert "They part ways first" in texts(script)
    difference, after = maps(script)
    assert difference["kind"] == "signed"
    assert after["kind"] == "ink"
    script.button(key="why_use").click().run()
    assert not script.exception
    assert torch.equal(script.session_state["current_drawing"].seen(), changed)
    # It is what it was turned into, so there is nothing left to do.
    assert "It already says 1" in script.info[0].value


def test_without_a_class_it_is_turned_into_the_next_best_and_the_way_is_a_click():
    script = opened(about="fool")
    logits = checkpoints.article().model(digit(7))[0]
    second = int(logits.topk(2).indices[1])
    assert f"7 becomes **{second}**" in texts(script)
    choose(script, "by", "the smallest change (L2)")
    assert script.query_params["by"] == "length"
    short = smallest_change(checkpoints.article().model, digit(7), second)
    assert short is not None
    assert f"squares) is {fixed(float((short - digit(7)).norm()), 2)}" in texts(script)


def test_a_network_of_ones_own_is_fooled_in_its_own_classes_and_colours():
    layers = (Conv2d(4, 3), ReLU(), Flatten(), Linear(2))
    network = models.untrained(Architecture(layers, (3, 12, 10), 2), 1)
    metadata = {"classes": '["left", "right"]'}
    script = opened_with(Checkpoint(network, metadata, "mine"), about="fool")
    assert not script.error
    assert re.search(r"(left|right) becomes \*\*(left|right)\*\*", texts(script))
    assert "for digits alone" in texts(script)
    script.button(key="why_use").click().run()
    assert not script.exception


def test_what_cannot_be_turned_is_said_not_to_be_found():
    network = models.untrained()
    with torch.no_grad():
        network.get_parameter("fc.bias")[3] = 1e6
    script = opened_with(Checkpoint(network, {}, "stubborn"), about="fool", into="5")
    assert "No change was found that turns it into 5" in script.warning[0].value


def test_what_the_other_network_says_already_is_no_change_of_its_own():
    # An untrained network takes our 7 for something else than the trained one does.
    script = opened_with(Checkpoint(models.untrained(), {}, "untrained"), about="fool", into="7")
    assert int(models.untrained()(digit(7)).argmax()) != 7
    assert "takes it for 7 as it is" in texts(script)
    assert "changed for the fully connected network" not in texts(script)
