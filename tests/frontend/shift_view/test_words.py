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
        ({"says": 7, "sure": 0.97712, "right": 0.97712}, "reads a 7, 97.7\u00a0%"),
        ({"says": 7, "sure": 0.99999, "right": 0.99999}, "reads a 7, >\u00a099.9\u00a0%"),
        (
            {"says": 3, "sure": 0.81853, "right": 0.0061},
            "reads a 3, 81.9\u00a0%; the 7 has 0.6\u00a0%",
        ),
        (
            {"says": 1, "sure": 0.99999, "right": 1e-9},
            "reads a 1, >\u00a099.9\u00a0%; the 7 has <\u00a00.1\u00a0%",
        ),
    ],
)
def test_an_answer_says_the_class_and_what_a_wrong_one_leaves(node, answer, words):
    said = node.run(
        "const { answerInWords } = await load('shift_view/words.js');return answerInWords(sent, 7)",
        answer,
    )
    assert said == words


def test_classes_that_are_no_digits_are_named(node):
    said = node.run(
        """
        const { answerInWords, thing } = await load("shift_view/words.js");
        const names = ["sun", "moon"];
        return [
          answerInWords({ says: 1, sure: 0.8, right: 0.8 }, 1, names),
          answerInWords({ says: 0, sure: 0.8, right: 0.2 }, 1, names),
          thing(1, names),
        ];
        """
    )
    assert said == [
        "reads “moon”, 80.0\u00a0%",
        "reads “sun”, 80.0\u00a0%; “moon” has 20.0\u00a0%",
        "“moon”",
    ]


def test_a_pixel_is_light_where_there_are_colours_or_white_paper_and_ink_elsewhere(node):
    found = node.run(
        """
        const { colourAt, decodePicture, inkAt } = await load("shift_view/picture.js");
        const packed = (values) => Buffer.from(Float32Array.from(values).buffer).toString("base64");
        const colours = decodePicture(
          { values: packed([1, 0, 1, 0.5, 1, 0]), shape: [3, 1, 2], paper: 1 });
        const ink = decodePicture({ values: packed([0, 0.75]), shape: [1, 2, 1], paper: 0 });
        return {
          light: [colours.light, ink.light],
          css: [colourAt(colours, 0, 0), colourAt(colours, 0, 1)],
          ink: [inkAt(colours, 0, 0), inkAt(colours, 0, 1), inkAt(ink, 0, 0), inkAt(ink, 1, 0)],
        };
        """
    )
    assert found == {
        "light": [True, False],
        "css": ["rgb(255 255 255)", "rgb(0 128 0)"],
        "ink": [0, 1, 0, 0.75],
    }


def test_the_middle_of_every_cell_is_that_cell_and_outside_is_the_nearest(node):
    found = node.run(
        """
        const { cellAt, fieldOf } = await load("shift_view/geometry.js");
        const field = fieldOf(250, 21);
        const middles = [];
        for (let row = 0; row <\u00a021; row += 1)
          for (let column = 0; column <\u00a021; column += 1)
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
