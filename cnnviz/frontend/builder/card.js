/**
 * A layer as a card: its name, its numbers, and what comes of it.
 * @module
 *
 * @typedef {import("./types.js").Kind} Kind
 * @typedef {import("./types.js").Layer} Layer
 * @typedef {import("./types.js").Step} Step
 * @typedef {{type: (name: string, text: string) => void, move: (by: 1 | -1) => void,
 *   remove: () => void, select: () => void}} Acts
 */

import { h, setAttribute, setText } from "../shared/dom.js";
import { stepped } from "./draft.js";

const SIDE = 26; // CSS pixels of the picture's side

/** What a unit sees, as a part of the picture.
 * @param {[number, number, number]} picture  (C, H, W)
 */
export function fieldOf(picture) {
  const [, rows, columns] = picture;
  const scale = SIDE / Math.max(rows, columns);
  const part = h("span.part");
  const size = (/** @type {number} */ count) => `${(count * scale).toFixed(2)}px`;
  const element = h("span.seen", { "aria-hidden": "true" }, part);
  element.style.width = size(columns);
  element.style.height = size(rows);
  return {
    element,
    /** @param {[number, number]} field */
    show(field) {
      part.style.height = size(field[0]);
      part.style.width = size(field[1]);
    },
  };
}

export class Card {
  /** @param {Layer} layer @param {Kind} kind @param {[number, number, number]} picture @param {Acts} acts */
  constructor(layer, kind, picture, acts) {
    this.kind = kind;
    this.acts = acts;
    this.name = h("span.name", {}, kind.title);
    this.left = this.#button("‹", () => acts.move(-1));
    this.right = this.#button("›", () => acts.move(1));
    this.out = this.#button("✕", acts.remove);
    /** @type {Map<string, HTMLInputElement>} */
    this.inputs = new Map();
    const numbers = h("div.numbers");
    for (const of of kind.numbers) {
      const input = h("input", {
        type: "text",
        inputmode: of.whole ? "numeric" : "decimal",
        autocomplete: "off",
        spellcheck: "false",
        maxlength: "12",
        placeholder: of.start ? null : "–",
      });
      input.addEventListener("input", () => acts.type(of.name, input.value));
      input.addEventListener("keydown", (event) => this.#step(event, input, of));
      this.inputs.set(of.name, input);
      numbers.append(h("label", {}, h("span", {}, of.name), input));
    }
    this.field = fieldOf(picture);
    this.shape = h("span.shape");
    this.sees = h("span.sees");
    this.parameters = h("span");
    this.multiplications = h("span");
    this.element = h(
      "li.card",
      { tabindex: "-1", title: kind.words },
      h("div.head", {}, this.name, this.left, this.right, this.out),
      h("div.title", {}, kind.title),
      numbers,
      h(
        "div.made",
        {},
        this.field.element,
        h("div.words", {}, this.shape, this.sees),
        h("div.cost", {}, this.parameters, this.multiplications),
      ),
    );
    this.element.addEventListener("focusin", acts.select);
    this.show(layer);
  }

  /** @param {string} text @param {() => void} act */
  #button(text, act) {
    return h("button", { type: "button", tabindex: "-1", onclick: act }, text);
  }

  /** @param {KeyboardEvent} event @param {HTMLInputElement} input
   * @param {import("./types.js").NumberOf} of */
  #step(event, input, of) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    input.value = stepped(input.value, event.key === "ArrowUp" ? 1 : -1, of);
    input.select();
    this.acts.type(of.name, input.value);
  }

  /** What is typed; a field that has it already keeps its caret.
   * @param {Layer} layer
   */
  show(layer) {
    for (const [name, input] of this.inputs) {
      const text = layer.numbers[name] ?? "";
      if (input.value !== text) input.value = text;
    }
  }

  /** @param {number} place @param {number} count */
  place(place, count) {
    this.left.disabled = place === 0;
    this.right.disabled = place === count - 1;
  }

  /** Which card is chosen, so that Tab comes to it and its fields alone.
   * @param {boolean} selected
   */
  select(selected) {
    this.element.classList.toggle("selected", selected);
    const stop = selected ? "0" : "-1";
    setAttribute(this.element, "tabindex", stop);
    for (const each of [this.left, this.right, this.out, ...this.inputs.values()])
      setAttribute(each, "tabindex", stop);
  }

  /** What Python says of it; without a step nothing comes of it.
   * @param {string} name @param {Step | undefined} step @param {boolean} wrong
   */
  tell(name, step, wrong) {
    const known = name || this.kind.title;
    setText(this.name, known);
    const said = step ? `, makes ${step.shape}` : "";
    setAttribute(this.element, "aria-label", `${known}: ${this.kind.title}${said}`);
    for (const [button, words] of /** @type {[HTMLButtonElement, string][]} */ ([
      [this.left, `Move ${known} left`],
      [this.right, `Move ${known} right`],
      [this.out, `Take ${known} out`],
    ])) {
      setAttribute(button, "aria-label", words);
      setAttribute(button, "title", words);
    }
    for (const [number, input] of this.inputs)
      setAttribute(input, "aria-label", `${known} ${number}`);
    this.element.classList.toggle("wrong", wrong);
    this.element.classList.toggle("unmade", !step);
    setText(this.shape, step?.shape ?? "–");
    setText(this.sees, step ? `sees ${step.field.join("×")}` : "");
    setText(this.parameters, step?.parameters ? `${step.parameters} param.` : "");
    setText(this.multiplications, step?.multiplications ? `${step.multiplications} mult.` : "");
    this.field.show(step?.field ?? [0, 0]);
  }
}
