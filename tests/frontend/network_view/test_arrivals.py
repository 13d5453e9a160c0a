"""arrivals.js, the machine that chooses between preview and torch, against every order of arrival.

The oracle is a plain list of what has happened: which picture the hand made last, and which of
them torch has answered.
"""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.javascript import Node

RUN = """
const { START, step } = await load("network_view/arrivals.js");
let state = START;
const made = [];
for (const event of sent) {
  const next = step(state, event);
  state = next.state;
  made.push({ state, effects: next.effects });
}
return made;
"""
LATE = 700


def run(node: Node, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return node.run(RUN, events)


def traced(
    picture: int,
    *,
    ready: bool = True,
    fits: bool = False,
    changed: bool = False,
    now: float = 0,
    **other: str,
) -> dict[str, Any]:
    trace = {"weights": "w", "structure": "s", "picture": picture, **other}
    told = {"ready": ready, "fits": fits, "changed": changed, "now": now}
    return {"type": "trace", "trace": trace, **told}


def preview(now: float, *, fits: bool = False) -> dict[str, Any]:
    return {"type": "preview", "fits": fits, "now": now}


DOWN = {"type": "down"}


def up(now: float) -> dict[str, Any]:
    return {"type": "up", "now": now}


def late(now: float) -> dict[str, Any]:
    return {"type": "late", "now": now}


def shown(step: dict[str, Any]) -> list[int]:
    return [e["trace"]["picture"] for e in step["effects"] if e["do"] == "show"]


def test_the_first_trace_brings_its_network_and_is_shown(node: Node) -> None:
    (made,) = run(node, [traced(0)])
    assert [effect["do"] for effect in made["effects"]] == ["adopt", "show"]
    assert made["effects"][0]["fresh"]
    assert made["state"]["phase"] == "torch"


def test_a_trace_waits_for_its_weights_and_a_newer_one_takes_its_place(node: Node) -> None:
    made = run(
        node,
        [
            traced(0, ready=False, weights="a"),
            traced(1, ready=False, weights="b"),
            {"type": "weights", "id": "a", "fits": False, "now": 0},
            {"type": "weights", "id": "b", "fits": False, "now": 0},
        ],
    )
    assert [shown(step) for step in made] == [[], [], [], [1]]


def test_while_the_pen_is_down_torch_is_held_and_a_preview_makes_it_old(node: Node) -> None:
    made = run(node, [traced(0), DOWN, traced(1), preview(5), up(10), late(10_000)])
    assert [shown(step) for step in made[1:]] == [[], [], [], [], []]
    assert made[-1]["state"]["shown"] == "preview"


def test_a_pen_that_drew_nothing_shows_what_was_held(node: Node) -> None:
    made = run(node, [traced(0), DOWN, traced(1), up(10)])
    assert shown(made[2]) == []
    assert shown(made[3]) == [1]


def test_the_answer_to_the_picture_shown_comes_at_once(node: Node) -> None:
    made = run(node, [traced(0), DOWN, preview(5), up(10), traced(1, fits=True, now=300)])
    assert shown(made[-1]) == [1]
    assert made[-1]["state"]["phase"] == "torch"


def test_an_answer_to_the_stroke_before_waits_for_a_better_one(node: Node) -> None:
    start = [traced(0), DOWN, preview(5), up(10), traced(1, now=100)]
    made = run(node, [*start, traced(2, fits=True, now=300), late(100 + LATE)])
    assert [shown(step) for step in made[4:]] == [[], [2], []]
    made = run(node, [*start, late(100 + LATE - 1), late(100 + LATE)])
    assert [shown(step) for step in made[5:]] == [[], [1]]


def test_the_answer_that_came_while_the_pen_was_down_is_shown_when_it_is_up(node: Node) -> None:
    start = [traced(0), DOWN, preview(5), traced(1, fits=True, now=300)]
    made = run(node, [*start, up(310)])
    assert [shown(step) for step in made[1:]] == [[], [], [], [1]]
    assert made[-1]["state"]["phase"] == "torch"
    # Not the answer to what was drawn after it.
    made = run(node, [*start, preview(305), up(310), late(10_000)])
    assert [shown(step) for step in made[1:]] == [[], [], [], [], [], []]


def test_an_older_answer_after_a_picture_that_torch_knows_still_waits(node: Node) -> None:
    made = run(node, [traced(0), DOWN, preview(5, fits=True), traced(1, now=10), up(20)])
    assert shown(made[-1]) == []
    assert made[-1]["state"]["due"] == 20 + LATE


def test_the_pen_down_again_stops_the_wait(node: Node) -> None:
    made = run(
        node,
        [traced(0), DOWN, preview(5), up(10), traced(1, now=100), DOWN, late(2000)],
    )
    assert shown(made[-1]) == []
    assert made[-1]["state"]["shown"] == "preview"


def test_an_undo_back_to_what_torch_answered_needs_no_answer(node: Node) -> None:
    made = run(node, [traced(0), preview(5), preview(6, fits=True)])
    assert shown(made[-1]) == [0]
    assert made[-1]["state"]["shown"] == "torch"


def test_another_network_is_shown_even_while_the_pen_is_down(node: Node) -> None:
    made = run(node, [traced(0), DOWN, preview(1), traced(1, structure="other")])
    assert shown(made[-1]) == [1]
    assert made[-1]["state"]["phase"] == "down"


def test_other_weights_are_used_for_previews_while_their_trace_is_held(node: Node) -> None:
    made = run(node, [traced(0), DOWN, preview(1), traced(1, weights="other")])
    assert [effect["do"] for effect in made[-1]["effects"]] == ["adopt", "rerun"]


def test_other_changes_are_previewed_at_once_while_their_trace_is_held(node: Node) -> None:
    # Or the maps would be of the network before, beside the kernels of this one.
    events = [traced(0), DOWN, traced(1, changed=True), up(5)]
    made = run(node, events)
    assert [[effect["do"] for effect in step["effects"]] for step in made[2:]] == [["rerun"], []]
    assert made[3]["state"]["due"] == 5 + LATE
    # And where the hand is up nothing better is waited for.
    made = run(node, [traced(0), DOWN, preview(1), up(2), traced(1, changed=True, now=3)])
    assert shown(made[-1]) == [1]


@pytest.mark.parametrize("fits", [True, False])
def test_other_weights_are_never_shown_beside_values_of_the_old_ones(
    node: Node, fits: bool
) -> None:
    # The pen is down and has drawn nothing yet: torch's values of the old weights are shown.
    start = [traced(0), DOWN, traced(1, weights="other", fits=fits, now=5)]
    made = run(node, [*start, up(10), late(10 + LATE)])
    assert [effect["do"] for effect in made[2]["effects"]] == ["adopt", "rerun"]
    assert made[2]["state"]["shown"] == "preview"
    assert [shown(step) for step in made[3:]] == ([[1], []] if fits else [[], [1]])


@pytest.mark.parametrize("first", ["trace", "preview", "up", "weights", "late"])
def test_before_the_first_trace_nothing_is_shown(node: Node, first: str) -> None:
    event: dict[str, Any] = {"type": first, "now": 0, "fits": True, "id": "w"}
    if first == "trace":
        event = traced(0, ready=False)
    (made,) = run(node, [event])
    assert made["effects"] == []
    assert made["state"]["phase"] == "empty"


STEPS = ["down", "up", "preview", "answer", "old answer", "late"]


def history(names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Events as they come: the hand makes pictures 1, 2, …; torch answers the latest, or not."""
    events: list[dict[str, Any]] = [traced(0)]
    picture, now = 0, 0.0
    for name in names:
        now += 100
        match name:
            case "preview":
                picture += 1
                events.append(preview(now))
            case "answer":
                events.append(traced(picture, fits=True, now=now))
            case "old answer":
                events.append(traced(max(0, picture - 1), fits=picture == 0, now=now))
            case "down":
                events.append(DOWN)
            case "up":
                events.append(up(now))
            case _:
                now += LATE
                events.append(late(now))
    return events


def check(names: tuple[str, ...], made: list[dict[str, Any]]) -> None:
    hand, picture, screen, answered = "up", 0, ("torch", 0), True
    for name, step in zip(names, made[1:], strict=True):
        state = step["state"]
        if name in ("down", "up"):
            hand = name
        if name == "preview":
            picture += 1
            screen = ("preview", picture)
        if name in ("answer", "old answer", "preview"):
            answered = name == "answer"
        for shown_picture in shown(step):
            # Never while the hand is down, and never an older picture than torch's last word.
            assert hand == "up", names
            screen = ("torch", shown_picture)
        assert state["shown"] == screen[0], names
        assert (state["phase"] == "down") == (hand == "down"), names
        assert (state["phase"] == "settling") == (hand == "up" and screen[0] == "preview"), names
        # The answer to what is shown is never waited for, once the hand is up.
        if answered and hand == "up":
            assert screen == ("torch", picture), names
        # Whatever is held is shown in the end: there is a time for it, or a hand to lift.
        if state["held"] is not None and hand == "up":
            assert state["due"] is not None, names


def test_every_order_of_five_arrivals(node: Node) -> None:
    orders = list(product(STEPS, repeat=5))
    code = RUN.replace("for (const event of sent)", "for (const event of events)")
    results = node.run(
        "const all = []; for (const events of sent) { const one = await (async () => {"
        + code
        + "})(); all.push(one); } return all;",
        [history(names) for names in orders],
    )
    for names, made in zip(orders, results, strict=True):
        check(names, made)


@given(st.lists(st.sampled_from(STEPS), max_size=40))
def test_any_longer_history_too(node: Node, names: list[str]) -> None:
    check(tuple(names), run(node, history(tuple(names))))


def test_a_stroke_undone_before_the_hand_counts_as_up_is_torchs_at_once(node: Node) -> None:
    steps = run(node, [traced(1), DOWN, preview(10), preview(60, fits=True), up(150)])
    assert shown(steps[-1]) == [1]
    assert steps[-1]["state"]["shown"] == "torch"


def test_other_weights_chosen_in_the_browser_run_the_picture_that_is_shown(node: Node):
    """Where nobody answers: whatever picture it is, torch's values are of other weights."""
    other = {"weights": "v", "structure": "s", "picture": 0}
    events = [
        {"type": "reweighed", "trace": other, "now": 0},
        traced(1),
        {"type": "preview", "fits": False, "now": 10},
        {"type": "reweighed", "trace": other, "now": 20},
        {"type": "preview", "fits": False, "now": 30},
    ]
    made = run(node, events)
    assert (made[0]["state"]["phase"], made[0]["effects"]) == ("empty", [])
    adopt, rerun = made[3]["effects"]
    assert adopt == {"do": "adopt", "trace": other, "fresh": False, "reweighed": True}
    assert rerun == {"do": "rerun"}
    for each in made[3:]:
        assert each["state"]["shown"] == "preview"
        assert each["state"]["last"] == other
