/**
 * A canvas for one drawing after another: a second after the pen was lifted, or at Enter, the
 * drawing is kept and the canvas is empty again. Which symbol it is of is chosen here, by a click
 * or a key.
 * @module
 */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/palette.js";
import { contextOf, h, one, setText } from "../shared/dom.js";
import { Log } from "../shared/log.js";
import { Pen } from "../shared/pen.js";
import { presentation } from "../shared/presentation.js";
import { renderer } from "../shared/renderer.js";
import { Choice } from "./choice.js";

/**
 * @typedef {{id: number, name: string, count: number}} Symbol
 * @typedef {{symbols: Symbol[], taken: number, room: boolean}} Data  what
 *   cnnviz/components/lesson_pad.py sends
 * @typedef {import("../shared/component.js").Component<Data>} Component
 * @typedef {import("../shared/pen.js").Stroke} Stroke
 * @typedef {{kind: "drawn", symbol: number, strokes: Stroke[]} | {kind: "undone"}} Action
 */

const KEPT_AFTER_MS = 1000;
const FULL = "There is no room for more drawings.";

class LessonPad {
  /** @param {Component} component */
  constructor({ parentElement, setStateValue }) {
    this.send = setStateValue;
    /** @type {Log<Action>} */ this.log = new Log();
    this.room = true;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.timer = undefined;
    const canvas = h("canvas.paper", { role: "img" });
    this.canvas = canvas;
    this.pen = new Pen(canvas, contextOf(canvas), {
      down: () => this.#wait(false),
      up: () => this.#wait(true),
    });
    this.undo = h("button", { type: "button", onclick: () => this.#undo() }, "↶ undo");
    this.clear = h("button", { type: "button", onclick: () => this.#empty() }, "✕ clear");
    this.bar = h("div.bar", { "aria-hidden": "true" }, h("i"));
    this.said = h("p.said", { role: "status" });
    this.choice = new Choice(() => this.#label());
    const root = one(parentElement, ".lesson-pad", HTMLElement);
    this.endPresentation = presentation(root);
    root.replaceChildren(
      canvas,
      this.bar,
      h("div.tools", {}, this.undo, this.clear),
      this.said,
      this.choice.element,
    );
    this.listening = new AbortController();
    const { signal } = this.listening;
    // Whatever is pressed elsewhere comes after the drawing: Train, another symbol.
    const elsewhere = (/** @type {Event} */ event) => {
      const path = event.composedPath();
      const here = [canvas, this.undo, this.clear];
      if (!here.some((element) => path.includes(element))) this.#keep();
    };
    window.addEventListener("pointerdown", elsewhere, { capture: true, signal });
    window.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  close() {
    clearTimeout(this.timer);
    this.listening.abort();
    this.endPresentation();
    this.pen.close();
  }

  /** @param {Component} component */
  receive({ data, setStateValue }) {
    this.send = setStateValue;
    this.log.taken(data.taken);
    this.room = data.room;
    this.choice.receive(data.symbols.map((symbol) => ({ ...symbol, count: this.#count(symbol) })));
    this.#label();
    this.pen.paint();
  }

  /** With those that Python hasn't counted yet. @param {Symbol} symbol */
  #count(symbol) {
    const waiting = this.log.waiting.filter(
      (action) => action.kind === "drawn" && action.symbol === symbol.id,
    );
    return symbol.count + waiting.length;
  }

  #label() {
    const { name } = this.choice.chosen;
    this.canvas.setAttribute("aria-label", `Drawing canvas for ${name}`);
    const drawing = this.pen.strokes.length > 0;
    if (!drawing) setText(this.said, this.room ? `Draw: ${name}` : FULL);
    this.undo.disabled = !drawing && this.choice.total === 0;
    this.clear.disabled = !drawing;
  }

  /** @param {boolean} up  whether the pen was lifted, and the second begins */
  #wait(up) {
    clearTimeout(this.timer);
    this.bar.classList.toggle("running", up && this.pen.strokes.length > 0);
    if (up && this.pen.strokes.length) this.timer = setTimeout(() => this.#keep(), KEPT_AFTER_MS);
    this.#label();
  }

  #keep() {
    const { strokes } = this.pen;
    if (!strokes.length || this.pen.isDown) return;
    const { id, name } = this.choice.chosen;
    this.#empty();
    if (!this.room) return;
    this.choice.add(id, 1);
    this.send("log", this.log.add({ kind: "drawn", symbol: id, strokes }));
    this.#label();
    setText(this.said, `Kept: ${name}, ${this.choice.chosen.count}`);
  }

  #empty() {
    this.pen.empty();
    this.#wait(false);
  }

  /** The last stroke; with none on the canvas, the drawing that was kept last. */
  #undo() {
    if (this.pen.strokes.length) {
      this.pen.undo();
      this.#wait(true);
      return;
    }
    this.send("log", this.log.add({ kind: "undone" }));
    setText(this.said, "The last drawing is taken back.");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = event.composedPath()[0];
    if (target instanceof Element && target.closest("input, textarea, select, [role=combobox]"))
      return;
    if (event.altKey || event.shiftKey || this.pen.isDown) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== "z" || this.undo.disabled) return;
      event.preventDefault();
      this.#undo();
    } else if (event.key === "Enter") {
      // On a button it presses that.
      if (!(target instanceof Element && target.closest("button, a, summary"))) this.#keep();
    } else if (/^\d$/.test(event.key) && this.choice.has((Number(event.key) + 9) % 10)) {
      this.#keep();
      this.choice.choose((Number(event.key) + 9) % 10);
    }
  }
}

export default renderer((component) => new LessonPad(component));
