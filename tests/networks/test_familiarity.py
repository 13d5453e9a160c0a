import re
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import familiarity as measured
from cnnviz.drawing import samples, scribbles
from cnnviz.drawing.preprocessing import prepare
from cnnviz.networks import checkpoints, familiarity, models
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.networks.trace import as_image

ROOT = Path(__file__).parents[2]
DOCUMENT, README = ROOT / "docs" / "networks.md", ROOT / "README.md"


def two_classes() -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures of 10×10: class 0 has ink in its first 32 pixels, class 1 in its last 32."""
    torch.manual_seed(0)
    flat = torch.zeros(200, 100)
    flat[:100, :32] = torch.rand(100, 32)
    flat[100:, -32:] = torch.rand(100, 32)
    return flat.reshape(200, 1, 10, 10), torch.arange(200) // 100


def test_the_residual_is_what_no_class_can_be_made_up_to() -> None:
    images, labels = two_classes()
    fitted = familiarity.fit(images, labels)
    # 32 directions hold all of a class's pixels: nothing is left of a picture of its own.
    residual, _ = fitted.scores(images)
    assert residual.max() < 1e-4
    # Of a picture with ink in both places each class leaves the other's.
    both = images[:1] + images[100:101]
    first, last = (both[0].flatten()[pixels].square().sum() for pixels in (np.s_[:32], np.s_[-32:]))
    expected = float(min(first, last))
    residual, share = fitted.scores(both)
    assert float(residual) == pytest.approx(expected, rel=1e-4)
    assert float(share) == pytest.approx(expected / float(both.square().sum()), rel=1e-4)


def test_a_file_keeps_the_scores(tmp_path: Path) -> None:
    images, labels = two_classes()
    fitted = familiarity.fit(images, labels)
    familiarity.save(tmp_path / "f.safetensors", fitted)
    again = familiarity.load(tmp_path / "f.safetensors")
    assert again.most_residual == float("inf")
    for before, after in zip(fitted.scores(images), again.scores(images), strict=True):
        assert torch.allclose(before, after, atol=0.02)


def test_our_ten_digits_are_like_digits_with_a_thin_and_a_thick_pen() -> None:
    for digit in range(10):
        for width in (12, 20, 32):
            image = as_image(prepare(samples.ink(digit, stroke_width=width)).centred)
            assert not familiarity.of_mnist().unlike(image).any(), (digit, width)


def test_an_empty_canvas_isnt_called_unlike() -> None:
    assert not familiarity.of_mnist().unlike(torch.zeros(1, 1, 28, 28)).any()


def test_it_is_said_of_networks_alone_whose_file_says_what_they_were_trained_on() -> None:
    assert familiarity.of(checkpoints.article()) is familiarity.of_mnist()
    folder = checkpoints.CHECKPOINTS
    shuffled = checkpoints.load(folder / "article_shuffled.safetensors")
    assert familiarity.of(shuffled) is None
    untrained = Checkpoint(models.untrained(), {}, "untrained")
    assert familiarity.of(untrained) is None


@pytest.mark.parametrize(
    "recipe", ["{", "[]", "1", "null", "[" * 100_000, '{"dataset": ["mnist"]}']
)
def test_a_recipe_that_is_none_says_nothing_of_what_it_was_trained_on(recipe: str) -> None:
    odd = Checkpoint(models.untrained(), {"recipe": recipe}, "odd")
    assert familiarity.of(odd) is None


def test_pictures_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="images must have 784 pixels each, got 100"):
        familiarity.of_mnist().scores(torch.zeros(1, 1, 10, 10))


@pytest.mark.parametrize("kind", scribbles.KINDS)
def test_a_seed_gives_the_same_drawings_and_each_is_another(kind: str) -> None:
    first, again = scribbles.ink(kind, 3, seed=5), scribbles.ink(kind, 3, seed=5)
    for a, b in zip(first, again, strict=True):
        assert (a == b).all()
        assert a.shape == (280, 280)
        assert 0 < a.mean() < 1
    assert not (first[0] == first[1]).all()


def test_a_kind_that_isnt_there_is_refused() -> None:
    with pytest.raises(ValueError, match=r"kind must be one of scribbles, .*, got 'cats'"):
        scribbles.ink("cats", 1, seed=0)


def test_the_documented_error_rates_are_those_measured(mnist) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    found = measured.rates(familiarity.of_mnist())
    for kind, (rate, many) in found.items():
        row = re.search(rf"^\| {re.escape(kind)} \| ([\d,]+) \| ([\d.]+) % \|$", text, re.M)
        assert row, f"no row for {kind}"
        assert int(row[1].replace(",", "")) == many
        assert float(row[2]) == pytest.approx(100 * rate, abs=0.06), kind
    # The README says the two that matter, the second in whole percent.
    said = re.search(
        r"for ([\d.]+) % of test digits, and for (\d+) % of scribbles",
        README.read_text(encoding="utf-8"),
    )
    assert said, "the README doesn't say how often"
    assert float(said[1]) == pytest.approx(100 * found["odd test digits"][0], abs=0.06)
    assert float(said[2]) == pytest.approx(100 * found["scribbles"][0], abs=0.6)


def test_the_shipped_thresholds_let_99_percent_of_the_even_test_digits_pass(mnist) -> None:
    from cnnviz.datasets import images

    shipped = familiarity.of_mnist()
    residual, share = shipped.scores(images.load("mnist").test_images[::2])
    for scores, most in ((residual, shipped.most_residual), (share, shipped.most_share)):
        assert float((scores <= most).float().mean()) == pytest.approx(measured.EACH, abs=0.001)
