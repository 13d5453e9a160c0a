/**
 * Where the drawing canvas is. It belongs to another component, which has an open shadow root and
 * no handle for others: whoever needs it finds it here, and does without where it isn't found.
 * @module
 */

/** Dispatched on the window once the canvas is empty by the page's own button, not by the pen. */
export const CLEARED = "cnnviz-cleared";

/** Attribute of the picture (a sample, say) that lies on the canvas and is shown in its place. */
export const COVERS = "data-covers";

/**
 * The canvas as Fabric.js makes it: `lower` keeps the strokes that are finished, `upper` has the
 * one that is being drawn and takes the pointer. `root` is what they live in.
 *
 * @typedef {object} DrawingCanvas
 * @property {ShadowRoot} root
 * @property {HTMLCanvasElement} lower
 * @property {HTMLCanvasElement} upper
 */

/** Canvases of ours, which are handed over. @type {Map<string, DrawingCanvas>} */
const lent = new Map();

/**
 * @param {string} key
 * @param {DrawingCanvas} canvas
 * @returns {() => void} no longer
 */
export function lendCanvas(key, canvas) {
  lent.set(key, canvas);
  return () => lent.delete(key);
}

/**
 * A picture's opacity as ink of `colour`, over the whole canvas, which is empty.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {CanvasImageSource} picture
 * @param {string} colour
 */
export function paintInk(context, picture, colour) {
  const { width, height } = context.canvas;
  context.drawImage(picture, 0, 0, width, height);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = colour;
  context.fillRect(0, 0, width, height);
  context.globalCompositeOperation = "source-over";
}

/**
 * The drawing canvas of that key, lent or under `.st-key-<key>`; null if there is none.
 *
 * @param {string} key
 * @returns {DrawingCanvas | null}
 */
export function findCanvas(key) {
  const own = lent.get(key);
  if (own) return own;
  const place = document.querySelector(`.st-key-${CSS.escape(key)}`);
  if (!place) return null;
  for (const element of [place, ...place.querySelectorAll("*")]) {
    const root = element.shadowRoot;
    /** @type {HTMLCanvasElement | null | undefined} */
    const upper = root?.querySelector("canvas.upper-canvas");
    // Its sibling: the component has a second lower canvas, for a background picture.
    /** @type {HTMLCanvasElement | null | undefined} */
    const lower = upper?.parentElement?.querySelector("canvas.lower-canvas");
    if (root && upper && lower) return { root, lower, upper };
  }
  return null;
}
