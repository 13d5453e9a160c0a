"""arithmetic.js against torch, and the promise that what is shown adds up or says why not."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from cnnviz.networks.models import untrained
from cnnviz.networks.trace import Trace, trace
from tests.frontend.networks import PADDING_MODES, encode, evaluate, pinned, with_pins
from tests.javascript import Node

EXPLAIN = """
const { terms, display } = await load("network_view/arithmetic.js");
const { network, values } = decode(sent);
return sent.pins.map(({ layer, unit }) => {
  const given = terms(network, values, layer, unit);
  return { given, shown: display(given, sent.digits ?? undefined) };
});
"""


def explain(
    node: Node, steps: Trace, layer: int, unit: dict[str, int], digits: Any = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    sent = {**encode(steps), "pins": [{"layer": layer, "unit": unit}], "digits": digits}
    (made,) = evaluate(node, EXPLAIN, sent)
    return made["given"], made["shown"]


def number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))


def rounded(value: float | Decimal, like: str) -> Decimal:
    """`value` with as many digits after the point as the shown `like`."""
    digits = len(like.partition(".")[2])
    return Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def check_shown(text: str, value: float) -> None:
    assert number(text) == rounded(value, text), f"{text} is shown for {value!r}"
    assert not re.fullmatch(r"−0(\.0*)?", text)


def check_sum(texts: list[str], total: str, note: str | None, exact: float) -> None:
    """Either the numbers shown sum to the total shown, or the note tells both sums truly."""
    shown = sum((number(text) for text in texts), Decimal(0))
    if shown == number(total):
        assert note is None
        return
    assert note is not None, f"{texts} sum to {shown}, not {total}, and nothing says so"
    told = re.fullmatch(
        r"rounded: the .* shown sum to (\S+), the (exact sum|float32 result) is (\S+)", note
    )
    assert told is not None, note
    assert number(told[1]) == shown
    assert told[3] == total
    assert (told[2] == "exact sum") == (rounded(exact, total) == number(total))


def check_factors(cells: list[tuple[str, str, str]], note: str | None) -> None:
    off = any(rounded(number(a) * number(b), p) != number(p) for a, b, p in cells)
    # Whether a tie such as 0.125 falls up or down is not what is tested here.
    ties = any(
        (number(a) * number(b)).scaleb(len(p.partition(".")[2])) % 1 in (Decimal("0.5"),)
        or (number(a) * number(b)).scaleb(len(p.partition(".")[2])) % 1 == Decimal("-0.5")
        for a, b, p in cells
    )
    assert ties or off == (note is not None)


def padded_patch(layer: dict[str, Any], before: Tensor, row: int, col: int) -> Tensor:
    """What torch's kernel lies on: (C_in, kH, kW)."""
    (down, across), mode = layer["padding"], layer["padding_mode"]
    sides = (across, across, down, down)
    padded = (
        F.pad(before[None], sides) if mode == "zeros" else F.pad(before[None], sides, mode=mode)
    )
    (kh, kw), (sh, sw), (dh, dw) = layer["kernel"], layer["stride"], layer["dilation"]
    top, left = row * sh, col * sw
    return padded[0, :, top : top + dh * (kh - 1) + 1 : dh, left : left + dw * (kw - 1) + 1 : dw]


