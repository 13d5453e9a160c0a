"""Files that one opens in the picker at the top of every page."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.ui import model

MADE = Path(__file__).parents[1] / "networks" / "onnx_made"


@pytest.fixture
def page() -> AppTest:
    def script():
        import streamlit as st

        from cnnviz.ui import model

        model.picker()
        architecture = model.current_model().architecture
        st.text(architecture and str(architecture.layers[0]))

    return AppTest.from_function(script, default_timeout=60).run()


def open_file(page: AppTest, name: str, content: bytes) -> None:
    page.file_uploader(key="model_file").upload(name, content).run()
    assert not page.exception


def test_an_onnx_file_opens_and_says_what_was_changed(page: AppTest):
    open_file(page, "mine.onnx", (MADE / "torch_folded.onnx").read_bytes())
    assert page.text[0].value == "conv2d 4 3 padding=1"
    assert "Softmax) is left out" in page.caption[0].value
    # What isn't a row of layers is refused, and the network in use stays.
    open_file(page, "an *odd* one.onnx", b"\x08\x08" + bytes(20))
    assert page.error[0].value.startswith("an \\*odd\\* one.onnx can't be opened: ")
    assert page.error[0].value.endswith("The model in use stays.")
    assert page.text[0].value == "conv2d 4 3 padding=1"
    assert model.TRAINED in page.radio[0].options[0]
