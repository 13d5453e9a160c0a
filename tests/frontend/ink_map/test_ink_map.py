"""Where pixels and cells lie, and what is said of them."""

import pytest

from tests.javascript import Node

GEOMETRY = 'const geometry = await load("ink_map/geometry.js");'
ARTICLE = {"top": 3, "left": 3, "height": 2, "width": 2}
PICTURE = {"rows": 28, "columns": 28}


def test_a_point_is_in_one_pixel_or_outside(node: Node) -> None:
    body = GEOMETRY + "return sent.map(([x, y]) => geometry.pixelAt({rows: 4, columns: 8}, x, y));"
    assert node.run(body, [[0, 0], [0.99, 0.99], [0.25, 0.5], [1, 0.5], [-0.01, 0.5]]) == [
        {"row": 0, "column": 0},
        {"row": 3, "column": 7},
        {"row": 2, "column": 2},
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("row", "column", "cell"),
    [(3, 4, [0, 0]), (24, 24, [10, 10]), (5, 4, [1, 0]), (2, 10, None), (25, 10, None)],
)
def test_a_pixel_has_the_cell_that_lies_on_it_and_none_at_the_rim(
    node: Node, row: int, column: int, cell: list[int] | None
) -> None:
    sent = {"cells": ARTICLE, "pixel": {"row": row, "column": column}}
    body = GEOMETRY + "return geometry.cellOf(sent.cells, {rows: 11, columns: 11}, sent.pixel);"
    found = node.run(body, sent)
    assert found == (cell and {"row": cell[0], "column": cell[1]})


def test_arrows_lead_from_pixel_to_pixel_and_stop_at_the_rim(node: Node) -> None:
    body = GEOMETRY + "return sent.map(([key, row, column]) => geometry.walked(key, {row, column}, "
    body += "{rows: 3, columns: 3}));"
    moves = [["ArrowUp", 0, 1], ["ArrowDown", 0, 1], ["ArrowRight", 1, 1], ["ArrowLeft", 1, 0]]
    assert node.run(body, [*moves, ["Tab", 1, 1]]) == [
        {"row": 0, "column": 1},
        {"row": 1, "column": 1},
        {"row": 1, "column": 2},
        {"row": 1, "column": 0},
        None,
    ]


def test_the_outline_runs_round_the_ink_and_round_what_touches_the_rim(node: Node) -> None:
    body = GEOMETRY + "return geometry.outline(sent, {rows: 2, columns: 2}).length;"
    assert node.run(body, [1, 0, 0, 0]) == 4
    assert node.run(body, [1, 1, 1, 1]) == 8
    assert node.run(body, [0.4, 0, 0, 0]) == 0


def test_a_pixel_is_described_with_its_value_spelled_like_its_neighbours(node: Node) -> None:
    body = 'const { sentence } = await load("ink_map/words.js");'
    body += "return sentence({row: 3, column: 4}, sent);"
    facts = {"ink": 0.984, "inkWord": "ink", "value": 0.5, "values": [0.5, -12.25], "cell": None}
    assert node.run(body, {**facts, "signed": True}) == "row 3, column 4: ink 0.98, +0.5"
    assert (
        node.run(body, {**facts, "signed": True, "value": -12.25})
        == "row 3, column 4: ink 0.98, −12.3"
    )
    celled = {**facts, "signed": True, "cell": {"row": 0, "column": 1}}
    assert node.run(body, celled) == "row 3, column 4: ink 0.98, cell 0, 1 +0.5"
    coloured = {**facts, "signed": True, "channel": 2}
    assert node.run(body, coloured) == "row 3, column 4: ink 0.98, +0.5; most in blue"
    none = {**facts, "signed": True, "value": None}
    assert node.run(body, none) == "row 3, column 4: ink 0.98, no cell here"
