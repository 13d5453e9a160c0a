/**
 * The step axis, shared with the curve: logarithmic, with step 0 at a place of its own.
 * @module
 */

export const ZERO = 0.4;
/** The margins of the Plotly figure (cnnviz/figures/training.py), in pixels. */
export const MARGIN = { left: 48, right: 48, top: 46 };

/** @param {number} step */
export const exponent = (step) => Math.log10(Math.max(step, ZERO));

/** The range that the whole run needs, as exponents; the same in cnnviz/figures/training.py. */
export function wholeRange(last) {
  return [exponent(0) - 0.12, Math.max(exponent(last), 1) + 0.06];
}

/**
 * @param {number} step
 * @param {[number, number]} range exponents at the axis's ends
 * @param {number} width of the whole figure in pixels
 */
export function place(step, [low, high], width) {
  return (
    MARGIN.left + ((exponent(step) - low) / (high - low)) * (width - MARGIN.left - MARGIN.right)
  );
}

/** Index of the frame whose place is nearest to `x`. */
export function nearest(frames, x, range, width) {
  let best = 0;
  let distance = Infinity;
  frames.forEach((frame, index) => {
    const d = Math.abs(place(frame.step, range, width) - x);
    if (d < distance) [best, distance] = [index, d];
  });
  return best;
}

/**
 * Which frames have room: the selected and the last first, then from the left as space allows.
 * @returns {Set<number>} indices
 */
export function roomFor(frames, selected, range, width, need) {
  const taken = [];
  const shown = new Set();
  const order = [selected, frames.length - 1, ...frames.keys()];
  for (const index of order) {
    if (index < 0 || index >= frames.length || shown.has(index)) continue;
    const x = place(frames[index].step, range, width);
    const inside = x >= MARGIN.left - 1 && x <= width - MARGIN.right + 1;
    if (!inside || taken.some((other) => Math.abs(other - x) < need)) continue;
    taken.push(x);
    shown.add(index);
  }
  return shown;
}
