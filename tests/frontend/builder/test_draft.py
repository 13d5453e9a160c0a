"""The list of layers as it is edited in the browser, beside Python's own lists."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.javascript import Node

DRAFT = 'const draft = await load("builder/draft.js"); '

places = st.integers(0, 5)
actions = st.one_of(
    st.tuples(st.just("add"), places),
    st.tuples(st.just("remove"), places),
    st.tuples(st.just("move"), st.tuples(places, st.sampled_from([-1, 1]))),
    st.tuples(st.just("type"), st.tuples(places, st.sampled_from(["kernel", "stride"]))),
    st.tuples(st.just("undo"), st.none()),
)

PLAY = (
    DRAFT
    + """
const history = new draft.History([]);
const lists = [];
let id = 0;
for (const [act, what] of sent) {
  const { layers } = history;
  if (act === "add") {
    id += 1;
    history.change(draft.added(layers, Math.min(what, layers.length), { id, numbers: {} }));
  }
  if (act === "remove" && what < layers.length) history.change(draft.without(layers, what));
  if (act === "move" && what[0] < layers.length)
    history.change(draft.moved(layers, what[0], what[0] + what[1]));
  if (act === "type" && what[0] < layers.length)
    history.change(
      draft.typed(layers, what[0], what[1], String(lists.length)),
      `${layers[what[0]].id}.${what[1]}`,
    );
  if (act === "undo") history.undo();
  lists.push([history.layers.map(({ id }) => id), history.undoable]);
}
while (history.undo());
return { lists, first: history.layers };
"""
)


@given(st.lists(actions, max_size=12))
def test_layers_are_added_moved_and_taken_out_as_in_a_python_list(
    node: Node, acts: list[Any]
) -> None:
    made = node.run(PLAY, acts)
    now: list[int] = []
    before: list[list[int]] = []
    writing = None
    count = 0
    for (act, what), (ids, undoable) in zip(acts, made["lists"], strict=True):
        old = list(now)
        if act == "add":
            count += 1
            now.insert(what, count)
        elif act == "remove" and what < len(now):
            del now[what]
        elif act == "move" and what[0] < len(now) and 0 <= what[0] + what[1] < len(now):
            now.insert(what[0] + what[1], now.pop(what[0]))
        elif act == "undo":
            now, writing = (before.pop() if before else now), None
        if act == "type" and what[0] < len(now):
            field = (now[what[0]], what[1])
            if field != writing:  # letters of one field are one change
                before.append(old)
            writing = field
        elif act != "undo" and now != old:
            before.append(old)
            writing = None
        assert (ids, undoable) == (now, bool(before))
    assert made["first"] == []


@pytest.mark.parametrize(
    ("text", "by", "expected"),
    [
        ("3", 1, "4"),
        ("3", -1, "2"),
        ("1", -1, "1"),
        ("15", 1, "15"),
        ("99", 1, "15"),
        ("x", 1, "8"),
    ],
)
def test_an_arrow_moves_a_whole_number_within_its_range(
    node: Node, text: str, by: int, expected: str
) -> None:
    of = {"low": 1, "high": 15, "whole": True, "start": "8"}
    assert node.run(DRAFT + "return draft.stepped(...sent)", [text, by, of]) == expected


@given(st.floats(0, 0.95).map(lambda value: round(value, 3)), st.sampled_from([-1, 1]))
def test_an_arrow_moves_a_fraction_and_keeps_it_in_range(node: Node, value: float, by: int) -> None:
    of = {"low": 0, "high": 0.95, "whole": False, "start": "0.5"}
    made = float(node.run(DRAFT + "return draft.stepped(...sent)", [f"{value:g}", by, of]))
    assert 0 <= made <= 0.95
    assert (made - value) * by >= 0
    assert abs(made - value) <= 0.1 + 1e-9


def test_a_new_layer_goes_before_the_maps_become_a_vector(node: Node) -> None:
    code = DRAFT + "return sent.map((kinds) => draft.usualPlace(kinds.map((kind) => ({ kind }))))"
    kinds = [["conv2d", "relu", "flatten", "linear"], ["linear"], []]
    assert node.run(code, kinds) == [2, 1, 0]


def test_what_was_done_before_the_page_was_left_is_undone_after_it_is_come_back_to(node: Node):
    found = node.run(
        DRAFT
        + """
        const one = [{ id: 1, kind: "relu", numbers: {} }];
        const two = [...one, { id: 2, kind: "conv2d", numbers: { kernel: "3", stride: "1" } }];
        const told = [
          { id: 8, kind: "relu", numbers: {} },
          { id: 9, kind: "conv2d", numbers: { stride: "1", kernel: "3" } },
        ];
        const left = new draft.History(one);
        left.change(two);
        const same = draft.resumed(left, told);
        const ids = same.layers.map(({ id }) => id);
        same.undo();
        const undone = same.layers.length;
        const other = draft.resumed(same, [{ id: 10, kind: "tanh", numbers: {} }]);
        const shown = other.layers[0].kind;
        other.undo();
        return [ids, undone, shown, other.layers[0].kind, draft.resumed(null, told).undoable];
        """
    )
    assert found == [[1, 2], 1, "tanh", "relu", False]
