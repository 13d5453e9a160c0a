"""One file holds a lesson, and whatever else is given for one is refused in a sentence."""

import json

import numpy as np
import pytest
import safetensors.torch
import torch

from cnnviz.datasets import own
from cnnviz.networks import models
from cnnviz.networks.architecture import two_convolutions
from cnnviz.networks.checkpoints import Checkpoint
from cnnviz.teaching import shelf
from cnnviz.teaching.course import Choices, course
from cnnviz.teaching.files import Kept, Taught, from_bytes, to_bytes
from tests.teaching.lessons import lesson


@pytest.fixture
def kept() -> Kept:
    model = models.untrained(two_convolutions(classes=3), seed=3)
    described = {"architecture": json.dumps(model.described()), "classes": '["a", "b", "c"]'}
    made = lesson().with_other()
    labels = {drawing.id: drawing.symbol - 1 for drawing in made.drawings[:-1]}
    taught = Taught(Checkpoint(model, described, "mine"), labels, frozenset({1, 5, 9}))
    return Kept(made, Choices(start="random"), taught)


def test_all_of_it_comes_back(kept):
    opened = from_bytes(to_bytes(kept), "a file")
    assert opened.lesson.symbols == kept.lesson.symbols
    for ours, theirs in zip(opened.lesson.drawings, kept.lesson.drawings, strict=True):
        assert (ours.id, ours.symbol) == (theirs.id, theirs.symbol)
        assert np.array_equal(ours.picture, theirs.picture)
    assert opened.choices == kept.choices
    assert opened.taught is not None
    assert kept.taught is not None
    assert opened.taught.labels == kept.taught.labels
    assert opened.taught.held == kept.taught.held
    assert opened.taught.network.classes == ("a", "b", "c")
    for name, weight in opened.taught.network.model.state_dict().items():
        assert torch.equal(weight, kept.taught.network.model.state_dict()[name])


def test_what_is_crossed_out_is_not_in_the_file(kept):
    opened = from_bytes(to_bytes(Kept(kept.lesson.crossed(2))), "a file")
    assert opened.taught is None
    assert len(opened.lesson.drawings) == 11


def test_ids_last_over_a_file_those_of_what_has_gone_too(kept):
    made = kept.lesson.more().without(4).without(2).crossed(1).undone()
    opened = from_bytes(to_bytes(Kept(made)), "a file").lesson
    assert [drawing.id for drawing in opened.drawings] == [2, 3, 4, 9, 10, 11]
    assert [symbol.id for symbol in opened.more().symbols] == [1, 3, 5, 0]
    assert opened.drawn(1, made.drawings[0].picture).drawings[-1].id == 13


def test_a_file_from_before_there_were_ids_in_it_is_opened(kept):
    told = json.loads(header(to_bytes(kept))["cnnviz.lesson"])
    for name in ("symbol_ids", "last_id", "last_symbol"):
        del told[name]
    tensors = safetensors.torch.load(to_bytes(kept))
    del tensors["ids"]
    content = safetensors.torch.save(tensors, {"cnnviz.lesson": json.dumps(told)})
    assert from_bytes(content, "a file").lesson.symbols == kept.lesson.symbols


def test_a_network_that_reads_other_pictures_is_refused(kept):
    model = models.untrained(two_convolutions(classes=3, picture=(1, 32, 32)), seed=3)
    described = {"architecture": json.dumps(model.described())}
    taught = Taught(Checkpoint(model, described, "mine"), {1: 0}, frozenset())
    with pytest.raises(ValueError, match=r"A file is .*: its network reads other pictures\."):
        from_bytes(to_bytes(Kept(kept.lesson, taught=taught)), "A file")


def header(content):
    read = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    return read["__metadata__"]


def changed(kept, tensors=None, without=(), **about):
    content = to_bytes(kept)
    old = safetensors.torch.load(content)
    told = json.loads(header(content)["cnnviz.lesson"])
    now = {key: t for key, t in {**old, **(tensors or {})}.items() if key not in without}
    return safetensors.torch.save(now, {"cnnviz.lesson": json.dumps({**told, **about})})


def bytes_(*shape):
    return torch.zeros(shape, dtype=torch.uint8)


