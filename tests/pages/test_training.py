"""The training page's logic, without a browser and without a worker."""

import json
import os
import re
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from html import unescape
from pathlib import Path

import pytest
import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from cnnviz.components.escaping import as_sentence, escaped
from cnnviz.datasets.catalogue import DATASETS
from cnnviz.datasets.stored import Unavailable
from cnnviz.export import onnx, weights
from cnnviz.networks import checkpoints
from cnnviz.networks.architecture import two_convolutions
from cnnviz.networks.models import FullyConnected, SimpleCNN
from cnnviz.runs import control, folders, history, locks, owned, pruning, queue, recorder
from cnnviz.training.config import SETTINGS, TrainingConfig
from cnnviz.training.events import Failed, Queued, Wish
from cnnviz.training.settings import Wholes
from tests.networks.saving import save
from tests.pages import telling
from tests.pages.labs import open_link
from tests.waiting import wait_for

SMALL = TrainingConfig(preset="own", dataset="digits", train_size=96, epochs=2, batch_size=32)


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CNNVIZ_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(queue.Queue, "warm", lambda self: None)
    monkeypatch.setattr(DATASETS["mnist"].stored, "available", lambda root=None: True)
    return tmp_path / "runs"


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What was put in the queue, which nothing takes out."""
    submitted: list[Path] = []
    waiting = queue.Queue(_no_executor)
    monkeypatch.setattr(waiting, "_start_next", lambda: submitted.append(waiting._waiting[-1]))
    monkeypatch.setattr(queue, "server_queue", lambda: waiting)
    return submitted


def _no_executor() -> Executor:
    raise AssertionError("nothing here is trained")


def recorded(title: str = "small", config: TrainingConfig = SMALL, steps: int = 10**6) -> Path:
    folder = folders.create(config, title)
    asked = iter(range(10**6))
    recorder.record(folder, lambda: Wish(stop=next(asked) >= steps))
    return folder


def button(script: AppTest, label: str):
    return next(found for found in script.button if found.label == label)


def labels(script: AppTest) -> list[str]:
    return [found.label for found in script.button]


def text(script: AppTest) -> str:
    values = (
        str(element.value)
        for kind in (script.caption, script.markdown, script.error, script.info)
        for element in kind
    )
    return " ".join([*values, *(unescape(html.proto.body) for html in script.get("html"))])


def test_before_any_run_it_shows_what_will_come_and_the_losses_of_the_shipped_weights(
    open_script: Callable[..., AppTest],
) -> None:
    script = open_script("training")
    assert "Press <strong>Start</strong>" in text(script)
    assert "Start" in labels(script)


def test_start_puts_the_preset_in_the_queue_and_looks_at_it(
    open_script: Callable[..., AppTest], queued: list[Path]
) -> None:
    script = open_script("training", training_preset="fast")
    button(script, "Start").click().run()
    (folder,) = queued
    assert folders.config(folder).preset == "fast"
    assert script.session_state["training_run"] == folder.name


def test_a_wrong_limit_of_kept_runs_is_told_before_a_run_has_begun(
    open_script: Callable[..., AppTest], queued: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = open_script("training", training_preset="fast")
    monkeypatch.setenv("CNNVIZ_KEEP_RUNS", "many")
    button(script, "Start").click().run()
    assert any(
        escaped("CNNVIZ_KEEP_RUNS must be a number") in error.value for error in script.error
    )
    assert queued == []
    assert folders.names() == []


def test_a_finished_run_can_go_on_and_a_stopped_one_resumes(
    open_script: Callable[..., AppTest], queued: list[Path]
) -> None:
    done = recorded()
    script = open_script("training", training_run=done.name)
    button(script, "Resume up to 7 epochs").click().run()
    assert queued == [done]
    assert folders.config(done).epochs == 7

    stopped = recorded("half", steps=4)
    script = open_script("training", training_run=stopped.name)
    assert "stopped at step 4" in text(script)
    button(script, "Resume").click().run()
    assert queued == [done, stopped]


def test_a_run_whose_process_is_gone_is_interrupted(open_script: Callable[..., AppTest]) -> None:
    folder = recorded(steps=4)
    events = (folder / folders.EVENTS).read_bytes().splitlines(keepends=True)
    (folder / folders.EVENTS).write_bytes(b"".join(events[:-1]) + b'{"event": "st')
    script = open_script("training", training_run=folder.name)
    assert "interrupted at step 4" in text(script)
    assert "Resume" in labels(script)


def test_a_run_that_trains_can_be_paused_and_told_another_learning_rate(
    open_script: Callable[..., AppTest],
) -> None:
    folder = recorded(steps=4)
    with locks.training(folder):
        control.send(folder, wish="run")
        (folder / folders.EVENTS).write_text(
            "\n".join((folder / folders.EVENTS).read_text().splitlines()[:-1]) + "\n"
        )
        script = open_script("training", training_run=folder.name)
        button(script, "Pause").click().run()
        assert control.read(folder).wish == "pause"
        rate = next(n for n in script.number_input if n.label == "Learning rate, now")
        rate.set_value(0.02).run()
        assert control.read(folder).learning_rate == 0.02


def test_without_mnist_it_offers_the_download_and_tiny_still_starts(
    open_script: Callable[..., AppTest], queued: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DATASETS["mnist"].stored, "available", lambda root=None: False)
    script = open_script("training")
    assert "Download MNIST" in labels(script)
    assert "Start" not in labels(script)
    script = open_script("training", training_preset="tiny")
    button(script, "Start").click().run()
    assert len(queued) == 1


def test_a_download_that_fails_is_a_message(
    open_script: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(root: object = None, progress: object = None) -> None:
        raise Unavailable("no network here")

    monkeypatch.setattr(DATASETS["mnist"].stored, "available", lambda root=None: False)
    monkeypatch.setattr(DATASETS["mnist"].stored, "fetch", fails)
    script = open_script("training")
    button(script, "Download MNIST").click().run()
    assert not script.exception
    assert "No network here." in text(script)


def test_one_s_own_settings_are_all_there_and_start_as_set(
    open_script: Callable[..., AppTest], queued: list[Path]
) -> None:
    script = open_script("training", training_preset="own")
    script.selectbox(key="training_own_optimizer").set_value("sgd").run()
    script.number_input(key="training_own_batch_size").set_value(16).run()
    script.selectbox(key="training_own_pooling").set_value("average").run()
    button(script, "Start").click().run()
    config = folders.config(queued[0])
    assert (config.optimizer, config.batch_size, config.pooling) == ("sgd", 16, "average")
    script.number_input(key="training_own_learning_rate").set_value(-1.0).run()
    assert r"learning\_rate must be a number from" in text(script)
    assert button(script, "Start").disabled


def test_a_damaged_run_is_a_message_and_the_page_stays(open_script: Callable[..., AppTest]) -> None:
    folder = recorded()
    (folder / folders.CONFIG).write_text("{")
    script = open_script("training", training_run=folder.name)
    assert "can't be shown" in text(script)


def test_comparing_runs_lists_only_the_settings_that_differ(
    open_script: Callable[..., AppTest],
) -> None:
    recorded("plain")
    recorded("quick", TrainingConfig(**{**SMALL.to_dict(), "learning_rate": 0.01}))
    script = open_script("training", training_more="Compare runs")
    table = next(m.value for m in script.markdown if m.value.startswith("| setting |"))
    assert "learning rate" in table
    assert "batch size" not in table
    assert "test accuracy" in table


def test_what_is_in_use_on_the_draw_page_is_said_in_the_comparison_and_at_the_button(
    open_script: Callable[..., AppTest],
) -> None:
    recorded("plain")
    used = recorded("quick")
    script = open_script("training", training_run=used.name, training_more="Compare runs")
    assert "None of these is on the draw page now, but the app's own" in text(script)
    button(script, "Use this model").click().run()
    assert button(script, "In use").disabled
    table = next(m.value for m in script.markdown if m.value.startswith("| setting |"))
    assert "| on the draw page | in use, step 6 | – |" in table


def test_runs_of_one_preset_get_titles_that_tell_them_apart(
    open_script: Callable[..., AppTest], queued: list[Path]
) -> None:
    for _ in range(3):
        button(open_script("training", training_preset="tiny"), "Start").click().run()
    assert [folders.about(folder).title for folder in queued] == ["tiny", "tiny 2", "tiny 3"]


def test_the_run_in_view_is_named_with_its_own_settings_whatever_preset_is_chosen_above(
    open_script: Callable[..., AppTest],
) -> None:
    folder = recorded("small one")
    script = open_script("training", training_preset="fast", training_run=folder.name)
    picked = next(box for box in script.selectbox if "Run in view" in box.label)
    assert picked.options[picked.index or 0].startswith("small one · ")
    assert "own settings: the first 96 of scikit-learn's digits · Adam 0.001" in text(script)


def test_a_run_is_renamed_kept_and_deleted_only_when_one_is_sure(
    open_script: Callable[..., AppTest],
) -> None:
    other, folder = recorded("other"), recorded("old name")
    script = open_script("training", training_run=folder.name, training_manage=True)
    title_of(script).set_value("new name").run()
    assert folders.about(folder).title == "new name"
    kept_for_good(script).set_value(True).run()
    assert folders.about(folder).pinned
    assert "Delete for good" not in labels(script)
    script.checkbox(key=f"sure_{folder.name}").check().run()
    button(script, "Delete for good").click().run()
    assert folders.names() == [other.name]
    assert run_in_view(script).value == other.name


def test_a_run_kept_for_good_stays_kept_when_another_session_looks_again(
    open_script: Callable[..., AppTest],
) -> None:
    folder = recorded()
    first, second = (
        open_script("training", training_run=folder.name, training_manage=True) for _ in range(2)
    )
    for kept in (True, False):
        kept_for_good(first).set_value(kept).run()
        second.run()
        assert folders.about(folder).pinned is kept
        assert kept_for_good(second).value is kept


def test_of_runs_with_one_title_made_in_one_minute_the_one_in_view_stays_in_view(
    open_script: Callable[..., AppTest], queued: list[Path]
) -> None:
    runs = [folders.create(SMALL, "twin") for _ in range(2)]
    for folder in runs:
        script = open_script("training", training_run=folder.name)
        assert len(set(run_in_view(script).options)) == 2
        button(script, "Resume").click().run()
        assert queued[-1] == folder
        assert script.session_state["training_run"] == folder.name


def test_a_run_renamed_by_another_session_stays_in_view_whatever_the_browser_still_calls_it(
    open_script: Callable[..., AppTest],
) -> None:
    folder = recorded("old name")
    recorded("another")
    script = open_script("training", training_run=folder.name)
    stale = run_in_view(script)._widget_state
    folders.rename(folder, "new name")
    script.run()
    assert "new name" in str(run_in_view(script).value and run_in_view(script).options)
    for _ in range(2):
        rerun_with(script, stale)
        assert script.session_state["training_run"] == folder.name
        assert "there is no run" not in text(script)


def title_of(script: AppTest):
    return next(field for field in script.text_input if field.label == "Title")


def kept_for_good(script: AppTest):
    return next(toggle for toggle in script.toggle if toggle.label == "Keep for good")


def run_in_view(script: AppTest):
    return next(box for box in script.selectbox if box.label == "Run in view")


def rerun_with(script: AppTest, stale: WidgetState) -> None:
    """Rerun as a browser does that hasn't heard yet of what the server has just set."""
    states = script._tree.get_widget_states()
    others = [state for state in states.widgets if state.id != stale.id]
    script._run(WidgetStates(widgets=[*others, stale]))
    assert not script.exception


