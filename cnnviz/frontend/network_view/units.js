/** Units and flat indices: a map's [C, H, W] or a vector's [N], in C order. */

/** @typedef {import("./types.js").Unit} Unit */

/** @param {number[]} shape */
export const isMap = (shape) => shape.length === 3;

/** @param {number[]} shape */
export const sizeOf = (shape) => shape.reduce((product, side) => product * side, 1);

/**
 * @param {number[]} shape
 * @param {any} unit
 * @returns {number} where the unit's value lies in the layer's flat array
 */
export function indexOf(shape, unit) {
  return isMap(shape) ? (unit.channel * shape[1] + unit.row) * shape[2] + unit.col : unit.index;
}

/**
 * @param {number[]} shape
 * @param {number} index
 * @returns {Unit}
 */
export function unitAt(shape, index) {
  if (!isMap(shape)) return { index };
  const [, height, width] = shape;
  const col = index % width;
  const row = ((index - col) / width) % height;
  return { channel: Math.floor(index / (height * width)), row, col };
}

/** Whether `unit` names a unit of a layer of this shape; for values from outside, such as a URL.
 * @param {number[]} shape
 * @param {any} unit
 * @returns {boolean}
 */
export function isUnit(shape, unit) {
  if (unit === null || typeof unit !== "object") return false;
  const within = (/** @type {any} */ value, /** @type {number} */ side) =>
    Number.isInteger(value) && value >= 0 && value < side;
  return isMap(shape)
    ? within(unit.channel, shape[0]) && within(unit.row, shape[1]) && within(unit.col, shape[2])
    : within(unit.index, shape[0]);
}

/** "map 5, row 4, column 6", or "unit 3".
 * @param {any} unit
 */
export const placeOf = (unit) =>
  "index" in unit
    ? `unit ${unit.index}`
    : `map ${unit.channel}, row ${unit.row}, column ${unit.col}`;
