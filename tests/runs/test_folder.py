"""Run folders: names that stay inside, limits that spare what is in use, hostile content."""

import json
import os
import pickle
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from cnnviz.runs import folder as runs
from cnnviz.runs import history
from cnnviz.runs import recorder
from cnnviz.runs.folder import RunError
from cnnviz.training.config import PRESETS, TrainingConfig

SMALL = TrainingConfig(preset="own", dataset="digits", train_size=96, epochs=2, batch_size=32)


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("CNNVIZ_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


def recorded(title="small", config=SMALL):
    folder = runs.create(config, title)
    recorder.record(folder)
    return folder


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "/etc", "a\\b", ".hidden", "a\0b", "x" * 101, "ä", "a b", None],
)
def test_a_name_never_leaves_the_folder(name):
    with pytest.raises(RunError, match="a run's name is letters, digits"):
        runs.find(name)


def test_a_run_that_is_a_link_to_elsewhere_is_not_a_run(root, tmp_path):
    elsewhere = runs.create(SMALL, name="real", runs=tmp_path / "elsewhere")
    root.mkdir()
    (root / "linked").symlink_to(elsewhere)
    assert runs.names() == []
    with pytest.raises(RunError, match="no run called 'linked'"):
        runs.find("linked")


def test_a_new_run_is_found_with_its_settings_and_title():
    folder = runs.create(PRESETS["fast"], "my run")
    assert runs.find(folder.name) == folder
    assert runs.config(folder) == PRESETS["fast"]
    assert runs.about(folder).title == "my run"
    assert history.read(folder).status == "interrupted"


def test_a_run_is_never_created_over_another():
    runs.create(SMALL, name="mine")
    with pytest.raises(RunError, match="mine is already there"):
        runs.create(SMALL, name="mine")


def test_renaming_and_pinning_leave_the_folder_where_it_is():
    folder = runs.create(SMALL, "before")
    runs.rename(folder, "  after\n<b>all</b> ")
    runs.pin(folder, True)
    assert runs.about(runs.find(folder.name)).title == "after <b>all</b>"
    assert runs.about(folder).pinned
    with pytest.raises(RunError, match="at least one letter"):
        runs.rename(folder, " \n ")


def test_a_deleted_run_is_gone_and_one_that_trains_or_waits_is_not_deleted(root):
    folder = runs.create(SMALL)
    for lock in (runs.training_lock, runs.queued_lock):
        with lock(folder), pytest.raises(RunError, match="still training"):
            runs.delete(folder)
    runs.delete(folder)
    assert list(root.iterdir()) == []


def test_a_run_can_be_trained_by_one_process_only():
    folder = runs.create(SMALL)
    with runs.training_lock(folder), pytest.raises(RunError, match="already being trained"):
        recorder.record(folder)


def test_the_oldest_unpinned_runs_make_room_and_never_one_in_use():
    folders = [runs.create(SMALL, f"run {i}") for i in range(6)]
    for age, folder in enumerate(folders):
        runs.write_json(folder / runs.ABOUT, vars(replace(runs.about(folder), created=1e9 + age)))
    runs.pin(folders[0], True)
    with runs.training_lock(folders[1]), runs.use(folders[2]):
        assert runs.prune(keep=3) == [folders[i].name for i in (3, 4, 5)]
    assert set(runs.names()) == {folder.name for folder in folders[:3]}


def test_runs_make_room_by_their_size_too():
    old, new = recorded("old"), recorded("new")
    runs.write_json(old / runs.ABOUT, vars(replace(runs.about(old), created=1e9)))
    limit = runs.size(new) * 1.5 / 1e6
    assert runs.prune(megabytes=limit) == [old.name]
    assert runs.names() == [new.name]


def test_limits_come_from_settings_and_say_what_is_wrong_with_them(monkeypatch):
    for _ in range(3):
        runs.create(SMALL)
    monkeypatch.setenv("CNNVIZ_KEEP_RUNS", "1")
    assert len(runs.prune()) == 2
    monkeypatch.setenv("CNNVIZ_KEEP_RUNS", "many")
    with pytest.raises(RunError, match="CNNVIZ_KEEP_RUNS must be a number"):
        runs.prune()


def test_a_limit_that_is_given_is_not_looked_up(monkeypatch):
    monkeypatch.setenv("CNNVIZ_KEEP_MB", "many")
    assert runs.prune(keep=10, megabytes=10) == []
    monkeypatch.setenv("CNNVIZ_KEEP_MB", "10")
    monkeypatch.setenv("CNNVIZ_KEEP_RUNS", "many")
    assert runs.prune(keep=10) == []


