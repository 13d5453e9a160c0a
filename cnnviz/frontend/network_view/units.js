/** Units and flat indices: a map's [C, H, W] or a vector's [N], in C order. */

/** @typedef {import("./types.js").Unit} Unit */

/** @param {number[]} shape */
export const isMap = (shape) => shape.length === 3;

/** @param {number[]} shape */
export const sizeOf = (shape) => shape.reduce((product, side) => product * side, 1);

/**
 * @param {number[]} shape
 * @param {Unit} unit
 * @returns {number} where the unit's value lies in the layer's flat array
 */
export function indexOf(shape, unit) {
  if ("index" in unit) return unit.index;
  return (unit.channel * shape[1] + unit.row) * shape[2] + unit.col;
}

/**
 * @param {number[]} shape
 * @param {number} index
 * @returns {Unit}
 */
export function unitAt(shape, index) {
  return isMap(shape) ? mapUnitAt(shape, index) : { index };
}

/**
 * @param {number[]} shape  [C, H, W]
 * @param {number} index
 * @returns {import("./types.js").MapUnit}
 */
export function mapUnitAt(shape, index) {
  const [, height, width] = shape;
  const col = index % width;
  const row = ((index - col) / width) % height;
  return { channel: Math.floor(index / (height * width)), row, col };
}

/** Whether `unit` names a unit of a layer of this shape; for values from outside, such as a URL.
 * @param {number[]} shape
 * @param {Unit} unit
 * @returns {boolean}
 */
export function isUnit(shape, unit) {
  const places = "index" in unit ? [unit.index] : [unit.channel, unit.row, unit.col];
  return (
    places.length === shape.length &&
    places.every((place, axis) => Number.isInteger(place) && place >= 0 && place < shape[axis])
  );
}

/**
 * "map 5"; of the input, whose layer is -1, "channel 2".
 * @param {number} layer
 * @param {number} channel
 */
export const planeName = (layer, channel) => `${planeWord(layer)} ${channel}`;

/** @param {number} layer */
export const planeWord = (layer) => (layer < 0 ? "channel" : "map");

/** "map 5, row 4, column 6", or "unit 3".
 * @param {Unit} unit
 */
export const placeOf = (unit) =>
  "index" in unit
    ? `unit ${unit.index}`
    : `map ${unit.channel}, row ${unit.row}, column ${unit.col}`;
