"""The browser's convolution, against Python's; and what it says about a sum."""

from collections.abc import Sequence

import numpy as np
import pytest

from cnnviz.labs.convolution_1d import MODES, Mode, Sliding, convolve, cross_correlate
from tests.javascript import Node

CASES: list[tuple[int, int, Mode, int, int]] = [
    (samples, taps, mode, stride, dilation)
    for samples, taps in [(1, 1), (4, 3), (3, 7), (16, 4), (33, 8), (512, 64)]
    for mode in MODES
    for stride, dilation in [(1, 1), (2, 1), (1, 3), (3, 2)]
]


def test_results_are_pythons_for_every_setting(node: Node):
    rng = np.random.default_rng(5)
    cases, expected = [], []
    for samples, taps, mode, stride, dilation in CASES:
        sliding = Sliding(mode, stride, dilation)
        if mode == "valid" and sliding.span(taps) > samples:
            continue
        f, h = rng.normal(size=samples), rng.normal(size=taps)
        for flip, function in ((True, convolve), (False, cross_correlate)):
            setting = {"flip": flip, "mode": mode, "stride": stride, "dilation": dilation}
            cases.append({"f": f.tolist(), "h": h.tolist(), "setting": setting})
            expected.append((sliding.kept(samples, taps), function(f, h, sliding)))
    answers = node.run(
        """
            const maths = await load("signal_view/maths.js");
            return sent.map(({ f, h, setting }) => {
                const kept = maths.keptPositions(f.length, h.length, setting);
                const result = Array.from(maths.slide(f, h, setting, kept));
                const sums = result.map((_, j) => maths
                    .termsAt(f, h, setting, kept.start + j * kept.step)
                    .reduce((sum, term) => sum + term.product, 0));
                return { kept, result, sums };
            });
        """,
        cases,
    )
    for answer, (kept, values) in zip(answers, expected, strict=True):
        assert answer["kept"] == {"start": kept.start, "step": kept.step, "count": len(kept)}
        np.testing.assert_allclose(answer["result"], values, atol=1e-12)
        np.testing.assert_allclose(answer["sums"], values, atol=1e-12)


def cleaned(node: Node, f: Sequence[float], h: Sequence[float]) -> list[float]:
    """NumPy's full convolution of these, without the dust."""
    return node.run(
        """
            const [result, f, h] = sent;
            const maths = await load("signal_view/maths.js");
            const setting = { flip: true, mode: "full", stride: 1, dilation: 1 };
            const kept = maths.keptPositions(f.length, h.length, setting);
            return Array.from(maths.withoutDust(Float64Array.from(result), f, h, setting, kept));
        """,
        [np.convolve(f, h).tolist(), f, h],
    )


def test_what_is_within_its_own_sums_rounding_error_is_zero_and_nothing_else_is(node: Node):
    f, h = [1, 2, 3, 4, 5], [1 / 3, 1 / 3, -1]
    dusty = np.convolve(f, h)
    assert 0 < abs(dusty[4]) < 1e-15
    assert cleaned(node, f, h) == [*dusty[:4], 0, *dusty[5:]]


def test_small_results_that_are_exact_stay(node: Node):
    assert cleaned(node, [1e-17, 1], [1]) == [1e-17, 1]
    # A single product is exact, even where a small tap meets a large sample's neighbour.
    assert cleaned(node, [1e-17, 0, 1], [1, 2]) == [1e-17, 2e-17, 1, 2]
    # Small products have small errors, whatever is summed elsewhere.
    assert cleaned(node, [1e-17, 2e-17, 0, 1], [1, 1])[:3] == [1e-17, 3e-17, 2e-17]


def test_valid_without_room_has_no_results(node: Node):
    setting = {"flip": True, "mode": "valid", "stride": 1, "dilation": 4}
    script = "return (await load('signal_view/maths.js')).keptPositions(4, 3, sent).count"
    assert node.run(script, setting) == 0