def check_convolution(steps: Trace, layer: int, unit: dict[str, int], made: Any) -> None:
    terms, shown = made
    step = steps.layers[layer]
    before = steps.image if layer == 0 else steps.layers[layer - 1].values
    assert step.weight is not None
    patch = padded_patch(dict(step.hyperparameters), before, unit["row"], unit["col"])
    for index, channel in enumerate(terms["channels"]):
        assert channel["index"] == index
        np.testing.assert_array_equal(np.float32(channel["patch"]), patch[index].numpy())
        kernel = step.weight[unit["channel"], index].numpy()
        np.testing.assert_array_equal(np.float32(channel["kernel"]), kernel)
        products = np.array(channel["patch"]) * np.array(channel["kernel"])
        np.testing.assert_array_equal(channel["products"], products)
        assert channel["sum"] == pytest.approx(products.sum(), abs=1e-12)
        for inside, sources, values in zip(
            channel["inside"], channel["source"], channel["patch"], strict=True
        ):
            for is_inside, source, value in zip(inside, sources, values, strict=True):
                if source is None:
                    assert not is_inside
                    assert value == 0
                else:
                    assert value == float(before[index, source["row"], source["col"]])
        cells = shown["channels"][index]
        for text, value in zip(flat(cells["products"]), products.flatten(), strict=True):
            check_shown(text, value)
        check_sum(flat(cells["products"]), cells["sum"], cells["note"], channel["sum"])
    biased = step.bias is not None
    assert terms["bias"] == (float(step.bias[unit["channel"]]) if step.bias is not None else None)
    exact = sum(channel["sum"] for channel in terms["channels"]) + (terms["bias"] or 0)
    assert exact == pytest.approx(terms["value"], abs=1e-4)
    sums = [channel["sum"] for channel in shown["channels"]]
    check_sum(sums + [shown["bias"]] * biased, shown["value"], shown["totalNote"], exact)
    factors = [
        cell
        for channel in shown["channels"]
        for cell in zip(*(flat(channel[k]) for k in ("patch", "kernel", "products")), strict=True)
    ]
    check_factors(factors, shown["factorsNote"])
    notes = [channel["note"] for channel in shown["channels"]]
    check_all_noted(shown, [*notes, shown["totalNote"], shown["factorsNote"]])


def check_all_noted(shown: dict[str, Any], notes: list[str | None]) -> None:
    """One note speaks for all: it is there exactly when there is something to say."""
    assert (shown["roundingNote"] is None) == all(note is None for note in notes)
    assert ("numbers rounded" in shown["sentence"]) == (shown["roundingNote"] is not None)


def flat(rows: list[list[Any]]) -> list[Any]:
    return [cell for row in rows for cell in row]


def check_pooling(steps: Trace, layer: int, unit: dict[str, int], made: Any) -> None:
    terms, shown = made
    step = steps.layers[layer]
    before = (steps.image if layer == 0 else steps.layers[layer - 1].values)[unit["channel"]]
    cells = [cell for cell in flat(terms["window"]) if not cell["padding"]]
    for cell in cells:
        assert cell["value"] == float(before[cell["row"], cell["col"]])
    hyper = step.hyperparameters
    for cell in flat(terms["window"]):
        inside = 0 <= cell["row"] < before.shape[0] and 0 <= cell["col"] < before.shape[1]
        assert cell["padding"] == (not inside)
    if step.kind == "maxpool2d":
        _, indices = F.max_pool2d(
            before[None, None],
            hyper["kernel"],
            hyper["stride"],
            hyper["padding"],
            hyper["dilation"],
            hyper["ceil_mode"],
            return_indices=True,
        )
        row, col = divmod(int(indices[0, 0, unit["row"], unit["col"]]), before.shape[1])
        assert terms["taken"] == {"row": row, "col": col}
        winners = [c for c in cells if c["value"] == terms["value"]]
        assert terms["winners"] == [{"row": c["row"], "col": c["col"]} for c in winners]
        assert [c for c in cells if c["winner"]] == winners
        assert [(c["row"], c["col"]) for c in cells if c["taken"]] == [(row, col)]
        assert shown["roundingNote"] is None
        return
    assert terms["sum"] == pytest.approx(sum(cell["value"] for cell in cells), abs=1e-12)
    assert terms["sum"] / terms["divisor"] == pytest.approx(terms["value"], abs=1e-5)
    texts = [cell["value"] for cell in flat(shown["window"]) if not cell["padding"]]
    check_sum(texts, shown["sum"], shown["totalNote"], terms["sum"])
    quotient = float(number(shown["sum"])) / terms["divisor"]
    if rounded(quotient, shown["value"]) == number(shown["value"]):
        assert shown["quotientNote"] is None
    else:
        assert shown["quotientNote"] is not None
        assert shown["quotientNote"].endswith(f"the exact numbers {shown['value']}")
    check_all_noted(shown, [shown["totalNote"], shown["quotientNote"]])


