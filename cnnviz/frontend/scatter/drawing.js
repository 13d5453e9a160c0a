/**
 * Where one's own drawing lies among the points: as Python says, or as the browser has it while
 * one draws.
 * @module
 */
import { float32 } from "../shared/decoding.js";
import { project } from "./geometry.js";

/**
 * How a layer's values become a place, and the key of the view that has them.
 * @typedef {{view: string, layer: string, mean: string, axes: string}} Live
 * @typedef {Pick<import("../shared/answers.js").Answer, "source" | "blank" | "valuesOf">} Answer
 */

export class Drawing {
  constructor() {
    /** @type {[number, number] | null} */ this.own = null;
    /** Whether that is of a preview. */
    this.preview = false;
    /** @type {Live | null} */ this.live = null;
    /** @type {{mean: Float32Array, axes: Float32Array} | null} */ this.plane = null;
  }

  /** @param {Live | null} live @param {[number, number] | null} own */
  receive(live, own) {
    const other = ["view", "layer", "axes"].some((name) => {
      const part = /** @type {keyof Live} */ (name);
      return live?.[part] !== this.live?.[part];
    });
    if (other) {
      this.plane = live && { mean: float32(live.mean), axes: float32(live.axes) };
      // A preview was of a place among the points before.
      this.preview = false;
    }
    this.live = live;
    if (!this.preview) this.own = own;
  }

  /** @param {Answer} answer @returns {boolean} whether it says where the drawing lies */
  hear({ source, blank, valuesOf }) {
    const values = this.live && valuesOf(this.live.layer);
    if (!values || !this.plane || values.length !== this.plane.mean.length) return false;
    this.preview = source === "preview";
    this.own = blank ? null : project(values, this.plane.mean, this.plane.axes);
    return true;
  }
}
