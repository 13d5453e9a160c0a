/**
 * What a network says at this very moment, told from the view that computes it to whoever shows
 * it in words. Components of a page share nothing but the window.
 * @module
 */

/**
 * `image` is the network's input, and `valuesOf` has what a layer made of it; null where there is no
 * such.
 *
 * `source` is whose numbers these are; `blank` says that the picture has no ink.
 * `drawn` is the drawing that a preview was made of, where it was one.
 * @typedef {{probabilities: Float32Array, logits: Float32Array, image: Float32Array,
 *   source: "torch"|"preview", blank: boolean, drawn: Drawn|null,
 *   valuesOf: (layer: string) => Float32Array|null}} Answer
 *
 * `image` is the network's input in [0, 1], of the `frame`'s shape; `pixels` (RGBA) are the
 * drawing's, of which the part `from` was scaled to the part `to` of the image; null without ink.
 * @typedef {import("../network_view/preprocess.js").Box} Box
 * @typedef {import("../network_view/preprocess.js").Frame} Frame
 * @typedef {{image: Float32Array, frame: Frame, pixels: Uint8ClampedArray, width: number,
 *   height: number, from: Box|null, to: Box|null}} Drawn
 */

const TYPE = "cnnviz-answer";

/** @param {string} key of the view @param {Answer} answer */
export function publish(key, answer) {
  window.dispatchEvent(new CustomEvent(TYPE, { detail: { key, answer } }));
}

/**
 * @param {string} key of the view
 * @param {(answer: Answer) => void} listener
 * @returns {() => void} no longer
 */
export function subscribe(key, listener) {
  /** @param {Event} event */
  const heard = (event) => {
    const { detail } = /** @type {CustomEvent<{key: string, answer: Answer}>} */ (event);
    if (detail.key === key) listener(detail.answer);
  };
  window.addEventListener(TYPE, heard);
  return () => window.removeEventListener(TYPE, heard);
}

/** Hears the answers of one view, or of another once that is the one to follow. */
export class Following {
  /** @param {(answer: Answer) => void} listener */
  constructor(listener) {
    this.listener = listener;
    /** @type {string|null} */ this.view = null;
    this.stop = () => {};
  }

  /**
   * @param {string|null} view  the key of the one to follow; null for none
   * @returns {boolean} whether it is another than before
   */
  follow(view) {
    if (view === this.view) return false;
    this.stop();
    this.view = view;
    this.stop = view === null ? () => {} : subscribe(view, this.listener);
    return true;
  }
}
