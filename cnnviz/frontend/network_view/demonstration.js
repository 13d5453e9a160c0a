/**
 * What a map is, shown once before anybody has asked: the first convolution's window slides over
 * the drawing's top stroke, and the number forms in the inspector as if one pointed there. It
 * stands still where motion is unwanted, and goes at the first touch.
 * @module
 */
import { h } from "../shared/dom.js";
import { formAt } from "./kinds.js";
import { windowOf } from "./receptive_field.js";

const STEP_MS = 170;
const BEGINS_MS = 900;
const BESIDE = 10; // px between the drawing and the words
const LEAST_WORDS = 110; // px of the words' width
const WORDS =
  "A window slides over the drawing: its pixels times the kernel's weights, added up, " +
  "make one number of the map.";
const TOUCHES = ["pointermove", "pointerdown", "keydown", "wheel", "touchstart"];

let shown = false; // once, however often one comes back to the page

/**
 * Where the window goes: along the row with most ink in the upper half, from its first ink to its
 * last. Empty where there is no ink.
 * @param {ArrayLike<number>} image one channel @param {number} rows @param {number} cols
 * @returns {{row: number, col: number}[]} pixels of the input
 */
export function strokeOf(image, rows, cols) {
  /** @param {number} row */
  const inked = (row) => {
    const found = [];
    for (let col = 0; col < cols; col += 1) if (image[row * cols + col] > 0.5) found.push(col);
    return found;
  };
  let best = { row: 0, columns: /** @type {number[]} */ ([]) };
  for (let row = 0; row < rows / 2; row += 1) {
    const columns = inked(row);
    if (columns.length > best.columns.length) best = { row, columns };
  }
  if (!best.columns.length) return [];
  const [first, last] = [best.columns[0], best.columns[best.columns.length - 1]];
  return Array.from({ length: last - first + 1 }, (_, i) => ({ row: best.row, col: first + i }));
}

/**
 * The first layer's units whose windows have one of these pixels in their middle, in their order.
 * @param {import("./types.js").Network} network
 * @param {{row: number, col: number}[]} pixels of the input
 */
export function unitsOver(network, pixels) {
  const [, rows, cols] = network.layers[0].shape;
  const windowAt = (/** @type {number} */ row, /** @type {number} */ col) =>
    /** @type {import("./types.js").MapWindow} */ (windowOf(network, 0, { channel: 0, row, col }));
  const middle = (/** @type {number[]} */ taps) => taps[Math.floor(taps.length / 2)];
  const middleRows = Array.from({ length: rows }, (_, row) => middle(windowAt(row, 0).rows));
  const middleCols = Array.from({ length: cols }, (_, col) => middle(windowAt(0, col).cols));
  return pixels
    .map(({ row, col }) => ({
      channel: 0,
      row: middleRows.indexOf(row),
      col: middleCols.indexOf(col),
    }))
    .filter(({ row, col }) => row >= 0 && col >= 0);
}

/**
 * Begin, where `view` is unpinned and has a convolution to show.
 * @param {import("./view_types.js").View} view
 * @param {{stage: HTMLElement, inspector: HTMLElement}} places that the words may lie on
 */
export function demonstrate(view, places) {
  const { network, options, values } = view;
  if (shown || !options.demonstrate || view.pin || formAt(network, 0) !== "patches") return;
  const [, rows, cols] = network.image.shape;
  const units = unitsOver(network, strokeOf(values[0], rows, cols));
  if (!units.length) return;
  shown = true;

  const words = h("p.demonstration", {}, WORDS);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let at = still ? Math.floor(units.length / 2) : 0;
  let timer = window.setTimeout(advance, BEGINS_MS);
  // Before the stage hears of it: what it then points at stays.
  for (const touch of TOUCHES) {
    window.addEventListener(touch, end, { passive: true, capture: true });
  }

  /** On the inspector; where that is below all rows of maps, beside the drawing. */
  function put() {
    const { plan, tileOf, width } = /** @type {import("./scene.js").Scene} */ (view.scene);
    const drawing = plan.rows ? tileOf.get("-1,0")?.outer : null;
    if (!drawing) return places.inspector.append(words);
    const left = drawing.x + drawing.w + BESIDE;
    if (width - left < LEAST_WORDS) return undefined;
    words.classList.add("beside");
    words.style.cssText = `left: ${left}px; top: ${drawing.y}px; width: ${width - left}px`;
    places.stage.append(words);
    return undefined;
  }

  function advance() {
    if (view.pin || view.cursor || at >= units.length) return end();
    if (!words.isConnected) put();
    view.root.dataset.demonstration = String(at);
    view.hover = { layer: 0, unit: units[at] };
    view.request("pointing");
    if (still) return undefined;
    at += 1;
    timer = window.setTimeout(advance, STEP_MS);
    return undefined;
  }

  function end() {
    clearTimeout(timer);
    for (const touch of TOUCHES) window.removeEventListener(touch, end, { capture: true });
    words.remove();
    if (view.root.dataset.demonstration === undefined) return;
    delete view.root.dataset.demonstration;
    view.hover = null;
    view.request("pointing");
  }
}
