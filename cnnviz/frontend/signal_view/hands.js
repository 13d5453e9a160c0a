/**
 * What pointer, finger and keys do to the picture.
 *
 * @typedef {import("./types.js").EditableRow} EditableRow
 * @typedef {{what: "stem", row: EditableRow, index: number, pointer: number, moved: boolean,
 *   from: {x: number, y: number}, grow: number, offset: number}} StemDrag
 *   grow: the step of its values; offset: from the pointer to the stem's tip
 * @typedef {{what: "slide", pointer: number}} SlideDrag
 * @typedef {{clientX: number, clientY: number}} Spot
 */

import { zoomOf } from "../shared/presentation.js";
import { rowAt } from "./geometry.js";
import { roundStep, snap } from "./maths.js";
import { gripAt, outputAt, strokeOf, tipOf } from "./pointer.js";

const ROWS = /** @type {const} */ (["signal", "filter"]);
/** From here on a stem is taken by its tip; closer ones are drawn across. */
const PICKED_FROM = 10;
/** A key held down edits many times: Python is told once it rests. */
const KEYS_REST_MS = 350;
/** Pixels that a press may stray. */
const STRAY = 2;

export class Hands {
  /** @param {import("./view.js").View} view */
  constructor(view) {
    this.view = view;
    /** @type {StemDrag | SlideDrag | null} */
    this.drag = null;
    /** The stem whose number is shown. @type {{row: string, n: number} | null} */
    this.read = null;
    /** The stem that a key would move. @type {{row: EditableRow, index: number} | null} */
    this.focused = null;
    /** Of each row, the entry last chosen. */
    this.chosen = { signal: 0, filter: 0 };
    this.listen();
  }

  /** While the filter is dragged it follows at once. */
  get scrubbing() {
    return this.drag?.what === "slide";
  }

  /** @returns {{row: EditableRow, index: number} | null} */
  pointed() {
    return this.drag?.what === "stem" ? this.drag : this.focused;
  }

  listen() {
    const { canvas, rows, root } = this.view.elements;
    canvas.onpointerdown = (event) => this.down(event);
    canvas.onpointermove = (event) => this.move(event);
    canvas.onpointerup = (event) => this.up(event);
    canvas.onpointercancel = (event) => this.up(event);
    canvas.onpointerleave = () => {
      if (this.drag || !this.read) return;
      this.read = null;
      this.view.schedule();
    };
    // A finger on a stem drags it; anywhere else it scrolls the page.
    canvas.addEventListener("touchstart", (event) => this.touch(event), { passive: false });
    canvas.style.touchAction = "pan-y";
    for (const row of ROWS) {
      rows[row].onkeydown = (event) => this.key(event, row);
      rows[row].onfocus = () => this.focus(row);
      rows[row].onblur = () => {
        this.focused = null;
        this.view.schedule();
      };
    }
    root.addEventListener("keydown", (event) => this.arrow(event));
  }

  /** @param {Spot} event @returns {[number, number]} in the canvas */
  spot(event) {
    const box = this.view.elements.canvas.getBoundingClientRect();
    const zoom = zoomOf(this.view.elements.canvas);
    return [(event.clientX - box.left) / zoom, (event.clientY - box.top) / zoom];
  }

  /** @param {TouchEvent} event */
  touch(event) {
    const { last } = this.view;
    if (!last || event.touches.length !== 1) return;
    if (gripAt(last, ...this.spot(event.touches[0]))?.what === "stem") event.preventDefault();
  }

  /** @param {PointerEvent} event */
  down(event) {
    const { view } = this;
    if (event.button !== 0 || !view.last) return;
    const [x, y] = this.spot(event);
    const grip = gripAt(view.last, x, y);
    if (!grip) return;
    view.elements.canvas.setPointerCapture(event.pointerId);
    view.sliding.pause();
    view.sliding.position.rest(view.model.positionOf(view.sliding.position.current));
    if (grip.what === "stem") this.take(grip, x, y, event.pointerId);
    else {
      this.drag = { what: "slide", pointer: event.pointerId };
      view.sliding.go(outputAt(view.last, x));
    }
    view.schedule();
  }

  /**
   * @param {{row: EditableRow, index: number}} grip
   * @param {number} x
   * @param {number} y
   * @param {number} pointer
   */
  take({ row, index }, x, y, pointer) {
    const { view } = this;
    if (!view.last) return;
    clearTimeout(view.sending);
    const { pitch, rows } = view.last.geometry;
    // One takes hold of a stem wherever one touches it; its tip then follows the pointer's moves.
    const offset = pitch >= PICKED_FROM ? tipOf(view.last, row, index).y - y : 0;
    const grow = roundStep(rows[row].hi - rows[row].lo);
    this.drag = { what: "stem", row, index, pointer, moved: false, from: { x, y }, grow, offset };
    this.chosen[row] = index;
    view.elements.rows[row].focus({ preventScroll: true });
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { drag, view } = this;
    if (!view.last) return;
    const [x, y] = this.spot(event);
    if (!drag) this.hover(x, y);
    else if (event.pointerId !== drag.pointer) return;
    else if (drag.what === "slide") view.sliding.go(outputAt(view.last, x));
    else this.pull(drag, x, y);
  }

