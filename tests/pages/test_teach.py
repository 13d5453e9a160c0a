"""The teach page's logic without a browser: drawings as its pad tells them, training, results."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnnviz.datasets import own
from cnnviz.runs import queue, recorder
from cnnviz.runs.folders import RunError
from cnnviz.teaching import files, shelf
from cnnviz.teaching.files import Kept
from cnnviz.teaching.lesson import MOST_DRAWINGS, OTHER_ID
from tests.pages.telling import sent
from tests.teaching import pen
from tests.teaching.lessons import lesson, pictures


class TrainsAtOnce:
    """A queue that trains in this process: the run is over as the click is."""

    problems: dict[str, str] = {}  # noqa: RUF012 - none ever

    def warm(self) -> None:
        """There is nothing to start."""

    def submit(self, folder: Path) -> None:
        recorder.record(folder)


@pytest.fixture(autouse=True)
def on_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CNNVIZ_OWN", str(tmp_path / "own"))
    monkeypatch.setattr(queue, "server_queue", TrainsAtOnce)


@pytest.fixture
def page(open_script: Callable[..., AppTest]) -> AppTest:
    return open_script("teach")


def at_address(name: str, **session: object) -> AppTest:
    """The page as its link opens it."""
    page = AppTest.from_file(Path(__file__).parents[2] / "pages" / "teach.py", default_timeout=60)
    page.query_params["lesson"] = name
    for key, value in session.items():
        page.session_state[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


def kept(page: AppTest) -> Kept:
    return page.session_state["teach_desk"].kept


def with_lesson(page: AppTest, count: int = 5) -> AppTest:
    """As if somebody had drawn all of it: AppTest has no pen."""
    page.session_state["teach_desk"].kept = Kept(lesson(pen.SETS[0], count))
    return page.run()


def test_it_opens_empty_and_says_what_to_do_first(page: AppTest) -> None:
    assert any("</strong> each of your symbols" in each.proto.body for each in page.get("html"))
    (pad,) = sent(page, "lesson_pad")
    assert [symbol["count"] for symbol in pad["symbols"]] == [0, 0]
    assert page.button(key="teach_train").disabled
    assert "needs 3 drawings at least" in page.caption[0].value
    assert list(shelf.where().parent.glob("**/*")) == []


def test_what_was_taught_is_in_the_training_menu_of_who_taught_it_alone(
    page: AppTest, open_script: Callable[..., AppTest]
) -> None:
    with_lesson(page)
    page.button(key="teach_train").click().run()
    assert not page.exception
    (name,) = own.names()

    def offered(**session: object) -> AppTest:
        return open_script("training", training_preset="own", own_pictures=True, **session)

    mine = offered(person_token=page.session_state["person_token"])
    assert any("my symbols" in o for o in mine.selectbox(key="training_own_dataset").options)
    assert len(mine.selectbox(key="own_pictures_kept").options) == 1
    others = offered(training_own_dataset=name)
    menu = others.selectbox(key="training_own_dataset")
    assert not any("my symbols" in option for option in menu.options)
    assert menu.value == "mnist"
    assert "own_pictures_kept" not in [each.key for each in others.selectbox]


def test_symbols_are_added_named_and_taken_out_and_brought_back(page: AppTest) -> None:
    page.button(key="teach_more").click().run()
    for place, name in enumerate(pen.SETS[0]):
        page.text_input[place].set_value(name).run()
    assert kept(page).lesson.classes == pen.SETS[0]
    page.text_input[0].set_value("circle").run()
    assert "'circle' is there twice" in page.error[0].value
    assert kept(page).lesson.classes == pen.SETS[0]
    assert [field.value for field in page.text_input] == list(pen.SETS[0])
    page.text_input[0].set_value(" triangle ").run()
    assert page.text_input[0].value == "triangle"
    assert not page.error
    page.button(key="teach_out_2").click().run()
    assert kept(page).lesson.classes == ("triangle", "square")
    back = next(each for each in page.button if each.label.startswith("Bring back"))
    back.click().run()
    assert kept(page).lesson.classes == pen.SETS[0]
    page.toggle[0].set_value(True).run()
    assert kept(page).lesson.classes[-1] == "none of these"
    assert not page.exception


def press(page: AppTest, label: str) -> AppTest:
    return next(each for each in page.button if each.label.startswith(label)).click().run()


def drawn(page: AppTest, symbol: int) -> int:
    """One drawing more, as if by hand; its id."""
    desk = page.session_state["teach_desk"]
    (picture,) = pictures("star", 1, 9)
    desk.kept = replace(desk.kept, lesson=desk.lesson.drawn(symbol, picture))
    page.run()
    return kept(page).lesson.last_id


def test_what_is_brought_back_takes_nothing_with_it(page: AppTest) -> None:
    with_lesson(page, 4)
    page.button(key="teach_out_2").click().run()
    since = drawn(page, 1)
    page.text_input[0].set_value("circle").run()
    press(page, "Bring back")
    assert "'circle' is there twice" in page.error[0].value
    page.text_input[0].set_value("sun").run()
    press(page, "Bring back")
    assert not page.error
    assert kept(page).lesson.classes == ("sun", "circle", "square")
    assert kept(page).lesson.count(2) == 4
    assert kept(page).lesson.of(1)[-1].id == since
    assert not any(each.label.startswith("Bring back") for each in page.button)


def test_drawings_of_none_of_these_come_back_after_it_was_switched_off(page: AppTest) -> None:
    with_lesson(page, 4)
    page.toggle[0].set_value(True).run()
    mine = drawn(page, OTHER_ID)
    page.toggle[0].set_value(False).run()
    assert not kept(page).lesson.other
    page.toggle[0].set_value(True).run()
    press(page, "Bring back")
    assert [drawing.id for drawing in kept(page).lesson.of(OTHER_ID)] == [mine]
    assert not page.exception


def test_two_tabs_with_one_lesson_do_not_overwrite_each_other() -> None:
    name = shelf.new_name()
    shelf.save(name, Kept(lesson()), shelf.Traces(), None)
    one, other = at_address(name), at_address(name)
    one.text_input[0].set_value("sun").run()
    one.text_input[1].set_value("moon").run()
    assert not one.error
    other.text_input[0].set_value("star").run()
    assert "changed or deleted in another tab" in other.error[0].value
    assert shelf.load(name).lesson.classes == ("sun", "moon", "square")
    apart = other.session_state["teach_desk"].name
    assert apart in other.query_params["lesson"]
    assert shelf.load(apart).lesson.classes == ("star", "circle", "square")
    other.text_input[1].set_value("moon").run()
    assert not other.error
    assert shelf.load(apart).lesson.classes == ("star", "moon", "square")


def test_what_is_said_of_a_name_is_not_read_as_markdown(page: AppTest) -> None:
    page.text_input[0].set_value("*a*").run()
    page.text_input[1].set_value("*a*").run()
    assert r"'\*a\*' is there twice" in page.error[0].value


def test_a_network_that_was_trained_while_no_page_was_open_is_there_on_the_next(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[Path] = []
    monkeypatch.setattr(TrainsAtOnce, "submit", lambda _, folder: waiting.append(folder))
    with_lesson(page)
    page.button(key="teach_train").click().run()
    assert kept(page).taught is None
    said = "Its training was interrupted before there was a network."
    assert said in [text.value for text in page.markdown]
    recorder.record(waiting[0])
    later = at_address(page.session_state["teach_desk"].name)
    taught = kept(later).taught
    assert taught is not None
    assert len(taught.held) == 3
    assert any("of 3** held-back drawings" in text.value for text in later.markdown)
    assert shelf.load(later.session_state["teach_desk"].name).taught is not None


def test_drawings_are_trained_on_tested_and_tried(page: AppTest) -> None:
    with_lesson(page, 6)
    page.button(key="teach_train").click().run()
    assert not page.exception
    assert not page.error
    taught = kept(page).taught
    assert taught is not None
    assert taught.network.classes == pen.SETS[0]
    assert len(taught.held) == 3
    strips = sent(page, "lesson_strip")[:3]
    assert sum(drawing["held"] for strip in strips for drawing in strip["drawings"]) == 3
    assert any("of 3** held-back drawings" in text.value for text in page.markdown)
    assert sent(page, "training_view")
    # What is kept on this machine is all of it: a reload goes on.
    name = page.session_state["teach_desk"].name
    again = shelf.load(name)
    assert again.taught is not None
    assert again.taught.held == taught.held
    # A drawing that is crossed out doesn't count in the test, and isn't learnt from.
    out = min(taught.held)
    desk = page.session_state["teach_desk"]
    desk.kept = Kept(desk.lesson.crossed(out), desk.kept.choices, desk.kept.taught)
    page.run()
    assert any("of 2** held-back drawings" in text.value for text in page.markdown)
    page.button(key="teach_to_try").click().run()
    assert not page.exception
    (view,) = sent(page, "reading")
    assert view["classes"] == list(pen.SETS[0])
    assert sent(page, "network_view")


def test_what_cannot_be_trained_or_kept_is_said_and_the_drawings_stay(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise RunError("the server is ending; resume the run when it is back")

    with_lesson(page)
    monkeypatch.setattr(TrainsAtOnce, "submit", lambda _, folder: refuse(folder))
    page.button(key="teach_train").click().run()
    assert "the server is ending" in page.error[0].value
    assert len(kept(page).lesson.drawings) == 15


def test_a_lesson_comes_from_its_address_and_is_deleted_for_good(tmp_path: Path) -> None:
    name = shelf.new_name()
    shelf.save(name, Kept(lesson()), shelf.Traces(), None)
    page = at_address(name, teach_keep=True)
    assert len(kept(page).lesson.drawings) == 12
    assert any(str(shelf.where()) in text.value for text in page.caption)
    page.checkbox[0].check().run()
    page.button(key="teach_delete").click().run()
    assert kept(page).lesson.drawings == ()
    assert [path for path in (tmp_path / "own").rglob("*") if path.is_file()] == []
    page.query_params["lesson"] = name
    del page.session_state["teach_desk"]
    page.run()
    assert "isn't on this machine any more" in page.error[-1].value


def test_a_file_that_is_no_lesson_is_refused_and_the_lesson_stays(
    open_script: Callable[..., AppTest],
) -> None:
    page = open_script("teach", teach_keep=True)
    with_lesson(page)
    page.file_uploader(key="teach_file").upload(
        "a.safetensors", b"nothing of the kind", "application/x"
    ).run()
    assert "a.safetensors is not a safetensors file" in page.error[0].value
    assert len(kept(page).lesson.drawings) == 15
    other = files.to_bytes(Kept(lesson(pen.SETS[3], 3)))
    page.file_uploader(key="teach_file").upload("b.safetensors", other, "application/x").run()
    assert kept(page).lesson.classes == pen.SETS[3]
    assert not page.exception
    assert np.array_equal(kept(page).lesson.drawings[0].picture.shape, (28, 28))


def photograph(symbol: str, seed: int) -> bytes:
    """Ink on paper, as a file."""
    (picture,) = pictures(symbol, 1, seed)
    content = io.BytesIO()
    Image.fromarray(255 - np.kron(picture, np.ones((8, 8), np.uint8))).save(content, "PNG")
    return content.getvalue()


def test_pictures_from_files_and_the_camera_are_drawings_of_the_symbol_chosen(
    open_script: Callable[..., AppTest],
) -> None:
    # A lesson comes into the desk before its menus are made, or AppTest misses their options.
    page = with_lesson(open_script("teach"), 3)
    page.session_state["teach_upload"] = page.session_state["teach_camera"] = True
    page.run()
    of_upload, of_camera = (page.selectbox(key=f"teach_{n}_symbol") for n in ("upload", "camera"))
    of_upload.select(2).run()
    files = [(f"{n}.png", photograph("square", n), "image/png") for n in (1, 2)]
    field = page.file_uploader(key="teach_files")
    for file in (*files, ("no.png", b"no", "image/png")):
        field.upload(*file)
    field.run()
    assert not page.exception
    assert "This file is not a picture that can be read" in page.error[0].value
    counts = [kept(page).lesson.count(symbol.id) for symbol in kept(page).lesson.symbols]
    assert counts == [3, 5, 3]
    page.run()  # the same files are still in the field
    assert kept(page).lesson.count(2) == 5
    of_camera.select(3).run()
    page.camera_input(key="teach_photo").upload("photo.jpg", photograph("star", 9)).run()
    assert kept(page).lesson.count(3) == 4


def test_five_thousand_drawings_are_shown_crossed_out_and_kept(page: AppTest) -> None:
    with_lesson(page, 1)
    desk = page.session_state["teach_desk"]
    random = np.random.default_rng(0)
    many = random.integers(0, 256, (MOST_DRAWINGS - 3, 28, 28), np.uint8)
    made = desk.lesson
    for symbol, some in zip(made.symbols, np.array_split(many, 3), strict=True):
        made = made.drawn(symbol.id, *some)
    desk.kept = Kept(made)
    page.run()
    assert not page.exception
    from cnnviz.components.lesson_strip import SLOTS  # known once a page has run

    # A strip has one page of its drawings, so that what is sent doesn't grow with them.
    assert [len(strip["drawings"]) <= SLOTS for strip in sent(page, "lesson_strip")] == [True] * 3
    (pad,) = sent(page, "lesson_pad")
    assert sum(symbol["count"] for symbol in pad["symbols"]) == MOST_DRAWINGS
    assert "5000 drawings: about a fifth" in " ".join(each.value for each in page.caption)
    page.text_input[0].set_value("sun").run()  # a change, which saves all of it
    assert not page.error
    assert len(shelf.load(desk.name).lesson.drawings) == MOST_DRAWINGS
