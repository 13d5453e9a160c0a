/** Where one is in a picture that is answered in, and what a key does there, without a DOM. @module */

import { ARROWS } from "../shared/arrows.js";

/** @typedef {[number, number]} Place  row and column, from 0 */
/** @typedef {number[][]} Picture  row by row */

/** From here on a cell is too small for its number. */
export const MOST_WITH_NUMBERS = 10;

/**
 * Where a key leads to; null where it leads nowhere.
 * @param {string} key
 * @param {boolean} control  whether Ctrl, or ⌘, is held
 * @param {Place} at
 * @param {Picture} picture
 * @returns {Place|null}
 */
export function led(key, control, [row, column], picture) {
  const last = { row: picture.length - 1, column: picture[0].length - 1 };
  if (key === "Home") return [control ? 0 : row, 0];
  if (key === "End") return [control ? last.row : row, last.column];
  const by = ARROWS.get(key);
  if (!by) return null;
  const kept = (/** @type {number} */ value, /** @type {number} */ most) =>
    Math.max(0, Math.min(most, value));
  return [kept(row + by[0], last.row), kept(column + by[1], last.column)];
}

/** The largest size of its numbers: full colour. @param {Picture} picture */
export const scaleOf = (picture) => Math.max(...picture.flat().map(Math.abs));

/** Whether each cell has place for its number. @param {Picture} picture */
export const hasNumbers = (picture) =>
  Math.max(picture.length, picture[0].length) <= MOST_WITH_NUMBERS;
