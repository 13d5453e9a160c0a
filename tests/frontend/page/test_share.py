"""What is said of a link once it is copied, and where its code is."""

import pytest

from cnnviz.serving import qr
from tests.javascript import Node


@pytest.mark.parametrize(
    ("copied", "length", "language", "lacking", "expected"),
    [
        (True, 200, "en", "", ""),
        (True, 200, "en", "Your photo isn't in the link.", "Your photo isn't in the link."),
        (True, 1832, "en", "", "The link has 1,832 characters: some programs cut it off."),
        (False, 200, "fr", "", "Your browser doesn't let a page copy: press Ctrl+C."),
        (True, 1832, "de", "", "Der Link hat 1.832 Zeichen: Manche Programme schneiden ihn ab."),
    ],
)
def test_what_is_said(
    node: Node, copied: bool, length: int, language: str, lacking: str, expected: str
) -> None:
    body = """const { said } = await load("page/share.js");
    return said(sent.copied, sent.length, sent.lacking, sent.language);"""
    given = {"copied": copied, "length": length, "lacking": lacking, "language": language}
    assert node.run(body, given) == expected


def test_the_code_is_asked_for_beside_the_page_below_any_base(node: Node) -> None:
    body = """const { codeOf } = await load("page/share.js");
    return sent.map((page) => codeOf(page, "svg", page));"""
    made = node.run(body, ["https://cnn.example/why?a=1;2", "https://cnn.example/app/"])
    assert made == [
        "https://cnn.example/qr.svg?link=https%3A%2F%2Fcnn.example%2Fwhy%3Fa%3D1%3B2",
        "https://cnn.example/app/qr.svg?link=https%3A%2F%2Fcnn.example%2Fapp%2F",
    ]


def test_server_and_browser_have_one_bound(node: Node) -> None:
    found = node.run("""return (await load("page/share.js")).LONGEST;""")
    assert found == qr.MOST_CHARACTERS
