/**
 * What lies under a point of the stage, by the geometry that painted it. Pure.
 * @module
 */

/**
 * A unit; or a cell of a kernel, or of a linear layer's weights; or a kernel's answers to bars.
 * @typedef {import("./scene.js").Rect} Rect
 * @typedef {import("./view_types.js").At} UnitSpot
 * @typedef {{kernel: import("./scene.js").Kernel, row: number, col: number}} KernelSpot
 * @typedef {{weights: import("./scene.js").WeightTile, row: number, col: number}} WeightSpot
 * @typedef {{rose: import("./scene.js").Rose}} RoseSpot
 * @typedef {UnitSpot | KernelSpot | WeightSpot | RoseSpot} Spot
 */

/** @param {Rect} rect @param {number} x @param {number} y */
const holds = (rect, x, y) =>
  x >= rect.x && x < rect.x + rect.w && y >= rect.y && y < rect.y + rect.h;

/**
 * The row and column of a point within a rectangle of cells.
 * @param {{rect: Rect, rows: number, cols: number}} tile
 * @param {number} x
 * @param {number} y
 */
function cellAt({ rect, rows, cols }, x, y) {
  const place = (/** @type {number} */ at, /** @type {number} */ count) =>
    Math.max(0, Math.min(count - 1, Math.floor(at * count)));
  return { row: place((y - rect.y) / rect.h, rows), col: place((x - rect.x) / rect.w, cols) };
}

/**
 * @param {import("./scene.js").Scene} scene
 * @param {number} x CSS pixels from the stage's left
 * @param {number} y from its top
 * @returns {Spot|null}
 */
export function spotAt(scene, x, y) {
  for (const tile of scene.tiles) {
    if (!holds(tile.rect, x, y)) continue;
    const { row, col } = cellAt(tile, x, y);
    const { layer, channel } = tile;
    return { layer, unit: tile.vector ? { index: tile.offset + row } : { channel, row, col } };
  }
  for (const kernel of scene.kernels)
    if (holds(kernel.rect, x, y)) return { kernel, ...cellAt(kernel, x, y) };
  for (const rose of scene.roses) if (holds(rose.rect, x, y)) return { rose };
  for (const weights of scene.weights)
    if (holds(weights.rect, x, y)) return { weights, ...cellAt(weights, x, y) };
  const vectors = scene.answer ? [...scene.bars, scene.answer] : scene.bars;
  for (const { layer, items } of vectors) {
    const item = items.find(({ rect }) => holds(rect, x, y));
    if (item) return { layer, unit: { index: item.index } };
  }
  return null;
}

/**
 * The folded layer whose column lies under a point, or null.
 * @param {import("./scene.js").Scene} scene
 * @param {number} x CSS pixels from the stage's left
 * @param {number} y from its top
 * @returns {number|null}
 */
export function foldedAt(scene, x, y) {
  const found = scene.columns.find(({ column, rect }) => column.folded && holds(rect, x, y));
  return found ? found.column.layer : null;
}
