"""What a browser keeps of the course: two tabs, a reload, an erasure, and what somebody spoilt."""

import json
from typing import Any

import pytest

from cnnviz.lessons.kept import SEEDS
from tests.javascript import Node

# Tabs by name, each with its own memory, over one storage; each tells what Python is to know. A
# `blind` one hasn't seen yet what the call before has written: it writes at the same moment.
PROGRAM = """
  const { CourseStorage } = await load("course_kept/storage.js");
  const kept = new Map(sent.kept);
  let seen = kept;
  const storage = {
    getItem: (key) => seen.get(key) ?? null,
    setItem: (key, value) => [kept, seen].forEach((each) => each.set(key, value)),
    removeItem: (key) => [kept, seen].forEach((each) => each.delete(key)),
  };
  const tabs = {};
  const answers = [];
  let before = new Map(kept);
  for (const [name, { blind, ...known }] of sent.calls) {
    seen = blind ? before : kept;
    before = new Map(kept);
    tabs[name] ??= new CourseStorage(() => {
      if (sent.closed) throw new Error("no");
      return storage;
    });
    answers.push(tabs[name].settle(known));
  }
  return [answers, Object.fromEntries(kept)];
"""
KEY = "cnnviz.course"


def known(seed: int, entries: dict[str, Any], heard: int = 0, **more: Any) -> dict[str, Any]:
    record = {"seed": seed, "entries": entries}
    return {"record": record, "erased": [], "heard": heard, "stays": True, **more}


def played(
    node: Node, *calls: tuple[str, dict[str, Any]], kept: str | None = None, closed: bool = False
) -> tuple[list[dict[str, Any] | None], Any]:
    """What is told at each call, and what is kept in the end."""
    stored = [] if kept is None else [[KEY, kept]]
    answers, left = node.run(PROGRAM, {"kept": stored, "calls": calls, "closed": closed})
    assert set(left) <= {KEY}
    return answers, json.loads(left[KEY]) if KEY in left else None


def test_which_questions_are_asked_is_kept_from_the_start_and_that_is_told(node: Node) -> None:
    first = known(1, {}, stays=None)
    answers, left = played(node, ("a", first), ("a", first), ("a", known(1, {}, 1)))
    message = {"number": 1, "stays": True, "junk": False, "record": first["record"]}
    assert answers == [message, message, None]
    assert left == first["record"]


def test_answers_given_in_two_tabs_at_the_same_moment_are_both_kept(node: Node) -> None:
    one, other = {"before.1": 3}, {"after.1": 0}
    answers, left = played(
        node,
        ("a", known(1, {})),
        ("b", known(2, {})),  # as fresh as the other: it asks the same questions
        ("b", known(1, {}, 1)),
        ("a", known(1, one)),
        ("b", known(1, other, 1, blind=True)),
        ("a", known(1, one)),  # hears that something else is stored now
        ("b", known(1, other, 1)),
    )
    assert answers[1]
    assert answers[1]["record"] == {"seed": 1, "entries": {}}
    for told in answers[5:]:
        assert told
        assert told["record"]["entries"] == {**one, **other}
    assert left == {"seed": 1, "entries": {**one, **other}}


def test_a_reload_and_a_second_tab_get_what_there_is_and_undo_nothing(node: Node) -> None:
    answers, left = played(
        node,
        ("a", known(1, {"before.1": 3})),
        ("b", known(2, {})),  # another tab, whose session knows of nothing
        ("b", known(1, {"before.1": 3}, 1)),
        ("b", known(1, {"before.1": 3, "sus.1": 2}, 1)),
        ("a", known(1, {"before.1": 3, "before.2": 0})),  # told before it has heard of sus.1
        ("a", known(1, {"before.1": 3, "before.2": 0, "sus.1": 2}, 1)),
        ("a", known(1, {"before.1": 3, "before.2": 0, "sus.1": 5}, 1)),
        ("b", known(1, {"before.1": 3, "sus.1": 2}, 1)),  # has heard of neither
    )
    assert answers[0] is None
    assert answers[1]
    assert answers[1]["record"] == {"seed": 1, "entries": {"before.1": 3}}
    assert answers[2] is answers[3] is None
    every = {"before.1": 3, "before.2": 0, "sus.1": 2}
    assert answers[4]
    assert answers[4]["record"]["entries"] == every
    assert answers[5] is answers[6] is None
    assert answers[7]
    assert answers[7]["record"]["entries"] == {**every, "sus.1": 5}
    assert left == {"seed": 1, "entries": {**every, "sus.1": 5}}


