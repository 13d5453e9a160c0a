/**
 * What was drawn of one symbol, a page at a time. A click crosses a drawing out, and another brings
 * it back: none of the others moves.
 * @module
 */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/palette.js";
import { contextOf, h, one, setText } from "../shared/dom.js";
import { Log } from "../shared/log.js";
import { renderer } from "../shared/renderer.js";

/**
 * `pictures` are those of `drawings`, one after the other, a byte a pixel, in base64. `page` of
 * `pages` is in view, of `slots` drawings; each page has the room for so many.
 * @typedef {{id: number, held: boolean, crossed: boolean, words: string}} Drawing
 * @typedef {{
 *   name: string, drawings: Drawing[], pictures: string, side: number, slots: number,
 *   page: number, pages: number, taken: number,
 * }} Data  what cnnviz/components/lesson_strip.py sends
 * @typedef {import("../shared/component.js").Component<Data>} Component
 * @typedef {{kind: "crossed", id: number} | {kind: "page", page: number}} Action
 */

/** @type {Record<string, number>} */
const ARROWS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

class LessonStrip {
  /** @param {Component} component */
  constructor({ parentElement, setStateValue }) {
    this.send = setStateValue;
    /** @type {Log<Action>} */ this.log = new Log();
    /** @type {Data | null} */ this.data = null;
    this.row = h("div.drawings", { role: "group" });
    this.row.addEventListener("keydown", (event) => this.#walk(event));
    this.before = h("button.page", { type: "button", onclick: () => this.#turn(-1) }, "‹");
    this.after = h("button.page", { type: "button", onclick: () => this.#turn(1) }, "›");
    this.where = h("span.where");
    this.pages = h("div.pages", {}, this.before, this.where, this.after);
    one(parentElement, ".lesson-strip", HTMLElement).replaceChildren(this.row, this.pages);
    /** @type {HTMLButtonElement[]} */ this.slots = [];
  }

  close() {}

  /** @param {Component} component */
  receive({ data, setStateValue }) {
    this.send = setStateValue;
    this.log.taken(data.taken);
    this.data = data;
    const { name, drawings, slots } = data;
    this.row.setAttribute("aria-label", `Drawings of ${name}`);
    while (this.slots.length > slots) this.slots.pop()?.remove();
    while (this.slots.length < slots) this.#slot(this.slots.length);
    const bytes = Uint8Array.from(atob(data.pictures), (character) => character.charCodeAt(0));
    this.slots.forEach((button, place) => {
      this.#show(button, place, drawings[place], bytes);
    });
    this.pages.classList.toggle("one", data.pages < 2);
    setText(this.where, `${data.page + 1}/${data.pages}`);
    this.before.setAttribute("aria-label", `Earlier drawings of ${name}`);
    this.after.setAttribute("aria-label", `Later drawings of ${name}`);
    this.before.disabled = data.page === 0;
    this.after.disabled = data.page + 1 >= data.pages;
  }

  /** @param {number} place */
  #slot(place) {
    const button = h("button.drawing", { type: "button", onclick: () => this.#cross(place) });
    button.append(h("canvas", { "aria-hidden": "true" }));
    this.slots.push(button);
    this.row.append(button);
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {number} place
   * @param {Drawing | undefined} drawing
   * @param {Uint8Array} bytes  of all pictures
   */
  #show(button, place, drawing, bytes) {
    const canvas = one(button, "canvas", HTMLCanvasElement);
    const side = this.data?.side ?? 0;
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const context = contextOf(canvas);
    context.clearRect(0, 0, side, side);
    button.disabled = !drawing;
    button.tabIndex = place === 0 ? 0 : -1;
    button.classList.toggle("held", drawing?.held ?? false);
    button.classList.toggle("crossed", drawing?.crossed ?? false);
    if (!drawing) {
      button.setAttribute("aria-label", "No drawing yet");
      button.title = "";
      return;
    }
    button.setAttribute("aria-label", drawing.words);
    button.setAttribute("aria-pressed", String(drawing.crossed));
    button.title = drawing.words;
    const picture = context.createImageData(side, side);
    const [red, green, blue] = inkAt(canvas);
    const from = place * side * side;
    for (let pixel = 0; pixel < side * side; pixel += 1)
      picture.data.set([red, green, blue, bytes[from + pixel]], 4 * pixel);
    context.putImageData(picture, 0, 0);
  }

  /** @param {number} place */
  #cross(place) {
    const drawing = this.data?.drawings[place];
    if (!drawing) return;
    drawing.crossed = !drawing.crossed;
    this.slots[place].classList.toggle("crossed", drawing.crossed);
    this.slots[place].setAttribute("aria-pressed", String(drawing.crossed));
    this.send("log", this.log.add({ kind: "crossed", id: drawing.id }));
  }

  /** @param {number} by */
  #turn(by) {
    if (this.data) this.send("log", this.log.add({ kind: "page", page: this.data.page + by }));
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const by = ARROWS[event.key];
    const from = this.slots.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (!by || from < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = this.slots[from + by];
    if (next && !next.disabled) next.focus();
  }
}

/** The colour of text at an element. @param {Element} element @returns {number[]} */
function inkAt(element) {
  const numbers = getComputedStyle(element).color.match(/\d+/g) ?? [];
  return numbers.slice(0, 3).map(Number);
}

export default renderer((component) => new LessonStrip(component));
