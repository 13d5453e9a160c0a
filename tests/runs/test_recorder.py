"""A run survives what happens to it: a torn file, SIGKILL, a full disk, pause and stop."""

import errno
import functools
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from cnnviz import files, plain_files
from cnnviz.datasets.stored import Unavailable
from cnnviz.networks import checkpoints
from cnnviz.runs import control, folders, history, listener, recorder, states, writer
from cnnviz.runs.folders import RunError
from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import Change, Finished, Saved, Stopped, Wish
from cnnviz.training.loop import train
from tests.training.stopping import stop_after

SMALL = TrainingConfig(preset="own", dataset="digits", train_size=96, epochs=2, batch_size=32)
LONGER = replace(SMALL, train_size=800, batch_size=8, epochs=6)
LONGEST = replace(LONGER, epochs=20)


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("CNNVIZ_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


@functools.cache
def never_stopped(config):
    last = list(train(config))[-1]
    assert isinstance(last, Saved)
    assert isinstance(last.event, Finished)
    return last.state.weights


def assert_whole(run, config):
    """Nothing missing, nothing twice, and the weights those of a run that was never stopped."""
    total = config.epochs * config.steps_per_epoch
    assert run.status == "finished"
    assert list(run.events.steps) == list(range(1, total + 1))
    assert [row.epoch for row in run.events.epochs] == list(range(1, config.epochs + 1))
    weights = load_file(folders.snapshot_path(run.folder, total))
    for name, weight in never_stopped(config).items():
        assert torch.equal(weights[name], weight), name


def test_stopped_and_resumed_the_folder_is_that_of_one_run():
    folder = folders.create(SMALL)
    for step in (0, 1, 2):
        recorder.record(folder, stop_after(step))
        assert history.read(folder).status == "stopped"
    recorder.record(folder)
    assert_whole(history.read(folder), SMALL)


def test_torn_at_every_byte_of_its_last_event_a_run_is_read_and_goes_on(tmp_path):
    folder = folders.create(SMALL)
    recorder.record(folder, stop_after(4))
    path = folder / folders.EVENTS
    whole = path.read_bytes()
    before = whole[: whole[:-1].rfind(b"\n") + 1]
    for end in range(len(before), len(whole)):
        path.write_bytes(whole[:end])
        run = history.read(folder)
        assert (run.status, run.events.last_step) == ("interrupted", 4)
        recorder.note(folder, Stopped)
        assert history.read(folder).status == "stopped"
        for line in path.read_bytes().splitlines():
            json.loads(line)
    for end in (len(before) + 1, len(whole) - 1):
        torn = tmp_path / "runs" / f"torn-{end}"
        shutil.copytree(folder, torn)
        (torn / folders.EVENTS).write_bytes(whole[:end])
        recorder.record(torn)
        assert_whole(history.read(torn), SMALL)


def steps_since(folder, written):
    """How many steps were written after the first `written` bytes of the run's events."""
    try:
        with (folder / folders.EVENTS).open("rb") as events:
            events.seek(written)
            return events.read().count(b'"event": "step"')
    except FileNotFoundError:
        return 0


@pytest.mark.long
def test_killed_twenty_times_at_random_moments_it_ends_as_if_never_killed(monkeypatch):
    # A page run by AppTest before this leaves itself as the main module, to be run in each child.
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["cnnviz.runs.recorder", "cnnviz.datasets.images"])
    folder = folders.create(LONGEST)
    moments = random.Random(6)
    kills = 0
    while kills < 20:
        events = folder / folders.EVENTS
        written = events.stat().st_size if events.exists() else 0
        worker = context.Process(target=recorder.record, args=(folder,))
        worker.start()
        deadline = time.monotonic() + 60
        # It gets somewhere first, or twenty kills would be twenty kills of an import.
        while worker.is_alive() and not steps_since(folder, written):
            assert time.monotonic() < deadline
            time.sleep(0.002)
        time.sleep(moments.uniform(0, 0.02))
        assert worker.is_alive(), f"over before kill {kills + 1}, with {worker.exitcode}"
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
        kills += 1

        run = history.read(folder)
        steps = list(run.events.steps)
        assert steps == list(range(1, len(steps) + 1))
        assert run.status in ("interrupted", "finished")
        for row in run.events.snapshots:
            checkpoints.load(folders.snapshot_path(folder, row.step))
        states.load(folder)
    recorder.record(folder)
    assert_whole(history.read(folder), LONGEST)


