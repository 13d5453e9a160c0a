"""The pen on a canvas: a second finger may press undo or clear while the first one draws."""

import pytest

from tests.javascript import Node

PEN = """
globalThis.window = { devicePixelRatio: 1 };
globalThis.document = { activeElement: null };
globalThis.HTMLElement = class {};
globalThis.getComputedStyle = () => ({ color: "black" });
const { Pen } = await load("shared/pen.js");
const listeners = {};
const nothing = () => {};
const canvas = {
  addEventListener: (name, listener) => { listeners[name] = listener; },
  setPointerCapture: nothing,
  getBoundingClientRect: () => ({ left: 0, top: 0, width: 280 }),
};
const context = Object.fromEntries(
  ["scale", "clearRect", "beginPath", "moveTo", "lineTo", "stroke"].map((name) => [name, nothing]),
);
const pen = new Pen(canvas, context, { down: nothing, up: nothing });
const at = (name, x, y) =>
  listeners[name]({ pointerId: 1, button: 0, clientX: x, clientY: y, preventDefault: nothing });
"""


@pytest.mark.parametrize(("act", "left"), [("empty", []), ("undo", [[[10, 10], [20, 20]]])])
def test_what_is_taken_off_under_the_pen_does_not_go_on(
    node: Node, act: str, left: list[list[list[int]]]
) -> None:
    body = (
        PEN
        + """
    at("pointerdown", 10, 10);
    at("pointermove", 20, 20);
    at("pointerup", 20, 20);
    at("pointerdown", 50, 50);
    pen[sent]();
    at("pointermove", 60, 60);
    const down = pen.isDown;
    at("pointerup", 60, 60);
    const { strokes } = pen;
    at("pointerdown", 70, 70);
    return { strokes, down, next: pen.strokes.length };"""
    )
    assert node.run(body, act) == {"strokes": left, "down": False, "next": len(left) + 1}
