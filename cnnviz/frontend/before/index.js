/**
 * Marks a container of the page while what it says is of the drawing before: from the pen's first
 * move until Python has sent what it works out for the new one.
 * @module
 */
// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../network_view/arrivals.js";
import "../network_view/live.js";
import "../network_view/preprocess.js";
import "../network_view/same_picture.js";
import "../shared/canvas.js";
import "../shared/dom.js";
import "../shared/palette.js";
import { Following } from "../shared/answers.js";
import { float32 } from "../shared/decoding.js";
import { renderer } from "../shared/renderer.js";
import { Pen } from "./pen.js";
import { isBefore } from "./same.js";

/**
 * What cnnviz/components/asked.py sends: the key of the network view to follow, or else how the
 * `pen` is followed, with the picture `beneath` as letters.
 * @typedef {{view: string | null, image: string, within: string,
 *   pen: Omit<import("./pen.js").Drawn, "beneath"> & {beneath: string | null} | null}} Data
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
      this.#mark(isBefore(answer, this.image));
    });
    this.pen = new Pen((before) => this.#mark(before));
  }

  /** @param {import("../shared/component.js").Component<Data>} component */
  receive({ data: { view, pen, image, within } }) {
    if (this.following.follow(view)) this.shown = null;
    this.image = float32(image);
    this.container = this.host.closest(`.st-key-${within}`);
    if (pen) {
      const beneath = pen.beneath === null ? null : float32(pen.beneath);
      this.pen.receive({ ...pen, beneath }, this.image);
    } else {
      this.pen.stop();
      this.#mark(isBefore(this.shown, this.image));
    }
  }

  close() {
    this.following.stop();
    this.pen.stop();
    this.container?.removeAttribute("data-before");
  }

  /** @param {boolean} before */
  #mark(before) {
    this.container?.toggleAttribute("data-before", before);
  }
}

export default renderer(({ parentElement }) => new Before(parentElement));
