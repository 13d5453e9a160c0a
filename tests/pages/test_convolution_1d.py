import base64
import json
from collections.abc import Callable

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from cnnviz.labs.signals import FILTERS, SIGNALS
from tests.pages.choosing import choose, chosen

Open = Callable[..., AppTest]

# What the browser says once it has painted: without one, it must be said for it.
PAINTED = {"conv1d_painted": True}


def opened(**query: str) -> AppTest:
    """The page as a link with these parameters opens it, painted."""
    script = AppTest.from_file("../../pages/convolution_1d.py", default_timeout=60)
    for name, text in query.items():
        script.query_params[name] = text
    for name, value in PAINTED.items():
        script.session_state[name] = value
    script.run()
    assert not script.exception, script.exception
    return script


def view(script: AppTest) -> dict:
    """What the signal view was given."""
    texts = [component.proto.json for component in script.get("bidi_component")]
    (data,) = [json.loads(text) for text in texts if "tokens" in text]
    for name in ("signal", "filter", "result", "other"):
        data[name] = np.frombuffer(base64.b64decode(data[name]), "<f8").tolist()
    return data


def code(script: AppTest) -> str:
    return script.code[0].value


def errors(script: AppTest) -> list[str]:
    return [error.value for error in script.error]


def notes(script: AppTest) -> list[str]:
    return [info.value for info in script.info]


def test_it_opens_on_the_articles_example(open_script: Open):
    script = open_script("convolution_1d", **PAINTED)
    data = view(script)
    assert data["signal"] == [3, 2, 1, 0]
    assert data["filter"] == [1, 0, -1]
    assert data["result"] == [3, 2, -2, -2, -1, 0]
    assert code(script) == 'np.convolve([3, 2, 1, 0], [1, 0, -1], "full")'
    assert not errors(script)
    assert not script.info


@pytest.mark.parametrize("flip", [True, False])
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 2), (3, 2)])
def test_the_code_shown_gives_the_result_shown(open_script: Open, flip, mode, stride, dilation):
    script = open_script(
        "convolution_1d", signal=SIGNALS["ramp"].text, filter="1/3, 1, -2, 0.5", **PAINTED
    )
    script.toggle(key="flip").set_value(flip)
    script.segmented_control(key="mode").set_value(mode)
    script.number_input(key="hop").set_value(stride)
    script.number_input(key="gap").set_value(dilation)
    script.run()
    shown = view(script)["result"]
    assert eval(code(script), {"np": np}).tolist() == shown
    script.segmented_control(key="code").set_value("PyTorch").run()
    assert "conv1d" in code(script)
    result = eval(code(script), {"torch": torch})
    np.testing.assert_allclose(result[0, 0].numpy(), shown, atol=1e-12)


def test_a_preset_fills_in_its_numbers(open_script: Open):
    script = open_script("convolution_1d", **PAINTED)
    choose(script, "Signal presets", "heartbeat")
    assert script.text_area(key="signal").value == SIGNALS["heartbeat"].text
    assert len(view(script)["signal"]) == 96
    choose(script, "Filter presets", "average")
    assert view(script)["filter"] == FILTERS["average"].values.tolist()
    script.text_area(key="filter").set_value("1 2").run()
    assert chosen(script, "Filter presets") is None


def test_a_click_on_the_marked_preset_is_one_too_whatever_was_typed_since(open_script: Open):
    script = open_script("convolution_1d", **PAINTED)
    assert chosen(script, "Signal presets") == "article"
    # What can't be read leaves the numbers of before in view, and their preset marked.
    script.text_area(key="signal").set_value("1, two, 3").run()
    assert errors(script)
    assert chosen(script, "Signal presets") == "article"
    choose(script, "Signal presets", "article")
    assert script.text_area(key="signal").value == "3, 2, 1, 0"
    assert not errors(script)


def test_what_runs_the_page_again_does_not_choose_a_preset(open_script: Open):
    script = open_script("convolution_1d", **PAINTED)
    choose(script, "Signal presets", "step")
    script.text_area(key="signal").set_value("1\n2\n4\n8").run()
    assert script.text_area(key="signal").value == "1, 2, 4, 8"
    assert chosen(script, "Signal presets") is None
    script.run()
    script.toggle(key="flip").set_value(False).run()
    assert script.text_area(key="signal").value == "1, 2, 4, 8"
    assert chosen(script, "Signal presets") is None


