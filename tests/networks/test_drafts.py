"""A network as it is built: numbers that are still text, what fits so far, and what would do."""

from contextlib import suppress
from dataclasses import fields

import pytest
import torch
from hypothesis import given, reject
from hypothesis import strategies as st

from cnnviz.networks import checkpoints, drafts
from cnnviz.networks.advice import Wanted
from cnnviz.networks.architecture import ARTICLE, LENET5, TINYVGG, Architecture
from cnnviz.networks.drafts import Typed, draft_from, draft_of, judge
from cnnviz.networks.kinds import KINDS
from cnnviz.networks.kinds.layer import range_of
from cnnviz.networks.models import untrained
from cnnviz.networks.notation import address_of, layers_in_address, layers_of, text_of
from cnnviz.networks.weight_files import Weights

MNIST = Wanted((1, 28, 28), 10)
ODD = layers_of(
    "conv2d 8 3 stride=2 dilation=2, leakyrelu slope=1e-05, maxpool2d 3 stride=2, dropout 0.2"
)


def typed(text: str) -> drafts.Draft:
    return draft_of(layers_of(text))


@pytest.mark.parametrize("layers", [ARTICLE, LENET5, TINYVGG, ODD])
def test_layers_read_back_from_an_address_and_from_what_is_typed(layers):
    address = address_of(layers)
    assert not set(address) - set("abcdefghijklmnopqrstuvwxyz0123456789_~-.")
    assert layers_in_address(address) == layers
    assert layers_in_address(text_of(layers)) == layers
    assert tuple(each.layer() for each in draft_of(layers)) == layers


def numbers(part) -> st.SearchStrategy:
    """What a layer's number may be, of up to 17 digits."""
    allowed = range_of(part)
    draw = st.integers if allowed.whole else st.floats
    return draw(allowed.low, allowed.high)  # type: ignore[arg-type]


@given(st.data())
@pytest.mark.parametrize("kind", KINDS.values())
def test_a_layer_of_each_kind_reads_back_with_every_number_and_digit(kind, data):
    values = {part.name: data.draw(numbers(part)) for part in fields(kind)}
    try:
        layer = kind(**values)
    except ValueError:
        reject()
    assert layers_in_address(address_of([layer])) == (layer,)
    assert layers_of(text_of([layer])) == (layer,)
    (draft,) = draft_of([layer])
    assert draft.layer() == layer
    assert draft_from([[draft.kind, dict(draft.numbers)]]) == (draft,)


@given(st.text(max_size=60))
def test_an_address_holds_anything(text: str):
    with suppress(ValueError):
        assert layers_in_address(text)


@pytest.mark.parametrize("kind", KINDS.values())
def test_a_new_layer_of_each_kind_can_be_made(kind):
    assert kind(*kind.usual).kind == kind.kind


def test_what_fits_is_an_architecture_with_its_steps():
    judged = judge(draft_of(ARTICLE), MNIST)
    assert judged.architecture == Architecture()
    assert judged.steps == Architecture().steps
    assert judged.names[0] == "conv1"
    assert judged.problem is judged.at is None


def test_a_misfit_names_its_layer_and_what_would_do_and_the_steps_before_it_stay():
    judged = judge(typed("conv2d 4 3, maxpool2d 15, maxpool2d 2, flatten, linear 10"), MNIST)
    assert judged.at == 2
    assert judged.problem is not None
    assert judged.problem.startswith("pool2: 1×1 is smaller than the 2×2 window; ")
    assert [step.name for step in judged.steps] == ["conv1", "pool1"]
    assert judged.architecture is None


def test_a_number_that_is_none_yet_is_said_at_its_layer():
    draft = (Typed("conv2d", {"channels": "4", "kernel": ""}), *typed("flatten, linear 10"))
    judged = judge(draft, MNIST)
    assert judged.problem == "conv1: conv2d kernel must be a number, got ''"
    assert (judged.at, judged.steps, judged.architecture) == (0, (), None)
    # What doesn't fit before it comes first.
    judged = judge((*typed("flatten, conv2d 4 3"), Typed("conv2d", {"kernel": "x"})), MNIST)
    assert judged.at == 1
    assert str(judged.problem).startswith("conv1: it reads maps, and gets a vector of 784")


def test_an_optional_number_may_be_left_empty():
    (pool,) = typed("maxpool2d 2")
    assert pool.numbers["stride"] == ""
    assert pool.layer() == layers_of("maxpool2d 2")[0]


def test_nothing_and_too_much_are_no_network():
    empty = judge((), MNIST)
    assert empty.problem == (
        "a network has 1 to 16 layers, and this one 0; put flatten and linear 10 at the end"
    )
    assert "and this one 17" in str(judge(typed(", ".join(["relu"] * 17)), MNIST).problem)


texts = st.sampled_from(["", "0", "1", "2", "3", "10", "512", "nan", "-1", "1e9", "x", "٣"])


@given(
    st.lists(
        st.sampled_from(list(KINDS)).flatmap(
            lambda kind: st.tuples(
                st.just(kind), st.dictionaries(st.sampled_from(["channels", "kernel"]), texts)
            )
        ),
        max_size=17,
    )
)
def test_whatever_is_typed_is_judged(pairs):
    judged = judge(draft_from([list(pair) for pair in pairs]), MNIST)
    assert (judged.problem is None) == (judged.architecture is not None)
    assert len(judged.names) == len(pairs)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "conv2d",
        [["conv2d"]],
        [["nothing", {}]],
        [["relu", None]],
        [["conv2d", {"kernel": 3}]],
        [["conv2d", {"kernel": "3" * 25}]],
        [["relu", {}]] * 18,
    ],
)
def test_what_no_builder_sends_is_refused(sent):
    with pytest.raises(ValueError, match="must be"):
        draft_from(sent)


def test_weights_are_held_against_a_network_key_by_key():
    state = untrained().state_dict()
    state["conv1.weight"] = torch.zeros(4, 1, 5, 5)
    state["fc.bias"] = torch.zeros(10, dtype=torch.int64)
    state["extra"] = state.pop("conv2.bias")
    found = {fit.key: fit for fit in checkpoints.fits(Weights(state, {}, "my.pt"), Architecture())}
    assert [key for key, fit in found.items() if fit.fits] == [
        "conv1.bias",
        "conv2.weight",
        "fc.weight",
    ]
    assert found["conv1.weight"].in_file == (4, 1, 5, 5)
    assert found["conv1.weight"].in_network == (4, 1, 3, 3)
    assert found["conv2.bias"].in_file is None
    assert found["extra"].in_network is None
    assert found["fc.bias"].odd == "torch.int64"
    whole = Weights(untrained(seed=3).state_dict(), {}, "my.pt")
    assert all(fit.fits for fit in checkpoints.fits(whole, Architecture()))
    model = checkpoints.fitted(whole, Architecture()).model
    assert torch.equal(model.state_dict()["fc.bias"], whole.tensors["fc.bias"])
