"""Where pictures lie among others: scikit-learn and plain numpy are the oracles."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from cnnviz.networks.models import FullyConnected
from cnnviz.reasons import embedding, stages, tsne
from tests.reasons.small import network, pictures


@pytest.fixture(scope="module")
def of() -> stages.Stages:
    return stages.of(network(), network().picture)


def test_the_plane_is_that_of_the_two_principal_components(of: stages.Stages) -> None:
    some = pictures()
    made = embedding.values(of, some, "flatten")
    found = embedding.among(of, some, "flatten")
    pca = PCA(2, svd_solver="full").fit(made.astype(np.float64))
    points = pca.transform(made.astype(np.float64))
    signs = np.sign((points * found.plane.points).sum(axis=0))  # an axis may point either way
    np.testing.assert_allclose(found.plane.points, points * signs, atol=1e-3)
    np.testing.assert_allclose(found.plane.share, pca.explained_variance_ratio_, atol=1e-4)
    np.testing.assert_allclose(found.plane.place(made[:3]), found.plane.points[:3], atol=1e-5)


def test_the_nearest_pictures_are_those_of_all_the_values(of: stages.Stages) -> None:
    some = pictures()
    found = embedding.among(of, some, "relu2")
    one = embedding.values_of(of, torch.rand(1, *network().picture), "relu2")[0]
    nearest, distances = found.nearest(one)
    expected = np.linalg.norm(embedding.values(of, some, "relu2") - one, axis=1)
    assert list(nearest) == list(np.argsort(expected, kind="stable")[:5])
    np.testing.assert_allclose(distances, np.sort(expected)[:5], rtol=1e-5)


def test_layer_by_layer_the_share_of_neighbours_of_the_same_class(of: stages.Stages) -> None:
    some = pictures()
    found = list(embedding.separations(of, some))
    assert [each.plane.layer for each in found] == ["input", *of.names]
    images = some.images.reshape(len(some), -1)
    nearest = NearestNeighbors(n_neighbors=6).fit(images).kneighbors(images)[1][:, 1:]
    expected = (some.labels[nearest] == some.labels[:, None]).mean()
    assert found[0].same == pytest.approx(expected, abs=1e-6)
    again = list(embedding.separations(of, some))
    assert [each.same for each in again] == [each.same for each in found]


def test_the_penultimate_values_are_what_the_last_layer_with_weights_reads() -> None:
    assert stages.of(network(), network().picture).penultimate() == "flatten"
    assert stages.of(FullyConnected(), (1, 28, 28)).penultimate() == "relu1"
    one = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3))
    assert stages.of(one, (1, 8, 8)).penultimate() is None


def test_too_few_values_or_pictures_and_nan_are_named(of: stages.Stages) -> None:
    with pytest.raises(ValueError, match="needs 2 values and 3 pictures"):
        embedding.among(of, pictures(2), "fc")
    model = network()
    with torch.no_grad():
        model.get_parameter("conv1.weight")[0] = torch.inf
    broken = stages.of(model, model.picture)
    with pytest.raises(ValueError, match="relu1 gives NaN or infinite values for"):
        embedding.among(broken, pictures(), "relu1")
    with pytest.raises(ValueError, match="t-SNE needs 4 pictures at least, got 3"):
        tsne.fit(np.zeros((3, 5), np.float32))


def test_a_wide_layer_is_asked_about_fewer_pictures(of: stages.Stages, monkeypatch) -> None:
    monkeypatch.setattr(embedding, "MOST_VALUES", 10 * of.stages[0].size)
    assert embedding.values(of, pictures(), "conv1").shape == (10, of.stages[0].size)


def test_tsne_is_made_in_the_background_kept_and_takes_new_pictures(
    of: stages.Stages, monkeypatch
) -> None:
    some = pictures(80)
    monkeypatch.setattr(tsne, "STEPS", (50, 100))
    maker = tsne.Maker()
    making = maker.get(of, some, "flatten")
    assert maker.get(of, some, "flatten") is making or making.ended
    assert making.wait(60)
    assert making.problem is None
    assert making.progress == 1
    assert making.points is not None
    assert making.points.shape == (80, 2)
    expected = tsne.fit(embedding.values(of, some, "flatten"))
    np.testing.assert_allclose(making.points, expected, atol=1e-4)
    kept = tsne.Maker().get(of, some, "flatten")
    assert kept.ended
    assert kept.points is not None
    assert kept.points.tolist() == making.points.tolist()
    # A test picture itself comes to lie near where it lies.
    one = embedding.values(of, some, "flatten")[4:5]
    at = tsne.placed(of, some, "flatten", making.points, one)[0]
    distances = np.linalg.norm(making.points - at, axis=1)
    assert 4 in np.argsort(distances)[:10]


def test_a_tsne_that_failed_says_why_and_is_not_begun_again(of: stages.Stages) -> None:
    maker = tsne.Maker()
    failed = maker.get(of, pictures(3), "fc")
    assert failed.wait(60)
    assert failed.problem == "t-SNE needs 4 pictures at least, got 3"
    assert maker.get(of, pictures(3), "fc") is failed


def test_a_tsne_that_ends_while_it_is_looked_for_is_not_made_again(
    of: stages.Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tsne, "STEPS", (50, 50))
    maker, some, find = tsne.Maker(), pictures(24), tsne._KEPT.find
    ended: list[tsne.Making] = []

    def late(name: str) -> object:
        """Not there yet; another visitor's, under way until now, is before this one goes on."""
        found = find(name)
        if not ended:
            ended.append(tsne.Making())
            ended[0] = maker.get(of, some, "flatten")
            assert ended[0].wait(60)
        return found

    monkeypatch.setattr(tsne._KEPT, "find", late)
    made: list[str] = []
    make = tsne._make
    monkeypatch.setattr(tsne, "_make", lambda *given: (made.append(given[-1]), make(*given)))
    again = maker.get(of, some, "flatten")
    assert again.ended
    assert again.points is not None
    assert len(made) == 1
