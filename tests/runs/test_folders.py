"""Run folders: names that stay inside, limits that spare what is in use, hostile content."""

import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import tracemalloc
from dataclasses import replace

import pytest

from cnnviz.runs import control, folders, history, locks, pruning, recorder, states, writer
from cnnviz.runs.folders import RunError
from cnnviz.training.config import EPOCHS, TrainingConfig
from cnnviz.training.events import Queued, Step, Wish, to_line
from cnnviz.training.presets import PRESETS

SMALL = TrainingConfig(preset="own", dataset="digits", train_size=96, epochs=2, batch_size=32)


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("CNNVIZ_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


def recorded(title="small", config=SMALL):
    folder = folders.create(config, title)
    recorder.record(folder)
    return folder


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "/etc", "a\\b", ".hidden", "a\0b", "x" * 101, "ä", "a b", None],
)
def test_a_name_never_leaves_the_folder(name):
    with pytest.raises(RunError, match="a run's name is letters, digits"):
        folders.find(name)


def test_a_run_that_is_a_link_to_elsewhere_is_not_a_run(root, tmp_path):
    elsewhere = folders.create(SMALL, name="real", runs=tmp_path / "elsewhere")
    root.mkdir()
    (root / "linked").symlink_to(elsewhere)
    assert folders.names() == []
    with pytest.raises(RunError, match="no run called 'linked'"):
        folders.find("linked")


def test_a_new_run_is_found_with_its_settings_and_title():
    folder = folders.create(PRESETS["fast"], "my run")
    assert folders.find(folder.name) == folder
    assert folders.config(folder) == PRESETS["fast"]
    assert folders.about(folder).title == "my run"
    assert history.read(folder).status == "interrupted"


def test_a_run_is_never_created_over_another():
    folders.create(SMALL, name="mine")
    with pytest.raises(RunError, match="mine is already there"):
        folders.create(SMALL, name="mine")


def test_renaming_and_pinning_leave_the_folder_where_it_is():
    folder = folders.create(SMALL, "before")
    folders.rename(folder, "  after\n<b>all</b> ")
    folders.pin(folder, True)
    assert folders.about(folders.find(folder.name)).title == "after <b>all</b>"
    assert folders.about(folder).pinned
    with pytest.raises(RunError, match="at least one letter"):
        folders.rename(folder, " \n ")


def test_a_deleted_run_is_gone_and_one_that_trains_or_waits_is_not_deleted(root):
    folder = folders.create(SMALL)
    for lock in (locks.training, locks.queued):
        with lock(folder), pytest.raises(RunError, match="still training"):
            pruning.delete(folder)
    pruning.delete(folder)
    assert list(root.iterdir()) == []


def test_a_run_can_be_trained_by_one_process_only():
    folder = folders.create(SMALL)
    with locks.training(folder), pytest.raises(RunError, match="already being trained"):
        recorder.record(folder)


def test_renaming_a_run_while_somebody_pins_it_loses_neither(monkeypatch):
    folder = folders.create(SMALL)
    pinning = threading.Thread(target=folders.pin, args=(folder, True))
    write = folders.write_json

    def write_late(path, content):
        # Between what the first has read and what it writes.
        if not pinning.ident:
            pinning.start()
            pinning.join(0.3)
        write(path, content)

    monkeypatch.setattr(folders, "write_json", write_late)
    folders.rename(folder, "Mine")
    pinning.join()
    about = folders.about(folder)
    assert (about.title, about.pinned) == ("Mine", True)


def test_the_oldest_unpinned_runs_make_room_and_never_one_in_use():
    made = [folders.create(SMALL, f"run {i}") for i in range(6)]
    for age, folder in enumerate(made):
        about = replace(folders.about(folder), created=1e9 + age)
        folders.write_json(folder / folders.ABOUT, vars(about))
    folders.pin(made[0], True)
    with locks.training(made[1]), locks.use(made[2]):
        assert pruning.prune(keep=3) == [made[i].name for i in (3, 4, 5)]
    assert set(folders.names()) == {folder.name for folder in made[:3]}


