"""Pictures of one's own on the training page: added from a zip, chosen, deleted for good."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnviz import people
from cnnviz.datasets import own
from cnnviz.datasets.collection import Collection
from cnnviz.runs import folders, queue, recorder
from cnnviz.training.config import TrainingConfig
from tests.pages.labs import open_link
from tests.pages.telling import sent


@pytest.fixture(autouse=True)
def queued(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What was put in the queue, which nothing takes out."""
    submitted: list[Path] = []
    waiting = queue.Queue(lambda: pytest.fail("nothing here is trained"))
    monkeypatch.setattr(queue.Queue, "warm", lambda self: None)
    monkeypatch.setattr(waiting, "_start_next", lambda: submitted.append(waiting._waiting[-1]))
    monkeypatch.setattr(queue, "server_queue", lambda: waiting)
    return submitted


def lights() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for at in range(20):
            picture = np.full((20, 20, 3), (220, 9 * at, 0) if at % 2 else (0, 9 * at, 220))
            file = io.BytesIO()
            Image.fromarray(picture.astype(np.uint8)).save(file, "PNG")
            archive.writestr(f"{('blue', 'red')[at % 2]}/{at}.png", file.getvalue())
        archive.writestr("red/<b>.txt", "hello")
    return content.getvalue()


def button(script: AppTest, label: str):
    return next(found for found in script.button if found.label == label)


def said(script: AppTest) -> str:
    return " ".join(str(e.value) for kind in (script.info, script.error) for e in kind)


def test_a_zip_is_added_chosen_trained_on_and_deleted_while_the_run_stays(
    open_script: Callable[..., AppTest], queued: list[Path]
) -> None:
    script = open_script("training", training_preset="own", own_pictures=True)
    assert button(script, "Add").disabled
    upload = script.file_uploader(key="own_pictures_file")
    upload.upload("lights.zip", b"hello", "application/zip").run()
    button(script, "Add").click().run()
    assert "This is no zip file" in said(script)

    upload = script.file_uploader(key="own_pictures_file")
    upload.upload("the lights.zip", lights(), "application/zip").run()
    script.number_input(key="own_pictures_side").set_value(16).run()
    script.selectbox(key="own_pictures_channels").set_value("colours").run()
    button(script, "Add").click().run()
    assert not script.exception
    (name,) = own.names()
    assert own.outline(name).frame.shape == (3, 16, 16)
    assert "Added the lights: 16 pictures to learn from and 4 for the test, of 2" in said(script)
    assert "red/\\<b\\>.txt: This file is not a picture" in said(script)
    assert script.selectbox(key="training_own_dataset").value == name

    # 16 pixels are too few for nothing: two convolutions fit.
    button(script, "Start").click().run()
    (folder,) = queued
    config = folders.config(folder)
    assert (config.dataset, config.images.classes) == (name, ("blue", "red"))
    recorder.record(folder)

    script = open_script(
        "training",
        training_preset="own",
        own_pictures=True,
        person_token=script.session_state["person_token"],
        **{
            "training_own_dataset": name,
            "training_more": "What it gets wrong",
        },
    )
    assert "of 4 test images" in " ".join(m.value for m in script.markdown)
    script.selectbox(key="own_pictures_kept").set_value(name).run()
    script.checkbox(key=f"own_pictures_sure_{name}").check().run()
    script.button(key="own_pictures_delete").click().run()
    assert not script.exception
    assert own.names() == []
    assert script.selectbox(key="training_own_dataset").value == "mnist"
    assert "he lights isn't on this machine any more" in said(script)
    assert "the lights · Adam 0.001" in " ".join(each.proto.body for each in script.get("html"))


def test_what_somebody_added_is_listed_to_others_no_more_than_it_is_theirs_to_delete(
    open_script: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    hers = open_script("training", training_preset="own", own_pictures=True)
    hers.file_uploader(key="own_pictures_file").upload("lights.zip", lights()).run()
    hers.selectbox(key="own_pictures_channels").set_value("colours").run()
    button(hers, "Add").click().run()
    (name,) = own.names()
    assert own.owner(name) == people.digest_of(hers.session_state["person_token"])
    label = own.outline(name).title

    def kept(script: AppTest) -> list[str]:
        return [
            o for box in script.selectbox if box.key == "own_pictures_kept" for o in box.options
        ]

    def offered(script: AppTest) -> bool:
        return any(label in o for o in script.selectbox(key="training_own_dataset").options)

    his = open_script("training", training_preset="own", own_pictures=True)
    assert (kept(his), offered(his)) == ([], False)
    assert not any(label in o for o in open_script("build").selectbox[0].options)
    key = "the key of the class"
    monkeypatch.setenv(people.KEY, key)
    teacher = open_script("training", training_preset="own", own_pictures=True, person_teacher=key)
    assert len(kept(teacher)) == 1
    assert offered(teacher)

    # The class is open while he chooses it, and no longer as he clicks.
    monkeypatch.setenv(people.OPEN, "1")
    his.run()
    assert offered(his)
    his.selectbox(key="own_pictures_kept").set_value(name).run()
    his.checkbox(key=f"own_pictures_sure_{name}").check().run()
    monkeypatch.delenv(people.OPEN)
    his.button(key="own_pictures_delete").click().run()
    assert not his.exception
    assert "lights was added in another browser" in said(his)
    assert own.names() == [name]
    assert (kept(his), offered(his)) == ([], False)


def test_a_network_is_built_for_ones_own_pictures(open_script: Callable[..., AppTest]) -> None:
    page = open_script("build", own_pictures=True)
    page.file_uploader(key="own_pictures_file").upload("the lights.zip", lights()).run()
    page.number_input(key="own_pictures_side").set_value(20).run()
    page.selectbox(key="own_pictures_channels").set_value("colours").run()
    button(page, "Add").click().run()
    assert not page.exception
    assert "Added the lights: 16 pictures to learn from" in said(page)
    (name,) = own.names()
    row = sent(page, "builder")[0]
    assert row["picture"] == [3, 20, 20]
    assert row["layers"][-1] == ["linear", {"features": "2"}]
    assert row["problem"] is None
    assert page.query_params["data"] == name
    assert page.session_state["build_data"] == name

    again = open_link("build", data=name)
    assert sent(again, "builder")[0]["picture"] == [3, 20, 20]
    again.button(key="build_use").click().run()
    assert again.session_state["models_opened"]["built, untrained"].classes == ("blue", "red")
    own.delete(name)
    # It was chosen here, and has been deleted on another page.
    left = open_link("build", {"build_data": name})
    assert sent(left, "builder")[0]["picture"] == [1, 28, 28]
    gone = open_link("build", data=name)
    assert "Part of the link was ignored" in gone.info[0].value


def test_a_damaged_file_of_pictures_is_in_no_choice_but_can_be_deleted(
    open_script: Callable[..., AppTest],
) -> None:
    labels = np.arange(12) % 2
    images = np.random.default_rng(0).integers(0, 256, (12, 1, 28, 28), np.uint8)
    name = own.save(Collection("noise", ("a", "b"), images, labels))
    assert TrainingConfig(preset="own", dataset=name)
    own.path_of(name).write_bytes(b"cut")
    script = open_script("training", training_preset="own", own_pictures=True)
    assert name not in script.selectbox(key="training_own_dataset").options
    assert any("damaged" in o for o in script.selectbox(key="own_pictures_kept").options)
