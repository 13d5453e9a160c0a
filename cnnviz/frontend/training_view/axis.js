/**
 * The step axis, shared with the curve: logarithmic, with step 0 at a place of its own.
 *
 * @typedef {import("./types.js").Range} Range
 */

export const ZERO = 0.4;
/** The margins of the Plotly figure (cnnviz/figures/training.py), in pixels. */
export const MARGIN = { left: 48, right: 48, top: 62 };
/** From the top of the curves to their bottom, in pixels. */
export const CURVES = 182;

/** @param {number} step */
export const exponent = (step) => Math.log10(Math.max(step, ZERO));

/**
 * The range that the whole run needs, as exponents; the same in cnnviz/figures/training.py.
 * @param {number} last  step
 * @returns {Range}
 */
export function wholeRange(last) {
  return [exponent(0) - 0.12, Math.max(exponent(last), 1) + 0.06];
}

/**
 * @param {number} step
 * @param {Range} range
 * @param {number} width of the whole figure in pixels
 */
export function place(step, [low, high], width) {
  return (
    MARGIN.left + ((exponent(step) - low) / (high - low)) * (width - MARGIN.left - MARGIN.right)
  );
}

/**
 * Whether a place lies under the curve.
 * @param {number} x
 * @param {number} width
 */
export const isInside = (x, width) => x >= MARGIN.left - 1 && x <= width - MARGIN.right + 1;

/**
 * Index of the step whose place is nearest to `x`.
 * @param {number[]} steps
 * @param {number} x
 * @param {Range} range
 * @param {number} width
 */
export function nearest(steps, x, range, width) {
  const distances = steps.map((step) => Math.abs(place(step, range, width) - x));
  return distances.indexOf(Math.min(...distances));
}

/**
 * Which steps have room: the selected and the last first, then from the left as space allows.
 * @param {number[]} steps
 * @param {number} selected  index
 * @param {Range} range
 * @param {number} width
 * @param {number} need  pixels apart
 * @returns {number[]} indices
 */
export function roomFor(steps, selected, range, width, need) {
  const places = steps.map((step) => place(step, range, width));
  /** @type {number[]} */
  const shown = [];
  for (const index of [selected, steps.length - 1, ...steps.keys()]) {
    const x = places[index];
    if (x === undefined || shown.includes(index) || !isInside(x, width)) continue;
    if (shown.every((other) => Math.abs(places[other] - x) >= need)) shown.push(index);
  }
  return shown;
}
