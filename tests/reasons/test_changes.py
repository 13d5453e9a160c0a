"""A network with some of its values or weights set: torch's own way of doing it is the oracle."""

import re
from collections import OrderedDict

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from cnnviz.networks import checkpoints
from cnnviz.networks.models import FullyConnected, untrained
from cnnviz.networks.trace import trace
from cnnviz.reasons.changes import Changes, shapes_of
from cnnviz.reasons.keeping import kept

PICTURE = (1, 28, 28)


@pytest.fixture(scope="module")
def model() -> nn.Sequential:
    return checkpoints.article().model


@pytest.fixture(scope="module")
def image() -> Tensor:
    return torch.rand(1, *PICTURE, generator=torch.Generator().manual_seed(3))


def targets(
    shapes: dict[str, tuple[int, ...]], weights: dict[str, tuple[int, ...]]
) -> st.SearchStrategy[str]:
    """Whatever of a network can be changed, with a value."""
    numbers = st.floats(-3, 3, width=32).map(lambda value: repr(round(value, 3) + 0.0))

    def placed(
        name: str, shape: tuple[int, ...], depth: int, cells: int = 1
    ) -> st.SearchStrategy[str]:
        places = st.tuples(*(st.integers(0, side - 1) for side in shape[:depth]))
        values = st.lists(numbers, min_size=cells, max_size=cells).map(",".join)
        return st.builds(
            lambda at, value: f"{name}.{'.'.join(map(str, at))}={value}", places, values
        )

    choices = []
    for name, shape in shapes.items():
        if name != "input":
            choices += [placed(name, shape, depth) for depth in {1, len(shape)}]
    for name, shape in weights.items():
        choices.append(placed(name, shape, len(shape)))
        if len(shape) == 4:
            choices.append(placed(name, shape, 2, shape[2] * shape[3]))
    return st.one_of(choices)


ARTICLE = untrained()
OF_ARTICLE = targets(
    shapes_of(ARTICLE, PICTURE), {k: tuple(p.shape) for k, p in ARTICLE.named_parameters()}
)


def by_hand(model: nn.Sequential, image: Tensor, changes: Changes) -> dict[str, Tensor]:
    """Each layer's output, changed as the text says, with nothing of ours but its numbers."""
    weights = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    for change in changes:
        if change.part != "value":
            tensor = weights[f"{change.layer}.{change.part}"]
            shape = tensor[change.place].shape
            tensor[change.place] = torch.tensor(change.values).reshape(shape)
    values, found = image, {}
    for name, module in model.named_children():
        own = {k.split(".")[1]: v for k, v in weights.items() if k.startswith(f"{name}.")}
        values = torch.func.functional_call(module, own, (values,))
        for change in changes:
            if change.part == "value" and change.layer == name:
                values = values.clone()
                values[0][change.place] = change.number
        found[name] = values[0]
    return found


@settings(max_examples=40)
@given(
    parts=st.lists(OF_ARTICLE, min_size=1, max_size=5, unique_by=lambda text: text.split("=")[0])
)
def test_a_changed_network_gives_what_torch_gives_by_hand(parts: list[str]) -> None:
    changes = Changes.parse("; ".join(parts))
    changes.check(ARTICLE, PICTURE)
    assert Changes.parse(str(changes)) == changes
    image = torch.rand(1, *PICTURE, generator=torch.Generator().manual_seed(1))
    before = {name: tensor.clone() for name, tensor in ARTICLE.state_dict().items()}
    steps = trace(changes.applied(ARTICLE), image)
    with torch.no_grad():
        wanted = by_hand(ARTICLE, image, changes)
    for layer in steps.layers:
        assert torch.equal(layer.values, wanted[layer.name]), layer.name
    assert all(torch.equal(ARTICLE.state_dict()[name], tensor) for name, tensor in before.items())


def test_pixels_are_painted_on_a_copy(image: Tensor) -> None:
    changes = Changes.parse("input.0.3.4=1;input.0.5.6=0")
    painted = changes.painted(image)
    assert painted[0, 0, 3, 4] == 1
    assert painted[0, 0, 5, 6] == 0
    assert int((painted != image).sum()) == 2
    assert Changes().painted(image) is image