def check_linear(steps: Trace, layer: int, unit: dict[str, int], made: Any) -> None:
    terms, shown = made
    step = steps.layers[layer]
    before = (steps.image if layer == 0 else steps.layers[layer - 1].values).flatten()
    assert step.weight is not None
    products = before.double() * step.weight[unit["index"]].double()
    parts = terms["contributions"]
    assert sorted(part["index"] for part in parts) == list(range(len(products)))
    for part in parts:
        assert part["product"] == pytest.approx(float(products[part["index"]]), abs=1e-12)
    sizes = [abs(part["product"]) for part in parts]
    assert sizes == sorted(sizes, reverse=True)
    assert len(shown["contributions"]) + shown["restCount"] == len(products)
    exact = sum(part["product"] for part in parts) + (terms["bias"] or 0)
    assert exact == pytest.approx(terms["value"], abs=1e-4)
    rest = sum(part["product"] for part in parts[len(shown["contributions"]) :])
    assert (shown["restSum"] is None) == (shown["restCount"] == 0)
    if shown["restSum"] is not None:
        check_shown(shown["restSum"], terms["restSum"])
        assert terms["restSum"] == pytest.approx(rest, abs=1e-12)
    texts = [part["product"] for part in shown["contributions"]]
    texts += [text for text in (shown["restSum"], shown["bias"]) if text is not None]
    check_sum(texts, shown["value"], shown["totalNote"], exact)
    factors = [(part["input"], part["weight"], part["product"]) for part in shown["contributions"]]
    check_factors(factors, shown["factorsNote"])
    check_all_noted(shown, [shown["totalNote"], shown["factorsNote"]])


def check_other(steps: Trace, layer: int, unit: dict[str, int], made: Any) -> None:
    terms, shown = made
    step = steps.layers[layer]
    before = steps.image if layer == 0 else steps.layers[layer - 1].values
    if step.kind == "flatten":
        at = terms["from"]
        place = at.values() if "channel" in at else [at["index"]]
        assert float(before[tuple(place)]) == terms["value"]
        return
    assert terms["from"] == unit
    assert terms["input"] == float(before[tuple(unit.values())])

    def told(key: str) -> float:
        return step.hyperparameters[key][unit["channel"]]

    operation = {
        "relu": torch.relu,
        "leakyrelu": lambda x: F.leaky_relu(x, step.hyperparameters["slope"]),
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
        "dropout": lambda x: x,
        "normalize": lambda x: (x - told("mean")) / told("std"),
    }[step.kind]
    again = float(operation(torch.tensor(float(number(shown["input"])), dtype=torch.float64)))
    agrees = rounded(again, shown["value"]) == number(shown["value"])
    assert agrees == (shown["roundingNote"] is None)


def check_normalisation(steps: Trace, layer: int, unit: dict[str, int], made: Any) -> None:
    """The four numbers of a channel are torch's, and each step shown follows or says why not."""
    terms, shown = made
    step = steps.layers[layer]
    before = steps.image if layer == 0 else steps.layers[layer - 1].values
    channel = unit["channel"]
    assert terms["from"] == unit
    assert terms["input"] == float(before[tuple(unit.values())])
    assert terms["mean"] == float(step.buffers["running_mean"][channel])
    assert terms["variance"] == float(step.buffers["running_var"][channel])
    assert terms["weight"] == (1.0 if step.weight is None else float(step.weight[channel]))
    assert terms["bias"] == (0.0 if step.bias is None else float(step.bias[channel]))
    assert terms["scaled"] + terms["bias"] == pytest.approx(terms["value"], abs=1e-4)
    for key in ("input", "mean", "variance", "deviation", "normalised", "weight", "bias"):
        check_shown(shown[key], terms[key])
    seen = {key: float(number(shown[key])) for key in shown if key in terms and key not in UNITS}
    made_of_shown = [
        (seen["input"] - seen["mean"], "centred"),
        (float(np.sqrt(np.float64(seen["variance"]) + terms["eps"])), "deviation"),
        (float(np.float64(seen["centred"]) / np.float64(seen["deviation"])), "normalised"),
        (seen["normalised"] * seen["weight"], "scaled"),
    ]
    for (result, key), note in zip(made_of_shown, shown["notes"], strict=False):
        # A deviation that is shown as 0 divides nothing.
        agrees = np.isfinite(result) and rounded(result, shown[key]) == number(shown[key])
        assert agrees == (note is None), key
    exact = terms["scaled"] + terms["bias"]
    check_sum([shown["scaled"], shown["bias"]], shown["value"], shown["notes"][-1], exact)
    check_all_noted(shown, shown["notes"])


UNITS = {"from", "kind", "layer", "unit", "eps"}