def test_wishes_are_checked_when_sent_and_again_when_read():
    folder = runs.create(SMALL)
    runs.send(folder, wish="pause", learning_rate=0.01)
    runs.send(folder, batch_size=8)
    assert runs.read_control(folder) == runs.Control("pause", 0.01, 8)
    with pytest.raises(ValueError, match="learning_rate"):
        runs.send(folder, learning_rate=-1.0)
    (folder / runs.CONTROL).write_text('{"wish": "rm -rf", "learning_rate": NaN, "batch_size": 0}')
    assert runs.read_control(folder) == runs.Control()


def test_a_run_remembers_everything_that_happened():
    run = history.read(recorded())
    assert run.status == "finished"
    assert list(run.events.steps) == [1, 2, 3, 4, 5, 6]
    assert [row.epoch for row in run.events.epochs] == [1, 2]
    assert [row.step for row in run.events.snapshots] == [0, 1, 2, 3, 5, 6]
    assert run.samples_done == 2 * 96
    assert run.total_steps == 6
    for row in run.events.snapshots:
        assert runs.snapshot_path(run.folder, row.step).is_file()


def test_only_what_is_new_is_read_again():
    folder = runs.create(SMALL)
    reader = history.Reader(folder)
    assert reader.update().last_step == 0
    recorder.record(folder)
    first = reader.update()
    assert first.last_step == 6
    revision = first.revision
    assert reader.update().revision == revision
    assert reader.update() is first


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
    events = (folder / runs.EVENTS).read_bytes()
    (folder / runs.EVENTS).write_bytes(line + b"\n" + events + line + b"\n")
    run = history.read(folder)
    assert run.status == "finished"
    assert list(run.events.steps) == [1, 2, 3, 4, 5, 6]
    assert len(run.events.snapshots) == 6


@pytest.mark.parametrize("content", [b"", b"{}x", b"[]", b"\0", b'{"epochs": 1e9}', b'{"x": 1}'])
def test_settings_of_another_kind_are_a_message_in_the_list_not_a_crash(content):
    folder = recorded()
    (folder / runs.CONFIG).write_bytes(content)
    (folder / runs.ABOUT).write_bytes(content)
    (run,) = history.read_all()
    assert run.config is None
    assert run.problem
    assert run.about.title == folder.name
    with pytest.raises(RunError):
        recorder.record(folder)


class Trap:
    def __reduce__(self):
        return (os.kill, (os.getpid(), signal.SIGKILL))


@pytest.mark.parametrize("file", [runs.STATE, runs.CONFIG, runs.ABOUT, runs.CONTROL, runs.EVENTS])
def test_a_pickle_in_place_of_any_file_is_not_run(file):
    folder = recorded()
    (folder / file).write_bytes(pickle.dumps(Trap()))
    history.read(folder)
    runs.read_control(folder)
    if file in (runs.STATE, runs.CONFIG):
        with pytest.raises(RunError):
            recorder.record(folder)


def test_a_state_with_foreign_content_stops_the_run_with_the_reason():
    folder = recorded()
    other = runs.create(replace(SMALL, channels=(3, 3)))
    recorder.record(other)
    (folder / runs.STATE).write_bytes((other / runs.STATE).read_bytes())
    with pytest.raises(ValueError, match="doesn't fit this run"):
        recorder.record(folder)
    run = history.read(folder)
    assert run.status == "failed"
    assert "doesn't fit this run" in (run.events.reason or "")


def test_links_out_of_a_run_are_neither_followed_nor_written_through(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text('{"title": "stolen"}')
    folder = runs.create(SMALL)
    for file in (runs.EVENTS, runs.ABOUT, "training.lock"):
        (folder / file).unlink(missing_ok=True)
        (folder / file).symlink_to(outside)
    assert runs.about(folder).title == folder.name
    assert history.read(folder).events.revision == 0
    with pytest.raises((RunError, OSError)):
        recorder.record(folder)
    assert outside.read_text() == '{"title": "stolen"}'


def test_a_lock_ends_with_its_process_however_it_ends():
    folder = runs.create(SMALL)
    code = (
        "import sys, time, pathlib; from cnnviz.runs import folder as runs\n"
        "with runs.training_lock(pathlib.Path(sys.argv[1])):\n"
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
    for line in (recorded() / runs.EVENTS).read_text().splitlines():
        assert isinstance(json.loads(line), dict)