def test_a_mean_is_set_once_it_is_known(model: nn.Sequential, image: Tensor) -> None:
    changes = Changes.parse("relu1.2=mean;fc.7=0.5")
    changes.check(model, PICTURE)
    assert changes.means == ("relu1.2",)
    with pytest.raises(ValueError, match=re.escape("relu1.2 has no one value")):
        changes.applied(model)
    steps = trace(changes.resolved({"relu1.2": 0.25}).applied(model), image)
    assert (steps["relu1"].values[2] == 0.25).all()
    assert steps["fc"].values[7] == 0.5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("conv1", "a change is written as conv1.2=0, got 'conv1'"),
        ("conv1=0", "what is changed is written as conv1.2, conv2.5.4.6"),
        ("conv1.-2=0", "got 'conv1.-2'"),
        ("conv1.2=much", "conv1.2 must be a number from -1000 to 1000, or mean, got 'much'"),
        ("conv1.2=nan", "got 'nan'"),
        ("conv1.2=1e9", "got '1e9'"),
        ("conv1.2=0;conv1.2=1", "conv1.2 is changed twice"),
        ("conv9.2=0", "conv9 is no layer here; there are input, conv1, relu1"),
        ("conv1.4=0", "conv1 takes 1 or 3 numbers (0 to 3, 0 to 25, 0 to 25)"),
        ("conv1.2.3=0", "conv1 takes 1 or 3 numbers"),
        ("relu1.weight.0=0", "relu1 has no weight"),
        (
            "conv1.weight.4.0=0",
            "conv1.weight takes 2 or 4 numbers (0 to 3, 0 to 0, 0 to 2, 0 to 2)",
        ),
        ("conv1.weight.0.0=1,2", "conv1.weight.0.0 takes 1 or 9 numbers, got 2"),
        ("fc.weight.0.0=1,2", "fc.weight.0.0 takes 1 number, got 2"),
        ("fc.bias.10=0", "fc.bias takes 1 number (0 to 9)"),
        ("conv1.bias.0=mean", "only maps and units can"),
        ("input.0=0", "input takes 3 numbers"),
        ("input.0.3.4=2", "input.0.3.4 must be from 0 (paper) to 1 (ink), got 2"),
        ("a.0=0;" * 201, "at most 200 changes, got 201"),
        ("x" * 12_001, "at most 12000 characters, got 12001"),
    ],
)
def test_what_cannot_be_changed_is_refused_with_what_would_do(
    model: nn.Sequential, text: str, said: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        Changes.parse(text).check(model, PICTURE)


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    try:
        Changes.parse(text).check(ARTICLE, PICTURE)
    except ValueError:
        return


@pytest.mark.parametrize(
    "text",
    ["conv1.2=0", "relu2.5=1.5", "pool1.0=0;fc.3=-2", "relu1.1=2;conv1.1=0", "conv2.bias.1=3"],
)
def test_what_is_kept_as_weights_gives_the_same_logits(
    model: nn.Sequential, image: Tensor, text: str
) -> None:
    changes = Changes.parse(text)
    made = kept(changes, model, PICTURE)
    assert type(made) is type(model)
    assert not any(module._forward_hooks for module in made.modules())
    with torch.no_grad():
        torch.testing.assert_close(made(image), changes.applied(model)(image))
        assert not torch.equal(made(image), model(image))


def test_batch_normalisation_is_what_keeps_a_map_behind_a_convolution() -> None:
    torch.manual_seed(0)
    layers = {
        **{"conv": nn.Conv2d(1, 2, 3), "norm": nn.BatchNorm2d(2), "relu": nn.ReLU()},
        **{"flatten": nn.Flatten(), "fc": nn.Linear(72, 3)},
    }
    model = nn.Sequential(OrderedDict(layers)).eval()
    image = torch.rand(1, 1, 8, 8)
    changes = Changes.parse("relu.1=0.5")
    made = kept(changes, model, (1, 8, 8))
    with torch.no_grad():
        torch.testing.assert_close(made(image), changes.applied(model)(image))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("conv2.5.4.6=0", "conv2.5.4.6 can't be kept as weights: it is one unit"),
        ("relu1.2=-1", "relu1 doesn't let that through"),
        ("flatten.3=0", "no layer before it makes it alone"),
    ],
)
def test_what_no_weights_do_is_not_kept(model: nn.Sequential, text: str, said: str) -> None:
    changes = Changes.parse(text)
    changes.check(model, PICTURE)
    with pytest.raises(ValueError, match=re.escape(said)):
        kept(changes, model, PICTURE)


def test_a_network_without_convolution_is_changed_alike(image: Tensor) -> None:
    model = FullyConnected().eval()
    changes = Changes.parse("relu1.1=0;fc1.weight.0.400=2")
    changes.check(model, PICTURE)
    steps = trace(changes.applied(model), image)
    assert steps["relu1"].values[1] == 0
    with torch.no_grad():
        wanted = model.fc1.weight.clone()  # type: ignore[union-attr]
        wanted[0, 400] = 2
        first = wanted @ image.flatten() + model.fc1.bias  # type: ignore[union-attr]
    np.testing.assert_allclose(steps["fc1"].values, first.numpy(), atol=1e-5)
