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
 *
 * A set on the way back; `extent` are its rows and columns as if the layer had no edges.
 * @typedef {{shape: number[], channels: Range, rows: number[], cols: number[],
 *   extent: [Range, Range]}} MapSet
 * @typedef {{shape: number[], indices: Range}} VectorSet
 *
 * @typedef {import("./types.js").Layer} Layer
 * @typedef {import("./types.js").Unit} Unit
 * @typedef {import("./types.js").MapWindow} MapWindow
 */

/**
 * The window of a unit in the layer before.
 * @param {Network} network
 * @param {number} layerIndex  layers.length for the softmax
 * @param {Unit} unit
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
 * @param {Unit} unit
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
 * @param {Unit} unit
 * @returns {(MapField|VectorField)[]} nearest layer first
 */
export function receptiveField(network, layerIndex, unit) {
  const fields = [];
  let set = start(shapeAt(network, layerIndex), unit);
  for (let index = layerIndex; index >= 0; index -= 1) {
    const layer = layerAt(network, index);
    set = "indices" in set ? backFromVector(layer, set) : backFromMap(layer, set);
    fields.push(describe(index - 1, set));
  }
  return fields;
}

/** A unit as the set that the way back begins with.
 * @param {number[]} shape
 * @param {Unit} unit
 * @returns {MapSet | VectorSet}
 */
function start(shape, unit) {
  if ("index" in unit) return { shape, indices: [unit.index, unit.index + 1] };
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

/** @param {import("./types.js").Window} window @returns {MapWindow} */
function ofMap(window) {
  if ("indices" in window) throw new Error("a map reads a map");
  return window;
}

/** @param {import("./types.js").Window} window @returns {Range} */
function ofVector(window) {
  if (!("indices" in window)) throw new Error("a vector reads a vector");
  return window.indices;
}

/**
 * The set one layer up. Windows are products of rows and columns, so unions of them are too.
 * @param {Layer} layer
 * @param {MapSet} set
 * @returns {MapSet}
 */
function backFromMap(layer, { channels, rows, cols, extent }) {
  const kind = kindOf(layer);
  const { inShape } = layer;
  const first = { channel: channels[0], row: rows[0], col: cols[0] };
  const at = (/** @type {Partial<import("./types.js").MapUnit>} */ place) =>
    ofMap(kind.window(layer, inShape, { ...first, ...place }));
  const [[top, bottom], [left, right]] = extent;
  return {
    shape: inShape,
    channels: [at({}).channels[0], at({ channel: channels[1] - 1 }).channels[1]],
    rows: distinct(rows.flatMap((row) => at({ row }).sourceRows)),
    cols: distinct(cols.flatMap((col) => at({ col }).sourceCols)),
    extent: [
      [at({ row: top }).rows[0], last(at({ row: bottom - 1 }).rows) + 1],
      [at({ col: left }).cols[0], last(at({ col: right - 1 }).cols) + 1],
    ],
  };
}

/** @param {number[]} places */
const last = (places) => places[places.length - 1];

/**
 * A vector's set is one unit or all of them: linear layers and softmax read everything.
 * @param {Layer} layer
 * @param {VectorSet} set
 * @returns {MapSet | VectorSet}
 */
function backFromVector(layer, { indices: [from, to] }) {
  const kind = kindOf(layer);
  const { inShape } = layer;
  const first = kind.window(layer, inShape, { index: from });
  if (!isMap(inShape)) {
    const end = kind.window(layer, inShape, { index: to - 1 });
    return { shape: inShape, indices: [ofVector(first)[0], ofVector(end)[1]] };
  }
  if (to - from === 1) {
    const { channels, rows, cols } = ofMap(first);
    const [row, col] = [rows[0], cols[0]];
    const extent = /** @type {[Range, Range]} */ ([
      [row, row + 1],
      [col, col + 1],
    ]);
    return { shape: inShape, channels, rows, cols, extent };
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

/**
 * @param {number} layerIndex
 * @param {MapSet | VectorSet} set
 * @returns {MapField | VectorField}
 */
function describe(layerIndex, set) {
  const { shape } = set;
  if ("indices" in set) return { layerIndex, shape, indices: set.indices };
  const { channels, rows, cols, extent } = set;
  // A window may lie in the padding as a whole: then it sees nothing, and its box is empty.
  const seen = rows.length > 0 && cols.length > 0;
  const [r0, r1] = seen ? [rows[0], last(rows) + 1] : [0, 0];
  const [c0, c1] = seen ? [cols[0], last(cols) + 1] : [0, 0];
  const [down, across] = extent;
  return {
    layerIndex,
    shape,
    channels,
    rows,
    cols,
    r0,
    r1,
    c0,
    c1,
    size: [down[1] - down[0], across[1] - across[0]],
  };
}
