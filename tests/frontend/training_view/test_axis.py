"""The strip's step axis is that of the curve, and its snapshots don't run into one another."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.figures import training as figures
from tests.javascript import Node

WIDTH = 900
steps = st.lists(st.integers(0, 100_000), min_size=1, max_size=30, unique=True).map(sorted)


def axis(node: Node, code: str, sent: object) -> object:
    return node.run(f'const axis = await load("training_view/axis.js"); {code}', sent)


def test_margins_and_zero_are_the_figures(node: Node) -> None:
    zero, margin, curves = node.run(
        'const { ZERO, MARGIN, CURVES } = await load("training_view/axis.js");'
        "return [ZERO, MARGIN, CURVES]"
    )
    assert curves == figures.HEIGHT - figures.TOP - figures.BOTTOM
    assert zero == figures.ZERO
    assert margin == {"left": figures.MARGIN, "right": figures.MARGIN, "top": figures.TOP}


@given(steps)
def test_each_step_is_the_nearest_to_its_own_place(node: Node, steps: list[int]) -> None:
    code = """
    const range = axis.wholeRange(sent.at(-1));
    return sent.map((step) => {
      const x = axis.place(step, range, 900);
      return [axis.nearest(sent, x, range, 900), axis.isInside(x, 900)];
    });
    """
    assert axis(node, code, steps) == [[index, True] for index in range(len(steps))]


@given(steps, st.data())
def test_the_selected_and_the_last_have_room_first(
    node: Node, steps: list[int], data: st.DataObject
) -> None:
    selected = data.draw(st.integers(0, len(steps) - 1))
    code = """
    const [steps, selected] = sent;
    const range = axis.wholeRange(steps.at(-1));
    const shown = axis.roomFor(steps, selected, range, 900, 60);
    return [shown, shown.map((index) => axis.place(steps[index], range, 900))];
    """
    answer = axis(node, code, [steps, selected])
    assert isinstance(answer, list)
    shown, places = answer
    assert shown[0] == selected
    places.sort()
    assert all(after - before >= 60 for before, after in pairwise(places))


@pytest.mark.parametrize("step", [0, 1, 10, 1000])
def test_places_are_logarithmic(node: Node, step: int) -> None:
    place = axis(node, "return axis.place(sent, [-1, 4], 900)", step)
    exponent = math.log10(max(step, figures.ZERO))
    assert place == pytest.approx(48 + (exponent + 1) / 5 * (WIDTH - 96))