HOSTILE = {
    "no lesson at all": lambda kept: safetensors.torch.save({"a": torch.zeros(1)}),
    "a pickle": lambda kept: b"\x80\x04\x95" + b"x" * 100,
    "nothing": lambda kept: b"",
    "cut off": lambda kept: to_bytes(kept)[:-7],
    "one symbol": lambda kept: changed(kept, symbols=["a"], other=False),
    "symbols that are no list": lambda kept: changed(kept, symbols="abc"),
    "symbols that are no texts": lambda kept: changed(kept, symbols=[1, 2, 3]),
    "a thousand symbols": lambda kept: changed(kept, symbols=[str(i) for i in range(1000)]),
    "names alike": lambda kept: changed(kept, symbols=["a", "a", "b"]),
    "pictures of another size": lambda kept: changed(kept, {"pictures": bytes_(12, 28, 29)}),
    "pictures of numbers": lambda kept: changed(kept, {"pictures": torch.zeros(12, 28, 28)}),
    "no pictures": lambda kept: changed(kept, without=("pictures",)),
    "a picture that is none": lambda kept: changed(kept, {"pictures": torch.tensor(0)}),
    "too many": lambda kept: changed(kept, {"pictures": bytes_(5001, 28, 28)}),
    "drawings of nothing": lambda kept: changed(kept, {"symbols": bytes_(12) + 9}),
    "ids that are there twice": lambda kept: changed(
        kept, {"ids": torch.ones(12, dtype=torch.int64)}
    ),
    "ids that are too high": lambda kept: changed(kept, {"ids": torch.arange(12) + 2**60}),
    "fewer ids": lambda kept: changed(kept, {"ids": torch.arange(1, 4)}),
    "symbols of one id": lambda kept: changed(kept, symbol_ids=[1, 1, 2]),
    "a symbol with the id of none": lambda kept: changed(kept, symbol_ids=[0, 1, 2]),
    "a last id that is no number": lambda kept: changed(kept, last_id="9"),
    "fewer labels": lambda kept: changed(kept, {"label": bytes_(3)}),
    "labels that aren't classes": lambda kept: changed(kept, {"label": bytes_(12) + 7}),
    "a network without weights": lambda kept: changed(
        kept, without=("network.fc.weight", "network.fc.bias")
    ),
    "a network that isn't told of": lambda kept: changed(kept, network=7),
    "a network of nothing": lambda kept: changed(kept, network={"architecture": "[]"}),
    "a weight that is no number": lambda kept: changed(
        kept, {"network.fc.bias": torch.full((3,), float("nan"))}
    ),
    "choices that there aren't": lambda kept: changed(kept, choices={"start": "elsewhere"}),
    "more choices": lambda kept: changed(kept, choices={"colour": 1}),
    "a lesson that is a list": lambda kept: safetensors.torch.save(
        {"a": torch.zeros(1)}, {"cnnviz.lesson": "[" * 100_000}
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_else_a_file_may_be_is_refused_in_a_sentence(name, kept):
    with pytest.raises(ValueError, match=r"^(A file|The network in A file) .*[.]$"):
        from_bytes(HOSTILE[name](kept), "A file")


def test_a_lesson_lies_on_this_machine_until_it_is_deleted(kept, monkeypatch, tmp_path):
    monkeypatch.setenv("CNNVIZ_OWN", str(tmp_path / "own"))
    name = shelf.new_name()
    with pytest.raises(ValueError, match="isn't on this machine any more"):
        shelf.load(name)
    collection = own.save(course(kept.lesson.without(0)).collection)
    traces = shelf.Traces((collection,), "a-run", {1: 0, 7: 2}, frozenset({7}))
    stamp = shelf.save(name, kept, traces, None)
    assert shelf.traces(name) == traces
    with pytest.raises(shelf.ChangedElsewhereError):
        shelf.save(name, kept, shelf.Traces(), None)
    # What a page doesn't know of is deleted with the lesson all the same.
    shelf.save(name, kept, shelf.Traces(), stamp)
    assert shelf.traces(name).collections == (collection,)
    assert shelf.path_of(name).is_relative_to(tmp_path / "own")
    assert len(shelf.load(name).lesson.drawings) == 12
    shelf.delete(name, shelf.Traces())
    shelf.delete(name, shelf.Traces())
    assert [path for path in (tmp_path / "own").rglob("*") if path.is_file()] == []
    assert shelf.traces(name) == shelf.Traces()
    for other in ("../../x", "", "g" * 24, name + "0"):
        with pytest.raises(ValueError, match="24 digits"):
            shelf.load(other)