def test_a_pasted_column_becomes_a_list(open_script: Open):
    script = open_script("convolution_1d", **PAINTED)
    script.text_area(key="signal").set_value("1\n2.5\n-3\n").run()
    assert script.text_area(key="signal").value == "1, 2.5, -3"
    assert view(script)["signal"] == [1, 2.5, -3]


def test_commas_read_as_decimal_are_said_to_be_until_there_are_other_numbers(open_script: Open):
    said = "Read with decimal commas."
    script = open_script("convolution_1d", **PAINTED)
    script.text_area(key="signal").set_value("0,5\n1\n1,5").run()
    assert script.text_area(key="signal").value == "0.5, 1, 1.5"
    assert [caption.value for caption in script.caption].count(said) == 1
    script.text_area(key="signal").set_value("1,2\n3,4").run()
    assert view(script)["signal"] == [1, 2, 3, 4]
    assert said not in [caption.value for caption in script.caption]


def test_a_links_decimal_commas_are_said_to_be():
    script = opened(filter="0,5;1")
    assert view(script)["filter"] == [0.5, 1]
    assert "Read with decimal commas." in [caption.value for caption in script.caption]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3, x", "Signal, entry 2: “x” isn't a number"),
        ("", "Signal is empty"),
        ("1 " * 10_000, "Signal has 10,000 numbers; there is room for 512"),
        ("1e308", "Signal, entry 1: 1e308 is too large"),
        ("nan", "Signal, entry 1: nan can't be drawn"),
        ("inf", "Signal, entry 1: inf can't be drawn"),
    ],
)
def test_bad_input_is_named_and_the_last_good_result_stays(open_script: Open, text, message):
    script = open_script("convolution_1d", **PAINTED)
    script.text_area(key="signal").set_value("5, 5").run()
    script.text_area(key="signal").set_value(text).run()
    assert not script.exception
    assert any(error.startswith(message) for error in errors(script)), errors(script)
    assert view(script)["signal"] == [5, 5]
    assert script.text_area(key="signal").value == text


def test_a_filter_of_zeros_is_computed_and_said(open_script: Open):
    script = open_script("convolution_1d", **PAINTED)
    script.text_area(key="filter").set_value("0 0 0").run()
    assert view(script)["result"] == [0] * 6
    assert any("every tap is 0" in info.value for info in script.info)


def test_valid_without_room_says_so_and_keeps_the_picture(open_script: Open):
    script = open_script("convolution_1d", **PAINTED)
    script.segmented_control(key="mode").set_value("valid").run()
    assert view(script)["result"] == [-2, -2]
    script.number_input(key="gap").set_value(3).run()
    assert any("reaches over 7 samples, the signal has 4" in error for error in errors(script))
    assert view(script)["dilation"] == 1
    script.text_area(key="filter").set_value("1 2 3 4 5").run()
    assert not script.exception
    assert any("the signal has 4" in error for error in errors(script))


def test_without_the_flip_both_results_are_there_and_a_sentence(open_script: Open):
    script = open_script("convolution_1d", **PAINTED)
    script.toggle(key="flip").set_value(False).run()
    data = view(script)
    assert data["result"] == [-3, -2, 2, 2, 1, 0]
    assert data["other"] == [3, 2, -2, -2, -1, 0]
    assert data["sentence"].startswith("Not equal")
    assert code(script) == 'np.correlate([3, 2, 1, 0], [1, 0, -1], "full")'
    script.text_area(key="filter").set_value("1 2 1").run()
    assert view(script)["sentence"].startswith("Equal: this filter is symmetric")


