"""Why, what excites a map: pictures, the distribution, the climb, and what can't be."""

from dataclasses import replace

import pytest
import torch
from streamlit.testing.v1 import AppTest

from cnnviz.networks import checkpoints
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.models import FullyConnected, SimpleCNN, untrained
from cnnviz.reasons import ascent, exciting, stages
from cnnviz.reasons.examples import examples
from cnnviz.reasons.exciting import Target
from tests.pages.labs import in_address, open_link, open_with, texts, use

pytestmark = pytest.mark.usefixtures("without_mnist")


def pictures(script: AppTest, which: str) -> list[int]:
    """The numbers of the test pictures in a row."""
    keys = [button.key or "" for button in script.button]
    return [int(key.rpartition("_")[2]) for key in keys if key.startswith(f"why_{which}_")]


def test_a_link_opens_the_pictures_that_excite_its_map_and_the_page_keeps_the_link() -> None:
    script = open_link("why", about="excites", layer="conv2", channel="5")
    article = checkpoints.article()
    of = stages.of(article.model, article.model.picture)
    found = exciting.answers(of, examples(article), Target("conv2", 5))
    assert pictures(script, "most") == list(found.most())
    assert pictures(script, "least") == list(found.least())
    assert "The 9 of 360 scikit-learn's digits test pictures that excite **map 5 of conv2**" in (
        texts(script)
    )
    assert len(script.get("plotly_chart")) == 2
    assert in_address(script, "layer") == "conv2"
    assert in_address(script, "channel") == "5"

    script.checkbox(key=f"why_one_of_{of.digest}_conv2").check().run()
    assert in_address(script, "unit") == "5.5"
    assert "the unit of map 5 of conv2 at row 5, column 5" in texts(script)
    unit = exciting.answers(of, examples(article), Target("conv2", 5, 5 * 11 + 5))
    assert pictures(script, "most") == list(unit.most())

    script.selectbox(key=f"why_layer_of_{of.digest}").select("fc").run()
    assert "**unit 5 of fc**" in texts(script)
    assert in_address(script, "unit") is None
    script.slider[0].set_value(3).run()
    assert "After 3 steps" in texts(script)
    # The climb of another network begins where that is best.
    other = untrained()
    use(script, Checkpoint(other, {}, "untrained"))
    assert (
        script.slider[0].value
        == ascent.ascend(
            stages.of(other, other.picture), Target("fc", 5), ascent.noise(other.picture)
        ).best
    )
    assert not script.exception


def test_a_layer_that_the_network_has_not_and_other_bad_links_are_told() -> None:
    script = open_link("why", about="excites", layer="conv9", channel="70", unit="40.50")
    assert "This network has no layer 'conv9': relu2 is shown." in script.info[0].value
    assert "the unit of map 7 of relu2 at row 10, column 10" in texts(script)
    script = open_link("why", about="excites", unit="here")
    assert "must be a row and a column such as 4.6" in script.info[0].value
    assert "**map 0 of relu2**" in texts(script)


def opened(checkpoint: Checkpoint) -> AppTest:
    return open_with("why", checkpoint, about="excites")


def test_a_network_without_convolutions_and_one_without_test_pictures() -> None:
    script = opened(Checkpoint(FullyConnected(3).eval(), {}, "plain"))
    assert "**unit 0 of relu1**" in texts(script)
    assert pictures(script, "most")
    script = opened(Checkpoint(FullyConnected(3, (1, 9, 9), 4).eval(), {}, "small"))
    assert "nothing to test it with" in script.error[0].value
    assert "as far as gradient ascent finds it" in texts(script)


def test_weights_that_are_nan_are_told() -> None:
    article = checkpoints.article()
    broken = replace(article, model=SimpleCNN(article.architecture).eval(), name="nan")
    broken.model.load_state_dict(article.model.state_dict())
    with torch.no_grad():
        broken.model.get_parameter("conv1.weight")[0] = torch.nan
    script = opened(broken)
    assert "NaN" in script.error[0].value
