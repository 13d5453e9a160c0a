"""The page's sheet of marks, while one strip takes the other's place."""

from tests.javascript import Node

PROGRAM = """
  const { setSheet, takeSheet } = await load("course_bar/marks.js");
  const there = new Map();
  const made = () => ({
    id: "", textContent: "", isConnected: false,
    remove() { there.delete(this.id); this.isConnected = false; },
  });
  globalThis.document = {
    getElementById: (id) => there.get(id) ?? null,
    createElement: made,
    head: { append(style) { there.set(style.id, style); style.isConnected = true; } },
  };
  const shown = () => [...there.values()].map(({ textContent }) => textContent);
  const [old, next] = [{}, {}];
  const told = [];
  setSheet(old, "a");
  setSheet(next, "b");
  takeSheet(old);
  told.push(shown());
  setSheet(next, "");
  told.push(shown());
  setSheet(next, "c");
  takeSheet(next);
  told.push(shown());
  return told;
"""


def test_a_strip_that_goes_leaves_what_the_next_one_has_covered(node: Node) -> None:
    assert node.run(PROGRAM) == [["b"], [], []]
