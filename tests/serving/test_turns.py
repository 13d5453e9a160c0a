"""Of many who want to run a few do, in their order, and nobody waits behind a long run for ever."""

import threading
from concurrent.futures import ThreadPoolExecutor

from cnnviz.serving.turns import Turns


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def come(turns: Turns, who: str, order: list[str], waiting: int) -> threading.Thread:
    """A thread that takes its turn, once so many wait that it is the last of them."""
    begun = threading.Thread(target=lambda: (turns.take(who), order.append(who)), daemon=True)
    begun.start()
    while len(turns._line) < waiting and who not in order:
        threading.Event().wait(0.001)
    return begun


def test_those_who_wait_come_in_the_order_in_which_they_asked():
    turns, order = Turns(places=1, clock=Clock()), []
    turns.take("first")
    threads = [come(turns, who, order, place) for place, who in enumerate("abc", 1)]
    assert order == []
    for who, thread in zip(("first", "a", "b"), threads, strict=True):
        turns.give_back(who)
        thread.join(60)
    assert order == ["a", "b", "c"]


def test_no_more_run_at_once_than_there_are_places():
    turns = Turns(places=3, patience=3600)
    running, most, lock = 0, 0, threading.Lock()

    def run(who: int) -> None:
        nonlocal running, most
        for turn in range(20):
            turns.take((who, turn))
            with lock:
                running += 1
                most = max(most, running)
            with lock:
                running -= 1
            turns.give_back((who, turn))

    with ThreadPoolExecutor(12) as people:
        list(people.map(run, range(12)))
    assert most <= 3
    assert running == 0


def test_a_long_run_gives_up_its_place_and_only_one_at_a_time():
    clock, order = Clock(), []
    turns = Turns(places=2, patience=0.01, clock=clock)
    turns.take("long")
    turns.take("longer")
    threads = [come(turns, who, order, place) for place, who in enumerate("ab", 1)]
    assert order == []
    clock.now = 1.0
    threads[0].join(60)
    assert order == ["a"]
    clock.now = 1.005  # too soon after the other for the second to go
    assert len(turns._line) == 1
    clock.now = 2.0
    threads[1].join(60)
    assert order == ["a", "b"]
    for who in ("long", "longer", "a", "b"):
        turns.give_back(who)
    turns.take("next")
    turns.take("and its neighbour")


def test_giving_back_what_one_does_not_have_changes_nothing():
    turns, order = Turns(places=1, patience=3600), []
    turns.take("first")
    thread = come(turns, "second", order, 1)
    turns.give_back("somebody")
    turns.give_back("second")
    assert order == []
    turns.give_back("first")
    thread.join(60)
    assert order == ["second"]
