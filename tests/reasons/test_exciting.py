"""What excites a map or a unit: numpy over all of a layer's values is the oracle."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.networks import checkpoints
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.reasons import ascent, examples, exciting, stages
from cnnviz.reasons.exciting import Target
from tests.reasons.small import network, pictures


@settings(max_examples=8)
@given(
    st.integers(0, 10**6), st.sampled_from(["conv1", "pool1", "relu2", "flatten", "fc"]), st.data()
)
def test_pictures_are_sorted_by_their_largest_answer(seed: int, layer: str, data) -> None:
    of = stages.of(network(seed % 50), network().picture)
    some = pictures(520, seed)  # more than two batches
    shape = of.stages[of.index(layer)].shape
    channel = data.draw(st.integers(0, shape[0] - 1))
    place = None
    if len(shape) == 3:
        place = data.draw(st.none() | st.integers(0, shape[1] * shape[2] - 1))
    images = torch.from_numpy(some.images)
    made = of.through(images, layer).numpy()[:, channel].reshape(len(some), -1)
    expected = made.max(axis=1) if place is None else made[:, place]
    found = exciting.answers(of, some, Target(layer, channel, place))
    np.testing.assert_allclose(found.strengths, expected, rtol=1e-4, atol=1e-5)
    assert list(found.most()) == list(np.argsort(-found.strengths, kind="stable")[:9])
    assert list(found.least(2)) == list(np.argsort(found.strengths, kind="stable")[:2])
    if len(shape) == 3:
        at = made[np.arange(len(some)), found.places]
        np.testing.assert_allclose(at, found.strengths, rtol=1e-4, atol=1e-5)
    one, where = exciting.one_answer(of, images[7:8], Target(layer, channel, place))
    assert (one, where) == (pytest.approx(found.strengths[7], abs=1e-5), found.places[7])


def test_the_patch_alone_decides_the_answer() -> None:
    """The picture outside of what was cut can be anything."""
    of = stages.of(network(), network().picture)
    some = pictures()
    target = Target("conv2", 1)
    found = exciting.answers(of, some, target)
    best = int(found.most(1)[0])
    place = int(found.places[best])
    field = exciting.field_of(of, target, place)
    other = np.full((1, *some.images.shape[1:]), 0.25, np.float32)
    inside = slice(max(0, field.top), field.bottom), slice(max(0, field.left), field.right)
    other[0, :, *inside] = some.images[best][:, *inside]
    answer, _ = exciting.one_answer(of, torch.from_numpy(other), Target("conv2", 1, place))
    assert answer == pytest.approx(found.strengths[best], abs=1e-5)


def test_what_was_computed_is_kept_for_these_weights_alone(tmp_path) -> None:
    some = pictures()
    first = stages.of(network(1), network().picture)
    other = stages.of(network(2), network().picture)
    target = Target("relu1", 2)
    one = exciting.answers(first, some, target)
    exciting._KEPT._memory.clear()
    again = exciting.answers(stages.of(network(1), network().picture), some, target)
    assert again.strengths.tolist() == one.strengths.tolist()
    assert exciting._KEPT.find(f"{first.digest}-{some.digest}-relu1") is not None
    assert exciting._KEPT.find(f"{other.digest}-{some.digest}-relu1") is None
    assert list((tmp_path / "kept" / "answers").glob("*.safetensors"))


def test_bad_targets_and_bad_weights_are_named() -> None:
    model = network()
    of, some = stages.of(model, model.picture), pictures()
    with pytest.raises(ValueError, match="map of conv1 must be from 0 to 2, got 3"):
        exciting.answers(of, some, Target("conv1", 3))
    with pytest.raises(ValueError, match="unit of fc must be from 0 to 2, got -1"):
        exciting.answers(of, some, Target("fc", -1))
    with pytest.raises(ValueError, match="place in conv1 must be from 0 to 89, got 90"):
        exciting.answers(of, some, Target("conv1", 0, 90))
    with pytest.raises(ValueError, match="fc has no maps"):
        exciting.answers(of, some, Target("fc", 0, 1))
    with torch.no_grad():
        model.get_parameter("conv2.weight")[0, 0, 0, 0] = torch.nan
    broken = stages.of(model, model.picture)
    with pytest.raises(ValueError, match="conv2 gives NaN or infinite values for 60 of 60"):
        exciting.answers(broken, some, Target("conv2", 0))
    with pytest.raises(ValueError, match="gives nan for this picture"):
        ascent.ascend(broken, Target("conv2", 0), ascent.noise(model.picture))


@pytest.mark.parametrize("start", ["noise", "drawing"])
@pytest.mark.parametrize("target", [Target("conv1", 1), Target("relu2", 2), Target("fc", 1)])
def test_the_ascent_climbs_within_what_a_picture_can_be(start: str, target: Target) -> None:
    model = network()
    of = stages.of(model, model.picture)
    first = ascent.noise(model.picture) if start == "noise" else torch.zeros(1, *model.picture)
    found = ascent.ascend(of, target, first, steps=64)
    assert found.pictures.shape == (65, *model.picture)
    assert found.pictures.min() >= 0
    assert found.pictures.max() <= 1
    assert found.pictures[0].tolist() == first[0].tolist()
    assert found.strengths[found.best] > found.strengths[0]
    for step in (0, 64):
        answer, _ = exciting.one_answer(of, torch.from_numpy(found.pictures[step])[None], target)
        assert found.strengths[step] == pytest.approx(answer, abs=1e-5)
    again = ascent.ascend(of, target, first, steps=64)
    assert again.strengths.tolist() == found.strengths.tolist()


def test_of_one_convolution_the_ascent_finds_the_best_patch_there_is() -> None:
    """Its answer is largest where the picture is 1 under each weight above 0, and else 0."""
    model = network()
    of = stages.of(model, model.picture)
    place = 4 * 9 + 4
    found = ascent.ascend(of, Target("conv1", 0, place), ascent.noise(model.picture))
    layer = model.get_submodule("conv1")
    assert isinstance(layer, torch.nn.Conv2d)
    assert layer.bias is not None
    best = float(layer.weight.detach()[0].clamp(min=0).sum() + layer.bias.detach()[0])
    assert found.strengths.max() == pytest.approx(best, abs=1e-4)


def test_a_unit_that_answers_nothing_is_climbed_to_through_relus_that_leak() -> None:
    model = network()
    with torch.no_grad():
        model.get_parameter("conv2.bias").fill_(-0.3)
    of = stages.of(model, model.picture)
    start = torch.zeros(1, *model.picture)
    assert exciting.one_answer(of, start, Target("relu2", 1))[0] == 0
    found = ascent.ascend(of, Target("relu2", 1), start)
    assert found.strengths.max() > 0


def test_where_nothing_changes_the_answer_the_ascent_says_so() -> None:
    model = network()
    with torch.no_grad():
        model.get_parameter("conv2.weight")[1] = 0
    of = stages.of(model, model.picture)
    with pytest.raises(ValueError, match="no change of the picture changes the answer of conv2"):
        ascent.ascend(of, Target("conv2", 1), ascent.noise(model.picture))
    with pytest.raises(ValueError, match="start must be from 0 to 1"):
        ascent.ascend(of, Target("conv2", 0), ascent.noise(model.picture) + 1)
    with pytest.raises(ValueError, match="start must have shape"):
        ascent.ascend(of, Target("conv2", 0), torch.zeros(1, 1, 8, 8))


def test_pictures_come_from_mnist_or_else_the_digits_and_it_is_said(without_mnist) -> None:
    model = checkpoints.article().model
    some = examples.examples(Checkpoint(model, {}, "mine"))
    assert some.title(3) == "scikit-learn's digits test image 3"
    assert (len(some), some.images.dtype, some.images.max() <= 1) == (360, np.float32, True)
    assert some.first(7).images.shape == (7, 1, 28, 28)


def test_ten_thousand_digits_of_the_article(mnist) -> None:
    some = examples.examples(checkpoints.article())
    assert (some.dataset.name, len(some)) == ("mnist", 10_000)
    model = checkpoints.article().model
    of = stages.of(model, model.picture)
    found = exciting.answers(of, some, Target("conv2", 1))
    best = int(found.most(1)[0])
    image = torch.from_numpy(some.image(best))[None]
    with torch.no_grad():
        made = torch.nn.Sequential(*list(model)[:4])(image)[0, 1]
    assert float(made.max()) == pytest.approx(found.strengths[best], abs=1e-4)
