"""Why, among the others: the plane, the neighbours, t-SNE, and layer by layer."""

import base64
import threading
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.networks import checkpoints
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.models import FullyConnected, untrained
from cnnviz.networks.trace import trace
from cnnviz.reasons import embedding, stages, tsne
from cnnviz.reasons.examples import examples
from tests.pages.labs import in_address, open_link, texts, use
from tests.pages.telling import sent
from tests.reasons.small import digit

pytestmark = pytest.mark.usefixtures("without_mnist")


def told(script: AppTest, role: str) -> dict[str, Any]:
    """What the scatter was given."""
    (found,) = [each for each in sent(script, "scatter") if each["role"] == role]
    assert "points" in found
    return found


def test_the_drawing_lies_in_the_plane_where_the_core_says_with_its_nearest_as_pictures() -> None:
    script = open_link("why", about="among")
    article = checkpoints.article()
    of, some = stages.of(article.model, article.model.picture), examples(article)
    among = embedding.among(of, some, "flatten")
    own = trace(article.model, digit(7))["flatten"].values.numpy()
    view = told(script, "scatter")
    np.testing.assert_allclose(view["own"], among.plane.place(own[None])[0], atol=1e-4)
    nearest, _ = among.nearest(own)
    assert view["near"] == list(nearest)
    keys = [button.key or "" for button in script.button]
    assert [key for key in keys if key.startswith("why_near_")] == [
        f"why_near_{index}" for index in nearest
    ]
    assert view["live"]["view"] == "why_network"
    points = base64.b64decode(told(script, "points")["points"])
    assert np.frombuffer(points, "<f4").reshape(-1, 2).tolist() == among.plane.points.tolist()
    assert "by what **flatten** makes of each, on the **two principal components**" in texts(script)
    assert in_address(script, "map") is None


def test_a_picked_point_is_shown_with_its_class() -> None:
    script = open_link("why", about="among")
    article = checkpoints.article()
    of = stages.of(article.model, article.model.picture)
    script.session_state["why_picked"] = (of.digest, "digits"), 12
    script.run()
    name = examples(article).named(12)
    assert f"Picked: scikit-learn's digits test image 12, a **{name}**." in texts(script)
    assert told(script, "scatter")["picked"] == 12
    # In another network's plane nothing is picked yet.
    use(script, Checkpoint(untrained(), {}, "untrained"))
    assert "Pick a point to see its picture." in texts(script)
    assert told(script, "scatter")["picked"] is None


def test_tsne_is_made_with_progress_and_then_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tsne, "STEPS", (50, 50))
    script = open_link("why", about="among", map="t-SNE")
    article = checkpoints.article()
    of, some = stages.of(article.model, article.model.picture), examples(article)
    assert tsne.MAKER.get(of, some, "flatten").wait(60)
    script.run()
    view = told(script, "scatter")
    assert view["live"] is None
    assert "by **t-SNE**" in texts(script)
    assert not script.error


def test_of_all_pictures_tsne_comes_in_the_background_while_that_of_the_first_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tsne, "STEPS", (50, 30))
    monkeypatch.setattr(tsne, "MOST", 60)
    monkeypatch.setattr(tsne, "FEW", 100)  # so that of all the forces are interpolated
    maker, go_on, fit = tsne.Maker(), threading.Event(), tsne.fit
    monkeypatch.setattr(tsne, "MAKER", maker)

    def held(made: np.ndarray, at: Any = None) -> np.ndarray:
        if len(made) > 60:
            go_on.wait(60)
        return fit(made, at)

    monkeypatch.setattr(tsne, "fit", held)
    article = checkpoints.article()
    of, some = stages.of(article.model, article.model.picture), examples(article)
    assert maker.get(of, some.first(60), "flatten").wait(60)
    script = open_link("why", about="among", map="t-SNE of all")
    assert "60 scikit-learn's digits test pictures" in texts(script)
    many = f"{len(some):,}"
    assert f"t-SNE of all {many} is being made, once for this network: 0 %" in bars(script)
    assert "n_jobs=1" in script.code[0].value
    go_on.set()
    assert maker.get(of, some, "flatten").wait(120)
    script.run()
    assert f"{many} scikit-learn's digits test pictures" in texts(script)
    assert not bars(script)
    assert not script.error
    assert 'negative_gradient_method="fft"' in script.code[0].value


def bars(script: AppTest) -> str:
    return " ".join(each.proto.text for each in script.get("progress"))


def test_layer_by_layer_each_has_a_picture_and_its_share() -> None:
    script = open_link("why", about="among", map="layer by layer")
    article = checkpoints.article()
    of, some = stages.of(article.model, article.model.picture), examples(article)
    for each in embedding.separations(of, some):
        assert each.plane.layer in script.caption[-1].value
    assert len(script.get("plotly_chart")) == 1


def test_a_network_without_convolutions_and_one_without_test_pictures() -> None:
    script = open_link("why", about="among")
    for checkpoint, said in (
        (Checkpoint(FullyConnected(3).eval(), {}, "plain"), "by what **relu1** makes of each"),
        (Checkpoint(FullyConnected(3, (1, 9, 9), 4).eval(), {}, "small"), "nothing to test it"),
    ):
        use(script, checkpoint)
        assert said in texts(script) + "".join(error.value for error in script.error)
