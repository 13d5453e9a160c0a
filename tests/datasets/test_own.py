"""A person's own data sets: kept whole or not at all, fair, and refused where they aren't so."""

import gc
import json
import os
import struct
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st

from cnnviz import people
from cnnviz.datasets import catalogue, images, outlines, own, owned
from cnnviz.datasets.collection import Collection, held_out
from cnnviz.datasets.stored import Unavailable
from cnnviz.drawing.frames import Frame
from cnnviz.runs import folders, recorder
from cnnviz.training import words
from cnnviz.training.config import TrainingConfig
from cnnviz.training.events import Epoch
from cnnviz.training.loop import train


def collection(
    count: int = 60, shape: tuple[int, int, int] = (1, 28, 28), title: str = "Sun & moon ☾"
) -> Collection:
    """Noise, darker where the class is the first."""
    labels = np.arange(count) % 3
    noise = np.random.default_rng(count).integers(0, 100, (count, *shape))
    pictures = (noise + 70 * labels[:, None, None, None]).astype(np.uint8)
    return Collection(title, ("sun", "half moon", "star"), pictures, labels)


def replace_owner(made: Collection, owner: str) -> Collection:
    return Collection(made.title, made.classes, made.images, made.labels, owner=owner)


def test_a_collection_comes_back_as_it_was_saved():
    saved = collection(shape=(3, 12, 16))
    name = own.save(saved)
    assert name.startswith("own-sun-moon-")
    assert own.names() == [name]
    opened = own.load(name)
    for part in ("images", "labels", "held"):
        np.testing.assert_array_equal(getattr(opened, part), getattr(saved, part))
    assert opened.outline == saved.outline == own.outline(name)
    assert (opened.title, opened.classes) == (saved.title, saved.classes)
    assert own.path_of(name).read_bytes().find(b"pickle") < 0
    own.delete(name)
    assert own.names() == []
    assert not list(own.where().iterdir())
    with pytest.raises(Unavailable, match="isn't on this machine"):
        own.load(name)


def test_the_same_pictures_have_the_same_name_and_others_another():
    first = collection()
    assert own.save(first) == own.save(collection())
    assert len(own.names()) == 1
    others = {
        collection(title="stars").name,
        collection(63).name,
        Collection(first.title, first.classes[::-1], first.images, first.labels).name,
        Collection(
            first.title, first.classes, first.images, first.labels, frame=Frame(box=None)
        ).name,
        Collection(first.title, first.classes, first.images, first.labels, ~first.held).name,
    }
    assert len(others) == 5
    assert first.name not in others


def test_what_somebody_added_is_listed_to_and_deleted_by_them_and_a_teacher_alone(
    monkeypatch: pytest.MonkeyPatch,
):
    ann, ben = (people.Person(people.digest_of(people.new_token())) for _ in range(2))
    teacher = people.Person(ben.digest, teacher=True)
    for_all = own.save(collection())
    hers = own.save(replace_owner(collection(), ann.digest))
    his = own.save(replace_owner(collection(), ben.digest))
    every = {for_all, hers, his}
    assert len(every) == 3
    assert own.load(hers).owner == own.outline(hers).owner == own.owner(hers) == ann.digest

    def listed(person: people.Person | None) -> set[str]:
        return {d.name for d in catalogue.everything(person=person)} - set(catalogue.DATASETS)

    for person, theirs in ((ann, {for_all, hers}), (ben, {for_all, his}), (teacher, every)):
        assert listed(person) == set(owned.names(person)) == theirs
    assert listed(None) == every
    # A run of somebody's knows its data set, be it in a menu or not.
    assert catalogue.named(hers).classes == collection().classes

    with pytest.raises(people.NotYoursError, match="Sun & moon ☾ was added in another browser"):
        owned.delete(hers, ben)
    assert set(own.names()) == every
    owned.delete(hers, ann)
    owned.delete(his, teacher)
    assert own.names() == [for_all]
    own.save(replace_owner(collection(), ann.digest))
    with monkeypatch.context() as open_class:
        open_class.setenv(people.OPEN, "1")
        assert listed(ben) == set(owned.names(ben)) == {for_all, hers}
        owned.delete(hers, ben)
    # What was added before there were owners, or on the command line, is everybody's.
    owned.delete(for_all, ben)
    assert own.names() == []


