"""The build page as a script: its row of layers, what it says, and where it leads."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from streamlit.testing.v1 import AppTest

from cnnviz.networks.architecture import LENET5, Architecture
from cnnviz.networks.drafts import Typed, draft_of
from cnnviz.networks.models import SimpleCNN, untrained
from cnnviz.networks.notation import address_of, layers_of
from tests.pages.labs import open_link
from tests.pages.telling import components, sent, tell

APP = Path(__file__).parents[2] / "app.py"
SMALL = "conv2d 3 5, relu, flatten, linear 10"


def row(page: AppTest) -> dict[str, Any]:
    """What the row of layers was sent."""
    return sent(page, "builder")[0]


def shown(page: AppTest) -> list[str]:
    """The kinds of layer in the network below."""
    traces = [told for told in sent(page, "network_view") if told["role"] == "trace"]
    return [layer["kind"] for layer in traces[0]["layers"]]


def edit(page: AppTest, draft: Any) -> AppTest:
    """As somebody types it into the row, which is a component: AppTest can't type there."""
    page.session_state["build_draft"] = draft_of(layers_of(draft)) if type(draft) is str else draft
    page.run()
    assert not page.exception
    return page


def pictures(page: AppTest) -> Any:
    """The menu of data sets."""
    return next(each for each in page.selectbox if each.label == "Pictures")


@pytest.fixture
def page() -> AppTest:
    return open_link("build")


def test_it_opens_with_the_articles_network_its_shapes_and_its_costs(page: AppTest):
    sent = row(page)
    assert [kind for kind, _ in sent["layers"]][:3] == ["conv2d", "relu", "maxpool2d"]
    assert [step["shape"] for step in sent["steps"]] == [
        *("4×26×26", "4×26×26", "4×13×13", "8×11×11", "8×11×11", "8×5×5", "200", "10")
    ]
    assert [step["field"] for step in sent["steps"]] == [
        *([3, 3], [3, 3], [4, 4], [8, 8], [8, 8], [10, 10], [10, 10], [26, 26])
    ]
    assert sent["total"].startswith("2,346 parameters · ")
    assert sent["problem"] is None
    assert shown(page)[:2] == ["conv2d", "relu"]
    assert "layers" not in page.query_params


def test_what_is_typed_is_alive_below_and_in_the_address(page: AppTest):
    edit(page, SMALL)
    assert shown(page) == ["conv2d", "relu", "flatten", "linear"]
    assert page.query_params["layers"] == "conv2d_3_5~relu~flatten~linear_10"
    again = open_link("build", layers=str(page.query_params["layers"]))
    assert row(again)["layers"] == row(page)["layers"]
    assert shown(again) == shown(page)


def test_a_misfit_says_what_would_do_and_the_last_network_stays(page: AppTest):
    edit(page, SMALL)
    edit(page, "conv2d 3 5, relu, linear 10")
    sent = row(page)
    assert sent["problem"] == (
        "fc: it reads a vector, and gets 3×24×24 maps; put flatten before fc"
    )
    assert (sent["at"], len(sent["steps"]), sent["total"]) == (2, 2, None)
    assert shown(page) == ["conv2d", "relu", "flatten", "linear"]
    assert page.button(key="build_train").disabled
    # What can't even be read is kept as it was typed.
    edit(page, (Typed("conv2d", {"channels": "x"}),))
    assert row(page)["problem"].startswith("conv1: conv2d channels must be a number, got 'x'")
    assert row(page)["layers"][0][1] == {"channels": "x"}


def test_other_pictures_have_other_classes(page: AppTest):
    pictures(page).set_value("cifar10").run()
    sent = row(page)
    assert (sent["picture"], sent["problem"]) == ([3, 32, 32], None)
    pictures(page).set_value("letters").run()
    assert row(page)["layers"][-1] == ["linear", {"features": "26"}]
    assert row(page)["problem"] is None
    assert page.query_params["data"] == "letters"


def test_a_link_that_asks_for_no_layers_is_answered():
    page = open_link("build", layers="conv9_3", data="nothing")
    assert row(page)["total"].startswith("2,346 parameters")
    assert "Part of the link was ignored" in page.info[0].value


