"""Whose turn it is: fair among people, one line for all servers, and what each may do."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from cnnviz.people import NotYoursError, Person, digest_of
from cnnviz.runs import control, folders, history, line, locks, owned, queue, turns
from cnnviz.runs.folders import RunError
from cnnviz.runs.queue import Queue
from cnnviz.runs.turns import Waiting
from tests.runs.short_and_long import LONG, SHORT, status
from tests.waiting import wait_for

ANN, BEN = Person(digest_of("Ann")), Person(digest_of("Ben"))
TEACHER = Person(digest_of("teacher"), teacher=True)


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("CNNVIZ_RUNS", str(tmp_path / "runs"))
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


@pytest.fixture
def server():
    """Makes queues as servers have them; each has a worker of its own."""
    made = []

    def make():
        threads = ThreadPoolExecutor(1)
        made.append((Queue(lambda: threads), threads))
        return made[-1][0]

    yield make
    for made_queue, threads in made:
        for folder in {*made_queue._waiting, *made_queue._turns}:
            control.send(folder, wish="stop")
        made_queue.close()
        threads.shutdown()


def names(found, last_turns=None):
    return " ".join(run.name for run in turns.in_order(found, last_turns or {}))


def test_people_take_turns_whoever_has_put_more_in_the_queue():
    found = [Waiting(f"a{number}", "a", number) for number in range(1, 5)]
    found += [Waiting("b1", "b", 10), Waiting("b2", "b", 11), Waiting("c1", "c", 12)]
    assert names(found) == "a1 b1 c1 a2 b2 a3 a4"
    # A run of a's has begun at 13: the others come first.
    assert names(found, {"a": 13}) == "b1 c1 a1 b2 a2 a3 a4"
    # Whoever comes anew stands at the end of the circle, and before the next round.
    assert names([*found, Waiting("d1", "d", 14)], {"a": 13}) == "b1 c1 a1 d1 b2 a2 a3 a4"
    assert names([]) == ""


def test_every_turn_that_is_taken_moves_the_circle_on_and_nobody_starves():
    """Three people who put a new run in the queue as soon as one begins."""
    waiting = [Waiting("a0", "a", 1), Waiting("b0", "b", 2), Waiting("c0", "c", 3)]
    waiting += [Waiting(f"a{number}", "a", 3 + number / 10) for number in range(1, 4)]
    last_turns, begun, now = {}, [], 10.0
    for number in range(12):
        run = turns.in_order(waiting, last_turns)[0]
        waiting.remove(run)
        begun.append(run.owner)
        last_turns[run.owner] = now
        waiting.append(Waiting(f"{run.owner}{number}x", run.owner, now + 0.5))
        now += 1
    assert "".join(begun) == "abc" * 4


def test_a_turn_is_one_servers_at_a_time_and_says_which_run_has_it(root):
    first = turns.take(root, "first", 2)
    assert first is not None
    with first:
        second = turns.take(root, "second", 2)
        assert second is not None
        with second:
            assert turns.take(root, "third", 2) is None
            assert not turns.is_free(root, 2)
            assert turns.having(root) == {"first", "second"}
        assert turns.having(root) == {"first"}
        assert turns.take(root, "third", 1) is None
    assert turns.having(root) == set()
    assert turns.is_free(root, 1)


def test_when_somebody_last_had_a_turn_is_known_for_a_day(root):
    assert turns.last_turn(root, ANN.digest) == 0
    turns.note(root, ANN.digest)
    turns.note(root, "")
    assert abs(turns.last_turn(root, ANN.digest) - time.time()) < 60
    old = root / turns.FOLDER / f"last-{BEN.digest}"
    old.touch()
    os.utime(old, (0, time.time() - turns.FORGOTTEN - 1))
    turns.note(root, ANN.digest)
    assert not old.exists()


def test_two_servers_with_one_folder_have_one_queue(server):
    here, there = server(), server()
    first, second = folders.create(LONG, owner=ANN.digest), folders.create(LONG, owner=BEN.digest)
    third = folders.create(SHORT, owner=ANN.digest)
    here.submit(first)
    wait_for(lambda: status(first) == "running")
    there.submit(second)
    here.submit(third)
    everything = [history.read(folder) for folder in (first, second, third)]
    assert [
        place and place.number for place in (line.place(r, everything) for r in everything)
    ] == [
        None,
        1,
        2,
    ]
    # Looked at a few times: nothing begins while the one turn is taken.
    time.sleep(5 * queue.LOOK_EVERY)
    assert (status(second), status(third)) == ("queued", "queued")
    # Whichever server has it, any of them stops it.
    there.stop(first)
    wait_for(lambda: status(second) == "running")
    assert status(third) == "queued"
    here.stop(second)
    wait_for(lambda: status(third) == "finished")
    assert (status(first), status(second)) == ("stopped", "stopped")


def test_a_run_that_waits_at_one_server_is_taken_out_at_another(server):
    here, there = server(), server()
    first, second = folders.create(LONG), folders.create(SHORT)
    here.submit(first)
    here.submit(second)
    there.stop(second)
    wait_for(lambda: status(second) == "stopped" and not locks.is_active(second))
    there.stop(first)
    wait_for(lambda: status(first) == "stopped")


def test_a_server_that_leaves_its_turn_unused_holds_nobody_up(server, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.2)
    stuck, mine = folders.create(SHORT), folders.create(SHORT, owner=ANN.digest)
    with locks.queued(stuck):
        server().submit(mine)
        wait_for(lambda: status(mine) == "finished")


def test_however_many_runs_it_leaves_waiting_it_holds_nobody_up(server, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.2)
    one, other = folders.create(SHORT), folders.create(SHORT, owner=BEN.digest)
    mine = folders.create(SHORT, owner=ANN.digest)
    with locks.queued(one), locks.queued(other):
        server().submit(mine)
        wait_for(lambda: status(mine) == "finished")


def test_a_paused_run_gives_up_its_turn_and_waits_for_it_again_when_it_goes_on(server):
    here = server()
    first, second = folders.create(LONG), folders.create(LONG)
    here.submit(first)
    here.submit(second)
    wait_for(lambda: history.read(first).events.last_step > 5)
    owned.pause(first, ANN)
    wait_for(lambda: status(second) == "running")
    assert status(first) == "paused"
    assert not locks.is_training(first)
    reached = history.read(first).events.last_step
    owned.go_on(here, first, ANN)
    wait_for(lambda: status(first) == "queued")
    here.stop(second)
    wait_for(lambda: history.read(first).events.last_step > reached)
    owned.pause(first, ANN)
    wait_for(lambda: status(first) == "paused")
    owned.stop(here, first, ANN)
    wait_for(lambda: status(first) == "stopped")


def test_pause_and_go_on_in_any_haste_leave_it_running(server):
    here = server()
    folder = folders.create(LONG)
    here.submit(folder)
    wait_for(lambda: status(folder) == "running")
    for number in range(12):
        owned.pause(folder, ANN)
        time.sleep(0.01 * number)
        owned.go_on(here, folder, ANN)
        reached = history.read(folder).events.last_step
        wait_for(lambda: status(folder) == "running")
        wait_for(lambda reached=reached: history.read(folder).events.last_step > reached)
    here.stop(folder)
    wait_for(lambda: status(folder) == "stopped")


def test_going_on_with_what_somebody_else_has_just_put_in_the_queue_is_no_error(
    server, monkeypatch
):
    here = server()
    busy, folder = folders.create(LONG), folders.create(LONG)
    here.submit(folder)
    wait_for(lambda: status(folder) == "running")
    owned.pause(folder, ANN)
    wait_for(lambda: status(folder) == "paused" and not locks.is_active(folder))
    here.submit(busy)
    is_active = locks.is_active

    def just_before(looked_at):
        active = is_active(looked_at)
        if not active:
            here.submit(looked_at)
        return active

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(locks, "is_active", just_before)
        here.go_on(folder)
    assert status(folder) == "queued"
    for each in (folder, busy):
        here.stop(each)
    wait_for(lambda: not locks.is_active(folder) and not locks.is_active(busy))


def test_a_run_is_its_persons_alone_whatever_another_asks_for(server, monkeypatch):
    here = server()
    folder = owned.start(here, LONG, "Ann's", ANN)
    wait_for(lambda: status(folder) == "running")
    attempts = [
        lambda who: owned.pause(folder, who),
        lambda who: owned.go_on(here, folder, who),
        lambda who: owned.stop(here, folder, who),
        lambda who: owned.resume(here, folder, who),
        lambda who: owned.change(folder, who, learning_rate=0.5),
        lambda who: owned.rename(folder, who, "Ben's"),
        lambda who: owned.pin(folder, who, True),
        lambda who: owned.delete(folder, who),
    ]
    before = folders.about(folder), control.read(folder)
    for attempt in attempts:
        with pytest.raises(NotYoursError, match="the run Ann's was started in another browser"):
            attempt(BEN)
    assert (folders.about(folder), control.read(folder)) == before
    assert status(folder) == "running"
    owned.rename(folder, TEACHER, "the teacher's word")
    owned.pin(folder, ANN, True)
    assert folders.about(folder).owner == ANN.digest
    with monkeypatch.context() as open_class:
        open_class.setenv("CNNVIZ_OPEN_RUNS", "1")
        owned.stop(here, folder, BEN)
    wait_for(lambda: status(folder) == "stopped" and not locks.is_active(folder))
    owned.delete(folder, ANN)
    assert not folder.exists()


def test_nobodys_run_is_everybodys_until_somebody_resumes_it(server):
    here = server()
    folder = folders.create(LONG)
    owned.rename(folder, BEN, "anyone's")
    owned.resume(here, folder, ANN)
    assert folders.about(folder).owner == ANN.digest
    with pytest.raises(NotYoursError):
        owned.stop(here, folder, BEN)
    owned.stop(here, folder, ANN)
    wait_for(lambda: status(folder) == "stopped" and not locks.is_active(folder))


def test_one_person_has_so_many_in_the_queue_and_no_more_and_others_still_have_room(server):
    here = server()
    begun = [owned.start(here, LONG, "first", ANN)]
    wait_for(lambda: status(begun[0]) == "running")
    begun += [owned.start(here, SHORT, f"{n}", ANN) for n in range(owned.MOST_EACH)]
    found = folders.names()
    with pytest.raises(RunError, match="5 of your runs wait for their turn already"):
        owned.start(here, SHORT, "one too many", ANN)
    assert folders.names() == found
    fine = [owned.start(here, SHORT, "Ben's", BEN), owned.start(here, SHORT, "T", TEACHER)]
    # Ben's one run comes before all but the first of the many.
    order = [run.name for run in turns.waiting(folders.root())]
    assert order.index(fine[0].name) <= 1
    for folder in (*begun[1:], *fine, begun[0]):
        here.stop(folder)
    wait_for(lambda: not any(locks.is_active(folder) for folder in (*begun, *fine)))


def test_several_clicks_at_once_are_bounded_too(server):
    here = server()
    first = owned.start(here, LONG, "first", ANN)
    refused = []

    def click():
        try:
            owned.start(here, SHORT, "more", ANN)
        except RunError as error:
            refused.append(error)

    clicks = [threading.Thread(target=click) for _ in range(9)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert len(refused) in (9 - owned.MOST_EACH, 8 - owned.MOST_EACH)
    assert len(turns.waiting(folders.root())) == owned.MOST_EACH
    for name in folders.names():
        if name != first.name:
            here.stop(folders.find(name))
    here.stop(first)


def test_the_time_until_it_begins_is_that_of_all_before_it(monkeypatch):
    times = {}
    monkeypatch.setattr(line, "seconds_left", lambda run, runs: times[run.name])
    made = [folders.create(SHORT, owner=digest_of(str(n))) for n in range(4)]
    turn = turns.take(folders.root(), made[0].name, 1)
    assert turn is not None
    with turn, locks.queued(made[1]), locks.queued(made[2]), locks.queued(made[3]):
        for number, folder in enumerate(made):
            if number:
                os.utime(folder / locks.QUEUED, (0, 1000 + number))
        runs = [history.read(folder) for folder in made]
        times.update({run.name: 10.0 * (n + 1) for n, run in enumerate(runs)})
        places = [line.place(run, runs) for run in runs]
        assert [place and (place.number, place.seconds) for place in places] == [
            None,
            (1, 10.0),
            (2, 30.0),
            (3, 60.0),
        ]
        other = turns.take(folders.root(), "from elsewhere", 2)
        assert other is not None
        with other:
            assert line.place(runs[3], runs) == line.Place(3, 60.0)
        times[runs[1].name] = None
        assert line.place(runs[3], runs) == line.Place(3, None)


def test_a_run_that_the_queue_does_not_take_leaves_no_folder(root, server):
    here = server()
    here.close()
    with pytest.raises(RunError, match="the server is ending"):
        owned.start(here, SHORT, "a", ANN)
    assert not [*root.glob("[!.]*")]
