/**
 * A network as a row of cards. What is typed or clicked shows at once; Python, which is sent each
 * change, says what comes of it: shapes, costs, and where it doesn't fit.
 */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/palette.js";
import { h, one, setAttribute, setText } from "../shared/dom.js";
import { Paced } from "../shared/paced.js";
import { presentation } from "../shared/presentation.js";
import { renderer } from "../shared/renderer.js";
import { Card, fieldOf } from "./card.js";
import {
  added,
  History,
  MOST_LAYERS,
  moved,
  resumed,
  typed,
  usualPlace,
  without,
} from "./draft.js";
import "./types.js";

/**
 * @typedef {import("./types.js").Data} Data
 * @typedef {import("./types.js").Kind} Kind
 * @typedef {import("./types.js").Layer} Layer
 * @typedef {import("../shared/component.js").Component<Data>} Component
 */

/** @type {Record<string, 1 | -1>} */
const SIDEWAYS = { ArrowLeft: -1, ArrowRight: 1 };
const KEYS = "← → another layer · shift ← → moves it · delete takes it out · ctrl Z undoes";

/** As it was when the page was left: what a person undoes is then still there. @type {History | null} */
let kept = null;
let lastId = 0; // of a layer; none has that of another one, be it of a page that was left

class Builder {
  /** @param {Component} component */
  constructor({ data, parentElement, setTriggerValue }) {
    this.paced = new Paced((sequence) => {
      const layers = this.layers.map(({ kind, numbers }) => [kind, numbers]);
      setTriggerValue("edit", { layers, sequence });
    });
    this.data = data;
    this.history = new History([]);
    this.revision = NaN;
    this.selected = 0; // the id of the card that keys act on, after which a new one goes
    /** @type {Map<number, Card>} */
    this.cards = new Map();
    /** @type {Map<string, Kind>} */
    this.kinds = new Map(data.kinds.map((kind) => [kind.kind, kind]));
    this.chips = data.kinds.map((kind) =>
      h(
        "button.chip",
        { type: "button", title: kind.words, onclick: () => this.#add(kind) },
        kind.title,
      ),
    );
    this.undo = h("button.chip.undo", { type: "button", onclick: () => this.#undo() }, "↶ undo");
    this.where = h("span.where");
    this.tools = h(
      "div.tools",
      { role: "toolbar", "aria-label": "Add a layer" },
      this.where,
      ...this.chips,
      this.undo,
    );
    this.input = h("li.card.input", { "aria-label": "input" });
    this.row = h("ol.row", { "aria-label": "The network's layers" });
    this.said = h("p.said", { role: "status" });
    this.tools.addEventListener("keydown", (event) => this.#walkTools(event));
    const root = one(parentElement, ".builder", HTMLElement);
    root.replaceChildren(this.tools, this.row, this.said, h("p.keys", {}, KEYS));
    root.addEventListener("keydown", (event) => this.#key(event));
    this.root = root;
    this.endPresentation = presentation(root);
  }

  close() {
    this.endPresentation();
    this.paced.close();
  }

  /** @param {Component} component */
  receive({ data }) {
    this.data = data;
    this.paced.receive(data.sequence);
    if (data.revision !== this.revision) {
      const layers = data.layers.map(([kind, numbers]) => this.#layer(kind, numbers));
      if (Number.isNaN(this.revision)) this.history = kept = resumed(kept, layers);
      else this.history.change(layers);
      this.revision = data.revision;
      this.selected = 0;
      this.paced.drop();
    }
    this.#show();
    this.paced.go();
  }

  get layers() {
    return this.history.layers;
  }

  get place() {
    return this.layers.findIndex(({ id }) => id === this.selected);
  }

  /** @param {string} kind @param {Record<string, string>} numbers @returns {Layer} */
  #layer(kind, numbers) {
    lastId += 1;
    return { id: lastId, kind, numbers };
  }

  /** @param {Layer[]} layers @param {string} [field] */
  #change(layers, field) {
    if (layers === this.layers) return;
    this.history.change(layers, field);
    this.#changed();
  }

  #changed() {
    this.paced.changed();
    this.#show();
  }

  /** @param {Kind} kind */
  #add(kind) {
    if (this.layers.length >= MOST_LAYERS) return;
    const numbers = Object.fromEntries(kind.numbers.map(({ name, start }) => [name, start]));
    const layer = this.#layer(kind.kind, numbers);
    const at = this.place < 0 ? usualPlace(this.layers) : this.place + 1;
    this.selected = layer.id;
    this.#change(added(this.layers, at, layer));
    this.#scrollToSelected();
  }

  /** In its row alone: the page stays where it is. */
  #scrollToSelected() {
    const card = this.cards.get(this.selected)?.element;
    if (!card) return;
    const { row } = this;
    const last = card.offsetLeft + card.offsetWidth - row.clientWidth;
    row.scrollLeft = Math.min(Math.max(row.scrollLeft, last), card.offsetLeft);
  }

  /** @param {number} id @param {1 | -1} by */
  #move(id, by) {
    const at = this.layers.findIndex((layer) => layer.id === id);
    const focused = this.#focused();
    this.#change(moved(this.layers, at, at + by));
    // An element that is put elsewhere in the page is focused no more.
    if (focused instanceof HTMLElement && focused !== this.#focused())
      focused.focus({ preventScroll: true });
    this.#scrollToSelected();
  }

  /** @param {number} id */
  #remove(id) {
    const at = this.layers.findIndex((layer) => layer.id === id);
    if (at < 0) return;
    const left = without(this.layers, at);
    this.selected = left[Math.min(at, left.length - 1)]?.id ?? 0;
    this.#change(left);
    const next = this.cards.get(this.selected)?.element ?? this.chips[0];
    next.focus({ preventScroll: true });
  }

