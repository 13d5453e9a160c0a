"""Whose something is, and who may change it."""

import pytest

from cnnviz import people
from cnnviz.people import Person

ME, OTHER = (Person(people.digest_of(people.new_token())) for _ in range(2))
KEY = "a long enough key"


def test_what_a_person_made_is_theirs_alone_and_what_nobody_made_is_everybodys() -> None:
    assert ME.may_change(ME.digest)
    assert not OTHER.may_change(ME.digest)
    assert OTHER.may_change(None)
    assert not OTHER.owns(None)


def test_a_teacher_and_an_open_class_may_change_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    teacher = Person(OTHER.digest, teacher=True)
    assert teacher.may_change(ME.digest)
    assert not teacher.owns(ME.digest)
    monkeypatch.setenv(people.OPEN, "1")
    assert OTHER.may_change(ME.digest)
    monkeypatch.setenv(people.OPEN, "0")
    assert not OTHER.may_change(ME.digest)


def test_a_token_is_told_from_anything_else_and_its_digest_holds_none_of_it() -> None:
    tokens = {people.new_token() for _ in range(50)}
    assert len(tokens) == 50
    for token in tokens:
        assert people.is_token(token)
        assert token not in people.digest_of(token)
        assert people.checked_digest(people.digest_of(token)) == people.digest_of(token)
    for other in (None, 7, "", "x", "x" * 44, "x" * 42 + "\n", "ä" * 43, ["x" * 43]):
        assert not people.is_token(other)
        assert people.checked_digest(other) is None


def test_the_teachers_key_is_known_and_without_a_setting_nothing_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for told in (None, "", KEY):
        assert not people.is_teacher_key(told)
    monkeypatch.setenv(people.KEY, KEY)
    assert people.is_teacher_key(KEY)
    for told in (None, "", KEY[:-1], KEY + "x", 7, "ä"):
        assert not people.is_teacher_key(told)
    monkeypatch.setenv(people.KEY, "short")
    with pytest.raises(ValueError, match="must have at least 12 characters, got 5"):
        people.teacher_key()
