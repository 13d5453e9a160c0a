/**
 * The number to paint with, and whether a press paints it or opens the cell to type in.
 * @module
 */

import { h } from "../shared/dom.js";
import { messageOf } from "../shared/errors.js";
import { parseNumber } from "./parse.js";
import { chip } from "./toolbar.js";

export class Brush {
  /**
   * @param {{paint: boolean, brush: number}} start
   * @param {{changed: () => void, complain: (text: string) => void}} told
   *   complain: of a number that is none; with "" all is well
   */
  constructor({ paint, brush }, { changed, complain }) {
    this.paints = paint;
    this.value = brush;
    this.changed = changed;
    this.complain = complain;
    this.field = h("input.brush", { inputmode: "text", "aria-label": "Number to paint with" });
    this.field.value = String(brush);
    this.field.addEventListener("change", () => this.#read());
    this.paintButton = chip("paint", "Paint by dragging", () => this.#set(true));
    this.typeButton = chip("type", "Click a cell and type", () => this.#set(false));
    this.elements = [this.paintButton, this.field, this.typeButton];
  }

  show() {
    this.paintButton.setAttribute("aria-pressed", String(this.paints));
    this.typeButton.setAttribute("aria-pressed", String(!this.paints));
  }

  /** What painting makes of a cell: what is painted already is rubbed out.
   * @param {number} value
   */
  on(value) {
    return value === this.value ? 0 : this.value;
  }

  /** @param {boolean} paints */
  #set(paints) {
    this.paints = paints;
    this.changed();
  }

  #read() {
    try {
      this.value = parseNumber(this.field.value);
      this.complain("");
    } catch (error) {
      this.complain(`Number to paint with: ${messageOf(error)}.`);
      this.field.value = String(this.value);
    }
    this.#set(true);
  }
}
