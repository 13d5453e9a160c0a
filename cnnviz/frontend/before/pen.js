/**
 * Whether what Python worked out is of the drawing before, where no network view follows the pen:
 * the canvas is looked at, and which picture an answer of Python's is of is decided as a network
 * view decides it (network_view/arrivals.js).
 * @module
 */
import { START, step } from "../network_view/arrivals.js";
import { followPen } from "../network_view/live.js";
import { prepare } from "../network_view/preprocess.js";
import { isAsDrawn, isSame } from "../network_view/same_picture.js";

/**
 * Where one draws, and how that is made into a picture.
 * @typedef {{canvas: string, centre: boolean, frame: import("../network_view/preprocess.js").Frame,
 *   beneath: Float32Array | null}} Drawn
 */

export class Pen {
  /** @param {(before: boolean) => void} listener */
  constructor(listener) {
    this.listener = listener;
    this.state = START;
    /** @type {Drawn | null} */ this.how = null;
    /** @type {Float32Array} */ this.picture = new Float32Array();
    /** @type {ReturnType<typeof followPen> | null} */ this.pen = null;
    this.timer = 0;
  }

  /** What Python worked out is of `image`. @param {Drawn} how @param {Float32Array} image */
  receive(how, image) {
    if (how.canvas !== this.how?.canvas) {
      this.stop();
      this.pen = followPen(
        how.canvas,
        (pixels, width, height) => this.#drawn(pixels, width, height),
        {
          down: () => this.#send({ type: "down" }),
          up: () => this.#send({ type: "up", now: performance.now() }),
        },
      );
    }
    this.how = how;
    const fits = isAsDrawn(image, this.picture);
    // What is shown of it is none of this module's business: it has no data.
    const trace = /** @type {import("../network_view/arrivals.js").Trace} */ (
      /** @type {unknown} */ ({ weights: "", structure: "", image })
    );
    this.#send({ type: "trace", trace, ready: true, fits, changed: false, now: performance.now() });
  }

  stop() {
    this.pen?.stop();
    this.pen = null;
    clearTimeout(this.timer);
    this.state = START;
    this.how = null;
    this.picture = new Float32Array();
  }

  /** @param {Uint8ClampedArray} pixels RGBA @param {number} width @param {number} height */
  #drawn(pixels, width, height) {
    const { how, state } = this;
    if (!how || !state.last) return;
    this.picture = prepare(pixels, width, height, how).image;
    const fits = isSame(state.last.image, this.picture);
    this.#send({ type: "preview", fits, now: performance.now() });
  }

  /** @param {import("../network_view/arrivals.js").Event} event */
  #send(event) {
    this.state = step(this.state, event).state;
    clearTimeout(this.timer);
    if (this.state.due !== null) {
      const wait = Math.max(0, this.state.due - performance.now());
      this.timer = window.setTimeout(
        () => this.#send({ type: "late", now: performance.now() }),
        wait,
      );
    }
    this.listener(this.state.shown === "preview");
  }
}
