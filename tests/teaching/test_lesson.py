"""A lesson: symbols named and drawn, undone, crossed out; what it won't be is said."""

import numpy as np
import pytest

from cnnviz.teaching.lesson import MOST_DRAWINGS, as_picture, begun, missing, stacked
from cnnviz.teaching.strokes import ink_of
from tests.teaching.lessons import lesson, pictures


def test_symbols_are_named_and_renamed_and_no_two_are_alike():
    assert begun(("sun", "symbol 3")).more().classes == ("sun", "symbol 3", "symbol 4")
    assert begun((" sun", "moon")).more().renamed(3, " star ").classes == ("sun", "moon", "star")
    with pytest.raises(ValueError, match="'moon' is there twice"):
        begun(("sun", "moon")).renamed(1, "moon")
    with pytest.raises(ValueError, match="must have 1 to 40 characters"):
        begun(("sun", "moon")).renamed(1, "  ")
    with pytest.raises(ValueError, match="must be 2 to 10 symbols, got 1"):
        begun(("sun", "moon")).without(1)
    ten = begun(tuple("abcdefghij"))
    with pytest.raises(ValueError, match="must be 2 to 10 symbols, got 11"):
        ten.more()
    # What is none of them comes besides the ten, and stays the last.
    assert begun(("a", "b")).with_other().more("c").classes == ("a", "b", "c", "none of these")
    assert len(ten.with_other().symbols) == 11


def test_undo_takes_back_the_last_drawing_whatever_it_is_of():
    made = lesson(count=2)
    undone = made.undone()
    assert [undone.count(symbol.id) for symbol in made.symbols] == [2, 2, 1]
    for _ in range(9):
        undone = undone.undone()
    assert undone.drawings == ()
    assert made.count(1) == 2  # and the lesson of before is as it was


def test_what_is_crossed_out_does_not_count_and_comes_back_by_another_click():
    made = lesson(count=4)
    crossed = made.crossed(2).crossed(3)
    assert crossed.count(1) == 2
    assert len(crossed.of(1)) == 4
    assert missing(crossed) == "Each symbol needs 3 drawings at least: triangle has 2."
    assert missing(crossed.crossed(2)) is None
    assert [drawing.id for drawing in crossed.tidied().of(1)] == [1, 4]
    assert made.crossed(99).crossed_out == frozenset()


def test_there_is_room_for_5_000_drawings_and_not_for_one_more():
    picture = pictures("star", 1, 0)[0]
    full = begun().drawn(1, *[picture] * MOST_DRAWINGS)
    with pytest.raises(ValueError, match=r"room for 5,000 drawings, got 5,001"):
        full.drawn(2, picture)


def test_a_symbol_goes_with_its_drawings():
    made = lesson(count=2).without(2)
    assert made.classes == ("triangle", "square")
    assert {drawing.symbol for drawing in made.drawings} == {1, 3}
    with pytest.raises(KeyError):
        made.drawn(2, pictures("star", 1, 0)[0])


def test_what_was_taken_out_comes_back_where_it_was_and_what_came_since_stays():
    made = lesson(count=2).crossed(3)
    taken = made.taken(2)
    (since,) = pictures("star", 1, 0)
    later = made.without(2).renamed(1, "sun").more().drawn(4, since)
    assert later.crossed_out == frozenset()
    back = later.with_back(taken)
    assert back.classes == ("sun", "circle", "square", "symbol 3")
    assert [drawing.id for drawing in back.drawings] == [1, 2, 3, 4, 5, 6, 7]
    assert back.crossed_out == {3}
    with pytest.raises(ValueError, match="'circle' is there twice"):
        later.renamed(1, "circle").with_back(taken)


def test_no_drawing_and_no_symbol_gets_the_id_of_one_that_has_gone():
    made = lesson(count=2)
    (picture,) = pictures("star", 1, 0)
    assert made.undone().drawn(1, picture).drawings[-1].id == 7
    assert made.without(3).undone().drawn(1, picture).drawings[-1].id == 7
    assert [symbol.id for symbol in made.without(3).more().symbols] == [1, 2, 4]


def test_strokes_are_painted_as_the_pen_draws_and_seen_as_a_network_sees_them():
    ink = ink_of([[[60, 60], [200, 60.5]], [[60, 120]]])
    assert ink.shape == (280, 280)
    assert ink[60, 130] == 1
    assert ink[120, 60] == 1
    assert ink[200, 200] == 0
    picture = as_picture(ink)
    assert picture is not None
    assert picture.shape == (28, 28)
    assert as_picture(np.zeros((280, 280))) is None
    assert stacked(()).shape == (0, 28, 28)


@pytest.mark.parametrize(
    "told",
    [None, [], [[]], [[[1]]], [[[1, "2"]]], [[[1, True]]], [[[1, float("nan")]]], "ab", [[["a"]]],
     [[[0, 0]]] * 201, [[[0, 0]] * 20_001]],
)  # fmt: skip
def test_what_no_hand_drew_is_refused(told):
    with pytest.raises(ValueError, match=r"must be|may have"):
        ink_of(told)


def test_a_place_far_outside_is_held_at_the_rim():
    assert ink_of([[[-1e300, 140]]]).sum() == 0
