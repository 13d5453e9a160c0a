/**
 * The sentence beside the canvas: what the network says, while the pen moves from the view's own
 * preview, then from torch.
 * @module
 */
// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/numbers.js";
import { subscribe } from "../shared/answers.js";
import { float32 } from "../shared/decoding.js";
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
    this.stop = () => {};
  }

  /** @param {Data} data */
  receive(data) {
    if (data.view !== this.data?.view) {
      this.stop();
      this.stop = subscribe(data.view, (answer) => this.hear(answer));
    }
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
    this.element.dataset.source = this.preview ? "preview" : "torch";
    this.element.replaceChildren(
      ...lines.map(({ strong, text }) => {
        const line = document.createElement("p");
        if (strong)
          line.append(Object.assign(document.createElement("b"), { textContent: strong }));
        line.append(text);
        return line;
      }),
    );
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
  return () => {
    reading.stop();
    readings.delete(parentElement);
  };
}
