/**
 * Where a sliding window (convolution, pooling) reads: strides, padding, dilation.
 *
 * @typedef {import("../types.js").Layer} Layer
 * @typedef {import("../types.js").Pair} Pair
 * @typedef {{at: number[], source: number[]}} Taps  of one axis: places, and where values come from
 */

/** @type {Pair} */
const ONE = [1, 1];
/** @type {Pair} */
const ZERO = [0, 0];

/**
 * A layer's geometry with torch's defaults filled in.
 * @param {Layer} layer
 */
export function geometry(layer) {
  const { kernel, stride, padding, dilation, padding_mode: mode } = layer.hyper;
  if (!kernel) throw new Error(`layer ${layer.name} (${layer.kind}) has no kernel size`);
  return {
    kernel,
    stride: stride ?? ONE,
    padding: padding ?? ZERO,
    dilation: dilation ?? ONE,
    mode: mode ?? "zeros",
  };
}

/**
 * Which index of 0..size-1 stands at `at`; -1 where nothing does.
 * @param {number} at
 * @param {number} size
 * @param {string} mode  torch's padding_mode
 */
export function sourceOf(at, size, mode) {
  if (at >= 0 && at < size) return at;
  if (mode === "reflect") return at < 0 ? -at : 2 * (size - 1) - at;
  if (mode === "replicate") return at < 0 ? 0 : size - 1;
  if (mode === "circular") return ((at % size) + size) % size;
  return -1;
}

/**
 * Taps are asked for every frame, for the same few units; a layer has no more of them than rows
 * and columns.
 * @type {WeakMap<Layer, [Map<number, Taps>, Map<number, Taps>]>}
 */
const knownTaps = new WeakMap();

/**
 * The taps of one axis (0 rows, 1 columns) for the output at `position`.
 * @param {Layer} layer
 * @param {0 | 1} axis
 * @param {number} position
 * @param {number} size  of the input along this axis
 */
function taps(layer, axis, position, size) {
  const known = knownTaps.get(layer) ?? [new Map(), new Map()];
  knownTaps.set(layer, known);
  const made = known[axis].get(position) ?? makeTaps(layer, axis, position, size);
  known[axis].set(position, made);
  return made;
}

/**
 * @param {Layer} layer
 * @param {0 | 1} axis
 * @param {number} position
 * @param {number} size
 * @returns {Taps}
 */
function makeTaps(layer, axis, position, size) {
  const { kernel, stride, padding, dilation, mode } = geometry(layer);
  const start = position * stride[axis] - padding[axis];
  const at = Array.from({ length: kernel[axis] }, (_, tap) => start + tap * dilation[axis]);
  return { at, source: at.map((place) => sourceOf(place, size, mode)) };
}

/**
 * @param {Layer} layer
 * @param {number[]} inShape
 * @param {{row: number, col: number}} unit
 * @param {import("../types.js").Range} channels
 * @returns {import("../types.js").MapWindow}
 */
export function slidingWindow(layer, inShape, unit, channels) {
  const rows = taps(layer, 0, unit.row, inShape[1]);
  const cols = taps(layer, 1, unit.col, inShape[2]);
  return {
    channels,
    rows: rows.at,
    cols: cols.at,
    sourceRows: rows.source,
    sourceCols: cols.source,
  };
}

/**
 * The outputs along one axis (0 rows, 1 columns) whose taps lie on `place`, and which tap does.
 * @param {Layer} layer
 * @param {0 | 1} axis
 * @param {number} place  of the input
 * @param {number} size  of the input along this axis
 */
function readersAlong(layer, axis, place, size) {
  /** @type {{position: number, tap: number}[]} */
  const found = [];
  for (let position = 0; position < layer.shape[axis + 1]; position += 1) {
    const { source } = taps(layer, axis, position, size);
    for (let tap = 0; tap < source.length; tap += 1)
      if (source[tap] === place) found.push({ position, tap });
  }
  return found;
}

/**
 * Where windows read `unit` of the input, as a table: made(row, column, tap row, tap column).
 * @template T
 * @param {Layer} layer
 * @param {number[]} inShape
 * @param {{row: number, col: number}} unit
 * @param {(row: number, col: number, i: number, j: number) => T} made
 * @returns {T[][]}
 */
export function slidingReaders(layer, inShape, unit, made) {
  const across = readersAlong(layer, 1, unit.col, inShape[2]);
  return readersAlong(layer, 0, unit.row, inShape[1]).map((down) =>
    across.map(({ position, tap }) => made(down.position, position, down.tap, tap)),
  );
}

/**
 * Height and width of the output; the formula of torch's Conv2d and pooling pages.
 * @param {Layer} layer
 * @param {number[]} inShape
 */
export function slidingShape(layer, inShape) {
  if (inShape.length !== 3) {
    throw new Error(`layer ${layer.name} (${layer.kind}) needs a map [C, H, W], got [${inShape}]`);
  }
  const { kernel, stride, padding, dilation } = geometry(layer);
  return [0, 1].map((axis) => {
    const size = inShape[axis + 1];
    const room = size + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1;
    let count = Math.floor(room / stride[axis]) + 1;
    if (layer.hyper.ceil_mode) {
      count = Math.ceil(room / stride[axis]) + 1;
      // A window may hang over the edge but must start inside the map or its left padding.
      if ((count - 1) * stride[axis] >= size + padding[axis]) count -= 1;
    }
    if (count < 1) {
      throw new Error(
        `layer ${layer.name}: a kernel of ${kernel.join("×")} doesn't fit into [${inShape}]`,
      );
    }
    return count;
  });
}

/**
 * A window's cells as a grid: grid[i][j] = cell(source row, source column, tap row, tap column),
 * -1 for both sources where the cell is padding without a source.
 * @template T
 * @param {import("../types.js").MapWindow} window
 * @param {(row: number, col: number, i: number, j: number) => T} cell
 * @returns {T[][]}
 */
export function grid(window, cell) {
  return window.sourceRows.map((row, i) =>
    window.sourceCols.map((col, j) =>
      row < 0 || col < 0 ? cell(-1, -1, i, j) : cell(row, col, i, j),
    ),
  );
}
