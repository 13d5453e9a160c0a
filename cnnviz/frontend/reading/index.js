/**
 * The sentence beside the canvas: what the network says, while the pen moves from the view's own
 * preview, then from torch.
 * @module
 */
// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/numbers.js";
import "../shared/palette.js";
import { Following } from "../shared/answers.js";
import { float32 } from "../shared/decoding.js";
import { h, setText } from "../shared/dom.js";
import { onceGone } from "../shared/renderer.js";
import { sentences } from "./words.js";

/**
 * What Python knows of the drawing that torch was given last.
 * @typedef {{
 *   view: string, probabilities: string, blank: boolean,
 *   unlike: string|null, truth: string|null, classes: string[],
 * }} Data
 * @typedef {import("../shared/answers.js").Answer} Answer
 */

class Reading {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    /** @type {Data|null} */
    this.data = null;
    /** @type {Answer|null} a preview that torch hasn't answered yet */
    this.preview = null;
    this.following = new Following((answer) => this.hear(answer));
    /** @type {{line: HTMLElement, strong: HTMLElement, text: Text}[]} */
    this.lines = [];
    element.replaceChildren();
  }

  /** @param {Data} data */
  receive(data) {
    this.following.follow(data.view);
    this.data = data;
    this.show();
  }

  /** @param {Answer} answer */
  hear(answer) {
    this.preview = answer.source === "preview" ? answer : null;
    this.show();
  }

  show() {
    if (!this.data) return;
    const { blank, unlike, truth, classes } = this.data;
    const lines = this.preview
      ? sentences({ ...this.preview, unlike: null, truth: null, classes })
      : sentences({
          probabilities: float32(this.data.probabilities),
          blank,
          unlike,
          truth,
          classes,
        });
    const source = this.preview ? "preview" : "torch";
    if (this.element.dataset.source !== source) this.element.dataset.source = source;
    while (this.lines.length > lines.length) this.lines.pop()?.line.remove();
    while (this.lines.length < lines.length) {
      const [line, strong, text] = [h("p"), h("b"), document.createTextNode("")];
      line.append(strong, text);
      this.element.append(line);
      this.lines.push({ line, strong, text });
    }
    // The words that stay are left alone: this runs in every frame while one draws.
    lines.forEach(({ strong, text }, i) => {
      setText(this.lines[i].strong, strong);
      if (this.lines[i].text.data !== text) this.lines[i].text.data = text;
    });
  }
}

/** @type {WeakMap<object, Reading>} */
const readings = new WeakMap();

/** @param {{data: Data, parentElement: HTMLElement | ShadowRoot}} component */
export default function ({ data, parentElement }) {
  let reading = readings.get(parentElement);
  if (!reading) {
    reading = new Reading(/** @type {HTMLElement} */ (parentElement.querySelector(".reading")));
    readings.set(parentElement, reading);
  }
  reading.receive(data);
  return onceGone(parentElement, () => {
    reading.following.stop();
    readings.delete(parentElement);
  });
}
