/**
 * A picture in which a question is answered by a click, or by arrow keys and Enter: a grid of its
 * numbers.
 * @module
 */

import { colormap } from "../shared/colormap.js";
import { h, setText, themeAt, themeProbe } from "../shared/dom.js";
import { plain } from "../shared/numbers.js";
import { hasNumbers, led, scaleOf } from "./places.js";

/**
 * @typedef {import("./places.js").Place} Place
 * @typedef {{values: import("./places.js").Picture, ink: boolean, label: string, given: Place|null}}
 *   Shown  `given` is what was answered so far
 */

export class Picture {
  /**
   * @param {(place: Place) => void} answer
   */
  constructor(answer) {
    this.answer = answer;
    /** @type {Shown|null} */ this.shown = null;
    /** @type {HTMLElement[][]} */ this.cells = [];
    /** @type {Place} */ this.at = [0, 0];
    this.words = { row: "", column: "" };
    this.grid = h("div.cells", {
      role: "grid",
      onclick: (/** @type {MouseEvent} */ event) => this.#clicked(event),
      onpointermove: (/** @type {MouseEvent} */ event) => this.#pointed(event),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      onfocusin: (/** @type {FocusEvent} */ event) => this.#pointed(event),
    });
    this.read = h("p.read", { "aria-hidden": "true" });
    this.root = h(
      "div.picture",
      {},
      themeProbe(() => this.#paint()),
      this.grid,
      this.read,
    );
  }

  /**
   * @param {Shown|null} shown  null takes it away
   * @param {{row: string, column: string}} words
   */
  show(shown, words) {
    const other = JSON.stringify(this.shown?.values) !== JSON.stringify(shown?.values);
    this.shown = shown;
    this.words = words;
    this.root.hidden = shown === null;
    if (other) this.#build();
    if (!shown) return;
    this.grid.setAttribute("aria-label", shown.label);
    const given = shown.given?.join();
    for (const [row, cells] of this.cells.entries())
      for (const [column, cell] of cells.entries())
        cell.toggleAttribute("data-given", given === `${row},${column}`);
  }

  #build() {
    const values = this.shown?.values ?? [];
    this.at = [0, 0];
    setText(this.read, "");
    this.grid.classList.toggle("numbers", values.length > 0 && hasNumbers(values));
    this.grid.style.setProperty("--columns", String(values[0]?.length ?? 1));
    this.cells = values.map((row, r) =>
      row.map((_, c) =>
        h("div.cell", {
          role: "gridcell",
          tabindex: r + c ? -1 : 0,
          "aria-label": this.#said([r, c]),
        }),
      ),
    );
    this.grid.replaceChildren(...this.cells.map((row) => h("div.row", { role: "row" }, ...row)));
    this.#paint();
  }

  #paint() {
    if (!this.shown) return;
    const { values, ink } = this.shown;
    const colours = colormap(themeAt(this.root));
    const scale = scaleOf(values);
    const written = hasNumbers(values);
    for (const [r, row] of values.entries())
      for (const [c, value] of row.entries()) {
        const cell = this.cells[r][c];
        cell.style.background = ink ? colours.inkCss(value) : colours.css(value, scale);
        cell.style.color = ink ? colours.onInk(value) : colours.on(value, scale);
        if (written) setText(cell, plain(value));
      }
  }

  /** @param {Place} place */
  #said([row, column]) {
    const value = plain(this.shown?.values[row][column] ?? 0);
    return `${this.words.row} ${row}, ${this.words.column} ${column}: ${value}`;
  }

  /** @param {Event} event @returns {Place|null} */
  #under({ target }) {
    if (!(target instanceof HTMLElement)) return null;
    const row = this.cells.findIndex((cells) => cells.includes(target));
    return row < 0 ? null : [row, this.cells[row].indexOf(target)];
  }

  /** @param {Event} event */
  #pointed(event) {
    const place = this.#under(event);
    if (place) setText(this.read, this.#said(place));
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const place = this.#under(event);
    if (!place) return;
    this.#goTo(place);
    this.answer(place);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, ctrlKey, metaKey } = event;
    if (!this.shown) return;
    if (key === "Enter" || key === " ") {
      event.preventDefault();
      this.answer(this.at);
      return;
    }
    const next = led(key, ctrlKey || metaKey, this.at, this.shown.values);
    if (!next) return;
    event.preventDefault();
    this.#goTo(next);
  }

  /** @param {Place} place */
  #goTo([row, column]) {
    this.cells[this.at[0]][this.at[1]].tabIndex = -1;
    this.at = [row, column];
    const cell = this.cells[row][column];
    cell.tabIndex = 0;
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}
