"""What the benchmarks count and write is what was there; what they measure isn't tested."""

from benchmarks.recording import Recording
from benchmarks.replay import Seen, Visitor
from benchmarks.table import Row, markdown, updated


def test_a_row_takes_the_place_of_the_one_of_its_name_or_comes_last():
    text = (
        f"# Measured\n\n{markdown([Row('a', 1, 'ms', 2), Row('ab', 5, 'MB')])}\n\nOf a machine.\n"
    )
    said = updated(text, [Row("a", 3, "ms", 2), Row("new", 4, "s")])
    wanted = markdown([Row("a", 3, "ms", 2), Row("ab", 5, "MB"), Row("new", 4, "s")])
    assert said == f"# Measured\n\n{wanted}\n\nOf a machine.\n"


def test_the_answer_to_a_newer_stroke_is_that_to_all_that_wait_and_the_older_are_dropped():
    seen = Seen()
    visitor = Visitor("http://127.0.0.1:1", Recording((), ()), seen)
    visitor._waiting.extend([("one", 10.0), ("two", 12.0), ("three", 14.0)])
    visitor._answer("two", 12.5)
    assert (seen.answers, seen.dropped) == ([(10.0, 2.5), (12.0, 0.5)], 1)
    assert not visitor._answered.is_set()
    visitor._answer("two", 13.0)
    assert seen.errors == ["values of a stroke that wasn't waited for"]
    visitor._answer("three", 14.25)
    assert (seen.answers[2:], seen.dropped) == ([(14.0, 0.25)], 1)
    assert visitor._answered.is_set()
