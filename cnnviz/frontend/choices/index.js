/**
 * A row of choices. Tab leads to the one that is marked, the arrow keys from one to the next, and a
 * click, Enter or Space chooses.
 */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/palette.js";
import { h, one, setText } from "../shared/dom.js";
import { renderer } from "../shared/renderer.js";

/**
 * @typedef {{label: string, labelVisible: boolean, options: string[], inView: number|null}} Data
 *   what cnnviz/components/choices.py sends
 * @typedef {import("../shared/component.js").Component<Data>} Component
 */

/** @type {Record<string, number>} */
const ARROWS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

class Choices {
  /** @param {Component} component */
  constructor({ parentElement, setTriggerValue }) {
    this.send = setTriggerValue;
    this.label = h("div.label", { "aria-hidden": "true" });
    this.row = h("div.row", { role: "radiogroup" });
    this.row.addEventListener("keydown", (event) => this.#walk(event));
    /** @type {HTMLButtonElement[]} */ this.buttons = [];
    one(parentElement, ".choices", HTMLElement).replaceChildren(this.label, this.row);
  }

  close() {}

  /** @param {Component} component */
  receive({ data: { label, labelVisible, options, inView } }) {
    setText(this.label, label);
    this.label.hidden = !labelVisible;
    this.row.setAttribute("aria-label", label);
    while (this.buttons.length > options.length) this.buttons.pop()?.remove();
    while (this.buttons.length < options.length) this.#add(this.buttons.length);
    this.buttons.forEach((button, place) => {
      setText(button, options[place]);
    });
    this.#mark(inView);
  }

  /** @param {number} place */
  #add(place) {
    const choose = () => this.send("chosen", place);
    const button = h("button", { type: "button", role: "radio", onclick: choose });
    this.buttons.push(button);
    this.row.append(button);
  }

  /** @param {number|null} inView */
  #mark(inView) {
    this.buttons.forEach((button, place) => {
      button.setAttribute("aria-checked", String(place === inView));
      button.tabIndex = place === (inView ?? 0) ? 0 : -1;
    });
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const by = ARROWS[event.key];
    const from = this.buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (!by || from < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { length } = this.buttons;
    this.buttons[(from + by + length) % length].focus();
  }
}

export default renderer((component) => new Choices(component));
