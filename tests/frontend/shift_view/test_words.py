"""What the shift view says, and where it says that a cell is."""

import pytest


def test_a_shift_is_said_by_its_directions(node):
    said = node.run(
        "const { placeInWords } = await load('shift_view/words.js');return sent.map(placeInWords)",
        [(-4, -1), (10, 3), (0, 2), (-1, 0), (0, 0)],
    )
    assert said == [
        "4 to the left and 1 up",
        "10 to the right and 3 down",
        "2 down",
        "1 to the left",
        "in the middle",
    ]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"says": 7, "sure": 0.97712, "right": 0.97712}, "reads a 7, 97.7 %"),
        ({"says": 7, "sure": 0.99999, "right": 0.99999}, "reads a 7, > 99.9 %"),
        ({"says": 3, "sure": 0.81853, "right": 0.0061}, "reads a 3, 81.9 %; the 7 has 0.6 %"),
        ({"says": 1, "sure": 0.99999, "right": 1e-9}, "reads a 1, > 99.9 %; the 7 has < 0.1 %"),
    ],
)
def test_an_answer_says_the_class_and_what_a_wrong_one_leaves(node, answer, words):
    said = node.run(
        "const { answerInWords } = await load('shift_view/words.js');return answerInWords(sent, 7)",
        answer,
    )
    assert said == words


def test_the_middle_of_every_cell_is_that_cell_and_outside_is_the_nearest(node):
    found = node.run(
        """
        const { cellAt, fieldOf } = await load("shift_view/geometry.js");
        const field = fieldOf(250, 21);
        const middles = [];
        for (let row = 0; row < 21; row += 1)
          for (let column = 0; column < 21; column += 1)
            middles.push(cellAt(
              field,
              field.left + (column + 0.5) * field.cell,
              field.top + (row + 0.5) * field.cell,
            ));
        return { middles, outside: [cellAt(field, 0, -5), cellAt(field, 999, 999)] };
        """
    )
    assert found["middles"] == [[column, row] for row in range(21) for column in range(21)]
    assert found["outside"] == [[0, 0], [20, 20]]


def test_a_shift_stays_within_its_limit(node):
    kept = node.run(
        "const { kept } = await load('shift_view/geometry.js');"
        "return [kept([-12, 3], 10), kept([10, 11], 10)]"
    )
    assert kept == [[-10, 3], [10, 10]]