def batch_size_of(script: AppTest):
    return next(n for n in script.number_input if n.label == "Batch size, next")


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("rate", 0.02, lambda folder: control.read(folder).learning_rate),
        ("batch", 8, lambda folder: control.read(folder).batch_size),
        ("kept", True, lambda folder: folders.about(folder).pinned),
    ],
)
def test_what_one_session_sets_isn_t_undone_by_the_old_value_that_another_still_sends(
    open_script: Callable[..., AppTest],
    field: str,
    value: float | bool,
    read: Callable[[Path], object],
) -> None:
    find = {
        "rate": rate_of,
        "batch": batch_size_of,
        "kept": kept_for_good,
    }[field]
    folder = recorded(steps=4)
    first, second = (
        open_script("training", training_run=folder.name, training_manage=True) for _ in range(2)
    )
    before = find(second)
    stale = before._widget_state
    find(first).set_value(value).run()
    assert read(folder) == value
    second.run()
    assert find(second).value == value
    for _ in range(2):
        rerun_with(second, stale)
        assert read(folder) == value
    assert find(second).value == value


def test_the_run_before_isn_t_chosen_again_by_a_browser_that_still_shows_it(
    open_script: Callable[..., AppTest], queued: list[Path]
) -> None:
    before = recorded("before")
    script = open_script("training", training_preset="tiny", training_run=before.name)
    stale = run_in_view(script)._widget_state
    button(script, "Start").click().run()
    assert script.session_state["training_run"] == queued[0].name
    rerun_with(script, stale)
    assert script.session_state["training_run"] == queued[0].name
    run_in_view(script).set_value(before.name).run()
    assert script.session_state["training_run"] == before.name


