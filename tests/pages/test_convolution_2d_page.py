from functools import partial

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from streamlit.testing.v1 import AppTest

from cnnviz.labs import convolution_2d
from tests.labs.padding import padded
from tests.pages.labs import open_link

opened = partial(open_link, "convolution_2d")


def shown(script: AppTest) -> torch.Tensor:
    """The last good set-up's output, computed anew."""
    image, kernels, bias, how = script.session_state["conv2d_good"]
    return F.conv2d(padded(image, how), kernels, bias, stride=how.stride, dilation=how.dilation)


def texts(script: AppTest) -> str:
    values = [element.value for element in [*script.markdown, *script.caption, *script.code]]
    return "\n".join([*map(str, values), *(html.proto.body for html in script.get("html"))])


def test_opens_on_a_worked_example():
    script = opened()
    assert not script.error
    assert shown(script).shape == (1, 1, 6, 6)
    assert "⌊(8 + 2·0 − 1·(3 − 1) − 1) / 1 + 1⌋ = ⌊6⌋ = 6" in texts(script)
    assert "| weights | 9 | 2,304 |" in texts(script)
    assert ">cross-correlation<" in texts(script)  # explained where it stands


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("stride", "0", "stride must be a whole number from 1 to 16, got 0"),
        ("dilation", "9", "a padding of"),
        (
            "dilation",
            "1, 9",
            "a kernel of 3 columns with a dilation of 9 reaches over 19, but the input has 8",
        ),
        ("padding", "17", "padding must be a whole number from 0 to 16, got 17"),
        ("padding", "1, -2", "padding must be a whole number from 0 to 16, got -2"),
        ("stride", "x", "stride must be a whole number, or two for rows and columns such as 1, 2"),
        ("stride", "1 2 3", "such as 1, 2, got '1 2 3'"),
        ("stride", "", "stride must be a whole number, or two"),
    ],
)
def test_a_setting_that_cannot_be_says_why_and_the_last_good_result_stays(name, value, message):
    script = opened()
    before = shown(script)
    script.text_input(key=f"conv2d_{name}_field").set_value(value).run()
    assert not script.exception
    assert message in script.error[0].value
    assert "last setting that worked" in script.error[0].value
    assert torch.equal(shown(script), before)


def test_a_link_to_a_set_up_that_cannot_be_still_shows_something():
    script = opened(dilation="9")
    assert "a padding of" in script.error[0].value
    assert shown(script).numel() > 0


def test_rows_and_columns_are_set_apart_by_two_numbers():
    script = opened(stride="1, 2", padding="2,0", dilation="(1 2)")
    assert not script.info
    assert not script.error
    assert shown(script).shape == (1, 1, 10, 2)
    assert "| rows | ⌊(8 + 2·2 − 1·(3 − 1) − 1) / 1 + 1⌋ = ⌊10⌋ = 10 |" in texts(script)
    assert script.query_params["stride"] == "1, 2"
    assert "| columns | ⌊(8 + 2·0 − 2·(3 − 1) − 1) / 2 + 1⌋ = ⌊2.5⌋ = 2 |" in texts(script)


def test_presets_replace_the_kernel_and_are_marked_only_while_it_is_theirs():
    script = opened()
    presets = script.pills(key="conv2d_preset")
    assert presets.value == "Sobel x"
    presets.set_value("Laplacian").run()
    _, kernels, _, _ = script.session_state["conv2d_good"]
    assert torch.equal(kernels[0, 0], convolution_2d.KERNELS["Laplacian"])


def test_a_kernel_of_zeros_is_answered_not_refused():
    script = opened(kernels="0,0;0,0")
    assert any("All kernels are zero" in info.value for info in script.info)
    assert not shown(script).any()


@pytest.mark.parametrize("text", ["", "x", "nan", "-inf", "1e308", "1001", "1/0", "0,5"])
def test_a_bias_that_cannot_be_is_named_and_the_last_one_stays(text):
    script = opened(bias="2")
    script.text_input(key="conv2d_bias_0").set_value(text).run()
    assert not script.exception
    assert script.error[0].value.startswith(f"Bias: {text!r}")
    assert script.error[0].value.endswith("It is still 2.")
    assert script.session_state["conv2d_good"][2].tolist() == [2]
    script.text_input(key="conv2d_bias_0").set_value("-1/4").run()
    assert not script.error
    assert script.session_state["conv2d_good"][2].tolist() == [-0.25]
    assert script.query_params["bias"] == "-0.25"


def test_a_refused_bias_is_its_maps_own_and_is_forgotten_with_the_next_map():
    script = opened(out="2")
    script.text_input(key="conv2d_bias_0").set_value("x").run()
    assert script.error[0].value.startswith("Bias of map 0: 'x'")
    script.segmented_control(key="kernel_out").set_value(1).run()
    assert not script.error
    script.segmented_control(key="kernel_out").set_value(0).run()
    assert not script.error
    assert script.text_input(key="conv2d_bias_0").value == "0"


def test_a_link_brings_kernels_grid_and_bias_back():
    script = opened(kernels="1,0.25|-1,0.5", **{"in": "2"}, bias="0.5", grid="1,2,3;4,5,6")
    assert not script.info
    image, kernels, bias, _ = script.session_state["conv2d_good"]
    assert kernels.tolist() == [[[[1, 0.25]], [[-1, 0.5]]]]
    assert image[0, 1].tolist() == [[1, 2, 3], [4, 5, 6]]
    assert bias.tolist() == [0.5]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("kernels", "1,x", "row 0, column 1"),
        ("kernels", "1,2|3,4", "kernels must be 1 grids"),
        ("grid", "1e308", "finite"),
        ("grid", ",".join("0" * 10_000), "got 1 rows of up to 10000"),
        ("bias", "nan", "bias, row 0, column 0"),
        ("stride", "abc", "such as 1, 2, got 'abc'"),
        ("stride", "0", "from 1 to 16, got 0"),
        ("padding", "1, 1e308", "got '1, 1e308'"),
        ("input", "nonsense", "input=nonsense"),
        ("colour", "red", "colour"),
    ],
)
def test_what_a_link_cannot_ask_for_is_ignored_with_a_note(name, text, reason):
    script = opened(**{name: text})
    notes = " ".join(info.value for info in script.info)
    assert "Part of the link was ignored" in notes
    assert reason in notes
    assert shown(script).shape == (1, 1, 6, 6)


def test_an_edited_grid_is_used_and_kept_in_the_address():
    script = opened()
    script.session_state["conv2d_grid"] = [np.full((3, 4), 2, np.float32)] * 3
    script.run()
    image, *_ = script.session_state["conv2d_good"]
    assert image.shape == (1, 1, 3, 4)
    assert script.query_params["grid"] == "|".join(["2,2,2,2;2,2,2,2;2,2,2,2"] * 3)


@pytest.mark.parametrize("source", ["grid", "digit", "my drawing", "picture", "upload"])
@pytest.mark.parametrize("channels", ["1", "3"])
def test_every_input_works_with_every_number_of_channels(source, channels):
    script = opened(input=source, **{"in": channels}, out="2", both="true")
    assert not script.error
    assert not script.info
    image, kernels, _, _ = script.session_state["conv2d_good"]
    assert image.shape[1] == int(channels)
    assert kernels.shape[:2] == (2, int(channels))
    assert "Not equal" in texts(script)
