"""QR codes: only of links to this very app, of bounded length, and such as can be read."""

import io
from urllib.parse import quote

import numpy as np
import pytest
import segno
from PIL import Image
from starlette.applications import Starlette

from cnnviz.serving import qr
from tests.serving.asking import Answer, ask, scope

HOST = "cnn.example:8501"


def asked(kind: str, link: str) -> Answer:
    query = f"link={quote(link, safe='')}".encode()
    request = {**scope(f"/qr.{kind}", host=HOST), "query_string": query}
    return ask(lambda app: Starlette(routes=qr.routes()), request)


@pytest.mark.parametrize("kind", qr.KINDS)
def test_a_link_to_a_page_has_a_code(kind: str) -> None:
    link = f"https://{HOST}/why?drawing=s{'Ab_' * 100}&pin=conv2.5.4.6"
    answer = asked(kind, link)
    assert answer.status == 200
    assert answer.headers["content-type"] == qr.KINDS[kind]


def test_the_picture_has_the_codes_modules_and_white_around_them() -> None:
    link = f"http://{HOST}/"
    picture = np.asarray(Image.open(io.BytesIO(qr.code(link, "png"))).convert("L")) < 128
    made = segno.make(link, error="l", micro=False, boost_error=False)
    modules = np.array([list(row) for row in made.matrix], dtype=bool)
    scale = len(picture) // (len(modules) + 8)
    assert scale >= 10
    assert len(picture) == scale * (len(modules) + 8)
    middles = picture[scale // 2 :: scale, scale // 2 :: scale]
    assert np.array_equal(middles[4:-4, 4:-4], modules)
    assert middles.sum() == modules.sum()


def test_the_longest_link_still_has_a_code() -> None:
    link = f"http://{HOST}/?drawing=s".ljust(qr.MOST_CHARACTERS, "x")
    assert b"<svg" in qr.code(qr.checked(link, HOST), "svg")
    made = segno.make(link, error="l", boost_error=False)
    assert isinstance(made.version, int)
    assert made.version <= 30


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("", "must lead to a page of this app"),
        ("https://elsewhere.example/", "must lead to a page of this app"),
        (f"https://{HOST}@elsewhere.example/", "must lead to a page of this app"),
        (f"https://{HOST}.elsewhere.example/", "must lead to a page of this app"),
        ("javascript:alert(1)", "must lead to a page of this app"),
        ("file:///etc/passwd", "must lead to a page of this app"),
        ("http://[", "must lead to a page of this app"),
        (f"http://{HOST}/ ä", "without spaces"),
        (f"http://{HOST}/?" + "x" * 1500, "at most 1500 characters"),
    ],
)
def test_nothing_else_has_one(link: str, words: str) -> None:
    answer = asked("svg", link)
    assert answer.status == 400
    assert words in answer.words