def test_runs_make_room_by_their_size_too():
    old, new = recorded("old"), recorded("new")
    folders.write_json(old / folders.ABOUT, vars(replace(folders.about(old), created=1e9)))
    limit = pruning.size(new) * 1.5 / 1e6
    assert pruning.prune(megabytes=limit) == [old.name]
    assert folders.names() == [new.name]


def test_limits_come_from_settings_and_say_what_is_wrong_with_them(monkeypatch):
    for _ in range(3):
        folders.create(SMALL)
    monkeypatch.setenv("CNNVIZ_KEEP_RUNS", "1")
    assert len(pruning.prune()) == 2
    monkeypatch.setenv("CNNVIZ_KEEP_RUNS", "many")
    with pytest.raises(RunError, match="CNNVIZ_KEEP_RUNS must be a number"):
        pruning.prune()


def test_a_limit_that_is_given_is_not_looked_up(monkeypatch):
    monkeypatch.setenv("CNNVIZ_KEEP_MB", "many")
    assert pruning.prune(keep=10, megabytes=10) == []
    monkeypatch.setenv("CNNVIZ_KEEP_MB", "10")
    monkeypatch.setenv("CNNVIZ_KEEP_RUNS", "many")
    assert pruning.prune(keep=10) == []


def test_wishes_are_checked_when_sent_and_again_when_read():
    folder = folders.create(SMALL)
    control.send(folder, wish="pause", learning_rate=0.01)
    control.send(folder, batch_size=8)
    assert control.read(folder) == control.Wanted("pause", 0.01, 8)
    with pytest.raises(ValueError, match="learning_rate"):
        control.send(folder, learning_rate=-1.0)
    (folder / folders.CONTROL).write_text(
        '{"wish": "rm -rf", "learning_rate": NaN, "batch_size": 0}'
    )
    assert control.read(folder) == control.Wanted()


def test_a_run_remembers_everything_that_happened():
    run = history.read(recorded())
    assert run.status == "finished"
    assert list(run.events.steps) == [1, 2, 3, 4, 5, 6]
    assert [row.epoch for row in run.events.epochs] == [1, 2]
    assert [row.step for row in run.events.snapshots] == [0, 1, 2, 3, 5, 6]
    assert run.samples_done == 2 * 96
    for row in run.events.snapshots:
        assert folders.snapshot_path(run.folder, row.step).is_file()


def test_only_what_is_new_is_read_again():
    folder = folders.create(SMALL)
    reader = history.Reader(folder)
    assert reader.update().last_step == 0
    recorder.record(folder)
    first = reader.update()
    assert first.last_step == 6
    revision = first.revision
    assert reader.update().revision == revision
    assert reader.update() is first


def test_of_the_longest_run_there_can_be_few_enough_steps_are_written_to_be_read_back():
    assert all(history.is_kept(step) for step in range(1, 100_001))
    assert [s for s in range(123_401, 123_431) if history.is_kept(s)] == [123_410, 123_420, 123_430]
    most = TrainingConfig(epochs=EPOCHS.high, batch_size=1)
    last = most.epochs * most.steps_per_epoch
    assert history.is_kept(last)
    every = 7  # nothing that a power of ten would favour
    kept = every * sum(history.is_kept(step) for step in range(1, last, every))
    line = to_line(Step(last, most.epochs, 1 / 3, 1 / 3e5, 1234.5678))
    assert kept * len(line) < history.MAX_EVENTS / 20


def test_a_run_of_millions_of_steps_is_shown_and_resumed_where_it_was():
    far = 1_700_123
    folder = folders.create(replace(SMALL, batch_size=1))
    asked = iter(range(10**6))
    recorder.record(folder, lambda: Wish(stop=next(asked) >= 5))
    state = states.load(folder)
    assert state is not None
    states.save(folder, replace(state, step=far))
    asked = iter(range(10**6))
    recorder.record(folder, lambda: Wish(stop=next(asked) >= 150))
    run = history.read(folder)
    assert (run.status, run.events.last_step) == ("stopped", far + 150)
    assert list(run.events.steps) == [1, 2, 3, 4, 5, 1_700_200]
    assert run.events.snapshots[-1].step == run.events.last_step
    assert folders.read_snapshot(folder, run.events.last_step)