CHECKS = {
    "conv2d": check_convolution,
    "batchnorm2d": check_normalisation,
    "maxpool2d": check_pooling,
    "avgpool2d": check_pooling,
    "globalavgpool2d": check_pooling,
    "linear": check_linear,
}


@settings(max_examples=80)
@given(pinned(), st.integers(0, 9))
def test_the_terms_are_torchs_and_what_is_shown_adds_up_or_says_why_not(
    node: Node, example: tuple[Trace, list[tuple[int, int]]], digits: int
) -> None:
    steps, pins = example
    sent = {**with_pins(steps, pins), "digits": digits}
    made = evaluate(node, EXPLAIN, sent)
    for (layer, index), pin, told in zip(pins, sent["pins"], made, strict=True):
        check_unit(steps, layer, index, pin["unit"], told)


def check_unit(
    steps: Trace, layer: int, index: int, unit: dict[str, int], told: dict[str, Any]
) -> None:
    step = steps.layers[layer]
    terms, shown = told["given"], told["shown"]
    assert terms["kind"] == shown["kind"] == step.kind
    assert terms["value"] == float(step.values.flatten()[index])
    check_shown(shown["value"], terms["value"])
    assert shown["sentence"].startswith(f"{step.name} ")
    assert f" is {shown['value']}: " in shown["sentence"]
    CHECKS.get(step.kind, check_other)(steps, layer, unit, (terms, shown))


@settings(max_examples=40)
@given(
    st.lists(st.floats(-90, 90, width=32), min_size=1, max_size=10),
    st.integers(0, 9),
    st.data(),
)
def test_softmax_is_torchs_and_adds_up_or_says_why_not(
    node: Node, logits: list[float], digits: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(logits) - 1))
    model = nn.Sequential(nn.Flatten())
    steps = trace(model, torch.tensor(logits).reshape(1, 1, 1, -1))
    terms, shown = explain(node, steps, 1, {"index": index}, digits)
    expected = torch.tensor(logits, dtype=torch.float64).softmax(0)
    assert terms["value"] == pytest.approx(float(expected[index]), abs=1e-7)
    assert terms["max"] == max(logits)
    assert terms["sum"] == pytest.approx(sum(e["exponential"] for e in terms["exponentials"]))
    texts = [part["exponential"] for part in shown["exponentials"]]
    check_sum(texts, shown["sum"], shown["totalNote"], terms["sum"])
    quotient = float(number(texts[index])) / float(number(shown["sum"]))
    agrees = rounded(quotient, shown["value"]) == number(shown["value"])
    assert agrees == (shown["quotientNote"] is None)
    check_all_noted(shown, [shown["totalNote"], shown["quotientNote"], shown["factorsNote"]])


def test_a_probability_that_isnt_0_never_reads_as_0(node: Node) -> None:
    steps = trace(nn.Sequential(nn.Flatten()), torch.tensor([[[[0.0, 22.0]]]]))
    terms, shown = explain(node, steps, 1, {"index": 0})
    assert terms["value"] == pytest.approx(2.789e-10, rel=1e-3)
    assert shown["value"] == "2.789e−10"
    assert shown["sentence"].count("2.789e−10") == 2  # the exponential, and the probability
    assert "0.000;" not in shown["sentence"]


def sevenths(*shape: int) -> Tensor:
    count = int(np.prod(shape))
    return ((torch.arange(count) * 5 % 13 - 6) / 7).reshape(shape)


@pytest.fixture
def worked_out() -> Trace:
    """A convolution small enough to do by hand: 0.5·1 + 0.25·2 + 1·(−1) + 0.125·4, plus 0.1."""
    convolution = nn.Conv2d(1, 1, 2)
    with torch.no_grad():
        convolution.weight.copy_(torch.tensor([[[[1.0, 2.0], [-1.0, 4.0]]]]))
        assert convolution.bias is not None
        convolution.bias.fill_(0.1)
    return trace(nn.Sequential(convolution), torch.tensor([[[[0.5, 0.25], [1.0, 0.125]]]]))


