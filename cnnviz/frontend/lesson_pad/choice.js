/** Which symbol the next drawing is of, and how many there are of each. @module */

import { h, setText } from "../shared/dom.js";

/** @typedef {{id: number, name: string, count: number}} Symbol */

/** @type {Record<string, number>} */
const ARROWS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export class Choice {
  /** @param {() => void} onChoose */
  constructor(onChoose) {
    this.onChoose = onChoose;
    /** @type {Symbol[]} */ this.symbols = [];
    this.place = 0;
    /** @type {{button: HTMLButtonElement, name: HTMLElement, count: HTMLElement}[]} */
    this.rows = [];
    this.group = h("div.symbols", { role: "radiogroup", "aria-label": "Symbol to draw" });
    this.group.addEventListener("keydown", (event) => this.#walk(event));
    this.element = this.group;
  }

  /** @returns {Symbol} */
  get chosen() {
    return this.symbols[this.place] ?? { id: -1, name: "", count: 0 };
  }

  get total() {
    return this.symbols.reduce((sum, symbol) => sum + symbol.count, 0);
  }

  /** @param {number} place */
  has(place) {
    return place < this.symbols.length;
  }

  /** @param {Symbol[]} symbols */
  receive(symbols) {
    const { id } = this.chosen;
    this.symbols = symbols;
    const still = symbols.findIndex((symbol) => symbol.id === id);
    this.place = still >= 0 ? still : Math.max(0, Math.min(this.place, symbols.length - 1));
    while (this.rows.length > symbols.length) this.rows.pop()?.button.remove();
    while (this.rows.length < symbols.length) this.#row(this.rows.length);
    this.#show();
  }

  /** @param {number} id @param {number} more */
  add(id, more) {
    this.symbols = this.symbols.map((symbol) =>
      symbol.id === id ? { ...symbol, count: symbol.count + more } : symbol,
    );
    this.#show();
  }

  /** @param {number} place */
  choose(place) {
    this.place = place;
    this.#show();
    this.onChoose();
  }

  /** @param {number} place */
  #row(place) {
    const [name, count] = [h("span.name"), h("span.count")];
    const key = place < 10 ? String((place + 1) % 10) : "";
    const button = h(
      "button",
      { type: "button", role: "radio", onclick: () => this.choose(place) },
      h("span.key", { "aria-hidden": "true" }, key),
      name,
      count,
    );
    this.rows.push({ button, name, count });
    this.group.append(button);
  }

  #show() {
    this.rows.forEach(({ button, name, count }, place) => {
      const symbol = this.symbols[place];
      setText(name, symbol.name);
      setText(count, String(symbol.count));
      button.title = symbol.name;
      button.setAttribute("aria-checked", String(place === this.place));
      button.tabIndex = place === this.place ? 0 : -1;
    });
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const by = ARROWS[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { length } = this.symbols;
    this.choose((this.place + by + length) % length);
    this.rows[this.place].button.focus();
  }
}