def test_a_run_that_a_full_disk_has_ended_can_be_resumed(
    open_script: Callable[..., AppTest], queued: list[Path]
) -> None:
    folder = recorded(steps=4)
    recorder.note(folder, partial(Failed, reason="the disk is full"))
    script = open_script("training", training_run=folder.name)
    assert "the disk is full. The last good snapshot is at the end" in text(script)
    rate_of(script).set_value(0.0005).run()
    button(script, "Resume").click().run()
    assert queued == [folder]
    assert control.read(folder).learning_rate == 0.0005


def test_a_run_whose_server_ended_before_its_turn_is_said_to_be_still_to_train(
    open_script: Callable[..., AppTest], queued: list[Path]
) -> None:
    folder = folders.create(SMALL)
    recorder.note(folder, Queued)
    script = open_script("training", training_run=folder.name)
    assert "it was waiting when its server ended" in text(script)
    button(script, "Resume").click().run()
    assert queued == [folder]


def test_a_run_with_an_empty_title_or_a_pipe_for_a_file_leaves_the_page_to_everyone(
    open_script: Callable[..., AppTest],
) -> None:
    fine, empty, pipe = recorded("fine"), recorded("empty"), recorded("pipe")
    (empty / folders.ABOUT).write_text('{"title": ""}')
    for file in (folders.ABOUT, folders.CONTROL):
        (pipe / file).unlink(missing_ok=True)
        os.mkfifo(pipe / file)
    for folder in (fine, empty, pipe):
        script = open_script("training", training_run=folder.name, training_more="Compare runs")
        assert any("finished" in caption.value for caption in script.caption)
        titles = [option.split(" · ")[0] for option in run_in_view(script).options]
        assert {empty.name, pipe.name, "fine"} == set(titles)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("x" * 50_000, "x" * 80),
        ("**a** [b](http://c.d) $e$ :f: <g> `h` |", "**a** [b](http://c.d) $e$ :f: <g> `h` |"),
        ("\u202efdp.exe\u200b\n\n# a  title\0", "fdp.exe # a title"),
        ("\U0001f3b2 \u0644", "\U0001f3b2 \u0644"),
    ],
)
def test_a_title_from_elsewhere_is_shown_to_the_letter_and_no_longer_than_has_room(
    written: str, shown: str, open_script: Callable[..., AppTest]
) -> None:
    odd = recorded("odd")
    (odd / folders.ABOUT).write_text(json.dumps({"title": written}))
    script = open_script("training", training_run=odd.name, training_manage=True)
    assert not script.exception
    assert any(option.startswith(f"{shown} · ") for option in run_in_view(script).options)
    assert title_of(script).value == shown
    pruning.delete(odd)
    script.run()
    assert [error.value for error in script.error] == [
        escaped(f"The run {shown} was deleted meanwhile.")
    ]


