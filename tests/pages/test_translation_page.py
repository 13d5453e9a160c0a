import re
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.labs import translation
from cnnviz.networks import checkpoints
from cnnviz.networks.trace import as_image, trace
from tests.networks.several import NAMES, several
from tests.pages.labs import PAGES, open_link, open_with, texts, use
from tests.pages.telling import sent

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
    from cnnviz.ui.model import reads_of
    from cnnviz.ui.translation.subject import rivals

    return rivals(model, reads_of(model))


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
    assert "2,395 parameters, like our CNN" in networks[2].note


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


def shown(script: AppTest) -> tuple[dict, dict]:
    """What the view of shifts is sent, and the network view of all layers."""
    trace_of = [told for told in sent(script, "network_view") if told["role"] == "trace"]
    return sent(script, "shift_view")[0], trace_of[0]


@pytest.mark.parametrize("name", NAMES)
def test_every_part_is_there_for_networks_of_other_pictures_layers_and_classes(name: str):
    checkpoint = several()[name]
    page = open_with("translation", checkpoint)
    assert not page.error
    assert not page.info
    shift, layers = shown(page)
    assert shift["image"]["shape"] == list(checkpoint.model.picture)
    assert layers["options"]["drag"]["base"]["shape"] == list(checkpoint.model.picture)
    assert layers["options"]["drag"]["limit"] == shift["limit"]
    kinds = [layer["kind"] for layer in layers["layers"]]
    for header in ("Through all layers", "What follows, what stays", "Shuffled pixels"):
        assert header in [each.value for each in page.header]
    said = texts(page)
    averages, convolves = "globalavgpool2d" in kinds, "conv2d" in kinds
    assert ("is nearly shift invariant" in said) == averages
    assert ("network without convolution is not shift invariant" in said) == (not convolves)
    assert ("follow the" in said) == convolves
    assert ("no maps that could follow" in said) == (not convolves)


def test_a_taught_network_is_shown_ones_drawing_and_named_by_its_classes_alone():
    page = open_with("translation", several()["taught"])
    said = texts(page)
    assert "as this network sees it: 28×28" in said
    choice = page.selectbox[0]
    assert choice.options == ["sun", "moon", "star"]
    assert "there is none to compare this one with" in said
    assert "choose *article*, the network of “Convolutional Neural Networks”, to see them" in said
    choice.select(2).run()
    assert not page.exception
    shift, _ = shown(page)
    assert (shift["label"], shift["names"]) == (2, ["sun", "moon", "star"])
    assert len(shift["maps"]) == 1
    assert "The probability of **star**" in texts(page)


def test_a_picture_in_colour_is_moved_over_white_paper_and_a_small_one_less_far():
    page = open_with("translation", several()["32×32 in colour"])
    shift, layers = shown(page)
    assert shift["image"]["paper"] == layers["options"]["drag"]["paper"] == 1
    use(page, several()["8 rows, 20 columns"])
    shift, _ = shown(page)
    assert shift["limit"] == 2
    assert shift["shift"] == [-2, -2]
    page.slider(key="dx").set_value(1).run()
    assert not page.exception
    assert shown(page)[0]["shift"] == [1, -2]
    use(page, several()["LeNet-5"])
    assert shown(page)[0]["limit"] == 10


def test_the_answers_at_all_shifts_are_computed_once_a_picture(monkeypatch):
    page = opened()
    asked = []
    real = translation.robustness
    monkeypatch.setattr(translation, "robustness", lambda *a: asked.append(a) or real(*a))
    page.slider(key="dx").set_value(3).run()
    assert not page.exception
    assert not asked
    page.slider(key="rotation").set_value(10.0).run()
    assert len(asked) == 1
