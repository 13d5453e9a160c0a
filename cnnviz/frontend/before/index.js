/**
 * Marks a container of the page while what it says is of the drawing before: from the pen's first
 * move until Python has sent what it works out for the new one.
 * @module
 */
// Every module below, so that a browser asks for all at once; a test holds the list complete.
import { Following } from "../shared/answers.js";
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
    this.image = new Float32Array();
    /** @type {Element | null} */ this.container = null;
    this.following = new Following((answer) => {
      this.shown = answer;
      this.#mark();
    });
  }

  /** @param {import("../shared/component.js").Component<Data>} component */
  receive({ data }) {
    if (this.following.follow(data.view)) this.shown = null;
    this.image = float32(data.image);
    this.container = this.host.closest(`.st-key-${data.within}`);
    this.#mark();
  }

  close() {
    this.following.stop();
    this.container?.removeAttribute("data-before");
  }

  #mark() {
    this.container?.toggleAttribute("data-before", isBefore(this.shown, this.image));
  }
}

export default renderer(({ parentElement }) => new Before(parentElement));
