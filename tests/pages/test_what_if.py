"""What if, on the draw page: changes of the address and of the view, kept, refused, undone."""

import base64
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from cnnviz.networks import checkpoints
from cnnviz.networks.trace import Trace, trace
from cnnviz.reasons import costs
from cnnviz.reasons.changes import Changes
from cnnviz.reasons.each_channel import each_channel
from cnnviz.spelling import percent
from cnnviz.views.network import trace_message
from tests.pages import telling
from tests.pages.labs import open_link

opened = partial(open_link, "draw")


class View:
    """What the network view is told."""

    def __init__(self, script: AppTest) -> None:
        found = telling.components(script, "network_view")
        (_, self.weights), (self.identity, self.trace) = found
        self.changes: dict[str, Any] = self.trace["options"]["changes"]

    def values(self, name: str) -> np.ndarray:
        (layer,) = (layer for layer in self.trace["layers"] if layer["name"] == name)
        return floats(layer)

    def is_of(self, steps: Trace) -> bool:
        """Whether all that is said of its layers is what would be said of `steps`."""
        said = trace_message(steps, key="network", weights="")
        return all(self.trace[part] == said[part] for part in ("image", "layers", "probabilities"))


def floats(encoded: dict[str, Any]) -> np.ndarray:
    """Of values that aren't repeated."""
    return np.frombuffer(base64.b64decode(encoded["values"]), "<f4").reshape(encoded["shape"])


def tell(script: AppTest, value: object) -> View:
    """What the view tells, and what it is told then."""
    return View(telling.tell(script, View(script).identity, "changes", value))


def changed(script: AppTest, text: str, sequence: int, keep: bool = False) -> View:
    weights = View(script).trace["weights"]
    return tell(script, {"text": text, "sequence": sequence, "keep": keep, "weights": weights})


def seven(script: AppTest) -> torch.Tensor:
    return script.session_state["current_drawing"].seen()


def expected(script: AppTest, text: str) -> Trace:
    changes = Changes.parse(text)
    model = checkpoints.article().model
    return trace(changes.applied(model), changes.painted(seven(script)))


def test_without_changes_the_trace_is_that_of_the_network_to_the_bit() -> None:
    script = opened()
    view = View(script)
    assert view.is_of(trace(checkpoints.article().model, seven(script)))
    assert view.changes == {
        "text": "",
        "sequence": view.changes["sequence"],
        "means": {},
        "problem": "",
        "under": {},
        "before": None,
    }


def test_changes_of_the_address_and_of_the_view_are_torchs_and_can_be_taken_back() -> None:
    text = "conv1.2=0;conv2.weight.5.0=-1,0,1,-2,0,2,-1,0,1;input.0.3.4=1"
    script = opened(changes=text)
    view = View(script)
    assert view.changes["text"] == text
    assert view.is_of(expected(script, text))
    assert view.changes["under"] == {"input.0.3.4": float(seven(script)[0, 0, 3, 4])}
    plain = trace(checkpoints.article().model, seven(script))
    assert plain.probabilities is not None
    assert np.array_equal(floats(view.changes["before"]), plain.probabilities.numpy())
    # The view makes the changes itself: it gets the weights as they are.
    sent = floats(view.weights["layers"]["conv2"]["weight"])
    assert np.array_equal(sent, plain["conv2"].weight.numpy())  # type: ignore[union-attr]

    view = changed(script, "fc.7=mean", 5_000)
    assert view.changes["sequence"] == 5_000
    mean = view.changes["means"]["fc.7"]
    assert view.values("fc")[7] == np.float32(mean)
    assert view.is_of(expected(script, f"fc.7={mean!r}"))
    # What comes late doesn't undo what came after it.
    assert changed(script, "conv1.0=0", 4_000).changes["text"] == "fc.7=mean"

    view = changed(script, "", 6_000)
    assert view.is_of(plain)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("conv9.2=0", "conv9 is no layer here; there are input, conv1"),
        ("conv1.2=0;conv1.99=0", "conv1.99 can't be changed"),
        ("what", "a change is written as conv1.2=0, got 'what'"),
    ],
)
def test_an_address_that_cannot_be_is_refused_with_what_would_do(text: str, said: str) -> None:
    script = opened(changes=text)
    view = View(script)
    assert view.changes["text"] == ""
    assert said in view.changes["problem"]
    assert view.is_of(trace(checkpoints.article().model, seven(script)))
    # The next change that can be is the end of it.
    assert changed(script, "conv1.0=0", 9_000).changes["problem"] == ""
    view = changed(script, "conv1.0=0;conv1.77=1", 9_500)
    assert view.changes["text"] == "conv1.0=0"
    assert view.changes["sequence"] > 9_500
    assert "conv1.77" in view.changes["problem"]


