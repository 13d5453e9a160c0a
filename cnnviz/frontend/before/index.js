/**
 * Marks a container of the page while what it says is of the drawing before: from the pen's first
 * move until Python has sent what it works out for the new one.
 * @module
 */
// Every module below, so that a browser asks for all at once; a test holds the list complete.
import { subscribe } from "../shared/answers.js";
import { float32 } from "../shared/decoding.js";
import { renderer } from "../shared/renderer.js";
import { isBefore } from "./same.js";

/**
 * What cnnviz/components/asked.py sends.
 * @typedef {{view: string, image: string, within: string}} Data
 * @typedef {import("../shared/answers.js").Answer} Answer
 */

class Before {
  /** @param {HTMLElement | ShadowRoot} parent */
  constructor(parent) {
    this.host = parent instanceof ShadowRoot ? parent.host : parent;
    /** @type {Answer | null} */ this.shown = null;
    /** @type {Data | null} */ this.data = null;
    this.image = new Float32Array();
    /** @type {Element | null} */ this.container = null;
    this.stop = () => {};
  }

  /** @param {import("../shared/component.js").Component<Data>} component */
  receive({ data }) {
    if (data.view !== this.data?.view) {
      this.stop();
      this.shown = null;
      this.stop = subscribe(data.view, (answer) => {
        this.shown = answer;
        this.#mark();
      });
    }
    this.data = data;
    this.image = float32(data.image);
    this.container = this.host.closest(`.st-key-${data.within}`);
    this.#mark();
  }

  close() {
    this.stop();
    this.container?.removeAttribute("data-before");
  }

  #mark() {
    this.container?.toggleAttribute("data-before", isBefore(this.shown, this.image));
  }
}

export default renderer(({ parentElement }) => new Before(parentElement));