  #undo() {
    if (this.history.undo()) this.#changed();
  }

  #focused() {
    return /** @type {ShadowRoot} */ (this.root.getRootNode()).activeElement;
  }

  #show() {
    const { layers, data } = this;
    const shown = new Set(layers.map(({ id }) => id));
    for (const [id, card] of this.cards) {
      if (shown.has(id)) continue;
      card.element.remove();
      this.cards.delete(id);
    }
    this.#showInput();
    let before = /** @type {Element} */ (this.input);
    layers.forEach((layer, place) => {
      const card = this.cards.get(layer.id) ?? this.#card(layer);
      card.show(layer);
      card.place(place, layers.length);
      if (before.nextElementSibling !== card.element) before.after(card.element);
      before = card.element;
    });
    this.#mark();
    // What was said of another list isn't said of this one: its answer is on its way.
    if (!this.paced.settled(data.sequence)) return;
    layers.forEach((layer, place) => {
      const step = data.steps[place];
      this.cards.get(layer.id)?.tell(data.names[place] ?? "", step, place === data.at);
    });
    const problem = data.problem && `${data.problem}. Below is the last network that fitted.`;
    setText(this.said, problem ?? data.total ?? "");
    this.said.classList.toggle("problem", data.problem !== null);
    setAttribute(this.root, "data-answered", String(data.sequence));
  }

  /** @param {Layer} layer */
  #card(layer) {
    const { id } = layer;
    const kind = this.kinds.get(layer.kind);
    if (!kind) throw new Error(`no kind ${layer.kind}`);
    const card = new Card(layer, kind, this.data.picture, {
      type: (name, text) => {
        const at = this.layers.findIndex((each) => each.id === id);
        this.#change(typed(this.layers, at, name, text), `${id}.${name}`);
      },
      move: (by) => this.#move(id, by),
      remove: () => this.#remove(id),
      select: () => {
        this.selected = id;
        this.#mark();
      },
    });
    card.tell("", undefined, false);
    this.cards.set(id, card);
    return card;
  }

  #showInput() {
    const { picture } = this.data;
    const text = picture.join("×");
    if (this.input.dataset.picture === text) return;
    this.input.dataset.picture = text;
    this.cards.clear();
    const whole = fieldOf(picture);
    whole.show([picture[1], picture[2]]);
    this.input.replaceChildren(
      h("div.head", {}, h("span.name", {}, "input")),
      h("div.title", {}, "your drawing"),
      h("div.numbers"),
      h("div.made", {}, whole.element, h("div.words", {}, h("span.shape", {}, text))),
    );
    this.row.replaceChildren(this.input);
  }

  /** Which card is chosen, and what the tools would do. */
  #mark() {
    const { layers } = this;
    const at = this.place;
    const stop = Math.max(at, 0);
    layers.forEach(({ id }, place) => {
      const card = this.cards.get(id);
      card?.select(place === at);
      if (at < 0 && place === stop && card) card.element.tabIndex = 0;
    });
    const before = at < 0 ? usualPlace(layers) - 1 : at;
    const name = before < 0 ? "the input" : (this.data.names[before] ?? "it");
    setText(this.where, `Add after ${name}`);
    for (const chip of this.chips) chip.disabled = layers.length >= MOST_LAYERS;
    this.undo.disabled = !this.history.undoable;
    const stops = [...this.chips, this.undo].filter((button) => !button.disabled);
    if (!stops.some((button) => button.tabIndex === 0 && button.hasAttribute("tabindex")))
      this.#stopAt(stops[0]);
  }

  /** @param {HTMLButtonElement | undefined} stop  the tool that Tab comes to */
  #stopAt(stop) {
    for (const button of [...this.chips, this.undo])
      setAttribute(button, "tabindex", button === stop ? "0" : "-1");
  }

  /** @param {KeyboardEvent} event */
  #walkTools(event) {
    const by = SIDEWAYS[event.key];
    const stops = [...this.chips, this.undo].filter((button) => !button.disabled);
    const from = stops.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (!by || from < 0 || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = stops[(from + by + stops.length) % stops.length];
    this.#stopAt(to);
    to.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") {
      event.preventDefault();
      this.#undo();
      return;
    }
    const { target } = event;
    if (event.altKey || event.ctrlKey || event.metaKey || !(target instanceof HTMLElement)) return;
    const card = target.closest("li.card");
    if (event.key === "Escape" && card instanceof HTMLElement && target !== card) card.focus();
    if (target !== card || this.place < 0) return;
    const by = SIDEWAYS[event.key];
    if (by && event.shiftKey) this.#move(this.selected, by);
    else if (by) this.#focusCard(this.place + by);
    else if (event.key === "Delete" || event.key === "Backspace") this.#remove(this.selected);
    else if (event.key === "Enter")
      this.cards.get(this.selected)?.inputs.values().next().value?.focus();
    else return;
    event.preventDefault();
  }

  /** @param {number} place */
  #focusCard(place) {
    const layer = this.layers[place];
    if (layer) this.cards.get(layer.id)?.element.focus();
  }
}

export default renderer((component) => new Builder(component));
