/** What is said of a pixel. @module */

import { alike, format, MINUS } from "../shared/numbers.js";

/**
 * @typedef {import("./geometry.js").Place} Place
 * @typedef {{
 *   ink: number, inkWord: string, value: number | null, values: ArrayLike<number>,
 *   cell: Place | null, signed: boolean,
 * }} Facts  of a pixel: its ink; the map's value there, null where no cell lies; all values of the
 *   map, beside which it is spelled; the cell, where the map has cells; whether it has signs
 */

/**
 * @param {Place} pixel
 * @param {Facts} facts
 */
export function sentence(pixel, { ink, inkWord, value, values, cell, signed }) {
  const where = `row ${pixel.row}, column ${pixel.column}: ${inkWord} ${format(ink, 2)}`;
  if (value === null) return `${where}, no cell here`;
  const of = cell ? `cell ${cell.row}, ${cell.column} ` : "";
  const text = alike(values)(value);
  const sign = signed && value > 0 && !text.startsWith(MINUS) ? "+" : "";
  return `${where}, ${of}${sign}${text}`;
}
