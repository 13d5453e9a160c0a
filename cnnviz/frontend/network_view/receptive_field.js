/** What a unit sees: its window in the layer before, and on, back to the input. */

import { kindOf, layerAt, shapeAt } from "./kinds.js";
import { isMap } from "./units.js";

/**
 * @typedef {import("./types.js").Network} Network
 * @typedef {import("./types.js").Range} Range
 *
 * What a unit depends on in one map layer. The set is exactly channels x rows x cols; r0, r1, c0,
 * c1 is the box around it (half-open: r1 - r0 rows), which has gaps under dilation. `size` is
 * [height, width] as if the layer had no edges: the receptive field's size in its pixels.
 * @typedef {{layerIndex: number, shape: number[], channels: Range, rows: number[], cols: number[],
 *   r0: number, r1: number, c0: number, c1: number, size: [number, number]}} MapField
 *
 * The same in a vector layer: indices from <= i < to.
 * @typedef {{layerIndex: number, shape: number[], indices: Range}} VectorField
 */

/**
 * The window of a unit in the layer before.
 * @param {Network} network
 * @param {number} layerIndex  layers.length for the softmax
 * @param {any} unit
 * @returns {import("./types.js").Window}
 */
export function windowOf(network, layerIndex, unit) {
  const layer = layerAt(network, layerIndex);
  return kindOf(layer).window(layer, layer.inShape, unit);
}

/**
 * The units one layer up that `unit` reads, with their weights and, from `input` (the values of
 * that layer), their contributions; without `input`, contributions are the weights.
 * @param {Network} network
 * @param {number} layerIndex
 * @param {any} unit
 * @param {Float32Array|null} [input]
 */
export function inputs(network, layerIndex, unit, input = null) {
  const layer = layerAt(network, layerIndex);
  return kindOf(layer).inputs(layer, layer.inShape, unit, input);
}

/** Sorted, each once, without the -1 of padding.
 * @param {number[]} places
 */
const distinct = (places) =>
  [...new Set(places.filter((place) => place >= 0))].sort((a, b) => a - b);

const all = (/** @type {number} */ count) => Array.from({ length: count }, (_, index) => index);

/**
 * Everything that `unit` depends on, from the layer before it back to the input (layerIndex -1);
 * exact for stride, padding and dilation. A max pooling counts with its whole window: any of its
 * cells could have won.
 * @param {Network} network
 * @param {number} layerIndex
 * @param {any} unit
 * @returns {(MapField|VectorField)[]} nearest layer first
 */
export function receptiveField(network, layerIndex, unit) {
  const fields = [];
  let field = start(shapeAt(network, layerIndex), unit);
  for (let index = layerIndex; index >= 0; index -= 1) {
    field = back(layerAt(network, index), field);
    fields.push(describe(index - 1, field));
  }
  return fields;
}

/** A unit as the set that the way back begins with; `extent` ignores the layer's edges. */
function start(shape, unit) {
  if (!isMap(shape)) return { shape, indices: [unit.index, unit.index + 1] };
  return {
    shape,
    channels: [unit.channel, unit.channel + 1],
    rows: [unit.row],
    cols: [unit.col],
    extent: [
      [unit.row, unit.row + 1],
      [unit.col, unit.col + 1],
    ],
  };
}

/** The set one layer up. Windows are products of rows and columns, so unions of them are too. */
function back(layer, field) {
  const kind = kindOf(layer);
  const { inShape } = layer;
  if (field.indices) return backFromVector(layer, field);
  const [channel, row, col] = [field.channels[0], field.rows[0], field.cols[0]];
  const at = (unit) =>
    /** @type {any} */ (kind.window(layer, inShape, { channel, row, col, ...unit }));
  const [top, bottom] = field.extent[0];
  const [left, right] = field.extent[1];
  return {
    shape: inShape,
    channels: [at({}).channels[0], at({ channel: field.channels[1] - 1 }).channels[1]],
    rows: distinct(field.rows.flatMap((place) => at({ row: place }).sourceRows)),
    cols: distinct(field.cols.flatMap((place) => at({ col: place }).sourceCols)),
    extent: [
      [at({ row: top }).rows[0], at({ row: bottom - 1 }).rows.at(-1) + 1],
      [at({ col: left }).cols[0], at({ col: right - 1 }).cols.at(-1) + 1],
    ],
  };
}

/** A vector's set is one unit or all of them: linear layers and softmax read everything. */
function backFromVector(layer, field) {
  const kind = kindOf(layer);
  const { inShape } = layer;
  const [from, to] = field.indices;
  const first = /** @type {any} */ (kind.window(layer, inShape, { index: from }));
  if (!isMap(inShape)) {
    const last = /** @type {any} */ (kind.window(layer, inShape, { index: to - 1 }));
    return { shape: inShape, indices: [first.indices[0], last.indices[1]] };
  }
  if (to - from === 1) {
    const { channels, rows, cols } = first;
    return {
      shape: inShape,
      channels,
      rows,
      cols,
      extent: [
        [rows[0], rows[0] + 1],
        [cols[0], cols[0] + 1],
      ],
    };
  }
  const [channels, height, width] = inShape;
  return {
    shape: inShape,
    channels: [0, channels],
    rows: all(height),
    cols: all(width),
    extent: [
      [0, height],
      [0, width],
    ],
  };
}

function describe(layerIndex, field) {
  const { shape } = field;
  if (field.indices) return { layerIndex, shape, indices: field.indices };
  const { channels, rows, cols, extent } = field;
  // A window may lie in the padding as a whole: then it sees nothing, and its box is empty.
  const seen = rows.length > 0 && cols.length > 0;
  const [r0, r1] = seen ? [rows[0], rows[rows.length - 1] + 1] : [0, 0];
  const [c0, c1] = seen ? [cols[0], cols[cols.length - 1] + 1] : [0, 0];
  const size = [extent[0][1] - extent[0][0], extent[1][1] - extent[1][0]];
  return { layerIndex, shape, channels, rows, cols, r0, r1, c0, c1, size };
}
