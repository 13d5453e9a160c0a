"""Whose requests go on: those for a name that is ours, from a page that is ours."""

from functools import partial

import pytest

from cnnviz.serving.names import KnownNames, Names, known_names
from tests.serving.asking import ask, scope


def names(setting: str = ""):
    return partial(Names, known=known_names(setting, "Desk"))


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1:8501", "[::1]:8501", "10.0.0.7", "desk:80", "DESK.local"]
)
def test_this_machine_is_known_by_its_names_and_by_any_address(host: str):
    assert ask(names(), scope(host=host)).passed


@pytest.mark.parametrize(
    ("setting", "host", "known"),
    [
        ("cnn.school.example", "cnn.school.example:443", True),
        ("cnn.school.example", "CNN.School.example", True),
        ("cnn.school.example", "x.cnn.school.example", False),
        (" a.example , *.school.example", "cnn.school.example", True),
        ("*.school.example", "school.example", False),
        ("*.school.example", "evilschool.example", False),
        ("*", "anything.example", True),
        ("*", "not a name", False),
    ],
)
def test_the_setting_adds_names(setting: str, host: str, known: bool):
    assert ask(names(setting), scope(host=host)).passed is known


@pytest.mark.parametrize("setting", ["http://a.example", "a b", "*.*", "a.example:80", "**", "-"])
def test_a_setting_that_names_nothing_says_what_would_be_right(setting: str):
    with pytest.raises(ValueError, match=r"CNNVIZ_HOSTS must be names like .* got '"):
        known_names(setting)


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("headers", "passed"),
    [
        ({}, True),
        ({"origin": "http://localhost:8501"}, True),
        ({"origin": "https://localhost:8501"}, True),
        ({"origin": "http://localhost:8502"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"host": "evil.example", "origin": "http://evil.example"}, False),
        ({"host": None}, False),
        ({"host": ["localhost", "evil.example"]}, False),
    ],
)
def test_a_page_of_another_site_gets_nothing_by_http_or_websocket(kind, headers, passed):
    answer = ask(names(), scope(kind=kind, **headers))
    assert answer.passed is passed
    assert (answer.status in (400, 403, 421)) is not passed


def test_what_is_neither_http_nor_websocket_goes_on():
    assert ask(names(), {"type": "lifespan"}).passed


def test_without_a_name_of_its_own_a_machine_has_no_empty_one():
    known = known_names("", "")
    assert isinstance(known, KnownNames)
    assert not known.know("")
    assert not known.know(":80")
