/** Where things lie: pixels of the picture, and the cells of a map over them. All pure. @module */

import { ARROWS } from "../shared/arrows.js";

/**
 * Cells over a picture, in its pixels: the first one's corner, and how large each is.
 * @typedef {{top: number, left: number, height: number, width: number}} Cells
 * @typedef {{rows: number, columns: number}} Grid
 * @typedef {{row: number, column: number}} Place
 * @typedef {[number, number, number, number]} Edge  x and y of both ends of a line, in pixels
 */

/** A value a pixel. @type {Cells} */
export const PIXELS = { top: 0, left: 0, height: 1, width: 1 };

/**
 * @param {Grid} grid
 * @param {number} row
 * @param {number} column
 * @returns {Place | null} null outside of the grid
 */
export function inside({ rows, columns }, row, column) {
  return row >= 0 && column >= 0 && row < rows && column < columns ? { row, column } : null;
}

/**
 * The pixel under a point, given in shares of the picture's sides.
 * @param {Grid} picture
 * @param {number} right
 * @param {number} down
 * @returns {Place | null} null outside of it
 */
export function pixelAt({ rows, columns }, right, down) {
  return inside({ rows, columns }, Math.floor(down * rows), Math.floor(right * columns));
}

/**
 * The cell that the middle of a pixel lies in.
 * @param {Cells} cells
 * @param {Grid} grid how many cells there are
 * @param {Place} pixel
 * @returns {Place | null} null where no cell lies
 */
export function cellOf(cells, grid, pixel) {
  const row = Math.floor((pixel.row + 0.5 - cells.top) / cells.height);
  const column = Math.floor((pixel.column + 0.5 - cells.left) / cells.width);
  return inside(grid, row, column);
}

/**
 * Where a key leads from a pixel.
 * @param {string} key
 * @param {Place} from
 * @param {Grid} picture
 * @returns {Place | null} null for a key that leads nowhere
 */
export function walked(key, from, { rows, columns }) {
  const step = ARROWS.get(key);
  if (!step) return null;
  return {
    row: Math.max(0, Math.min(rows - 1, from.row + step[0])),
    column: Math.max(0, Math.min(columns - 1, from.column + step[1])),
  };
}

/**
 * The edges between ink and paper, as lines from corner to corner of pixels.
 * @param {ArrayLike<number>} ink in [0, 1], row by row
 * @param {Grid} picture
 * @returns {Edge[]}
 */
export function outline(ink, picture) {
  const { rows, columns } = picture;
  const inked = (/** @type {number} */ row, /** @type {number} */ column) =>
    inside(picture, row, column) !== null && ink[row * columns + column] > 0.5;
  /** @type {Edge[]} */
  const lines = [];
  for (let row = 0; row <= rows; row += 1) {
    for (let column = 0; column <= columns; column += 1) {
      if (inked(row, column) !== inked(row - 1, column)) lines.push([column, row, column + 1, row]);
      if (inked(row, column) !== inked(row, column - 1)) lines.push([column, row, column, row + 1]);
    }
  }
  return lines;
}
