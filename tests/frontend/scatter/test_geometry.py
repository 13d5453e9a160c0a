"""Where a scatter's points lie, and which is meant: numpy is the oracle."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.javascript import Node

GEOMETRY = 'const g = await load("scatter/geometry.js");'
SIDES = (400, 300)
NUMBERS = st.floats(-50, 50, width=32)
CLOUDS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=20)


def pixels(node: Node, points: list[tuple[float, float]]) -> np.ndarray:
    body = f"""{GEOMETRY}
    const to = g.fit(sent.flat(), {SIDES[0]}, {SIDES[1]}, 10);
    return sent.map(([x, y]) => g.pixelOf(to, x, y));"""
    return np.array(node.run(body, points))


@settings(max_examples=20)
@given(points=CLOUDS)
def test_all_points_lie_within_the_margin_up_is_up_and_both_axes_have_one_scale(
    node: Node, points: list[tuple[float, float]]
) -> None:
    at, of = pixels(node, points), np.array(points)
    assert (at >= 10 - 1e-6).all()
    assert (at <= np.array(SIDES) - 10 + 1e-6).all()
    moved, made = of - of[0], at - at[0]
    scale = np.abs(made).sum() / max(np.abs(moved).sum(), 1e-30)
    if np.abs(moved).max() > 1e-3:
        np.testing.assert_allclose(made, moved * [scale, -scale], atol=1e-2)


@settings(max_examples=20)
@given(points=CLOUDS, pixel=st.tuples(st.floats(0, 400), st.floats(0, 300)))
def test_the_point_that_is_meant_is_the_nearest_within_reach(
    node: Node, points: list[tuple[float, float]], pixel: tuple[float, float]
) -> None:
    body = f"""{GEOMETRY}
    const points = sent.points.flat();
    const to = g.fit(points, {SIDES[0]}, {SIDES[1]}, 10);
    return g.pointAt(points, to, sent.pixel, 14);"""
    found = node.run(body, {"points": points, "pixel": pixel})
    distances = np.linalg.norm(pixels(node, points) - pixel, axis=1)
    if found is None:
        assert distances.min() > 14 - 1e-6
    else:
        assert distances[found] == pytest.approx(distances.min(), abs=1e-6)


def test_an_arrow_goes_to_the_nearest_point_that_way_and_only_to_those_that_count(
    node: Node,
) -> None:
    body = f"""{GEOMETRY}
    const points = [0, 0, 10, 1, 4, 3, 0, 9, -8, 0];
    const to = g.fit(points, 400, 300, 10);
    const from = g.pixelOf(to, 0, 0);
    const even = (index) => index % 2 === 0;
    return [
      g.pointTowards(points, to, from, "right"),
      g.pointTowards(points, to, from, "right", (index) => index !== 2),
      g.pointTowards(points, to, from, "up"),
      g.pointTowards(points, to, from, "left"),
      g.pointTowards(points, to, from, "down"),
      g.pointTowards(points, to, from, "up", even),
    ];"""
    assert node.run(body) == [2, 1, 3, 4, None, None]


def test_values_are_projected_as_the_core_does(node: Node) -> None:
    generator = np.random.default_rng(4)
    values, mean = generator.normal(size=(2, 7)).astype(np.float32)
    axes = generator.normal(size=(2, 7)).astype(np.float32)
    body = f"{GEOMETRY} return g.project(sent.values, sent.mean, sent.axes.flat());"
    sent = {"values": values.tolist(), "mean": mean.tolist(), "axes": axes.tolist()}
    np.testing.assert_allclose(node.run(body, sent), (values - mean) @ axes.T, rtol=1e-4)
