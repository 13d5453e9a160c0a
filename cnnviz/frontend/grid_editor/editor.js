/**
 * The editable grid: paint by dragging, type, paste a block, resize, undo.
 *
 * @typedef {import("./types.js").EditData} EditData
 * @typedef {import("./grid.js").Grid} Grid
 */

import { h } from "../shared/dom.js";
import { messageOf } from "../shared/errors.js";
import { shortest, spelled } from "../shared/numbers.js";
import { Brush } from "./brush.js";
import { Cells } from "./cells.js";
import { entry } from "./entry.js";
import { gridText, grown, parseGrid, withBlock, withValue } from "./grid.js";
import { historyOf } from "./history.js";
import { actOf } from "./keyboard.js";
import { Overlay } from "./overlay.js";
import { parseBlock, parseNumber } from "./parse.js";
import { chip, stepper } from "./toolbar.js";

/** Milliseconds between two grids sent while the pointer paints. */
const PACE = 200;
/** Milliseconds within which the picture shows what Python has answered, if it changes at all. */
const PAINTED_WITHIN = 600;

export class Editor {
  /**
   * @param {HTMLElement} root
   * @param {EditData} data
   * @param {HTMLElement | null} place  of the cells, where that isn't over another component's
   *   picture
   */
  constructor(root, data, place = null) {
    this.data = data;
    /** @type {import("./types.js").Send} */
    this.send = () => {};
    this.values = parseGrid(data.values);
    this.history = historyOf(data.id, gridText(this.values));
    this.sequence = 0;
    this.painting = false;
    /** What the present stroke paints. */
    this.stroke = 0;
    this.timer = 0;
    this.lastSent = 0;
    /** @type {HTMLInputElement | null} */
    this.input = null;

    this.brush = new Brush(data, {
      changed: () => this.#draw(),
      complain: (text) => this.message.replaceChildren(text),
    });
    this.undoButton = chip("↶", "Undo", () => this.#restore(this.history.undo()));
    this.redoButton = chip("↷", "Redo", () => this.#restore(this.history.redo()));
    const undo = [h("span.space"), this.undoButton, this.redoButton];
    this.bar = h("div.bar", {}, ...this.brush.elements, ...undo);
    this.overlay = place
      ? { element: place, show: () => {}, destroy: () => {} }
      : new Overlay(root, {
          choose: (at) => this.send("chosen", { at, sequence: Date.now() }),
          repainted: () => this.#shown(),
        });
    this.cells = new Cells(this.overlay.element, (row, column) => this.#name(row, column));
    /** What the picture under the cells shows, and what Python has said that it will show. */
    this.below = this.values;
    this.coming = this.values;
    this.comingTimer = 0;
    this.rowCount = stepper("rows", (change) => this.#resize(change, 0));
    this.columnCount = stepper("columns", (change) => this.#resize(0, change));
    this.sizes = h("div.bar.sizes", {}, this.rowCount.element, this.columnCount.element);
    this.message = h("div.message", { role: "alert" });
    this.moveTo(root);
    this.#listen();
  }

  /** Its brush, undo and size stand in `root` from now on. @param {HTMLElement} root */
  moveTo(root) {
    root.className = "root editor";
    root.dataset.cnnviz = "grid-editor";
    root.append(this.bar, this.sizes, this.message);
  }

  #listen() {
    const grid = this.cells.element;
    grid.addEventListener("pointerdown", (event) => this.#press(event));
    grid.addEventListener("pointermove", (event) => this.#drag(event));
    grid.addEventListener("pointerup", () => this.#release());
    grid.addEventListener("pointercancel", () => this.#release());
    grid.addEventListener("keydown", (event) => this.#key(event));
    grid.addEventListener("paste", (event) => this.#paste(event));
    grid.addEventListener("copy", (event) => this.#copy(event));
  }

  /** @param {EditData} data */
  show(data) {
    this.data = data;
    this.cells.element.setAttribute("aria-label", data.label);
    if (data.place) this.overlay.show(data.place);
    this.sizes.hidden = data.mostRows === data.leastRows && data.mostColumns === data.leastColumns;
    // An answer to an older edit must not undo what was done since.
    if (data.sequence >= this.sequence && !this.painting) {
      this.values = parseGrid(data.values);
      this.history.push(gridText(this.values));
      this.coming = this.values;
      // The picture is painted a little later, unless it shows these numbers already.
      clearTimeout(this.comingTimer);
      this.comingTimer = setTimeout(() => this.#shown(), PAINTED_WITHIN);
    }
    this.#draw();
  }

  /** The picture under the cells has been painted. */
  #shown() {
    clearTimeout(this.comingTimer);
    if (this.below === this.coming) return;
    this.below = this.coming;
    if (!this.painting) this.#draw();
  }

  #drawCells() {
    const { scale, shown } = this.data;
    this.cells.show(this.values, { scale, below: shown ? this.below : null });
  }

  #draw() {
    const { data, values } = this;
    if (!this.input) this.#drawCells();
    this.rowCount.show(values.length, data.leastRows, data.mostRows);
    this.columnCount.show(values[0].length, data.leastColumns, data.mostColumns);
    this.undoButton.disabled = !this.history.past.length;
    this.redoButton.disabled = !this.history.future.length;
    this.overlay.element.classList.toggle("painting", this.brush.paints);
    this.brush.show();
  }

  /** @param {number} row @param {number} column */
  #name(row, column) {
    return `row ${row}, column ${column}: ${spelled(this.values[row]?.[column])}`;
  }

  /** Takes over `values`, as one step to undo, and tells Python. @param {Grid} values */
  #change(values) {
    // As Python will send them back, or the answer would count as a change of its own.
    this.values = values.map((row) => row.map(shortest));
    this.history.push(gridText(values));
    this.message.textContent = "";
    this.#draw();
    this.#emit();
  }

  #emit() {
    // At once: an answer to the edit before must not undo this one while its timer runs.
    this.sequence = Math.max(this.sequence + 1, Date.now());
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.send("grid", { text: gridText(this.values), sequence: this.sequence });
    });
  }

  /** @param {string | null} text of the grid; null where there is nothing to go back to */
  #restore(text) {
    if (text === null) return;
    this.values = parseGrid(text);
    this.message.textContent = "";
    this.#draw();
    this.#emit();
  }

  /** @param {number} rows @param {number} columns how many more */
  #resize(rows, columns) {
    this.#change(grown(this.values, this.values.length + rows, this.values[0].length + columns));
  }

  // The pointer

  /** @param {PointerEvent} event */
  #press(event) {
    const cell = this.cells.at(event);
    const inEntry = event.target instanceof Node && this.input?.contains(event.target);
    if (!cell || event.button !== 0 || inEntry) return;
    event.preventDefault();
    this.cells.focus(...cell);
    if (!this.brush.paints) {
      this.#edit(null);
      return;
    }
    this.painting = true;
    // Touch captures the pointer by itself; the mouse doesn't.
    this.cells.element.setPointerCapture(event.pointerId);
    const [row, column] = cell;
    this.stroke = this.brush.on(this.values[row][column]);
    this.#paintCell(row, column);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.painting) return;
    const cell = this.cells.at(event);
    if (cell) this.#paintCell(...cell);
  }

  /** @param {number} row @param {number} column */
  #paintCell(row, column) {
    if (this.values[row][column] === this.stroke) return;
    this.values = withValue(this.values, row, column, this.stroke);
    this.#drawCells();
    if (performance.now() - this.lastSent > (this.data.pace ?? PACE)) {
      this.lastSent = performance.now();
      this.#emit();
    }
  }