def test_a_changed_learning_rate_is_resumed_with_and_remembered():
    folder = folders.create(SMALL)
    wishes = iter([None, None, Wish(learning_rate=0.02), Wish(batch_size=16), Wish(stop=True)])
    seen = []
    recorder.record(folder, lambda: next(wishes, None), seen.append)
    recorder.record(folder)
    run = history.read(folder)
    assert [(c.step, c.setting, c.new) for c in run.events.changes] == [
        (2, "learning_rate", 0.02),
        (3, "batch_size", 16.0),
    ]
    assert [event for event in seen if isinstance(event, Change)]
    assert list(run.events.learning_rates)[:4] == [0.001, 0.001, 0.02, 0.02]
    assert len(run.events.steps) == 3 + 6
    assert run.samples_done == 2 * 96


def test_a_full_disk_ends_the_run_with_a_message_and_spares_what_was_there(monkeypatch):
    folder = folders.create(LONGER)
    written = 0

    def full(path, content):
        nonlocal written
        written += 1
        if written > 9:
            raise OSError(errno.ENOSPC, "No space left on device")
        files.write_atomically(path, content)

    monkeypatch.setattr(plain_files, "write_atomically", full)
    with pytest.raises(RunError, match="is full; what was recorded until then is kept"):
        recorder.record(folder)
    monkeypatch.undo()
    monkeypatch.setenv("CNNVIZ_RUNS", str(folder.parent))
    run = history.read(folder)
    assert run.status == "failed"
    assert "is full" in (run.events.reason or "")
    assert run.events.snapshots
    for row in run.events.snapshots:
        checkpoints.load(folders.snapshot_path(folder, row.step))
    recorder.record(folder)
    assert_whole(history.read(folder), LONGER)


def test_a_disk_that_fills_in_the_middle_of_a_line_leaves_no_half_a_line(monkeypatch):
    folder = folders.create(SMALL)
    flush = writer.Writer.flush
    flushes = 0

    def full(self):
        nonlocal flushes
        flushes += 1
        if flushes == 8:
            self.file.write(b'{"event": "st')
            flush(self)
            raise OSError(errno.ENOSPC, "No space left on device")
        flush(self)

    monkeypatch.setattr(writer.Writer, "flush", full)
    with pytest.raises(RunError, match="is full"):
        recorder.record(folder)
    for line in (folder / folders.EVENTS).read_bytes().splitlines():
        json.loads(line)
    assert history.read(folder).status == "failed"


def test_a_run_that_cannot_say_it_started_leaves_no_open_file_and_no_reserve(monkeypatch):
    folder = folders.create(SMALL)
    opened: list[Any] = []

    def keep(path):
        opened.append(open_for_append(path))
        return opened[-1]

    def full(self):
        raise OSError(errno.ENOSPC, "No space left on device")

    open_for_append = writer.open_for_append
    monkeypatch.setattr(writer, "open_for_append", keep)
    monkeypatch.setattr(writer.Writer, "flush", full)
    with pytest.raises(RunError, match="is full"):
        recorder.record(folder)
    assert [file.closed for file in opened] == [True]
    assert not (folder / writer.RESERVE).exists()


def test_a_run_removes_what_killed_processes_left_half_written_but_no_fresh_part():
    folder = folders.create(SMALL)
    (folder / folders.SNAPSHOTS).mkdir(exist_ok=True)
    old = [folder / ".state.safetensors.1-2.part", folder / folders.SNAPSHOTS / ".step.1-2.part"]
    fresh = folder / ".control.json.1-2.part"
    for part in (*old, fresh):
        part.write_bytes(b"half")
    long_ago = time.time() - 3600
    for part in old:
        os.utime(part, (long_ago, long_ago))
    recorder.record(folder)
    assert [part.exists() for part in (*old, fresh)] == [False, False, True]


