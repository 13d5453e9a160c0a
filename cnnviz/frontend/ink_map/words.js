/** What is said of a pixel. @module */

import { alike, format, MINUS } from "../shared/numbers.js";

/**
 * @typedef {import("./geometry.js").Place} Place
 * @typedef {{
 *   ink: number, inkWord: string, value: number | null, values: ArrayLike<number>,
 *   cell: Place | null, channel?: number | null, signed: boolean,
 * }} Facts  of a pixel: its ink; the map's value there, null where no cell lies; all values of the
 *   map, beside which it is spelled; the cell, where the map has cells; the channel that a click
 *   pins, where there are several; whether it has signs
 */

const COLOURS = ["red", "green", "blue"];

/**
 * @param {Place} pixel
 * @param {Facts} facts
 */
export function sentence(pixel, { ink, inkWord, value, values, cell, channel, signed }) {
  const where = `row ${pixel.row}, column ${pixel.column}: ${inkWord} ${format(ink, 2)}`;
  if (value === null) return `${where}, no cell here`;
  const of = cell ? `cell ${cell.row}, ${cell.column} ` : "";
  const text = alike(values)(value);
  const sign = signed && value > 0 && !text.startsWith(MINUS) ? "+" : "";
  const most = channel == null ? "" : `; most in ${COLOURS[channel]}`;
  return `${where}, ${of}${sign}${text}${most}`;
}