def test_a_convolution_worked_out_by_hand(node: Node, worked_out: Trace) -> None:
    unit = {"channel": 0, "row": 0, "col": 0}
    _, shown = explain(node, worked_out, 0, unit)
    (channel,) = shown["channels"]
    assert channel["patch"] == [["0.50", "0.25"], ["1.00", "0.13"]]
    assert channel["kernel"] == [["1.00", "2.00"], ["−1.00", "4.00"]]
    assert channel["products"] == [["0.50", "0.50"], ["−1.00", "0.50"]]
    assert (channel["sum"], channel["note"]) == ("0.500", None)
    assert (shown["bias"], shown["value"], shown["totalNote"]) == ("0.100", "0.600", None)
    assert shown["factorsNote"] == (
        "factors are shown to 2 digits; products are those of the unrounded numbers"
    )
    assert shown["sentence"] == (
        "0 map 0, row 0, column 0 is 0.600: patch times kernel sums to 0.500; "
        "plus the bias 0.100 (numbers rounded)."
    )


def test_a_sum_that_rounding_breaks_is_named(node: Node) -> None:
    model = nn.Sequential(nn.AvgPool2d((1, 3)))
    steps = trace(model, torch.tensor([[[[0.3334, 0.3334, 0.3334]]]]))
    _, shown = explain(node, steps, 0, {"channel": 0, "row": 0, "col": 0})
    assert [cell["value"] for cell in flat(shown["window"])] == ["0.333"] * 3
    assert shown["roundingNote"] == (
        "rounded: the cells shown sum to 0.999, the exact sum is 1.000"
    )


@pytest.mark.parametrize("mode", PADDING_MODES)
def test_padding_is_told_from_the_map_and_points_to_its_source(node: Node, mode: Any) -> None:
    model = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1, padding_mode=mode))
    steps = trace(model, sevenths(1, 1, 3, 4))
    terms, shown = explain(node, steps, 0, {"channel": 0, "row": 0, "col": 0})
    (channel,) = terms["channels"]
    assert channel["inside"] == [[False] * 3, [False, True, True], [False, True, True]]
    corner = {
        "zeros": None,
        "reflect": {"row": 1, "col": 1},
        "replicate": {"row": 0, "col": 0},
        "circular": {"row": 2, "col": 3},
    }[mode]
    assert channel["source"][0][0] == corner
    assert "5 of the 9 cells of the window are padding" in shown["sentence"]
    if mode == "zeros":
        assert shown["channels"][0]["patch"][0] == ["0.00"] * 3


def test_ties_of_a_max_pooling_are_all_winners_and_the_first_is_taken(node: Node) -> None:
    steps = trace(nn.Sequential(nn.MaxPool2d(2, 2, 1)), torch.tensor([[[[1.0, 2.0], [2.0, 2.0]]]]))
    terms, shown = explain(node, steps, 0, {"channel": 0, "row": 0, "col": 0})
    assert [cell["padding"] for cell in flat(terms["window"])] == [True, True, True, False]
    assert [cell["value"] for cell in flat(shown["window"])] == ["−∞", "−∞", "−∞", "1.000"]
    steps = trace(nn.Sequential(nn.MaxPool2d(2)), torch.tensor([[[[1.0, 2.0], [2.0, 2.0]]]]))
    terms, shown = explain(node, steps, 0, {"channel": 0, "row": 0, "col": 0})
    assert len(terms["winners"]) == 3
    assert terms["taken"] == {"row": 0, "col": 1}
    assert "3 cells tie and the first is taken" in shown["sentence"]


def test_numbers_too_large_for_decimals_are_shown_and_nothing_is_claimed(node: Node) -> None:
    model = nn.Sequential(nn.AvgPool2d((1, 2)))
    steps = trace(model, torch.tensor([[[[3e20, 1.0]]]]))
    _, shown = explain(node, steps, 0, {"channel": 0, "row": 0, "col": 0})
    assert shown["value"] == "1.500e20"
    assert "too large" in shown["roundingNote"]


def test_every_kind_explains_itself_in_one_sentence(node: Node) -> None:
    torch.manual_seed(3)
    steps = trace(untrained(), torch.rand(1, 1, 28, 28))
    for layer in range(len(steps.layers) + 1):
        vector = layer >= 6
        unit = {"index": 3} if vector else {"channel": 2, "row": 1, "col": 0}
        _, shown = explain(node, steps, layer, unit)
        name = steps.layers[layer].name if layer < len(steps.layers) else "softmax"
        place = "unit 3" if vector else "map 2, row 1, column 0"
        assert shown["sentence"].startswith(f"{name} {place} is {shown['value']}: ")
        assert shown["sentence"].endswith(".")
        assert not re.search(r"undefined|null|NaN|\[object", shown["sentence"])
