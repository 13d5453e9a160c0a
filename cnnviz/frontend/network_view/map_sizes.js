/** A map's size, with the padding around it: what both layouts share. Pure. @module */

/** @typedef {import("./columns.js").Column} Column */

/** px between two maps. */
export const GAP = 8;

/**
 * Rows and columns of a map with the padding around it.
 * @param {Column} column
 */
export const outerOf = ({ rows, cols, rim }) => ({
  rows: rows + rim.top + rim.bottom,
  cols: cols + rim.left + rim.right,
});

/**
 * @param {Column} column
 * @param {number} side
 */
export function fit(column, side) {
  const outer = outerOf(column);
  const longest = Math.max(outer.rows, outer.cols);
  column.tile = { w: (side * outer.cols) / longest, h: (side * outer.rows) / longest };
}