def test_a_link_restores_a_set_up(open_script: Open):
    script = opened(
        signal="1,2,3,4,5", filter="1/2 1/2", flip="false", mode="valid", hop="2", at="1"
    )
    data = view(script)
    assert data["result"] == [1.5, 3.5]
    assert data["position"] == 1
    assert not script.info


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mode", "sideways"),
        ("hop", "-3"),
        ("gap", "1e9"),
        ("at", "seven"),
        ("at", "9999"),
        ("colour", "red"),
        ("code", "Fortran"),
        ("rod", "cold"),
        ("time", "-1"),
        ("time", "nan"),
        ("passes", "all"),
    ],
)
def test_what_a_link_cannot_ask_for_is_ignored_with_a_note(open_script: Open, name, value):
    script = opened(**{name: value})
    assert view(script)["result"] == [3, 2, -2, -2, -1, 0]
    assert any(name in info.value for info in script.info), [info.value for info in script.info]


def test_the_note_on_a_link_stays_until_a_setting_is_changed():
    script = AppTest.from_file("../../pages/convolution_1d.py", default_timeout=60)
    for name, text in {"bogus": "1", "time": "3.5", "rod": "two spots"}.items():
        script.query_params[name] = text
    script.run()  # not painted yet: no slider for the time
    assert notes(script) == ["Part of the link was ignored: `bogus` isn't a setting of this page."]
    script.session_state["conv1d_painted"] = True
    for _ in range(3):
        script.run()
        assert script.session_state["conv1d_time"] == 3.5
        assert "`bogus` isn't a setting" in "".join(notes(script))
    script.session_state["conv1d_time"] = 4.0
    script.run()
    script.run()
    assert not notes(script)


def test_512_samples_and_64_taps(open_script: Open):
    rng = np.random.default_rng(0)
    f, h = rng.normal(size=512).round(3), rng.normal(size=64).round(3)
    script = open_script(
        "convolution_1d", signal=" ".join(map(str, f)), filter=" ".join(map(str, h))
    )
    np.testing.assert_array_equal(view(script)["result"], np.convolve(f, h))


def test_what_is_out_of_sight_waits_for_the_paint(open_script: Open):
    script = open_script("convolution_1d")
    assert view(script)["result"] == [3, 2, -2, -2, -1, 0]
    assert not script.header
    assert not script.code
    for name in PAINTED:
        script.session_state[name] = True
    script.run()
    assert [header.value for header in script.header] == ["Filtering and Green's functions"]
    assert script.code


def test_a_link_restores_heat_spectrum_and_code():
    script = opened(rod="two spots", time="10", passes="high-pass", code="PyTorch")
    assert not script.info
    assert script.pills(key="rod").value == "two spots"
    text = " ".join(markdown.value for markdown in script.markdown)
    assert ">21.4</span>\u00a0mm" in text
    assert "This filter is **high-pass**" in text
    assert "conv1d" in code(script)


def test_while_one_predicts_no_picture_below_shows_the_result():
    hidden = "The result would stand here. It is back once *Predict, then reveal* is off."
    script = opened(predict="true", passes="the ones above")
    assert [info.value for info in script.info] == [hidden, hidden]
    script.pills(key="passes").set_value("low-pass").run()
    assert [info.value for info in script.info] == [hidden]
    script.toggle(key="predict").set_value(False).run()
    assert not script.info


def test_the_switch_of_the_flip_says_what_it_does_whether_on_or_off():
    script = opened()
    assert script.toggle(key="flip").label == "Flip the filter first"
    assert "this is **convolution**" in script.caption[0].value
    script.toggle(key="flip").set_value(False).run()
    assert script.toggle(key="flip").label == "Flip the filter first"
    assert "this is **cross-correlation**" in script.caption[0].value


def test_the_position_survives_a_visit_to_another_page():
    script = opened()
    assert view(script)["position"] is None
    script.session_state["conv1d_position"] = "2"  # another page has emptied the address
    script.run()
    assert view(script)["position"] == 2


def test_heat_and_the_spectrum_say_what_they_show(open_script: Open):
    script = open_script("convolution_1d", **PAINTED)
    script.session_state["conv1d_time"] = 10.0
    script.run()
    text = " ".join(markdown.value for markdown in script.markdown)
    assert ">21.4</span>\u00a0mm" in text  # sqrt(2 · 23 · 10)
    assert "This filter is **low-pass**" in text
    script.pills(key="passes").set_value("high-pass").run()
    text = " ".join(markdown.value for markdown in script.markdown)
    assert "This filter is **high-pass**" in text
