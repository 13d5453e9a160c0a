"""A link holds what one sees: pages opened by one, and what they have the address say."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnnviz.datasets import gallery
from cnnviz.drawing import compact, samples, sources
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.models import untrained
from cnnviz.ui import addresses, model, parameters
from cnnviz.ui.link import OF_THE_VIEW
from tests.pages import telling
from tests.pages.labs import chosen_network, open_link, open_with

THREE = compact.of_strokes(samples.STROKES[3]) or ""
PICTURE = compact.of_picture(samples.ink(5, 28)) or ""
ROOT = Path(__file__).parents[2]
ALL = ("draw", "why", "build", "convolution_2d", "pooling", "translation")


def notes(script: Any) -> str:
    return " ".join(info.value for info in script.info if "Part of the link" in info.value)


def said_to(script: Any, component: str = "drawing_pad") -> dict[str, Any]:
    (told,) = telling.sent(script, component)
    return told.get("linked", told)


def seen(script: Any) -> np.ndarray:
    return script.session_state["current_drawing"].prepared().centred


@pytest.mark.parametrize("page", ALL)
def test_strokes_come_with_the_link_and_stay_in_it(page: str) -> None:
    script = open_link(page, drawing=THREE, centre="false")
    expected = prepare(compact.read(THREE).ink, centre=False).centred
    assert np.array_equal(seen(script), expected)
    kept = said_to(script, "page")
    assert kept["entries"]["drawing"] == THREE
    assert kept["entries"]["centre"] == "false"
    assert not kept["lacking"]
    assert not notes(script)


def test_a_canvas_begins_with_the_links_strokes_which_undo_takes_back() -> None:
    script = open_link("draw", drawing=THREE)
    assert said_to(script)["entries"]["drawing"] == THREE
    assert telling.sent(script, "drawing_pad")[0]["undoable"]
    memory = script.session_state["draw-memory"]
    assert len(memory.start["objects"]) == len(samples.STROKES[3])
    ((tools, _),) = telling.components(script, "drawing_pad")
    telling.tell(script, tools, "undone", True)
    assert said_to(script)["entries"]["drawing"] == compact.EMPTY


def test_the_picture_that_a_network_saw_comes_back_as_it_was() -> None:
    script = open_link("draw", drawing=PICTURE)
    expected = compact.read(PICTURE).picture
    assert expected is not None
    assert np.array_equal(seen(script), expected)
    assert said_to(script)["entries"]["drawing"] == PICTURE


def test_nothing_is_in_the_address_of_a_page_as_it_begins() -> None:
    entries = said_to(open_link("draw"))["entries"]
    assert set(entries) == {"sample", "test", "drawing", "centre"}
    assert not any(entries.values())


def test_a_sample_and_the_untrained_network_come_with_the_link() -> None:
    script = open_link("draw", sample="4", model="untrained")
    assert script.session_state["draw_source"].digit == 4
    assert script.session_state["model_choice"] == model.UNTRAINED
    assert said_to(script)["entries"]["sample"] == "4"
    assert said_to(script, "page")["entries"]["model"] == "untrained"


def test_somebodys_own_weights_are_found_by_their_digest_in_a_new_session() -> None:
    own = Checkpoint(untrained(seed=3), {"classes": '["a", "b"]'}, "own.safetensors")
    other = Checkpoint(untrained(seed=4), own.metadata, own.name)
    opened = open_with("draw", own)
    digest = said_to(opened, "page")["entries"]["model"]
    assert re.fullmatch("[0-9a-f]{20}", digest)
    assert digest not in (other.digest, Checkpoint(own.model, {}, own.name).digest)
    missing = open_link("draw", model=digest)
    assert f"`model={digest}`: these weights are somebody's own" in notes(missing)
    assert missing.session_state["model_choice"] == model.TRAINED
    model.remember(own)
    again = open_link("draw", model=digest)
    assert chosen_network(own)["model_choice"] == again.session_state["model_choice"]
    assert not notes(again)


def test_only_so_many_bytes_of_weights_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (Checkpoint(untrained(seed=seed), {}, str(seed)) for seed in (11, 12))
    monkeypatch.setattr(model, "MOST_REMEMBERED", 15_000)  # one of them has 9,384
    model.remember(first)
    model.remember(second)
    with pytest.raises(ValueError, match="not on this server any more"):
        model.use_linked(first.digest)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("drawing", "s_damaged"),
        ("drawing", "p" + "A" * 40),
        ("drawing", "<script>"),
        ("test", "mnist.999999"),
        ("test", "../../etc/passwd"),
        ("test", "own-secret.1"),
        ("sample", "11"),
        ("centre", "maybe"),
        ("model", "__import__('os')"),
        ("model", "0" * 20),
    ],
)
def test_what_of_the_picture_is_damaged_is_named_and_the_rest_is_kept(name: str, text: str) -> None:
    script = open_link("draw", **{"sample": "4", "centre": "false", name: text})
    assert f"`{name}=" in notes(script)
    if name != "sample":
        assert script.session_state["draw_source"].digit == 4
    if name != "centre":
        assert said_to(script)["entries"]["centre"] == "false"
    assert said_to(script, "page")["entries"].get(name) != text


def test_a_photograph_goes_as_the_network_sees_it_and_in_colour_not_at_all(
    open_script: Any,
) -> None:
    script = open_script("draw")
    grey = sources.Source("photo.png", samples.ink(6, 90), samples.ink(6))
    script.session_state["draw_source"] = grey
    script.run()
    told = said_to(script)
    assert told["entries"]["drawing"].startswith("p")
    assert "as the network sees it" in told["lacking"]
    again = open_link("draw", drawing=told["entries"]["drawing"])
    assert np.abs(seen(again) - prepare(grey.ink).centred).max() <= 0.5 / 255 + 1e-6


@pytest.mark.usefixtures("mnist")
def test_a_test_image_comes_with_the_link_by_its_number() -> None:
    script = open_link("why", test="mnist.7")
    expected = gallery.test_image("mnist", 7)
    assert np.array_equal(seen(script), expected.ink)
    assert said_to(script)["entries"]["test"] == "mnist.7"


@pytest.mark.parametrize("page", ALL)
def test_the_run_in_view_stays_in_every_page_s_address(page: str) -> None:
    script = open_link(page, run="20261128-001500-fast")
    assert script.session_state["training_run"] == "20261128-001500-fast"
    assert said_to(script, "page")["entries"]["run"] == "20261128-001500-fast"
    assert not notes(script)


def test_a_run_whose_name_is_too_long_is_none_and_is_said_to_be() -> None:
    script = open_link("draw", run="x" * 201)
    assert said_to(script, "page")["entries"]["run"] is None
    assert "must be a name" in notes(script)


def test_every_parameter_is_in_the_table_of_the_docs() -> None:
    docs = (ROOT / "docs" / "links.md").read_text("utf-8")
    assert docs.endswith(parameters.table())
    for table in parameters.PAGES.values():
        for name in table.rows:
            assert parameters.meaning(name)
            assert table is addresses.SESSION or name not in addresses.SESSION.rows
            assert name not in OF_THE_VIEW


def test_what_stands_under_the_draw_page_s_network_keeps_its_place_without_ink() -> None:
    """What another place is given is made anew in the browser, and closes for some frames."""

    def places(block: Any) -> dict[str, list[int]]:
        found = {}
        for at, child in getattr(block, "children", {}).items():
            if child.type == "expander":
                found[child.label] = [at]
            else:
                found |= {label: [at, *path] for label, path in places(child).items()}
        return found

    inked, blank = (open_link("draw", drawing=drawing) for drawing in (THREE, "empty"))
    assert len(inked.caption) > len(blank.caption)
    assert places(inked.main) == places(blank.main) != {}
