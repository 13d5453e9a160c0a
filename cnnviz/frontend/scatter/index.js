/**
 * Test pictures as points in two dimensions, one's own drawing among them, which moves while one
 * draws. A point is picked by a click, or by the arrow keys and Enter.
 * @module
 */
// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/palette.js";
import { Following } from "../shared/answers.js";
import "../shared/decoding.js";
import { cleared, h, one, setText, themeAt, themeProbe } from "../shared/dom.js";
import { Log } from "../shared/log.js";
import { renderer } from "../shared/renderer.js";
import { Drawing } from "./drawing.js";
import { fit, pixelOf, pointAt, pointTowards, within } from "./geometry.js";
import { MARGIN, paintMarks, paintPoints, signs } from "./paint.js";
import { find, store, whenStored } from "./points.js";

/**
 * `live` is null where values don't become a place.
 * @typedef {{
 *   role: "scatter", points: string, label: string, title: string, classes: string[],
 *   colours: string[], own: [number, number]|null, near: number[], picked: number|null,
 *   live: import("./drawing.js").Live|null, taken: number,
 * }} ScatterData
 * @typedef {import("./points.js").PointsData} PointsData
 * @typedef {import("../shared/component.js").Component<ScatterData>} Component
 * @typedef {import("./geometry.js").Direction} Direction
 * @typedef {import("../shared/answers.js").Answer} Answer
 *
 * The points and where they lie, until others come or the width or the theme is another.
 * @typedef {import("./points.js").Points & {to: import("./geometry.js").Fit, width: number,
 *   colours: {accent: string, text: string, background: string}}} Placed
 */

const REACH = 14; // pixels from a point
const HEIGHT = 420;
/** @type {Record<string, Direction>} */
const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

class Scatter {
  /** @param {Component} component */
  constructor({ parentElement, setStateValue }) {
    this.send = setStateValue;
    /** @type {Log<{kind: "picked", index: number}>} */ this.log = new Log();
    /** @type {ScatterData|null} */ this.data = null;
    this.drawing = new Drawing();
    /** @type {number|null} */ this.cursor = null;
    /** @type {number|null} */ this.only = null;
    /** @type {Placed|null} as painted last */ this.placed = null;
    this.frame = 0;
    this.following = new Following((answer) => this.#hear(answer));
    this.ground = h("canvas", { "aria-hidden": "true" });
    this.marks = h("canvas", { tabindex: 0, role: "application" });
    this.plot = h("div.plot", {}, this.ground, this.marks);
    this.legend = h("div.legend", { role: "group", "aria-label": "One class alone" });
    this.said = h("p.said", { role: "status" });
    this.root = one(parentElement, ".scatter", HTMLElement);
    const probe = themeProbe(() => this.paint());
    this.root.replaceChildren(probe, this.plot, this.said, this.legend);
    this.marks.addEventListener("pointermove", (event) => this.#point(event));
    this.marks.addEventListener("pointerleave", () => this.#mean(null));
    this.marks.addEventListener("click", (event) => {
      this.#point(event);
      this.#pick();
    });
    this.marks.addEventListener("keydown", (event) => this.#key(event));
    this.resized = new ResizeObserver(() => this.paint());
    this.resized.observe(this.plot);
    this.forgotten = whenStored(() => this.paint());
  }

  close() {
    this.following.stop();
    this.forgotten();
    this.resized.disconnect();
    cancelAnimationFrame(this.frame);
  }

  /** @param {Component} component */
  receive({ data, setStateValue }) {
    this.send = setStateValue;
    this.log.taken(data.taken);
    const { live } = data;
    const before = this.data;
    this.following.follow(live?.view ?? null);
    if (data.points !== before?.points) this.cursor = null;
    this.data = data;
    this.drawing.receive(live, data.own);
    if (data.classes.join("\n") !== before?.classes.join("\n")) this.#list(data.classes);
    this.marks.setAttribute("aria-label", data.label);
    this.paint();
  }

  /** @param {Answer} answer */
  #hear(answer) {
    if (!this.drawing.hear(answer)) return;
    this.root.dataset.source = answer.source;
    this.#soon();
  }

  #soon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.#mark());
  }

  paint() {
    this.placed = this.#place();
    if (!this.placed || !this.data) return;
    const { points, labels, to, width } = this.placed;
    const { classes, colours } = this.data;
    const context = cleared(this.ground, width, HEIGHT, window.devicePixelRatio || 1);
    paintPoints(context, { points, labels, to, signs: signs(classes), colours, only: this.only });
    this.#mark();
  }

  #mark() {
    if (!this.placed || !this.data) return;
    const { points, to, width, colours } = this.placed;
    const { own, preview } = this.drawing;
    paintMarks(cleared(this.marks, width, HEIGHT, window.devicePixelRatio || 1), {
      points,
      to,
      near: preview ? [] : this.data.near,
      meant: [this.data.picked, this.cursor],
      own,
      colours,
      sides: [width, HEIGHT],
    });
    this.root.dataset.own = own ? own.map((at) => at.toFixed(4)).join(" ") : "";
    this.#say();
  }

  /** @returns {Placed|null} null where the points or the room for them aren't there yet */
  #place() {
    const found = this.data && find(this.data.points);
    const width = this.plot.clientWidth;
    if (!found || !width) return null;
    const to = fit(found.points, width, HEIGHT, MARGIN);
    return { ...found, to, width, colours: themeAt(this.root) };
  }