def test_train_it_leads_to_training_with_these_layers_set(page: AppTest, monkeypatch):
    went: list[Path] = []
    monkeypatch.setattr("streamlit.switch_page", went.append)
    edit(page, SMALL)
    page.button(key="build_train").click().run()
    assert [path.name for path in went] == ["training.py"]
    keys = ("preset", "own_dataset", "own_model", "own_layers")
    said = {key: page.session_state[key] for key in (f"training_{name}" for name in keys)}
    training = AppTest.from_file(APP.parent / "pages" / "training.py", default_timeout=60)
    for key, value in said.items():
        training.session_state[key] = value
    training.run()
    assert training.text_area(key="training_own_layers").value == SMALL
    assert not training.error


def test_use_it_is_the_network_of_every_page(page: AppTest):
    edit(page, SMALL)
    page.button(key="build_use").click().run()
    assert "built, untrained" in page.session_state["models_opened"]
    assert page.session_state["model_choice"] == "built, untrained"


def saved(model: torch.nn.Module) -> bytes:
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    return file.getvalue()


def test_a_state_dict_is_held_against_the_network_key_by_key():
    page = AppTest.from_file(APP.parent / "pages" / "build.py", default_timeout=60)
    page.session_state["build_weights_menu"] = True
    page.query_params["layers"] = address_of(LENET5)
    page.run()
    page.file_uploader(key="build_file").upload("mine.pt", saved(untrained())).run()
    assert page.warning[0].value == "0 of 12 fit, so mine.pt isn't used."
    table = page.markdown[-1].value
    assert "| ✗ | conv1.weight | 4×1×3×3 | 6×1×5×5 |" in table
    assert "| ✗ | conv3.bias | – | 120 |" in table
    lenet = SimpleCNN(Architecture(LENET5))
    page.file_uploader(key="build_file").upload("lenet.pt", saved(lenet)).run()
    assert page.success[0].value == "All of lenet.pt fits, and is what you see."
    page.file_uploader(key="build_file").upload("odd.pt", b"no weights").run()
    assert "odd.pt is not a weights file" in page.error[0].value


def ours(model: SimpleCNN) -> bytes:
    metadata = {"model": "SimpleCNN", "architecture": json.dumps(model.described())}
    return safetensors.torch.save(dict(model.state_dict()), metadata)


def test_a_file_of_ours_sets_the_layers_and_the_pictures_that_its_weights_are_for():
    page = AppTest.from_file(APP.parent / "pages" / "build.py", default_timeout=60)
    page.session_state["build_weights_menu"] = True
    page.run()
    layers = layers_of("conv2d 3 3, relu, globalavgpool2d, flatten, linear 10")
    model = SimpleCNN(Architecture(layers, (3, 32, 32)))
    page.file_uploader(key="build_file").upload("mine.safetensors", ours(model)).run()
    assert not page.error
    assert page.success[0].value == "All of mine.safetensors fits, and is what you see."
    assert page.session_state["build_draft"] == draft_of(layers)
    assert pictures(page).value == "cifar10"
    odd = SimpleCNN(Architecture(layers, (1, 9, 8)))
    page.file_uploader(key="build_file").upload("odd.safetensors", ours(odd)).run()
    assert "odd.safetensors reads pictures of 1×9×8 in 10 classes" in page.error[0].value
    assert page.session_state["build_draft"] == draft_of(layers)


def weights(page: AppTest) -> tuple[str, dict[str, Any]]:
    """What the element of the network's weights is told, with its id there."""
    (found,) = (each for each in components(page, "network_view") if each[1]["role"] == "weights")
    return found


def brought(page: AppTest) -> list[str]:
    """The layers whose weights are in the message."""
    return [name for name, row in weights(page)[1]["layers"].items() if "weight" in row]


def test_only_layers_that_changed_bring_their_weights_and_all_where_the_browser_lacks_some(
    page: AppTest,
):
    assert brought(page) == ["conv1", "conv2", "fc"]
    first = weights(page)[1]
    page.run()
    assert weights(page)[1] == first
    edit(page, "conv2d 4 3, tanh, maxpool2d 2, conv2d 8 5, relu, maxpool2d 2, flatten, linear 10")
    assert brought(page) == ["conv2", "fc"]
    # A misfit on the way changes nothing of the network below.
    told = weights(page)[1]
    edit(page, "conv2d 4 3, tanh, maxpool2d 2, conv2d 8 5, relu, maxpool2d 2, linear 10")
    assert weights(page)[1] == told
    edit(page, "conv2d 4 3, relu, maxpool2d 2, conv2d 8 3, relu, maxpool2d 2, flatten, linear 10")
    assert brought(page) == []
    assert weights(page)[1]["id"] == first["id"]
    identity, now = weights(page)
    tell(page, identity, "lacking", now["id"])
    assert weights(page)[1] == first