def test_a_download_leaves_the_run_that_trains_and_those_that_wait_as_they_are(
    open_script: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = queue.Queue(lambda: ThreadPoolExecutor(1))
    monkeypatch.setattr(queue, "server_queue", lambda: threads)
    first, second = (
        folders.create(replace(SMALL, train_size=None, batch_size=4, epochs=100)) for _ in range(2)
    )
    try:
        for folder in (first, second):
            threads.submit(folder)
        wait_for(lambda: history.read(first).events.last_step > 5)
        monkeypatch.setattr(DATASETS["mnist"].stored, "available", lambda root=None: False)
        monkeypatch.setattr(
            DATASETS["mnist"].stored, "fetch", lambda root=None, progress=None: None
        )
        button(open_script("training"), "Download MNIST").click().run()
        assert [history.status(folder) for folder in (first, second)] == ["running", "queued"]
        threads.stop(first)
        wait_for(lambda: history.status(second) == "running")
        assert history.status(first) == "stopped"
    finally:
        for folder in (second, first):
            threads.stop(folder)
        wait_for(lambda: not locks.is_active(first) and not locks.is_active(second))
        threads.close()


def rate_of(script: AppTest):
    return next(n for n in script.number_input if n.label == "Learning rate, next")


def test_a_rate_that_another_session_sets_is_shown_and_the_old_one_can_be_set_again(
    open_script: Callable[..., AppTest],
) -> None:
    folder = recorded(steps=4)
    first, second = (open_script("training", training_run=folder.name) for _ in range(2))
    rate_of(first).set_value(0.02).run()
    second.run()
    assert rate_of(second).value == 0.02
    rate_of(second).set_value(0.001).run()
    assert control.read(folder).learning_rate == 0.001
    rate_of(second).set_value(None).run()
    assert rate_of(second).value == 0.001


def test_a_run_of_as_many_epochs_as_there_can_be_has_nothing_left_to_set(
    open_script: Callable[..., AppTest],
) -> None:
    folder = recorded()
    folders.extend(folder, 100)
    script = open_script("training", training_run=folder.name)
    assert not [n.label for n in script.number_input if n.label.endswith(", next")]
    assert not [label for label in labels(script) if "Resume" in label]


def test_what_another_run_gets_wrong_is_not_shown_for_the_one_before(
    open_script: Callable[..., AppTest],
) -> None:
    before, chosen = recorded("before"), recorded("chosen", steps=3)

    def page() -> None:
        import streamlit as st

        from cnnviz.runs import folders, history
        from cnnviz.ui.training import mistakes, session

        before = st.session_state.pop("before", None)
        run = history.read(folders.find(before)) if before else session.current()
        assert isinstance(run, history.Run)
        st.caption(run.about.title)
        mistakes.what_it_gets_wrong(run)

    script = AppTest.from_function(page, default_timeout=60)
    script.session_state["before"] = before.name
    script.session_state["training_run"] = chosen.name
    script.run()
    assert not script.exception
    assert script.caption[0].value == "chosen"
    assert "At step 3 it reads" in text(script)


def test_a_deleted_run_s_events_are_let_go(open_script: Callable[..., AppTest]) -> None:
    kept, gone = recorded("kept"), recorded("gone")
    script = open_script("training", training_run=kept.name, training_more="Compare runs")
    assert set(script.session_state["training_readers"]) == {kept.name, gone.name}
    pruning.delete(gone)
    script.run()
    assert set(script.session_state["training_readers"]) == {kept.name}


@pytest.mark.parametrize(
    "model",
    [
        FullyConnected(),
        SimpleCNN(two_convolutions(channels=(3, 3))),
        SimpleCNN(two_convolutions(activation="tanh")),
        SimpleCNN(two_convolutions(pooling="average")),
    ],
    ids=["fully connected", "other channels", "tanh", "average"],
)
def test_a_snapshot_of_another_network_is_refused_wherever_it_is_asked_for(
    open_script: Callable[..., AppTest], model: SimpleCNN | FullyConnected
) -> None:
    folder = recorded()
    save(folders.snapshot_path(folder, 6), model)
    script = open_script("training", training_run=folder.name)
    assert "The network at step 5" in text(script)
    for more in ({"training_export": True}, {"training_more": "What it gets wrong"}):
        script = open_script("training", training_run=folder.name, **more)
        assert "the snapshot of step 6 holds another network than this run's" in text(script)


def test_beside_a_snapshot_of_another_network_nothing_is_said_of_how_weights_moved(
    open_script: Callable[..., AppTest],
) -> None:
    folder = recorded()
    save(folders.snapshot_path(folder, 5), FullyConnected())
    script = open_script("training", training_run=folder.name)
    assert "The network at step 6" in text(script)
    assert "weights moved" not in text(script)


def test_how_far_weights_moved_is_said_of_layers_that_had_any_weights(
    open_script: Callable[..., AppTest],
) -> None:
    folder = recorded()
    model = checkpoints.load(folders.snapshot_path(folder, 5)).model
    model.state_dict()["fc.weight"].zero_()
    save(folders.snapshot_path(folder, 5), model)
    said = text(open_script("training", training_run=folder.name))
    assert "weights moved since step 5:" in said
    assert re.search(r"conv1 [\d.]+ %", said)
    assert "fc –" in said


def test_only_a_network_at_step_0_is_called_drawn_at_random(
    open_script: Callable[..., AppTest],
) -> None:
    folder = recorded()
    script = open_script("training", training_run=folder.name, training_step=0)
    assert "as it was drawn at random" in text(script)
    events = (folder / folders.EVENTS).read_text().splitlines(keepends=True)
    others = [
        line
        for line in events
        if json.loads(line)["event"] != "snapshot" or json.loads(line)["step"] == 6
    ]
    (folder / folders.EVENTS).write_text("".join(others))
    script = open_script("training", training_run=folder.name)
    assert "The network at step 6" in text(script)
    assert "as it was drawn at random" not in text(script)


def test_a_snapshot_that_is_a_pickle_is_not_opened_and_the_page_stays(
    open_script: Callable[..., AppTest],
) -> None:
    folder = recorded()
    harmless = weights.state_dict(SimpleCNN())
    for step in (0, 6):
        folders.snapshot_path(folder, step).write_bytes(harmless)
    script = open_script("training", training_run=folder.name)
    assert "The network at step 5" in text(script)


def test_a_download_shows_how_far_it_is_and_then_training_can_start(
    open_script: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[float] = []

    def fetch(root: object = None, progress: Callable[[int, int], None] | None = None) -> None:
        assert progress is not None
        for done in (0, 5, 10):
            progress(done, 10)
        monkeypatch.setattr(DATASETS["mnist"].stored, "available", lambda root=None: True)

    class Bar:
        def progress(self, value: float, text: str) -> None:
            shown.append(value)

    monkeypatch.setattr(DATASETS["mnist"].stored, "available", lambda root=None: False)
    monkeypatch.setattr(DATASETS["mnist"].stored, "fetch", fetch)
    script = open_script("training")
    monkeypatch.setattr(st, "progress", lambda value, text=None: Bar())
    button(script, "Download MNIST").click().run()
    assert not script.exception
    assert shown == [0, 0.5, 1]
    assert "Start" in labels(script)


def test_the_export_menu_has_a_button_a_file_and_says_what_onnx_needs_where_it_is_missing(
    open_script: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise onnx.Missing("ONNX needs the onnx package")

    folder = recorded()
    script = open_script("training", training_run=folder.name, training_export=True)
    buttons = {b.proto.label: b.proto.disabled for b in script.get("download_button")}  # type: ignore[attr-defined]
    assert len(buttons) == 6
    assert not any(buttons.values())
    monkeypatch.setattr(onnx, "check_available", missing)
    script = open_script("training", training_run=folder.name, training_export=True)
    buttons = {b.proto.label: b.proto.disabled for b in script.get("download_button")}  # type: ignore[attr-defined]
    assert [label for label, disabled in buttons.items() if disabled] == ["ONNX"]
    assert "ONNX needs the onnx package" in text(script)


def test_the_form_asks_for_every_row_of_the_table_that_has_an_effect_and_says_what_it_does(
    open_script: Callable[..., AppTest],
) -> None:
    script = open_script("training", training_preset="own")

    def asked() -> dict[str, str]:
        kinds = script.selectbox, script.number_input, script.slider, script.text_area
        widgets = [widget for kind in kinds for widget in kind if "ing_own_" in str(widget.key)]
        return {widget.label: widget.help for widget in widgets}

    def rows(**chosen: object) -> dict[str, str]:
        settings = {**TrainingConfig().to_dict(), **chosen}
        shown = {}
        for setting in SETTINGS.values():
            if setting.label is not None and setting.applies(settings):
                kind = setting.kind
                names = kind.names if isinstance(kind, Wholes) else (setting.label,)
                shown |= dict.fromkeys(names, setting.help)
        return shown

    assert asked() == rows()
    assert "Momentum" not in asked()
    script.selectbox(key="training_own_optimizer").set_value("sgd").run()
    script.selectbox(key="training_own_model").set_value("FullyConnected").run()
    assert asked() == rows(optimizer="sgd", model="FullyConnected")
    assert {"Momentum", "Hidden units"} < asked().keys()
    script.selectbox(key="training_own_model").set_value("Layers").run()
    assert asked() == rows(optimizer="sgd", model="Layers")


def test_layers_of_ones_own_that_do_not_fit_are_refused_in_words_and_those_that_fit_are_trained(
    open_script: Callable[..., AppTest], queued: list[Path]
) -> None:
    script = open_script("training", training_preset="own")
    script.selectbox(key="training_own_model").set_value("Layers").run()
    layers = script.text_area(key="training_own_layers")
    layers.set_value("conv2d 4 3, linear 10").run()
    message = "layers: fc: it reads a vector, and gets 4×26×26 maps; put flatten before fc"
    assert [error.value for error in script.error] == [as_sentence(message)]
    assert script.text_area(key="training_own_layers").value == "conv2d 4 3, linear 10"
    layers.set_value("conv2d 4 3, batchnorm2d, relu, flatten, linear 10").run()
    assert not script.error
    button(script, "Start").click().run()
    config = folders.config(queued[0])
    assert [step.name for step in config.architecture.steps] == [
        *("conv1", "norm1", "relu1", "flatten", "fc")
    ]


def test_all_images_of_a_data_set_are_the_most_one_can_ask_for(
    open_script: Callable[..., AppTest], queued: list[Path]
) -> None:
    script = open_script("training", training_preset="own")
    assert script.number_input(key="training_own_train_size_mnist").max == 60_000
    script.selectbox(key="training_own_dataset").set_value("digits").run()
    size = script.number_input(key="training_own_train_size_digits")
    assert size.value == size.max == 1_437
    button(script, "Start").click().run()
    assert folders.config(queued[0]).train_size is None
    size.set_value(100).run()
    button(script, "Start").click().run()
    assert folders.config(queued[1]).train_size == 100


def choices_of(script: AppTest) -> list[str]:
    return run_in_view(script).options


def test_two_people_look_at_one_run_and_only_the_one_who_started_it_can_change_it(
    open_script: Callable[..., AppTest], queued: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = open_script("training", training_preset="tiny")
    button(ann, "Start").click().run()
    (folder,) = queued
    owner = folders.about(folder).owner
    assert owner is not None
    # Ben is a newcomer: he is shown the introduction, and may look at Ann's.
    ben = open_script("training", training_preset="tiny")
    assert "Once you have pressed **Start**" in text(ben)
    assert [option.endswith("· another's") for option in choices_of(ben)] == [True]
    run_in_view(ben).select_index(0).run()
    assert "You look on: it was started in another browser." in text(ben)
    assert not {"Stop", "Pause", "Resume"} & set(labels(ben))
    assert "Stop" in labels(ann)
    # His own run comes first, and hers isn't what he sees when he comes back without an address.
    button(ben, "Start").click().run()
    assert folders.about(queued[1]).owner not in (None, owner)
    assert ben.query_params["run"] == queued[1].name
    assert [option.endswith("· another's") for option in choices_of(ben)] == [False, True]
    token = ben.session_state["person_token"]
    assert token not in json.dumps([str(p.read_bytes()) for p in queued[1].glob("*.json")])
    again = open_script("training", person_token=token)
    assert again.query_params["run"] == queued[1].name
    # Where the browser names him only after the page has chosen for somebody new, it chooses again.
    recorded("nobody's")
    late = open_script("training")
    assert late.query_params["run"] not in [folder.name for folder in queued]
    late.session_state["person_token"] = token
    late.run()
    assert late.query_params["run"] == queued[1].name
    # A menu that was open before, or a message of a browser's own making, changes nothing either.
    menu = open_script("training", training_run=folder.name, training_manage=True)
    assert "Only whoever started it can rename, keep or delete it." in text(menu)
    menu = open_script(
        "training",
        training_run=folder.name,
        training_manage=True,
        person_token=ann.session_state["person_token"],
    )
    name = title_of(menu)
    menu.session_state["person_token"] = token
    name.set_value("Ben's").run()
    assert any("was started in another browser" in error.value for error in menu.error)
    assert folders.about(folder).title == "tiny"


def test_the_teachers_key_is_typed_once_and_opens_every_run(
    open_script: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = recorded(steps=4)
    folders.claim(folder, "0" * 64)
    assert "Resume" not in labels(open_script("training", training_run=folder.name))
    with monkeypatch.context() as open_class:
        open_class.setenv("CNNVIZ_OPEN_RUNS", "1")
        assert "Resume" in labels(open_script("training", training_run=folder.name))
    key = "correct horse battery"
    monkeypatch.setenv("CNNVIZ_TEACHER_KEY", key)
    script = open_script("training", training_run=folder.name, training_teacher=True)
    field = next(found for found in script.text_input if found.label == "Teacher's key")
    field.set_value("a guess of this length").run()
    assert "That isn't the key." in [error.value for error in script.error]
    assert "Resume" not in labels(script)
    next(found for found in script.text_input if found.label == "Teacher's key").set_value(
        key
    ).run()
    assert "Resume" in labels(script)
    assert key not in script.query_params.values()
    button(script, "Forget the key").click().run()
    assert "Resume" not in labels(script)


def test_one_person_who_has_put_many_runs_in_the_queue_is_told_so(
    open_script: Callable[..., AppTest], queued: list[Path]
) -> None:
    script = open_script("training", training_preset="tiny")
    for _ in range(owned.MOST_EACH):
        button(script, "Start").click().run()
    assert len(queued) == owned.MOST_EACH
    assert "fifth in line" in text(script)
    assert not script.error
    button(script, "Start").click().run()
    assert len(queued) == owned.MOST_EACH
    assert any("5 of your runs wait for their turn already" in e.value for e in script.error)


def test_fast_stands_selected(open_script: Callable[..., AppTest]) -> None:
    assert open_script("training").segmented_control(key="training_preset").value == "fast"


def test_a_link_leads_to_a_step_of_a_run_and_stays_at_it() -> None:
    folder = recorded()
    steps = [row.step for row in history.Reader(folder).update().snapshots]
    asked = {"run": folder.name, "step": str(steps[1]), "compare": str(steps[0]), "sample": "4"}
    script = open_link("training", **asked)
    (film,) = telling.sent(script, "training_view")
    assert film["selected"] == steps[1]
    assert film["linked"]["entries"] == {"step": asked["step"], "compare": asked["compare"]}
    assert script.session_state["training_compare"] == steps[0]
    assert script.session_state["current_drawing"].source.digit == 4
    assert "Part of the link" not in text(script)

    odd = open_link("training", run=folder.name, step="999999", compare="-1")
    assert "`step=999999`: must be a snapshot of the run" in text(odd)
    assert "`compare=-1`: must be a whole number from 0 to 1,000,000,000" in text(odd)
    (film,) = telling.sent(odd, "training_view")
    assert film["selected"] == steps[-1]
    assert film["linked"]["entries"] == {"step": None, "compare": None}