@pytest.mark.parametrize(
    ("n", "flip", "said"),
    [
        (3, True, "0·1 + 1·0 + 2·(−1) = −2"),
        (0, True, "3·1 + 0·0 + 0·(−1) = 3"),
        (3, False, "2·1 + 1·0 + 0·(−1) = 2"),
    ],
)
def test_the_sum_is_written_out(node: Node, n, flip, said):
    assert sum_of(node, [3, 2, 1, 0], [1, 0, -1], n, flip) == said


def sum_of(node: Node, f, h, n, flip=True, tokens=None):
    return node.run(
        """
            const [f, h, n, flip, tokens] = sent;
            const { termsAt } = await load("signal_view/maths.js");
            const { sumOf } = await load("signal_view/words.js");
            const terms = termsAt(f, h, { flip, dilation: 1 }, n);
            const value = terms.reduce((sum, term) => sum + term.product, 0);
            const sum = sumOf(terms, value, tokens ?? {});
            const parts = sum.parts.map((part) => `${part.sample}·${part.weight}`);
            if (sum.restCount) parts.push(`${sum.rest} (${sum.restCount} more)`);
            return `${parts.join(" + ")} ${sum.sign} ${sum.result}`;
        """,
        [f, h, n, flip, tokens],
    )


def test_fractions_stay_fractions_and_rounding_is_owned_up_to(node: Node):
    third = 1 / 3
    tokens = {"signal": ["3", "1"], "kernel": ["1/3", "1/3"]}
    assert sum_of(node, [3, 1], [third, third], 1, True, tokens) == "1·(1/3) + 3·(1/3) ≈ 1.333"
    assert sum_of(node, [0.12345], [1], 0) == "0.123·1 ≈ 0.123"
    assert sum_of(node, [0.5], [0.25], 0) == "0.5·0.25 = 0.125"


def test_of_many_terms_the_largest_are_shown_and_the_rest_summed(node: Node):
    taps = [1] * 64
    said = sum_of(node, list(range(64)), taps, 63)
    assert said == ("63·1 + 62·1 + 61·1 + 60·1 + 59·1 + 58·1 + 57·1 + 56·1 + 1540 (56 more) = 2016")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (-2, "−2"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "1e-7"),
        (1234567, "1.23e6"),
        (-0.0004, "−4e-4"),
    ],
)
def test_numbers_are_short(node: Node, value, shown):
    script = "return (await load('shared/numbers.js')).plain(sent)"
    assert node.run(script, value).replace("−", "-") == shown.replace("−", "-")


@pytest.mark.parametrize(
    ("typed", "value"),
    [("-2", -2), ("−2", -2), ("0,5", 0.5), ("1/4", 0.25), (" 3 ", 3), ("x", None), ("", None)],
)
def test_guesses_as_people_type_them(node: Node, typed, value):
    script = "return (await load('signal_view/maths.js')).parseGuess(sent)"
    assert node.run(script, typed) == value


def test_a_dragged_value_is_round(node: Node):
    answers = node.run(
        """
            const { roundStep, snap } = await load("signal_view/maths.js");
            return [4, 0.4, 100, 1e-5, 2e6].map((range) => {
                const step = roundStep(range);
                return [step, snap(0.123456789 * range, step)];
            });
        """
    )
    assert answers == [[0.1, 0.5], [0.01, 0.05], [2, 12], [2e-7, 1.2e-6], [50000, 250000]]


def test_the_table_reads_back(node: Node):
    text = node.run(
        """return (await load("signal_view/maths.js")).csv(
            [3, 2, 1, 0], [1, 0, -1], [2, -2], { start: 1, step: 2, count: 2 }, 3)"""
    )
    assert text.splitlines() == [
        "n,signal,filter,result",
        "0,3,1,",
        "1,2,0,2",
        "2,1,-1,",
        "3,0,,-2",
        "4,,,",
        "5,,,",
    ]
