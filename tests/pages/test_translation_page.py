from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.drawing import samples
from cnnviz.drawing.preprocessing import prepare
from cnnviz.labs import translation
from cnnviz.networks import checkpoints
from cnnviz.networks.trace import trace
from tests.pages.labs import PAGES, open_link, texts

opened = partial(open_link, "translation")


def test_opens_with_the_same_digit_in_two_places_and_every_part():
    script = opened()
    assert not script.error
    assert not script.info
    assert (script.slider(key="dx").value, script.slider(key="dy").value) == (-4, -4)
    for words in (
        *("The same digit in two places", "What the classifier says", "The robustness map"),
        *("Beyond shifts", "Shuffled pixels", "not shift invariant"),
    ):
        assert words in texts(script)
    # A shift by whole strides comes back exactly in every layer.
    assert "| pool2 | -1, -1 |" in texts(script)
    for name in ("conv1", "relu1", "pool1", "conv2", "relu2", "pool2"):
        (line,) = [line for line in texts(script).splitlines() if line.startswith(f"| {name} |")]
        assert line.endswith("| 0 % |")


def test_what_is_out_of_sight_waits_for_the_paint():
    script = AppTest.from_file(PAGES / "translation.py", default_timeout=60).run()
    assert [header.value for header in script.header] == ["The same digit in two places"]
    script.session_state["translation_painted"] = True
    script.run()
    assert "Shuffled pixels" in [header.value for header in script.header]


def test_the_classifiers_word_is_torchs():
    script = opened(digit_at="3", dx="2", dy="-3")
    image = translation.shift(prepare(samples.ink(3)).image, 2, -3)
    answer = trace(checkpoints.article().model, image).probabilities
    assert answer is not None
    expected = f"| moved | **{int(answer.argmax())}** | {100 * float(answer.max()):.1f} %"
    assert expected in texts(script)


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


@pytest.mark.parametrize(
    ("name", "text"), [("dx", "99"), ("size", "nan"), ("digit_at", "x"), ("noise", "1e308")]
)
def test_what_a_link_cannot_ask_for_is_ignored_with_a_note(name, text):
    script = opened(**{name: text})
    assert name in script.info[0].value
    assert "ignored" in script.info[0].value