  #release() {
    if (!this.painting) return;
    this.painting = false;
    this.#change(this.values);
  }

  // The keyboard

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.input) return;
    const target = this.cells.target(event);
    const act = target ? null : actOf(event);
    if (!target && !act) return;
    event.preventDefault();
    if (target) this.cells.focus(...target);
    else if (act) this.#act(act);
  }

  /** @param {import("./keyboard.js").Act} act */
  #act(act) {
    const { row, column } = this.cells;
    const put = (/** @type {number} */ value) =>
      this.#change(withValue(this.values, row, column, value));
    if (act.what === "undo") this.#restore(this.history.undo());
    else if (act.what === "redo") this.#restore(this.history.redo());
    else if (act.what === "edit") this.#edit(act.typed);
    else if (act.what === "paint") put(this.brush.on(this.values[row][column]));
    else put(0);
  }

  /** @param {string | null} typed what the entry begins with, or null for the present value */
  #edit(typed) {
    const { row, column } = this.cells;
    const label = `row ${row}, column ${column}`;
    const input = entry(label, String(this.values[row][column]), typed, {
      finish: ({ text, move }) => {
        this.input = null;
        if (text === null) this.#draw();
        else this.#enter(row, column, text);
        if (move) this.cells.focus(row + move[0], column + move[1]);
      },
      pasteBlock: (event) => this.#paste(event),
    });
    this.cells.cells[row][column].append(input);
    this.input = input;
    input.focus();
    if (typed === null) input.select();
  }

  /** @param {number} row @param {number} column @param {string} text */
  #enter(row, column, text) {
    try {
      if (text.trim() === "") throw new Error("it is empty; write for example 2, -0.5 or 1/3");
      this.#change(withValue(this.values, row, column, parseNumber(text)));
    } catch (error) {
      this.#draw();
      this.message.textContent =
        `Row ${row}, column ${column}: ${messageOf(error)}. ` +
        `It is still ${spelled(this.values[row][column])}.`;
    }
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    if (this.input) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    event.preventDefault();
    if (!text.trim()) return;
    const { row, column } = this.cells;
    try {
      const block = parseBlock(text, row, column, this.data.mostRows, this.data.mostColumns);
      this.#change(withBlock(this.values, block, row, column));
    } catch (error) {
      const said = messageOf(error);
      this.message.textContent = `${said[0].toUpperCase()}${said.slice(1)}.`;
    }
  }

  /** @param {ClipboardEvent} event */
  #copy(event) {
    if (this.input) return;
    event.clipboardData?.setData("text/plain", this.values.map((row) => row.join("\t")).join("\n"));
    event.preventDefault();
  }

  destroy() {
    clearTimeout(this.timer);
    clearTimeout(this.comingTimer);
    this.cells.destroy();
    this.overlay.destroy();
  }
}
