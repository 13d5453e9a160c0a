/**
 * Where a field's cells stand in its canvas, without a DOM. Pixels are CSS pixels.
 *
 * @typedef {{left: number, top: number, cell: number, count: number}} Field
 *   left, top: of the first cell; cell: a cell's side; count: cells a side
 * @typedef {[number, number]} Shift  right and down, in pixels
 */

/** Room for the numbers at an axis, as style.css has it. */
export const GUTTER = { left: 40, bottom: 34 };

/**
 * The square of `count` cells a side in a canvas of this width, above and right of its axes.
 * @param {number} width
 * @param {number} count
 * @returns {Field}
 */
export function fieldOf(width, count) {
  return { left: GUTTER.left, top: 0, cell: Math.max(0, width - GUTTER.left) / count, count };
}

/**
 * The cell at a place of the canvas, as [column, row]; the nearest where it lies outside.
 * @param {Field} field
 * @param {number} x
 * @param {number} y
 * @returns {[number, number]}
 */
export function cellAt({ left, top, cell, count }, x, y) {
  const inside = (/** @type {number} */ at) => Math.max(0, Math.min(count - 1, Math.floor(at)));
  return [inside((x - left) / cell), inside((y - top) / cell)];
}

/**
 * @param {[number, number]} shift
 * @param {number} limit
 * @returns {[number, number]} with both kept from -limit to limit
 */
export function kept([right, down], limit) {
  const clamp = (/** @type {number} */ at) => Math.max(-limit, Math.min(limit, at));
  return [clamp(right), clamp(down)];
}

/**
 * Where the cell of a shift begins.
 * @param {Field} field of an odd number of cells, in whose middle nothing is shifted
 * @param {[number, number]} shift right, down
 */
export function placeOf({ left, top, cell, count }, [right, down]) {
  const limit = (count - 1) / 2;
  return { x: left + (right + limit) * cell, y: top + (down + limit) * cell };
}

/** @param {Shift} a @param {Shift} b */
export const same = (a, b) => a[0] === b[0] && a[1] === b[1];