def test_events_of_hundreds_of_megabytes_are_read_in_little_memory():
    folder = recorded()
    path = folder / folders.EVENTS
    events = path.read_bytes().splitlines(keepends=True)
    with path.open("wb") as file:
        file.write(b"".join(events[:5]))
        # Longer lines and more bytes than any run of ours has; some fill just a chunk.
        for length in [*range(999_998, 1_000_002), *[3_000_000] * 70]:
            file.write(b"x" * length + b"\n")
        file.write(b"".join(events[5:]))
    tracemalloc.start()
    run = history.read(folder)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert path.stat().st_size > 200_000_000
    assert peak < 10_000_000
    assert (run.status, list(run.events.steps)) == ("finished", [1, 2, 3, 4, 5, 6])


GARBAGE = [
    b"",
    b"\0" * 100,
    b"null",
    b"[1, 2]",
    b"{" * 50_000,
    b'{"event": "step"}',
    b'{"event": "step", "step": "1"}',
    b'{"event": "step", "step": 7, "loss": NaN, "learning_rate": 1, "seconds": 1}',
    b'{"event": "step", "step": -7, "loss": 1, "learning_rate": 1, "seconds": 1}',
    b'{"event": "step", "step": 1e400, "loss": 1, "learning_rate": 1, "seconds": 1}',
    b'{"event": "snapshot", "step": 7, "epoch": 1, "test_accuracy": 7, "tested": 5}',
    b'{"event": "snapshot", "step": "../../x", "epoch": 1, "test_accuracy": 0.5, "tested": 5}',
    b'{"event": "change", "step": 7, "setting": "__class__", "old": 1, "new": 2}',
    b'{"event": "format c:", "step": 7}',
    b"\xff\xfe\xfa",
    pickle.dumps({"event": "step"}),
]


@pytest.mark.parametrize("line", GARBAGE)
def test_foreign_lines_among_the_events_are_passed_over(line):
    folder = recorded()
    events = (folder / folders.EVENTS).read_bytes()
    (folder / folders.EVENTS).write_bytes(line + b"\n" + events + line + b"\n")
    run = history.read(folder)
    assert run.status == "finished"
    assert list(run.events.steps) == [1, 2, 3, 4, 5, 6]
    assert len(run.events.snapshots) == 6


@pytest.mark.parametrize("content", [b"", b"{}x", b"[]", b"\0", b'{"epochs": 1e9}', b'{"x": 1}'])
def test_settings_of_another_kind_are_a_message_in_the_list_not_a_crash(content):
    folder = recorded()
    (folder / folders.CONFIG).write_bytes(content)
    (folder / folders.ABOUT).write_bytes(content)
    (run,) = history.read_all()
    assert isinstance(run, history.BrokenRun)
    assert run.problem
    assert run.about.title == folder.name
    with pytest.raises(RunError):
        recorder.record(folder)


class Trap:
    def __reduce__(self):
        return (os.kill, (os.getpid(), signal.SIGKILL))


@pytest.mark.parametrize(
    "file", [folders.STATE, folders.CONFIG, folders.ABOUT, folders.CONTROL, folders.EVENTS]
)
def test_a_pickle_in_place_of_any_file_is_not_run(file):
    folder = recorded()
    (folder / file).write_bytes(pickle.dumps(Trap()))
    history.inspect(folder)
    control.read(folder)
    if file in (folders.STATE, folders.CONFIG):
        with pytest.raises(RunError):
            recorder.record(folder)


def test_a_state_with_foreign_content_stops_the_run_with_the_reason():
    folder = recorded()
    other = folders.create(replace(SMALL, channels=(3, 3)))
    recorder.record(other)
    (folder / folders.STATE).write_bytes((other / folders.STATE).read_bytes())
    with pytest.raises(ValueError, match="doesn't fit this run"):
        recorder.record(folder)
    run = history.read(folder)
    assert run.status == "failed"
    assert "doesn't fit this run" in (run.events.reason or "")


