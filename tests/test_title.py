"""The article is named by its title, wherever a person reads of it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
TITLE = "Convolutional Neural Networks"
# As a word of a sentence; `article` alone is the name of a choice or of a file.
MEANT = re.compile(r"\b(the|an|this|as) article\b|\barticle['’]s\b|\bArtikel", re.IGNORECASE)


def bare(texts: Iterator[str]) -> list[str]:
    """Those of `texts` that mean the article and don't name it."""
    return [text for text in texts if MEANT.search(text) and TITLE not in " ".join(text.split())]


def test_what_means_the_article_is_told_from_the_name_of_a_choice() -> None:
    meant = ["as few as article: 3", "The article's CNN", "the network of the article"]
    named = ["choose *article*", "article.safetensors", f"the article “{TITLE}”"]
    assert bare(iter(meant + named)) == meant


def strings(tree: ast.AST) -> Iterator[str]:
    """All strings of a program but its docstrings; one made of parts is one."""
    parts: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            parts.add(id(node.value))  # a docstring
        elif isinstance(node, ast.JoinedStr):
            parts.update(map(id, node.values))
            words = (each.value for each in node.values if isinstance(each, ast.Constant))
            yield "".join(map(str, words))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from [] if id(node) in parts else [node.value]


def texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from chain.from_iterable(map(texts_of, value.values()))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(texts_of, value))


@pytest.mark.parametrize("folder", ["cnnviz", "pages"])
def test_no_string_of_the_app_says_the_article_without_its_title(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        assert not bare(strings(ast.parse(path.read_text(encoding="utf-8")))), path


def test_no_lesson_does() -> None:
    lessons = list((ROOT / "cnnviz" / "lessons").rglob("*.toml"))
    assert len(lessons) > 10
    for path in lessons:
        assert not bare(texts_of(tomllib.loads(path.read_text(encoding="utf-8")))), path


def test_no_module_that_a_browser_gets_does() -> None:
    modules = [p for p in (ROOT / "cnnviz" / "frontend").rglob("*.js") if p.parent.name != "made"]
    for path in modules:
        words = re.sub(
            r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.S
        )
        assert not bare(iter(words.splitlines())), path


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in ROOT.glob("docs/*.md"))]
)
def test_a_document_names_it_before_it_says_the_article(name: str) -> None:
    text = " ".join((ROOT / name).read_text(encoding="utf-8").split())
    first = MEANT.search(text)
    # "the article “Convolutional…" names it itself.
    assert first is None or TITLE in text[: first.end() + len(TITLE) + 3]
