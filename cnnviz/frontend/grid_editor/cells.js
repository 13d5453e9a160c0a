/**
 * The cells themselves: an ARIA grid with one tab stop.
 * @module
 */

import { ARROWS } from "../shared/arrows.js";
import { colormap } from "../shared/colormap.js";
import { one, setText, themeAt } from "../shared/dom.js";
import { tiny } from "../shared/numbers.js";
import { scaleOf } from "./grid.js";

/** Under this width, in CSS pixels, a number doesn't fit and the cell shows its colour alone. */
const NUMBER_WIDTH = 25;

export class Cells {
  /**
   * @param {HTMLElement} parent
   * @param {(row: number, column: number) => string} name a cell's accessible name
   */
  constructor(parent, name) {
    this.name = name;
    this.row = 0;
    this.column = 0;
    /** @type {number[][]} */ this.values = [];
    /** @type {HTMLElement[][]} */ this.cells = [];
    this.element = document.createElement("div");
    this.element.className = "cells";
    this.element.setAttribute("role", "grid");
    parent.append(this.element);
    this.observer = new ResizeObserver(() => this.#fit());
    this.observer.observe(this.element);
  }

  /**
   * @param {number[][]} values
   * @param {{scale: number | null, below: number[][] | null}} options  below: what a picture under
   *   the cells shows already
   */
  show(values, { scale, below }) {
    this.values = values;
    const columns = values[0].length;
    if (this.cells.length !== values.length || this.cells[0]?.length !== columns) this.#build();
    const colours = colormap(themeAt(this.element));
    const largest = scale ?? scaleOf(values);
    for (const [r, row] of values.entries()) {
      for (const [c, value] of row.entries()) {
        const cell = this.cells[r][c];
        cell.style.background = colours.css(value, largest);
        cell.style.color = colours.on(value, largest);
        setText(one(cell, "span", HTMLElement), tiny(value));
        cell.classList.toggle("below", below?.[r]?.[c] === value);
        cell.setAttribute("aria-label", this.name(r, c));
      }
    }
    this.#tabStop();
  }

  #build() {
    const rows = this.values.length;
    const columns = this.values[0].length;
    const root = /** @type {ShadowRoot | Document} */ (this.element.getRootNode());
    const focused = this.element.contains(root.activeElement);
    this.cells = this.values.map((row, r) =>
      row.map((_, c) => {
        const cell = document.createElement("div");
        cell.className = "cell";
        cell.setAttribute("role", "gridcell");
        cell.dataset.row = String(r);
        cell.dataset.column = String(c);
        cell.tabIndex = -1;
        const number = document.createElement("span");
        number.setAttribute("aria-hidden", "true");
        cell.append(number);
        // However it came to be focused: by a key, a click or a screen reader.
        cell.addEventListener("focus", () => {
          [this.row, this.column] = [r, c];
          this.#tabStop();
        });
        return cell;
      }),
    );
    this.element.replaceChildren(
      ...this.cells.map((cells) => {
        const row = document.createElement("div");
        row.className = "row";
        row.setAttribute("role", "row");
        row.append(...cells);
        return row;
      }),
    );
    this.element.style.setProperty("--columns", String(columns));
    this.element.setAttribute("aria-rowcount", String(rows));
    this.element.setAttribute("aria-colcount", String(columns));
    this.row = Math.min(this.row, rows - 1);
    this.column = Math.min(this.column, columns - 1);
    this.#fit();
    if (focused) this.cells[this.row][this.column].focus({ preventScroll: true });
  }

  #fit() {
    const width = this.element.clientWidth / (this.values[0]?.length || 1);
    this.element.classList.toggle("bare", width < NUMBER_WIDTH);
  }

  #tabStop() {
    for (const row of this.cells) for (const cell of row) cell.tabIndex = -1;
    this.cells[this.row][this.column].tabIndex = 0;
  }

  /** Makes a cell the one that Tab comes to, and focuses it.
   * @param {number} row
   * @param {number} column
   */
  focus(row, column) {
    this.cells[this.row][this.column].tabIndex = -1;
    this.row = Math.max(0, Math.min(row, this.cells.length - 1));
    this.column = Math.max(0, Math.min(column, this.cells[0].length - 1));
    this.cells[this.row][this.column].tabIndex = 0;
    this.cells[this.row][this.column].focus();
  }

  /**
   * Where a key leads from the present cell, or null for a key that doesn't move.
   * @param {KeyboardEvent} event
   * @returns {[number, number] | null}
   */
  target(event) {
    if (event.altKey || event.metaKey) return null;
    const move = ARROWS.get(event.key);
    if (move) return [this.row + move[0], this.column + move[1]];
    if (event.key === "Home") return [event.ctrlKey ? 0 : this.row, 0];
    if (event.key === "End") {
      return [event.ctrlKey ? this.cells.length - 1 : this.row, this.cells[0].length - 1];
    }
    return null;
  }

  /**
   * @param {Event} event
   * @returns {[number, number] | null} the cell under a pointer event
   */
  at(event) {
    const { clientX, clientY } = /** @type {PointerEvent} */ (event);
    const root = /** @type {ShadowRoot | Document} */ (this.element.getRootNode());
    const cell = root.elementFromPoint(clientX, clientY)?.closest(".cell");
    if (!(cell instanceof HTMLElement) || !this.element.contains(cell)) return null;
    return [Number(cell.dataset.row), Number(cell.dataset.column)];
  }

  destroy() {
    this.observer.disconnect();
  }
}