def test_what_is_kept_is_in_the_picker_and_gives_the_same() -> None:
    script, text = opened(), "conv1.2=0;fc.bias.3=1;input.0.3.4=1"
    wanted = expected(script, text)
    view = changed(script, text, 5_000, keep=True)
    weights = next(each for each in script.radio if each.label == "Weights")
    assert "article, changed" in weights.options[-1]
    assert view.changes["text"] == "input.0.3.4=1"
    np.testing.assert_allclose(view.values("fc"), wanted["fc"].values.numpy(), atol=1e-5)
    sent = floats(view.weights["layers"]["conv1"]["weight"])
    assert not sent[2].any()
    # The article's network is as it was, and without changes.
    next(each for each in script.radio if each.label == "Weights").set_value("article").run()
    assert View(script).is_of(trace(checkpoints.article().model, seven(script)))


def test_changes_of_the_network_before_are_not_made_to_the_one_in_use() -> None:
    """A message may come late, or twice: Python has taken up another network meanwhile."""
    script = opened()
    before = View(script).trace["weights"]
    changed(script, "conv1.bias.2=1", 5_000, keep=True)
    again = {"text": "conv1.bias.2=1", "sequence": 9_000, "keep": True, "weights": before}
    view = tell(script, again)
    assert view.changes["text"] == ""
    weights = next(each for each in script.radio if each.label == "Weights")
    assert weights.options[-1].count("changed") == 1
    assert not any("changed 2" in option for option in weights.options)


def test_what_no_weights_do_is_not_kept_and_it_is_said_why() -> None:
    script = opened(changes="conv2.5.4.6=0")
    view = changed(script, "conv2.5.4.6=0", 5_000, keep=True)
    assert "can't be kept as weights: it is one unit" in view.changes["problem"]
    assert view.changes["text"] == "conv2.5.4.6=0"


def test_what_a_change_costs_is_said_class_by_class_and_map_by_map() -> None:
    script = opened({"draw_costs": True}, changes="conv2.3=0")
    base = costs.behind(checkpoints.article())
    cost = base.cost(Changes.parse("conv2.3=0"))
    assert any(percent(cost.accuracy[1], 2) in each.value for each in script.markdown)
    assert any(base.tests.dataset.title in each.value for each in script.markdown)
    # The table of all maps comes row by row, in place.
    classes, maps = (each.value for each in script.dataframe)
    assert list(maps["map"]) == [each.replace(".", " map ") for each in base.channels()]
    for _ in range(50):
        if all(isinstance(said, str) for said in maps["accuracy"]):
            break
        script.run()
        classes, maps = (each.value for each in script.dataframe)
    assert list(classes["fewer right"]) == list(cost.before - cost.after)
    off = maps[maps["map"] == "conv2 map 3"].iloc[0]
    assert off["fewer right"] == int(cost.before.sum() - cost.after.sum())
    assert off["most of all"] == base.tests.dataset.classes[cost.worst]
    assert "network.conv2.register_forward_hook(setting((3,), 0.0))" in script.code[0].value


def test_what_a_change_costs_is_not_computed_again_for_a_stroke(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = opened({"draw_costs": True}, changes="conv2.2=0")
    each_channel(costs.behind(checkpoints.article())).fill(60)
    script.run()
    shown = script.dataframe[0].value
    monkeypatch.delattr(costs.Behind, "cost")
    script.run()
    assert not script.exception, script.exception
    assert script.dataframe[0].value.equals(shown)