def test_of_a_file_nobody_knows_whose_it_is_until_it_can_be_read():
    ann, ben = (people.Person(people.digest_of(people.new_token())) for _ in range(2))
    name = own.save(replace_owner(collection(), ann.digest))
    path = own.path_of(name)
    content = path.read_bytes()
    path.unlink()
    path.symlink_to(path.with_name("elsewhere"))
    with pytest.raises(Unavailable, match="can't be read"):
        owned.delete(name, ben)
    assert path.is_symlink()
    path.unlink()
    # What is in a damaged one serves nobody, and doesn't say whose it was.
    path.write_bytes(content[:-1])
    assert own.owner(name) is None
    assert owned.names(ben) == [name]
    owned.delete(name, ben)
    with pytest.raises(Unavailable, match="isn't on this machine"):
        owned.delete(name, ann)
    with pytest.raises(ValueError, match="is called own-…"):
        owned.delete("../elsewhere", ann)


@pytest.mark.parametrize("owner", ["", "me", "A" * 64, 7])
def test_an_owner_is_nothing_but_a_tokens_digest(owner):
    with pytest.raises(ValueError, match="owner must be the digest of a token, got"):
        replace_owner(collection(), owner)


def test_a_title_without_plain_letters_has_a_name_too():
    name = own.save(collection(title="月と星"))
    assert outlines.is_name(name)
    assert own.load(name).title == "月と星"


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40)), min_size=1, max_size=120))
def test_about_a_fifth_of_each_class_is_held_out_and_no_copy_is_on_both_sides(drawn):
    labels = np.array([label for label, _ in drawn])
    pictures = np.stack([np.full((1, 8, 8), 40 * label + tone) for label, tone in drawn]).astype(
        np.uint8
    )
    held = held_out(pictures, labels)
    for label in set(labels.tolist()):
        of_class = labels == label
        tones = {int(p[0, 0, 0]) for p in pictures[of_class]}
        tested = {int(p[0, 0, 0]) for p in pictures[of_class & held]}
        learnt = {int(p[0, 0, 0]) for p in pictures[of_class & ~held]}
        assert not tested & learnt
        assert bool(tested) == (len(tones) > 1)
        if len(tones) == of_class.sum() > 1:  # no two alike
            assert (of_class & held).sum() == max(1, round(of_class.sum() / 5))
    turned = np.random.default_rng(1).permutation(len(labels))
    np.testing.assert_array_equal(held_out(pictures[turned], labels[turned]), held[turned])


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        ([9, *[1] * 11], 4),  # of twenty, a fifth, whatever the nine's digest is
        ([17, 2, 1], 3),
        ([17, 3], 3),
        ([10, 10], 10),
        ([20], 0),
    ],
)
@pytest.mark.parametrize("tones", range(5))
def test_many_copies_of_one_picture_are_not_what_the_test_is_made_of(tones, copies, expected):
    pictures = np.repeat(np.arange(len(copies)) + 20 * tones, copies)[:, None, None, None]
    pictures = np.broadcast_to(pictures, (20, 1, 8, 8)).astype(np.uint8)
    assert held_out(pictures, np.zeros(20, np.int64)).sum() == expected


def test_few_pictures_change_sides_as_others_come():
    many = collection(120)
    few = slice(0, 110)
    held = held_out(many.images[few], many.labels[few])
    assert (held != many.held[few]).sum() <= 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "a title must have 1 to 80 characters"),
        ({"title": "a\nb"}, "a title must have"),
        ({"classes": ("sun",)}, "there must be 2 to 100 classes, got 1"),
        ({"classes": ("sun", "sun", "star")}, "'sun' is there twice"),
        ({"classes": ("sun", " moon", "star")}, "a class's name must have 1 to 40"),
        ({"classes": ("sun", "m" * 41, "star")}, "a class's name must have 1 to 40"),
        ({"classes": ("a", "b", "c", "d")}, "there is no picture of 'd' to learn from"),
        ({"classes": ("a", "b")}, "labels must be from 0 to 1, got 0 to 2"),
        ({"images": np.zeros((60, 28, 28), np.uint8)}, r"uint8 of shape \(n, C, H, W\)"),
        ({"images": np.zeros((60, 1, 28, 28))}, "must be uint8"),
        ({"images": np.zeros((60, 2, 28, 28), np.uint8)}, "1 or 3 channels of 8 to 64"),
        ({"images": np.zeros((60, 1, 65, 28), np.uint8)}, "1 or 3 channels of 8 to 64"),
        ({"images": np.zeros((60, 1, 28, 28), np.uint8)}, "no picture is left for a test"),
        ({"labels": np.zeros(59, int)}, "labels must be 60 whole numbers"),
        ({"held": np.ones(60, bool)}, "there is no picture of 'sun' to learn from"),
        ({"frame": Frame((3, 28, 28))}, r"frame must be for pictures of \(1, 28, 28\)"),
    ],
)
def test_what_is_no_collection_says_what_would_be_right(change, said):
    whole = collection()
    parts = {
        name: getattr(whole, name) for name in ("title", "classes", "images", "labels", "frame")
    }
    with pytest.raises(ValueError, match=said):
        Collection(**{**parts, **change})


