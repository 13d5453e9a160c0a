"""What a change costs: the shortcuts must read every picture as the whole changed network does."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from cnnviz.datasets.stored import Pictures, Unavailable
from cnnviz.networks import checkpoints
from cnnviz.networks.architecture import Architecture
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.models import FullyConnected, SimpleCNN, untrained
from cnnviz.networks.notation import layers_of
from cnnviz.networks.trace import trace
from cnnviz.reasons import costs
from cnnviz.reasons.changes import Changes
from cnnviz.reasons.costs import Behind
from cnnviz.reasons.each_channel import EachChannel
from cnnviz.reasons.examples import Examples, _prepared, examples


@pytest.fixture(scope="module")
def tests() -> Examples:
    return examples(of(untrained(), dataset="digits"))


@pytest.fixture(scope="module")
def article(tests: Examples) -> Behind:
    return Behind(checkpoints.article().model, tests)


OTHER = layers_of(
    "conv2d 3 3 padding=1, batchnorm2d, relu, avgpool2d 2, conv2d 4 3 padding=1, leakyrelu, "
    "maxpool2d 2, flatten, linear 6, relu, linear 10"
)


def models() -> dict[str, nn.Sequential]:
    return {
        "article": checkpoints.article().model,
        "other": untrained(Architecture(OTHER)),
        "fully connected": FullyConnected().eval(),
    }


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        (
            "article",
            [
                "conv1.2=0",
                "relu2.5=0.5",
                "pool1.1=0;pool1.3=0.25",
                "conv2.5.4.6=3",
                "conv1.weight.0.0=-1,0,1,-2,0,2,-1,0,1",
                "conv1.weight.0.0.1.1=2;conv2.bias.4=-1;fc.3=0",
                "conv1.2=0;conv1.2.3.4=1;relu1.2.5.5=2",
                "fc.weight.3.17=1",
                "flatten.30=4",
                "conv2.0=1;flatten.30=4",
                "input.0.3.4=1",
            ],
        ),
        ("other", ["conv1.2=0", "norm1.1=0.5", "conv2.weight.3.1=0", "leaky1.2=1;leaky1.1.3.3=2"]),
        ("fully connected", ["relu1.1=0", "fc1.weight.0.400=2"]),
    ],
)
def test_what_is_computed_anew_is_what_the_whole_network_gives(
    tests: Examples, name: str, texts: list[str]
) -> None:
    model = models()[name]
    made = Behind(model, tests)
    images = torch.from_numpy(tests.images)
    with torch.inference_mode():
        assert torch.equal(made.read, model(images).argmax(1))
        for text in texts:
            changes = Changes.parse(text)
            whole = changes.applied(model)(images)
            torch.testing.assert_close(made.logits(changes), whole, atol=1e-4, rtol=1e-4)


def test_accuracy_is_counted_class_by_class_with_two_pictures_newly_wrong(article: Behind) -> None:
    cost = article.cost(Changes.parse("conv2.2=0"))
    images, labels = map(torch.from_numpy, (article.tests.images, article.tests.labels))
    with torch.inference_mode():
        read = Changes.parse("conv2.2=0").applied(article.model)(images).argmax(1)
    right = article.read == labels
    for k in range(10):
        mine = labels == k
        assert cost.count[k] == int(mine.sum())
        assert cost.of_class(k)[0] == pytest.approx(float(right[mine].float().mean()))
        assert cost.of_class(k)[1] == pytest.approx(float((read == labels)[mine].float().mean()))
    before, after = cost.accuracy
    assert before == pytest.approx(float(right.float().mean()))
    assert after < before
    drops = [cost.of_class(k)[0] - cost.of_class(k)[1] for k in range(10)]
    assert drops[cost.worst] == max(drops)
    assert len(cost.newly_wrong) == 2
    for index, said in zip(cost.newly_wrong, cost.read_as, strict=True):
        assert right[index]
        assert int(read[index]) == said != int(labels[index])


def test_nothing_changed_costs_nothing(article: Behind) -> None:
    cost = article.cost(Changes())
    assert np.array_equal(cost.before, cost.after)
    assert cost.newly_wrong == ()


def test_means_are_those_over_all_pictures(article: Behind) -> None:
    found = article.means(["relu1.2", "conv2.5.4.6", "fc.3"])
    tests = article.tests.first(40)
    steps = [trace(article.model, image) for image in tests.batches(1)]
    few = Behind(article.model, tests).means(["relu1.2", "conv2.5.4.6", "fc.3"])
    assert set(found) == set(few)
    wanted = {
        "relu1.2": np.mean([step["relu1"].values[2].mean() for step in steps]),
        "conv2.5.4.6": np.mean([step["conv2"].values[5, 4, 6] for step in steps]),
        "fc.3": np.mean([step["fc"].values[3] for step in steps]),
    }
    for target, mean in wanted.items():
        assert few[target] == pytest.approx(float(mean), abs=1e-4)
    with pytest.raises(ValueError, match=re.escape("conv1.9=mean") + "|conv1.9 can't be changed"):
        article.means(["conv1.9"])


def test_every_map_of_the_convolutions_has_a_row_as_it_comes_and_is_kept_by_the_weights(
    article: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = EachChannel(article)
    assert table.channels == (
        *(f"conv1.{c}" for c in range(4)),
        *(f"conv2.{c}" for c in range(8)),
    )
    assert not table.fill(0)
    assert len(table.costs) == 1
    assert table.fill(60)
    for channel, cost in zip(table.channels, table.costs, strict=True):
        expected = article.cost(Changes.parse(f"{channel}=0"))
        assert cost.after.tolist() == expected.after.tolist()
        assert cost.worst == expected.worst
    assert any(cost.accuracy[1] < cost.accuracy[0] for cost in table.costs)
    # The same weights again, loaded anew, need no more computing; others do.
    monkeypatch.setattr(Behind, "cost", lambda *_: pytest.fail("computed again"))
    again = EachChannel(Behind(checkpoints.article().model, article.tests))
    assert again.whole
    assert [c.accuracy for c in again.costs] == [c.accuracy for c in table.costs]
    assert not EachChannel(Behind(untrained(), article.tests)).costs


def test_no_more_is_kept_than_there_is_room_for(
    tests: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costs, "MOST_KEPT", 4 * (676 + 200) * 30)
    monkeypatch.setattr(costs, "_BATCH", 10)
    made = Behind(checkpoints.article().model, tests)
    assert len(made.tests) == len(made.read) == 30
    assert made.cost(Changes.parse("conv1.0=0")).count.sum() == 30


def of(model: SimpleCNN, **recipe: object) -> Checkpoint:
    return Checkpoint(model, {"recipe": json.dumps(recipe)} if recipe else {}, "mine")


def test_pictures_are_those_it_was_trained_on_or_else_the_digits_that_are_shipped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("CNNVIZ_DATA", str(tmp_path))
    assert examples(checkpoints.article()).dataset.title == "scikit-learn's digits"
    own = examples(of(untrained(), dataset="digits"))
    assert own.dataset.title == "scikit-learn's digits"
    shuffled = examples(of(untrained(), dataset="digits", shuffle_pixels=3))
    assert not np.array_equal(shuffled.images, examples(of(untrained())).images)
    with pytest.raises(Unavailable, match="Fashion-MNIST isn't on this machine"):
        examples(of(untrained(), dataset="fashion"))
    with pytest.raises(Unavailable, match="isn't known"):
        examples(of(untrained(), dataset="deleted"))
    colour = untrained(Architecture(layers_of("conv2d 2 3, flatten, linear 10"), (3, 32, 32)))
    with pytest.raises(Unavailable, match="other pictures"):
        examples(of(colour))


@pytest.mark.parametrize("seed", [-1, 2**70, 1.5, True, "3"])
def test_a_file_that_shuffles_by_what_is_no_seed_gets_the_pictures_as_they_are(seed) -> None:
    found = examples(of(untrained(), dataset="digits", shuffle_pixels=seed))
    assert np.array_equal(found.images, examples(of(untrained(), dataset="digits")).images)


def test_pictures_kept_as_bytes_cost_a_quarter_and_are_read_as_the_same_numbers(tests) -> None:
    content = (tests.images * 255).round().astype(np.uint8)
    stored = Pictures(content, tests.labels.copy())
    for seed in (None, 3):
        kept = _prepared(tests.dataset, stored, seed)
        assert kept.images.dtype == np.uint8
        numbers = replace(kept, images=kept.images.astype(np.float32) / 255)
        model = checkpoints.article().model
        by_bytes, by_numbers = Behind(model, kept), Behind(model, numbers)
        assert torch.equal(by_bytes.read, by_numbers.read)
        assert by_bytes.means(["conv1.2"]) == by_numbers.means(["conv1.2"])
        for text in ("conv1.2=0", "conv2.1=0", "conv1.weight.0.0.1.1=2"):
            changes = Changes.parse(text)
            assert torch.equal(by_bytes.logits(changes), by_numbers.logits(changes))