  #say() {
    const { data, placed } = this;
    if (!data || !placed) return;
    const { labels } = placed;
    const at = this.cursor ?? data.picked;
    const words =
      at === null || at >= labels.length
        ? "Point at a sign, or use the arrow keys; a click or Enter picks it."
        : `${data.title} ${at}, a ${data.classes[labels[at]]}`;
    setText(this.said, words);
  }

  /** @param {number|null} index */
  #mean(index) {
    if (index === this.cursor) return;
    this.cursor = index;
    this.#soon();
  }

  #counts() {
    const { only, placed } = this;
    return (/** @type {number} */ index) => only === null || placed?.labels[index] === only;
  }

  /** @param {MouseEvent} event */
  #point(event) {
    if (!this.placed) return;
    const { points, to, width } = this.placed;
    const box = this.marks.getBoundingClientRect();
    const zoom = width / box.width;
    /** @type {[number, number]} */
    const pixel = [(event.clientX - box.left) * zoom, (event.clientY - box.top) * zoom];
    this.#mean(pointAt(points, to, pixel, REACH, this.#counts()));
  }

  #pick() {
    if (this.cursor === null) return;
    this.send("log", this.log.add({ kind: "picked", index: this.cursor }));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const direction = ARROWS[event.key];
    if (direction) this.#step(direction);
    else if (event.key === "Enter" || event.key === " ") this.#pick();
    else if (event.key === "Escape") this.#mean(null);
    else return;
    event.preventDefault();
  }

  /** @param {Direction} direction */
  #step(direction) {
    if (!this.placed) return;
    const { points, to, width } = this.placed;
    const start = this.cursor ?? this.data?.picked ?? null;
    const { own } = this.drawing;
    /** @type {[number, number]} */
    let from = [width / 2, HEIGHT / 2];
    if (start !== null) from = pixelOf(to, points[2 * start], points[2 * start + 1]);
    else if (own) from = within(pixelOf(to, ...own), width, HEIGHT, MARGIN / 2);
    const next = pointTowards(points, to, from, direction, this.#counts());
    if (next !== null) this.#mean(next);
  }

  /** @param {string[]} classes */
  #list(classes) {
    this.only = null;
    const short = signs(classes);
    this.legend.replaceChildren(
      ...classes.map((name, at) => {
        const words = short[at] === name ? name : `${short[at]} ${name}`;
        const toggle = () => this.#alone(at);
        return h("button", { type: "button", "aria-pressed": "false", onclick: toggle }, words);
      }),
    );
  }

  /** @param {number} label */
  #alone(label) {
    this.only = this.only === label ? null : label;
    [...this.legend.children].forEach((button, at) => {
      button.setAttribute("aria-pressed", String(at === this.only));
    });
    this.paint();
  }
}

const render = renderer((/** @type {Component} */ component) => new Scatter(component));

/** @param {import("../shared/component.js").Component<ScatterData | PointsData>} component */
export default function (component) {
  const { data } = component;
  if (data.role === "points") {
    store(data);
    return () => {};
  }
  return render(/** @type {Component} */ (component));
}