  /** @param {StemDrag} drag @param {number} x @param {number} y */
  pull(drag, x, y) {
    const { view } = this;
    if (!view.last) return;
    if (!drag.moved && Math.hypot(x - drag.from.x, y - drag.from.y) < STRAY) return;
    drag.moved = true;
    const from = { x: drag.from.x, y: drag.from.y + drag.offset };
    const changes = strokeOf(view.last, drag, from, { x, y: y + drag.offset }, drag.grow);
    drag.from = { x, y };
    if (!changes.size) return;
    drag.index = [...changes.keys()].at(-1) ?? drag.index;
    this.chosen[drag.row] = drag.index;
    view.edit(drag.row, changes);
  }

  /** @param {PointerEvent} event */
  up(event) {
    const { drag, view } = this;
    if (!drag || event.pointerId !== drag.pointer) return;
    this.drag = null;
    if (drag.what === "stem") this.focused = { row: drag.row, index: drag.index };
    if (drag.what === "stem" && drag.moved) view.send();
    else view.takeHeld();
    view.rearrange();
  }

  /** @param {number} x @param {number} y */
  hover(x, y) {
    const { last, elements } = this.view;
    if (!last) return;
    const grip = gripAt(last, x, y);
    const cursors = { stem: "ns-resize", slide: "ew-resize" };
    elements.canvas.style.cursor = grip ? cursors[grip.what] : "default";
    const before = this.read;
    const row = rowAt(last.geometry.rows, y);
    this.read = grip && row ? { row, n: Math.round(last.geometry.n(x)) } : null;
    if (before?.row !== this.read?.row || before?.n !== this.read?.n) this.view.schedule();
  }

  /** The entry of a row that keys act on. @param {EditableRow} row */
  indexOf(row) {
    return Math.min(this.chosen[row], this.view.model.numbers[row].length - 1);
  }

  /** @param {EditableRow} row */
  focus(row) {
    this.focused = { row, index: this.indexOf(row) };
    this.view.schedule();
  }

  /** @param {KeyboardEvent} event @param {EditableRow} row */
  key(event, row) {
    const { view } = this;
    if (!view.geometry) return;
    const { numbers, limit } = view.model;
    const values = numbers[row];
    const index = this.indexOf(row);
    const { lo, hi } = view.geometry.rows[row];
    const by = keyedChange(event.key, roundStep(hi - lo) * (event.shiftKey ? 10 : 1));
    // The flipped filter's first tap stands at the right: keys go as the picture does.
    const onwards = row === "filter" && numbers.setting.flip ? -1 : 1;
    const chosen = keyedIndex(event.key, index, onwards, values.length);
    if (by === null && chosen === null) return;
    event.preventDefault();
    if (chosen !== null) this.chosen[row] = chosen;
    else if (by !== null) {
      const value = snap(values[index] + by, Math.abs(by));
      this.chosen[row] = index;
      view.edit(row, new Map([[index, Math.max(-limit, Math.min(limit, value))]]));
      view.sendAfter(KEYS_REST_MS);
    }
    this.focused = { row, index: this.chosen[row] };
    view.rearrange();
  }

  /** Anywhere else in the view the arrows slide the filter. @param {KeyboardEvent} event */
  arrow(event) {
    const { target } = event;
    if (target instanceof HTMLInputElement) return;
    if (target instanceof Element && target.closest("details, .row")) return;
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    this.view.sliding.step(event.key === "ArrowRight" ? 1 : -1);
  }
}

/** By how much a key changes a value; null for a key that doesn't.
 * @param {string} key
 * @param {number} step
 */
function keyedChange(key, step) {
  const steps = new Map([
    ["ArrowUp", 1],
    ["ArrowDown", -1],
    ["PageUp", 10],
    ["PageDown", -10],
  ]).get(key);
  return steps === undefined ? null : steps * step;
}

/** The entry that a key leads to; null for a key that leads nowhere.
 * @param {string} key
 * @param {number} index
 * @param {1 | -1} onwards  to the right
 * @param {number} length
 */
function keyedIndex(key, index, onwards, length) {
  const to = new Map([
    ["ArrowLeft", index - onwards],
    ["ArrowRight", index + onwards],
    ["Home", 0],
    ["End", length - 1],
  ]).get(key);
  return to === undefined ? null : Math.max(0, Math.min(to, length - 1));
}
