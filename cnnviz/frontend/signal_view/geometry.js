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
const LEAST_HEIGHT = 92;

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
  const x = (/** @type {number} */ n) => left + (n - first + MARGIN) * pitch;
  const n = (/** @type {number} */ px) => (px - left) / pitch - MARGIN + first;

  const names = Object.keys(ranges);
  const bounds = names.map((name) => bounded(ranges[name]));
  const { heights, unit: common } = heightsOf(names, bounds);
  /** @type {Record<string, Row>} */
  const rows = {};
  let top = 6;
  names.forEach((name, at) => {
    if (name === "result") top += 12;
    if (compact) top += 24;
    const height = heights[at];
    let [lo, hi] = bounds[at];
    const unit = Math.min(height / (hi - lo), common);
    // Where the common scale leaves room, it goes to both sides alike.
    const spare = (height / unit - (hi - lo)) / 2;
    lo -= spare;
    hi += spare;
    rows[name] = { top, height, zero: top + hi * unit, unit, lo, hi };
    top += height + (name === "products" ? 20 : 13);
  });
  return {
    width,
    height: top + 24,
    compact,
    left,
    right,
    first,
    last,
    pitch,
    rows,
    axis: top + 8,
    x,
    n,
  };
}

/**
 * A row's bottom and top: its values with some room, on both sides of zero, to drag them.
 * @param {[number, number]} range
 * @returns {[number, number]}
 */
function bounded([least, largest]) {
  const range = largest - least || 1;
  return [
    Math.min(least - 0.1 * range, -0.25 * range),
    Math.max(largest + 0.1 * range, 0.25 * range),
  ];
}

/**
 * Heights that give rows of like size one scale, so that lengths can be compared between them.
 * `unit` is that scale in pixels per 1; infinite where each row has its own.
 * @param {string[]} names
 * @param {[number, number][]} bounds
 */
function heightsOf(names, bounds) {
  const equal = names.map((name) => (name === "other" ? 104 : 122));
  const room = equal.reduce((sum, height) => sum + height, 0);
  const ranges = bounds.map(([lo, hi]) => hi - lo);
  if (Math.max(...ranges) > ALIKE * Math.min(...ranges)) return { heights: equal, unit: Infinity };
  const shares = (/** @type {number} */ unit) =>
    ranges.map((range) => Math.max(LEAST_HEIGHT, range * unit));
  let unit = room / ranges.reduce((sum, range) => sum + range, 0);
  for (let round = 0; round < 8; round += 1) {
    unit *= room / shares(unit).reduce((sum, height) => sum + height, 0);
  }
  return { heights: shares(unit).map(Math.round), unit };
}

/** Of the dot at a stem's tip.
 * @param {number} pitch
 */
export const radiusOf = (pitch) => Math.min(7, pitch * 0.3);

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

/** Every how many positions the axis is labelled: 1, 2, 5, 10, ...
 * @param {number} pitch  pixels between two positions
 */
export function axisStep(pitch) {
  const least = 30 / pitch;
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? 10 * power;
}

/**
 * What a row of products may range over for this signal and filter, so that its scale rests while
 * one slides.
 * @param {ArrayLike<number>} signal
 * @param {ArrayLike<number>} filter
 * @returns {[number, number]}
 */
export function productRange(signal, filter) {
  const taps = rangeOf(filter);
  const corners = rangeOf(signal).flatMap((sample) => taps.map((tap) => sample * tap));
  return [Math.min(0, ...corners), Math.max(0, ...corners)];
}

/**
 * @param {Record<string, Row>} rows
 * @param {number} y
 * @returns {string | null} the row at height y; the gaps between rows belong to the row above
 */
export function rowAt(rows, y) {
  const above = Object.entries(rows).filter(([, row]) => y >= row.top - 6);
  return above.at(-1)?.[0] ?? null;
}