def test_too_many_pictures_are_refused():
    labels = np.arange(50_001) % 2
    pictures = np.broadcast_to(np.uint8(0), (50_001, 1, 8, 8))
    with pytest.raises(ValueError, match="at most 50,000 pictures, got 50,001"):
        Collection("many", ("a", "b"), pictures, labels)


def rewritten(name: str, content: bytes) -> None:
    own.path_of(name).write_bytes(content)


def with_header(content: bytes, change) -> bytes:
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    change(header)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + content[8 + length :]


def outline_changed(**change):
    def apply(header):
        told = json.loads(header["__metadata__"]["cnnviz.collection"])
        told.update(change)
        header["__metadata__"]["cnnviz.collection"] = json.dumps(told)

    return apply


@pytest.mark.parametrize(
    "spoil",
    [
        lambda c: b"",
        lambda c: c[:-1],
        lambda c: c + b"\0",
        lambda c: c[:-1] + bytes([c[-1] ^ 1]),  # a pixel, or a label, is another
        lambda c: b"\x80\x04" + c,
        lambda c: struct.pack("<Q", 2**40) + c[8:],
        lambda c: struct.pack("<Q", 4) + b"null" + c,
        lambda c: struct.pack("<Q", 100_000) + b"[" * 100_000 + c,
        lambda c: with_header(c, outline_changed(train=50_000)),
        lambda c: with_header(c, outline_changed(train=10**12)),
        lambda c: with_header(c, outline_changed(train=13, test=47)),
        lambda c: with_header(c, outline_changed(title="another")),
        lambda c: with_header(c, outline_changed(name="own-other-000000000000")),
        lambda c: with_header(c, outline_changed(frame={"shape": [1, 10**9, 10**9]})),
        lambda c: with_header(c, outline_changed(frame=[])),
        lambda c: with_header(c, outline_changed(surprise=1)),
        lambda c: with_header(c, lambda h: h.pop("__metadata__")),
        lambda c: with_header(c, lambda h: h["images"].update(shape=[10**9, 10**9])),
        lambda c: with_header(c, lambda h: h["images"].update(dtype="F32")),
        lambda c: with_header(c, lambda h: h["images"].update(data_offsets=[0, 10**12])),
        lambda c: with_header(c, lambda h: h["images"].update(data_offsets="x")),
        lambda c: safetensors.numpy.save({"images": np.zeros((60, 1, 28, 28), np.uint8)}),
    ],
)
def test_a_file_that_was_changed_or_made_up_is_refused(spoil):
    name = own.save(collection())
    rewritten(name, spoil(own.path_of(name).read_bytes()))
    with pytest.raises(Unavailable, match="can't be used"):
        own.load(name)
    assert own.names() == [name]
    own.delete(name)


def test_links_are_not_followed(tmp_path):
    name = own.save(collection())
    elsewhere = tmp_path / "elsewhere"
    path = own.path_of(name)
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    assert own.names() == []
    with pytest.raises(Unavailable, match="not a plain file"):
        own.load(name)
    own.delete(name)
    assert elsewhere.exists()
    assert not path.is_symlink()
    own.where().rmdir()
    (tmp_path / "folder").mkdir()
    own.where().symlink_to(tmp_path / "folder", target_is_directory=True)
    with pytest.raises(Unavailable, match="can't be kept"):
        own.save(collection())
    assert not list((tmp_path / "folder").iterdir())


def test_a_fifo_in_its_place_does_not_wait_for_ever():
    name = own.save(collection())
    own.path_of(name).unlink()
    os.mkfifo(own.path_of(name))
    with pytest.raises(Unavailable, match="not a plain file"):
        own.outline(name)


@pytest.mark.parametrize("name", ["own-../../x-000000000000", "../own", "own-x", "own-", "mnist"])
def test_a_name_never_leads_out_of_the_folder(name):
    for act in (own.load, own.outline, own.delete, own.path_of):
        with pytest.raises(ValueError, match="is called own-"):
            act(name)


