/** How large everything is where columns have become rows, sizes in CSS pixels. Pure. @module */
import { fit, GAP } from "./map_sizes.js";

/** @typedef {import("./columns.js").Column} Column */

/**
 * @param {Column[]} columns
 * @param {number} width
 * @param {number} text
 */
export function sizeRows(columns, width, text) {
  const four = (width - 3 * GAP) / 4;
  for (const column of columns) {
    column.gap = GAP;
    column.width = width;
    column.stacks = 1;
    if (column.type === "maps") {
      fit(column, rowSide(column, width, four));
    } else if (column.type === "kernels") {
      const perGroup = column.in === 1 ? 40 : (four - 9) / Math.min(4, column.in);
      const longest = Math.max(column.kh, column.kw);
      column.cell = { w: (perGroup * column.kw) / longest, h: (perGroup * column.kh) / longest };
      column.gap = 3;
      column.numbers = false;
    } else if (column.type === "strips") {
      column.tile = { w: 24, h: 120 };
    } else if (column.type === "weights") {
      column.tile = { w: column.groups === 1 ? width : four, h: column.groups === 1 ? 220 : four };
    } else {
      column.item = 26 * text;
    }
  }
}

/**
 * The longer side of a map where columns are rows.
 * @param {Column} column
 * @param {number} width
 * @param {number} four
 */
function rowSide(column, width, four) {
  if (column.maps === 1) return Math.min(width, 220);
  return column.maps <= 3 ? (width - 2 * GAP) / 3 : four;
}