def test_a_folder_that_becomes_unwritable_keeps_the_reason(monkeypatch):
    folder = folders.create(LONGER)
    written = 0

    def denied(path, *_, **__):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    def then_denied(path, content):
        nonlocal written
        written += 1
        if written > 5:
            monkeypatch.setattr(Path, "unlink", denied)
            denied(path)
        files.write_atomically(path, content)

    monkeypatch.setattr(plain_files, "write_atomically", then_denied)
    with pytest.raises(RunError, match="can't be written: Permission denied"):
        recorder.record(folder)
    run = history.read(folder)
    assert run.status == "failed"
    assert "can't be written: Permission denied" in (run.events.reason or "")


def test_what_training_raises_is_the_run_s_reason(monkeypatch):
    folder = folders.create(SMALL)

    def unavailable(*_):
        raise Unavailable("no such images here")

    monkeypatch.setattr(recorder, "train", unavailable)
    with pytest.raises(Unavailable):
        recorder.record(folder)
    assert history.read(folder).events.reason == "no such images here"


def test_paused_it_ends_with_its_state_on_disk_and_goes_on_where_it_was():
    folder = folders.create(LONGER)
    control.send(folder, wish="pause")
    recorder.record(folder)
    paused = history.read(folder)
    assert paused.status == "paused"
    state = states.load(folder)
    assert state is not None
    assert state.step == paused.events.last_step
    # Whoever has it trained again without asking it to go on has it paused again, where it was.
    recorder.record(folder)
    assert history.read(folder).status == "paused"
    assert history.read(folder).events.last_step == state.step
    control.send(folder, wish="run", learning_rate=0.005)
    recorder.record(folder, stop_after(20))
    run = history.read(folder)
    assert run.status == "stopped"
    assert run.events.last_step > state.step
    assert [c.new for c in run.events.changes] == [0.005]


def test_one_who_has_changed_their_mind_before_it_has_paused_keeps_the_turn(monkeypatch):
    folder = folders.create(SMALL)
    control.send(folder, wish="pause")
    save = states.save

    def slow(folder, state):
        save(folder, state)
        control.send(folder, wish="run")

    monkeypatch.setattr(states, "save", slow)
    recorder.record(folder)
    assert history.read(folder).status == "finished"


def test_a_saved_state_with_a_number_that_no_float_can_hold_is_damaged():
    folder = folders.create(SMALL)
    recorder.record(folder, stop_after(3))
    state = states.load(folder)
    assert state is not None
    states.save(folder, replace(state, step=10**400))
    with pytest.raises(RunError, match="its saved state is damaged"):
        states.load(folder)


def test_a_rate_that_the_caller_sets_is_kept_when_the_state_is_saved_at_that_step(monkeypatch):
    monkeypatch.setattr(writer, "SAVE_EVERY", 0.0)
    monkeypatch.setattr(listener, "LOOK_EVERY", 0.0)
    folder = folders.create(SMALL)
    wishes = iter([None, Wish(learning_rate=0.02)])
    recorder.record(folder, lambda: next(wishes, None))
    assert [c.new for c in history.read(folder).events.changes] == [0.02]


def test_with_nobody_left_to_train_for_it_is_interrupted_and_can_be_resumed():
    folder = folders.create(LONGER)  # it is asked every 20 ms: a short run could be over by then
    left = iter([False, False, False])
    recorder.record(folder, abandoned=lambda: next(left, True))
    assert history.read(folder).status == "interrupted"
    recorder.record(folder)
    assert history.read(folder).status == "finished"


def test_a_run_that_explodes_is_told_with_the_reason_and_its_good_snapshots_kept():
    folder = folders.create(replace(SMALL, learning_rate=10.0))
    recorder.record(folder)
    run = history.read(folder)
    assert run.status == "failed"
    assert "lower learning rate" in (run.events.reason or "")
    assert run.events.snapshots
    checkpoints.load(folders.snapshot_path(folder, run.events.snapshots[-1].step))


def test_snapshots_are_checkpoints_that_say_how_they_were_trained():
    folder = folders.create(SMALL)
    recorder.record(folder)
    opened = checkpoints.load(folders.snapshot_path(folder, 6))
    assert json.loads(opened.metadata["recipe"]) == json.loads(SMALL.to_json())
    assert len(opened.losses) == 2
    # Not MNIST's test images, so not what readers take this for.
    assert opened.test_accuracy is None