def test_a_folder_that_cannot_be_written_is_told_with_the_setting_that_helps(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("CNNVIZ_OWN", str(tmp_path / "file" / "own"))
    with pytest.raises(Unavailable, match=r"can't be kept in .*CNNVIZ_OWN"):
        own.save(collection())


def test_it_lies_below_the_data_sets_unless_another_folder_is_named(tmp_path, monkeypatch):
    monkeypatch.delenv("CNNVIZ_OWN")
    monkeypatch.setenv("CNNVIZ_DATA", str(tmp_path / "data"))
    name = own.save(collection())
    assert own.path_of(name).parent == tmp_path / "data" / "own"


def test_it_is_trained_on_as_any_data_set_and_names_itself():
    name = own.save(collection(title="my *symbols*"))
    row = catalogue.named(name)
    assert row in catalogue.everything()
    assert row.own
    assert row.label == "my *symbols*, 28×28"
    assert (row.train, row.test) == (48, 12)
    config = TrainingConfig(preset="own", dataset=name, epochs=8, batch_size=8, learning_rate=0.01)
    assert config.architecture.classes == 3
    assert config.samples == 48
    assert words.in_words(config).startswith("my *symbols* · Adam")
    last = [event for event in train(config) if isinstance(event, Epoch)][-1]
    assert last.test_accuracy > 0.6
    data = images.load(name)
    assert data.train_images.shape == (48, 1, 28, 28)
    assert float(data.train_images.max()) <= 1
    assert TrainingConfig.from_dict(config.to_dict()) == config
    assert hash(config) == hash(TrainingConfig.from_dict(json.loads(config.to_json())))


def test_a_run_knows_what_it_learnt_when_the_collection_is_gone():
    name = own.save(collection())
    config = TrainingConfig(preset="own", dataset=name, epochs=1, train_size=20)
    folder = folders.create(config)
    recorder.record(folder)
    own.delete(name)
    kept = folders.config(folder)
    assert kept == config
    assert (kept.images.title, kept.images.shape) == ("Sun & moon ☾", (1, 28, 28))
    assert kept.images.classes == ("sun", "half moon", "star")
    assert words.shown(kept, "dataset") == "Sun & moon ☾, 28×28"
    assert not kept.images.stored.available()
    with pytest.raises(Unavailable, match="isn't on this machine any more"):
        images.load_row(kept.images)
    with pytest.raises(Unavailable, match="isn't on this machine any more"):
        next(train(replace(kept, epochs=2)))
    with pytest.raises(ValueError, match="isn't on this machine"):
        TrainingConfig(preset="own", dataset=name)
    assert replace(kept, dataset="digits", train_size=None).outline is None


def test_what_is_deleted_is_not_kept_in_memory():
    name = own.save(collection())
    row = catalogue.named(name)
    loaded = [weakref.ref(tensor) for tensor in vars(images.load_row(row)).values()]
    own.delete(name)
    with pytest.raises(Unavailable, match="isn't on this machine any more"):
        images.load_row(row)
    gc.collect()
    assert [each() for each in loaded] == [None] * 4


def test_arrays_that_a_collection_is_made_of_can_still_be_written_into():
    pictures, labels, held = (np.array(a) for a in vars(collection()).values() if hasattr(a, "T"))
    made = Collection("x", ("sun", "moon", "star"), pictures, labels, held)
    for array in (pictures, labels, held):
        array[0] = array[0]
    for array in (made.images, made.labels, made.held):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[0]


@pytest.mark.parametrize(
    "outline",
    [
        1,
        [],
        {"title": "x"},
        {"frame": 3},
        {"name": "own-x-000000000000", "title": "x", "classes": ["a"] * 2},
        {**collection().outline.to_dict(), "name": "../../x"},
        {**collection().outline.to_dict(), "name": 3},
        "x" * 10,
    ],
)
def test_a_run_whose_settings_were_made_up_says_so(outline):
    settings = TrainingConfig(preset="own", dataset="digits").to_dict()
    with pytest.raises(
        ValueError, match=r"outline|what is known|a title|there must be|is called own-"
    ):
        TrainingConfig.from_dict({**settings, "dataset": "own-x-000000000000", "outline": outline})


def test_the_exported_program_reads_the_same_pictures(tmp_path: Path):
    name = own.save(collection(shape=(3, 8, 9)))
    made: dict = {}
    lines = catalogue.named(name).stored
    exec("\n".join(["import torch", *lines.imports, lines.lines()]), made)
    data = images.load(name)
    for part in ("images", "labels"):
        assert bool((made[part] == getattr(data, f"train_{part}")).all())
        assert bool((made[f"test_{part}"] == getattr(data, f"test_{part}")).all())
