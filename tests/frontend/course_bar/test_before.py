"""What a tab keeps of before a lesson, and what of it is worth nothing."""

import json
import re
from pathlib import Path

import pytest

import cnnviz
from tests.javascript import Node

# Without a server the component can't be imported.
PYTHON = (Path(cnnviz.__file__).parent / "components" / "course_bar.py").read_text("utf-8")
LONGEST_TEXT, MOST_TEXTS = (
    int(*re.findall(rf"^{name} = ([\d_]+)$", PYTHON, re.MULTILINE))
    for name in ("LONGEST_TEXT", "MOST_TEXTS")
)

PROGRAM = """
  const { forget, keep, kept } = await load("course_bar/before.js");
  const texts = new Map();
  Object.defineProperty(globalThis, "sessionStorage", { configurable: true, value: {
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => texts.set(key, text),
    removeItem: (key) => texts.delete(key),
  } });
  try {
    keep("01-nearness", sent.had);
    if (sent.text !== undefined) texts.set([...texts.keys()][0], sent.text);
    const found = [kept("01-nearness"), kept("02-flip-slide")];
    forget();
    return [...found, kept("01-nearness")];
  } finally {
    delete globalThis.sessionStorage;
  }
"""


def test_it_is_there_for_its_lesson_until_it_is_forgotten(node: Node) -> None:
    had = {"sample": "3", "drawing": "s" * LONGEST_TEXT, "pooling.window": "2, 1"}
    had |= {f"why.{number}": "1" for number in range(MOST_TEXTS - len(had))}
    assert node.run(PROGRAM, {"had": had}) == [had, None, None]


@pytest.mark.parametrize(
    "had",
    [
        *(5, "x", ["x"], {"sample": 3}, {"sample": None}, {"drawing": "s" * (LONGEST_TEXT + 1)}),
        {f"pooling.{number}": "1" for number in range(MOST_TEXTS + 1)},
    ],
)
def test_what_python_would_refuse_isnt_told_to_it(had: object, node: Node) -> None:
    text = json.dumps({"lesson": "01-nearness", "had": had})
    assert node.run(PROGRAM, {"had": {}, "text": text}) == [None, None, None]
