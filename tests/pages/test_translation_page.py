import re
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.labs import translation
from cnnviz.networks import checkpoints
from cnnviz.networks.trace import as_image, trace
from tests.pages.labs import PAGES, open_link, texts

opened = partial(open_link, "translation")


def test_opens_with_every_part():
    script = opened()
    assert not script.error
    assert not script.info
    assert (script.slider(key="dx").value, script.slider(key="dy").value) == (-4, -4)
    for words in (
        *("Through all layers", "What follows, what stays", "not shift invariant"),
        *("Beyond shifts", "Shuffled pixels"),
    ):
        assert words in texts(script)
    # A shift by whole strides comes back exactly in every layer.
    for name in ("conv1", "relu1", "pool1", "conv2", "relu2", "pool2"):
        assert row(script, name).endswith("| 0 % |")


def row(script, name: str) -> str:
    (line,) = [line for line in texts(script).splitlines() if line.startswith(f"| {name} |")]
    return line


def test_a_pooled_map_moves_by_the_nearest_whole_cells_and_says_by_how_many():
    script = opened(dx="2", dy="-6")
    assert row(script, "conv1").startswith("| conv1 | 2, −6 | 2, −6 |")
    assert row(script, "pool1").startswith("| pool1 | 1, −3 | 1, −3 |")
    assert row(script, "pool2").startswith("| pool2 | 0.5, −1.5 | 1, −2 |")
    assert "half a cell counts as a whole one" in texts(script)


def test_what_is_said_of_small_shifts_is_measured():
    script = opened()
    model, image = checkpoints.article().model, as_image(prepare(samples.ink(7)).centred)
    before, after = trace(model, image), trace(model, translation.shift(image, 1, 0))
    for name in ("conv1", "pool1", "pool2"):
        change = float((after[name].values - before[name].values).norm())
        share = change / float(before[name].values.norm())
        assert re.search(rf"{name}'s (maps )?by {100 * share:.0f} %", texts(script))


def test_what_is_out_of_sight_waits_for_the_paint():
    script = AppTest.from_file(PAGES / "translation.py", default_timeout=60).run()
    assert [header.value for header in script.header] == ["Through all layers"]
    script.session_state["translation_painted"] = True
    script.run()
    assert "Shuffled pixels" in [header.value for header in script.header]


def rivals(model):
    opened()
    # Streamlit knows the components once it has run a page.
    from cnnviz.ui import translation as sections

    return sections.rivals(model)


def test_the_rivals_have_the_parameters_and_the_accuracy_of_their_files():
    networks = rivals(checkpoints.article())
    assert [each.kind for each in networks] == ["CNN", *(["fully connected network"] * 2)]
    assert [each.name for each in networks] == [
        *("CNN, article", "Fully connected, 128 hidden", "Fully connected, 3 hidden")
    ]
    for each, name in zip(
        networks, ("article", "fully_connected_128", "fully_connected"), strict=True
    ):
        file = checkpoints.load(checkpoints.CHECKPOINTS / f"{name}.safetensors")
        assert file.test_accuracy is not None
        assert f"{100 * file.test_accuracy:.1f} % right on test digits" in each.note
        assert f"{sum(p.numel() for p in file.model.parameters()):,}" in each.note
    assert "as few as article: 2,395 parameters" in networks[2].note


def test_the_accuracies_are_those_in_the_files():
    script = opened()
    for name in ("article", "article_shuffled", "fully_connected", "fully_connected_shuffled"):
        accuracy = checkpoints.load(checkpoints.CHECKPOINTS / f"{name}.safetensors").test_accuracy
        assert accuracy is not None
        assert f"{100 * accuracy:.1f} %" in texts(script)


def test_back_to_the_middle_undoes_every_slider():
    script = opened(dx="7", rotation="45", noise="0.5")
    script.button[0].click().run()
    assert not script.exception
    assert [slider.value for slider in script.slider] == [0, 0, 0, 1, 0, 0]


def test_ones_own_drawing_asks_what_it_is_meant_to_be():
    script = opened(digit_at="my drawing", label="4")
    assert script.selectbox(key="label").value == 4
    assert "The probability of **4**" in texts(script)


def test_the_models_name_stands_at_its_map_whatever_it_is():
    dense = checkpoints.load(checkpoints.CHECKPOINTS / "fully_connected.safetensors")
    assert rivals(dense)[0].name == "Fully connected, fully_connected.safetensors"


@pytest.mark.parametrize(
    ("name", "text"), [("dx", "99"), ("size", "nan"), ("digit_at", "x"), ("noise", "1e308")]
)
def test_what_a_link_cannot_ask_for_is_ignored_with_a_note(name, text):
    script = opened(**{name: text})
    assert name in script.info[0].value
    assert "ignored" in script.info[0].value
