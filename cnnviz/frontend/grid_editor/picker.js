/**
 * A map of numbers that one looks at, and, in `pick` mode, chooses a cell of.
 *
 * @typedef {import("./types.js").LookData} LookData
 */

import { h } from "../shared/dom.js";
import { percent, spelled } from "../shared/numbers.js";
import { Cells } from "./cells.js";
import { parseGrid } from "./grid.js";

/** Milliseconds between two cells sent while an arrow key is held. */
const PACE = 120;

/** What makes a grid of an element, in the eyes of a screen reader. */
const OF_A_GRID = ["role", "tabindex", "aria-label", "aria-rowcount", "aria-colcount"];

export class Picker {
  /** @param {HTMLElement} root @param {LookData} data */
  constructor(root, data) {
    this.root = root;
    root.className = "root picker";
    root.dataset.cnnviz = "grid-picker";
    this.data = data;
    /** @type {import("./types.js").Send} */
    this.send = () => {};
    this.timer = 0;
    this.sequence = 0;
    this.top = h("div.axis", { "aria-hidden": "true" });
    root.append(this.top);
    this.cells = new Cells(root, (row, column) => this.#name(row, column));
    this.readout = h("div.status");
    root.append(this.readout);
    this.#listen();
  }

  #listen() {
    const element = this.cells.element;
    element.addEventListener("pointerover", (event) => {
      const cell = this.cells.at(event);
      if (cell) this.readout.textContent = this.#name(...cell);
    });
    element.addEventListener("pointerleave", () => this.#restoreReadout());
    element.addEventListener("click", (event) => {
      const cell = this.cells.at(event);
      if (cell && this.data.mode === "pick") {
        this.cells.focus(...cell);
        this.#pick(0);
      }
    });
    element.addEventListener("keydown", (event) => {
      if (this.data.mode !== "pick") return;
      const target = this.cells.target(event);
      if (!target) return;
      event.preventDefault();
      this.cells.focus(...target);
      this.#pick(PACE);
    });
  }

  /** @param {LookData} data */
  show(data) {
    this.data = data;
    const values = parseGrid(data.values);
    this.cells.element.setAttribute("aria-label", data.label);
    this.cells.element.style.setProperty("--cell", `${data.cell}px`);
    this.cells.element.setAttribute("role", data.mode === "pick" ? "grid" : "img");
    this.top.textContent = data.axis ?? "";
    const pending = data.sequence < this.sequence;
    if (data.selected && !pending) {
      [this.cells.row, this.cells.column] = data.selected;
    }
    this.cells.show(values, {
      scale: data.scale,
      frame: data.frame ?? [0, 0],
      marked: data.marked ? parseGrid(data.marked).map((row) => row.map(Boolean)) : null,
    });
    this.#mark();
    this.#restoreReadout();
    if (data.mode !== "pick") this.#flatten();
  }

  /** A picture is one thing to look at, not 441 to walk through. */
  #flatten() {
    const { element } = this.cells;
    for (const part of element.querySelectorAll("*")) {
      for (const name of OF_A_GRID) part.removeAttribute(name);
    }
    element.removeAttribute("aria-rowcount");
    element.removeAttribute("aria-colcount");
  }

  /** @param {number} row @param {number} column */
  #name(row, column) {
    const [rowName, columnName] = this.data.names;
    const [firstRow, firstColumn] = this.data.origin;
    const value = this.cells.values[row][column];
    const shown = this.data.percent ? percent(value) : spelled(Number(value.toPrecision(6)));
    const [r, c] = [spelled(firstRow + row), spelled(firstColumn + column)];
    return `${columnName} ${c}, ${rowName} ${r}: ${shown}`;
  }

  #restoreReadout() {
    const chosen = this.data.mode === "pick" && this.data.selected;
    this.readout.textContent = chosen ? this.#name(this.cells.row, this.cells.column) : "";
  }

  #mark() {
    if (this.data.mode !== "pick") return;
    for (const [r, row] of this.cells.cells.entries()) {
      for (const [c, cell] of row.entries()) {
        const chosen = r === this.cells.row && c === this.cells.column;
        cell.setAttribute("aria-selected", String(chosen));
      }
    }
  }

  /** @param {number} wait ms until Python is told */
  #pick(wait) {
    this.#mark();
    this.#restoreReadout();
    this.sequence = Math.max(this.sequence + 1, Date.now());
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { row, column } = this.cells;
      this.send("picked", { row, column, sequence: this.sequence });
    }, wait);
  }

  destroy() {
    clearTimeout(this.timer);
    this.cells.destroy();
  }
}