def test_what_is_taken_back_or_refused_by_python_goes(node: Node) -> None:
    kept = json.dumps({"seed": 1, "entries": {"before.1": 3, "sus.1": 2, "odd": "<b>"}})
    answers, left = played(
        node,
        ("a", known(9, {})),
        ("a", known(1, {"before.1": 3, "sus.1": 2}, 1)),  # Python has no use for the odd one
        ("a", known(1, {"before.1": 3}, 1)),  # a rating was taken back
        kept=kept,
    )
    assert answers[0]
    assert answers[0]["record"]["entries"]["odd"] == "<b>"
    assert answers[1:] == [None, None]
    assert left == {"seed": 1, "entries": {"before.1": 3}}


def test_the_last_rating_that_is_taken_back_doesnt_come_again(node: Node) -> None:
    answers, left = played(
        node,
        ("a", known(1, {"sus.1": 2})),
        ("a", known(1, {})),
        ("a", known(1, {})),
        ("b", known(2, {})),
        ("b", known(1, {}, 1)),
    )
    assert answers[:3] == [None, None, None]
    assert answers[3]
    assert answers[3]["record"] == left == {"seed": 1, "entries": {}}
    assert answers[4] is None


def test_what_is_erased_in_one_tab_is_gone_in_all_and_nothing_brings_it_back(node: Node) -> None:
    first = known(1, {"before.1": 3})
    answers, left = played(
        node,
        ("a", first),
        ("b", known(2, {})),
        ("b", known(1, {"before.1": 3}, 1)),
        ("a", known(3, {}, erased=[1])),
        ("b", known(1, {"before.1": 3}, 1)),
        ("b", known(1, {"before.1": 3, "before.2": 1}, 1)),  # answered as it hears
        ("b", known(3, {}, 2)),
    )
    assert answers[3] is None
    for told in answers[4:6]:
        assert told
        assert told["record"] == {"seed": 3, "entries": {}}
    assert answers[6] is None
    assert left == {"seed": 3, "entries": {}}


def test_what_is_told_is_told_again_by_the_same_number_until_it_is_heard(node: Node) -> None:
    kept = json.dumps({"seed": 1, "entries": {"before.1": 3}})
    answers, _ = played(node, *[("a", known(2, {}))] * 3, kept=kept)
    assert [answer and answer["number"] for answer in answers] == [1, 1, 1]


@pytest.mark.parametrize(
    "junk",
    [
        "{",
        "[]",
        "null",
        '{"seed": "1", "entries": {}}',
        '{"seed": -1, "entries": {"before.1": 3}}',
        json.dumps({"seed": SEEDS, "entries": {"before.1": 3}}),
        '{"seed": 1, "entries": []}',
        '{"seed": 1, "entries": {"a": {}}}',
        json.dumps({"seed": 1, "entries": {"a": "x" * 401}}),
        json.dumps({"seed": 1, "entries": {f"a{n}": 1 for n in range(201)}}),
        "x" * 20_001,
    ],
)
def test_junk_is_taken_away_and_told_of(junk: str, node: Node) -> None:
    first, again = known(1, {}), known(1, {}, 1)
    answers, left = played(node, ("a", first), ("a", first), ("a", again), kept=junk)
    assert answers[0]
    assert answers[0]["junk"]
    assert answers[0]["record"] == first["record"]
    assert answers[1]
    assert answers[1]["junk"]
    assert answers[2] is None
    assert left == first["record"]


def test_where_nothing_can_be_stored_that_is_told_and_the_session_goes_on(node: Node) -> None:
    answers, left = played(
        node,
        ("a", known(1, {}, stays=None)),
        ("a", known(1, {"before.1": 3}, 1, stays=False)),
        closed=True,
    )
    assert answers[0]
    assert answers[0]["stays"] is False
    assert answers[1] is None
    assert left is None
