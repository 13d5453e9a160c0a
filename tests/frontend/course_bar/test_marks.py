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


PARTS = """
  const { sheetOf, marked } = await load("course_bar/marks.js");
  const host = { shadowRoot: { querySelectorAll: (selector) => [selector] } };
  globalThis.document = {
    querySelectorAll: (selector) =>
      selector === ".view *" ? [{ shadowRoot: null }, host] : [selector],
  };
  const parts = ["relu1", "relu2"];
  return [
    [sheetOf(".view", parts, false).split(" {")[0], marked(".view", parts)],
    [sheetOf(".view", [], false).split(" {")[0], marked(".view", [])],
    sheetOf("", [], false),
  ];
"""


def test_of_a_component_the_parts_that_are_meant_are_marked_and_found_within_it(node: Node) -> None:
    assert node.run(PARTS) == [
        [
            ".view *::part(relu1), .view *::part(relu2)",
            ['[part~="relu1"], [part~="relu2"]'],
        ],
        [".view", [".view"]],
        "",
    ]