def test_links_out_of_a_run_are_neither_followed_nor_written_through(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text('{"title": "stolen"}')
    folder = folders.create(SMALL)
    for file in (folders.EVENTS, folders.ABOUT, "training.lock"):
        (folder / file).unlink(missing_ok=True)
        (folder / file).symlink_to(outside)
    assert folders.about(folder).title == folder.name
    assert history.read(folder).events.revision == 0
    with pytest.raises((RunError, OSError)):
        recorder.record(folder)
    assert outside.read_text() == '{"title": "stolen"}'


@pytest.mark.parametrize("about", ['{"title": ""}', '{"title": " \\u0000 "}', '{"title": 7}', "{"])
def test_a_run_without_a_usable_title_is_called_by_its_folder_s_name(about):
    folder = folders.create(SMALL)
    (folder / folders.ABOUT).write_text(about)
    assert folders.names() == [folder.name]
    assert folders.about(folder).title == folder.name
    assert history.read(folder).about.title == folder.name


FILES = [
    folders.ABOUT,
    folders.CONFIG,
    folders.CONTROL,
    folders.EVENTS,
    folders.STATE,
    writer.RESERVE,
    locks.TRAINING,
    locks.QUEUED,
    locks.IN_USE,
]


def look_at_all(folder):
    """Everything the pages, the queue and the recorder do with a run, errors in words let pass."""
    for look in (
        lambda: folders.names(),
        lambda: folders.find(folder.name),
        lambda: history.inspect(folder),
        lambda: control.read(folder),
        lambda: control.send(folder, learning_rate=0.01),
        lambda: locks.is_active(folder),
        lambda: locks.is_in_use(folder),
        lambda: locks.use(folder).close(),
        lambda: states.load(folder),
        lambda: recorder.note(folder, Queued),
        lambda: recorder.record(folder),
        lambda: folders.read_snapshot(folder, 6),
        lambda: pruning.size(folder),
        lambda: folders.rename(folder, "another"),
    ):
        with contextlib.suppress(RunError, OSError):
            look()


@pytest.mark.parametrize("file", [*FILES, "snapshots/step-00000006.safetensors"])
def test_a_pipe_in_place_of_any_file_keeps_nobody_waiting(file):
    folder = folders.create(SMALL)
    (folder / file).unlink(missing_ok=True)
    os.mkfifo(folder / file)
    looking = threading.Thread(target=look_at_all, args=(folder,), daemon=True)
    looking.start()
    looking.join(60)
    assert not looking.is_alive()
    assert folders.names() == [folder.name]


@pytest.mark.parametrize("file", [*FILES, "snapshots", "snapshots/step-00000006.safetensors"])
def test_a_link_in_place_of_any_file_leaves_what_it_leads_to_as_it_is(file, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("file", "step-00000006.safetensors"):
        (outside / name).write_text("mine")
    folder = folders.create(SMALL)
    if file == "snapshots":
        (folder / file).rmdir()
        (folder / file).symlink_to(outside)
    else:
        (folder / file).unlink(missing_ok=True)
        (folder / file).symlink_to(outside / "file")
    look_at_all(folder)
    assert sorted(path.name for path in outside.iterdir()) == ["file", "step-00000006.safetensors"]
    assert {path.read_text() for path in outside.iterdir()} == {"mine"}


@pytest.mark.parametrize("file", [*FILES, "in-use.lock", "snapshots"])
def test_a_link_to_nowhere_is_not_made_a_file_through(file, tmp_path):
    folder = folders.create(SMALL)
    if (folder / file).is_dir():
        (folder / file).rmdir()
    (folder / file).unlink(missing_ok=True)
    (folder / file).symlink_to(tmp_path / "made")
    look_at_all(folder)
    assert not (tmp_path / "made").exists()


def test_a_lock_ends_with_its_process_however_it_ends():
    folder = folders.create(SMALL)
    code = (
        "import sys, time, pathlib; from cnnviz.runs import locks\n"
        "with locks.training(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert history.read(folder).status == "running"
        holder.kill()
        holder.wait()
    assert history.read(folder).status == "interrupted"


def test_events_are_one_json_object_a_line():
    for line in (recorded() / folders.EVENTS).read_text().splitlines():
        assert isinstance(json.loads(line), dict)
