"""A grid is changed as a whole: what was there before stays as it was."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.javascript import Node

GRID = 'const grid = await load("grid_editor/grid.js"); '
numbers = st.integers(-9, 9)
shapes = st.tuples(st.integers(1, 5), st.integers(1, 5))


def grids(shape: tuple[int, int]) -> st.SearchStrategy[list[list[int]]]:
    rows, columns = shape
    line = st.lists(numbers, min_size=columns, max_size=columns)
    return st.lists(line, min_size=rows, max_size=rows)


values = shapes.flatmap(grids)


@given(values)
def test_text_reads_back(node: Node, values: list[list[int]]) -> None:
    assert node.run(GRID + "return grid.parseGrid(grid.gridText(sent))", values) == values


@given(values, shapes)
def test_growing_fills_with_zeros_and_shrinking_cuts(
    node: Node, values: list[list[int]], shape: tuple[int, int]
) -> None:
    made = node.run(GRID + "return grid.grown(...sent)", [values, *shape])
    assert [len(row) for row in made] == [shape[1]] * shape[0]
    for r, row in enumerate(made):
        for c, value in enumerate(row):
            inside = r < len(values) and c < len(values[0])
            assert value == (values[r][c] if inside else 0)


@given(values, values, st.integers(0, 4), st.integers(0, 4))
def test_a_block_lies_over_the_grid_where_it_was_put(
    node: Node, values: list[list[int]], block: list[list[int]], row: int, column: int
) -> None:
    code = "return [grid.withBlock(...sent), sent[0]]"
    made, before = node.run(GRID + code, [values, block, row, column])
    assert before == values
    assert len(made) == max(len(values), row + len(block))
    for r, line in enumerate(made):
        assert len(line) == max(len(values[0]), column + len(block[0]))
        for c, value in enumerate(line):
            laid = row <= r < row + len(block) and column <= c < column + len(block[0])
            there = r < len(values) and c < len(values[0])
            under: Any = values[r][c] if there else 0
            assert value == (block[r - row][c - column] if laid else under)


def test_one_value_is_replaced(node: Node) -> None:
    code = "return [grid.withValue(sent, 1, 0, 7), sent, grid.scaleOf(sent)]"
    made, before, scale = node.run(GRID + code, [[1, 2], [3, -4]])
    assert made == [[1, 2], [7, -4]]
    assert before == [[1, 2], [3, -4]]
    assert scale == 4
