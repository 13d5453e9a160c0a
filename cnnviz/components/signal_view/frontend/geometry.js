/**
 * Where everything stands in the picture, without a DOM. Pixels are CSS pixels.
 *
 * @typedef {{top: number, height: number, zero: number, unit: number, lo: number, hi: number}} Row
 *   zero: the base line's y; unit: pixels per 1; lo, hi: values at the row's bottom and top
 * @typedef {{width: number, height: number, compact: boolean, left: number, right: number,
 *   first: number, last: number, pitch: number, rows: Record<string, Row>, axis: number,
 *   x: (n: number) => number, n: (x: number) => number}} Geometry
 */

const LABELS = 148;
const MARGIN = 0.7;
const COMPACT_BELOW = 620;
// Rows much unlike in size get scales of their own, or the small one would be flat.
const ALIKE = 4;

/**
 * @param {{width: number, samples: number, span: number,
 *   ranges: Record<string, [number, number]>}} what
 *   ranges: the least and the largest value of each row, from top to bottom
 * @returns {Geometry}
 */
export function arrange({ width, samples, span, ranges }) {
  const compact = width < COMPACT_BELOW;
  const left = compact ? 0 : LABELS;
  const right = width - (compact ? 0 : 12);
  const first = -(span - 1);
  const last = samples + span - 2;
  const pitch = (right - left) / (last - first + 2 * MARGIN);
  const x = (n) => left + (n - first + MARGIN) * pitch;
  const n = (px) => (px - left) / pitch - MARGIN + first;

  const heights = { signal: 116, filter: 100, products: 104, result: 112, other: 92 };
  const rows = /** @type {Record<string, Row>} */ ({});
  let top = 6;
  for (const name of Object.keys(ranges)) {
    if (name === "result") top += 12;
    if (compact) top += 24;
    const [least, largest] = ranges[name];
    const range = largest - least || 1;
    const lo = Math.min(least - 0.14 * range, -0.3 * range);
    const hi = Math.max(largest + 0.14 * range, 0.3 * range);
    rows[name] = { top, height: heights[name], zero: 0, unit: heights[name] / (hi - lo), lo, hi };
    top += heights[name] + (name === "products" ? 20 : 8);
  }
  const units = Object.values(rows).map((row) => row.unit);
  const smallest = Math.min(...units);
  const together = Math.max(...units) / smallest <= ALIKE;
  for (const row of Object.values(rows)) {
    const grown = together ? row.unit / smallest : 1;
    row.lo *= grown;
    row.hi *= grown;
    row.unit /= grown;
    row.zero = row.top + row.hi * row.unit;
  }
  return { width, height: top + 24, compact, left, right, first, last, pitch, rows, axis: top + 8, x, n };
}

/** The value at height y of a row. @param {Row} row @param {number} y */
export function valueAt(row, y) {
  return (row.zero - y) / row.unit;
}

/** @param {Row} row @param {number} value */
export function yOf(row, value) {
  return row.zero - value * row.unit;
}

/** @param {ArrayLike<number>} values @returns {[number, number]} */
export function rangeOf(values) {
  let least = 0;
  let largest = 0;
  for (let at = 0; at < values.length; at += 1) {
    if (values[at] < least) least = values[at];
    if (values[at] > largest) largest = values[at];
  }
  return [least, largest];
}

/** Every how many positions the axis is labelled: 1, 2, 5, 10, ... */
export function axisStep(pitch) {
  const least = 30 / pitch;
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? 10 * power;
}
