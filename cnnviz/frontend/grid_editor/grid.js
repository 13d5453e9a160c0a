/**
 * Grids of numbers as text and as rows, without a DOM. No function changes what it is given.
 *
 * @typedef {number[][]} Grid  rows of equal length
 */

/** @param {string} text rows by `;`, values by `,` @returns {Grid} */
export function parseGrid(text) {
  return text.split(";").map((row) => row.split(",").map(Number));
}

/** @param {Grid} rows */
export function gridText(rows) {
  return rows.map((row) => row.join(",")).join(";");
}

/** The largest magnitude; 1 for a grid of zeros. @param {Grid} rows */
export function scaleOf(rows) {
  return Math.max(...rows.flat().map(Math.abs)) || 1;
}

/**
 * @param {Grid} values
 * @param {number} row
 * @param {number} column
 * @param {number} value
 */
export function withValue(values, row, column, value) {
  return values.map((line, r) => (r === row ? line.with(column, value) : line));
}

/**
 * `values` cut or filled with zeros to `height` by `width`.
 * @param {Grid} values
 * @param {number} height
 * @param {number} width
 * @returns {Grid}
 */
export function grown(values, height, width) {
  return Array.from({ length: height }, (_, r) =>
    Array.from({ length: width }, (_, c) => values[r]?.[c] ?? 0),
  );
}

/**
 * `values` with a block of numbers laid over it, grown where the block stands out.
 * @param {Grid} values
 * @param {number[][]} block  its rows may differ in length
 * @param {number} row  where the block begins
 * @param {number} column
 * @returns {Grid}
 */
export function withBlock(values, block, row, column) {
  const height = Math.max(values.length, row + block.length);
  const width = Math.max(values[0].length, ...block.map((line) => column + line.length));
  return grown(values, height, width).map((line, r) =>
    line.map((value, c) => block[r - row]?.[c - column] ?? value),
  );
}
