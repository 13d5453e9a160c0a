/** What pointer, finger and keys do to the digit and the maps. @module */

import { zoomOf } from "../shared/presentation.js";
import { cellAt, same } from "./geometry.js";

/**
 * @typedef {import("./geometry.js").Shift} Shift
 * @typedef {import("./view.js").ShiftView} ShiftView
 */

const PACE = 150; // ms between two places sent while an arrow key is held
/** @type {Record<string, Shift>} */
const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The digit is dragged. @param {ShiftView} view */
export function listenToDigit(view) {
  const { canvas } = view.digit;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    view.drag = { from: view.shift, x: event.clientX, y: event.clientY };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!view.drag) return;
    const side = view.digit.field.cell * zoomOf(canvas);
    const { from, x, y } = view.drag;
    view.go([
      from[0] + Math.round((event.clientX - x) / side),
      from[1] + Math.round((event.clientY - y) / side),
    ]);
  });
  listenToEnd(view, canvas);
}

/**
 * A cell is pointed at, and the digit goes where one presses.
 * @param {ShiftView} view
 * @param {import("./panel.js").Panel} made
 */
export function listenToMap(view, made) {
  const { canvas } = made;
  const place = (/** @type {PointerEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    const { limit } = view;
    const zoom = zoomOf(canvas);
    const [x, y] = [(event.clientX - box.left) / zoom, (event.clientY - box.top) / zoom];
    const at = cellAt(made.field, x, y);
    return /** @type {Shift} */ ([at[0] - limit, at[1] - limit]);
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (event.pointerType !== "touch") canvas.setPointerCapture(event.pointerId);
    view.drag = { from: view.shift, x: event.clientX, y: event.clientY };
    view.go(place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (view.drag) view.go(place(event));
    else view.point(place(event));
  });
  canvas.addEventListener("pointerleave", () => view.point(null));
  listenToEnd(view, canvas);
}

/**
 * @param {ShiftView} view
 * @param {HTMLCanvasElement} canvas
 */
function listenToEnd(view, canvas) {
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      const moved = view.drag && !same(view.drag.from, view.shift);
      view.drag = null;
      if (moved) view.sendAfter(0);
    });
  }
  canvas.addEventListener("keydown", (event) => {
    const by = ARROWS[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    view.go([view.shift[0] + by[0], view.shift[1] + by[1]]);
    view.sendAfter(PACE);
  });
}
