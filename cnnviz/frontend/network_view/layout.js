/**
 * How large everything is: a network and a width in, sizes in CSS pixels out. Pure.
 *
 * Columns run from the input to the answer. On narrow screens the same columns become rows.
 * `scene.js` then says where each thing stands.
 * @module
 */
import { sizeColumns } from "./column_sizes.js";
import { describe } from "./columns.js";
import { foldRows, sizeFolded } from "./folded_sizes.js";
import { foldable, openAtFirst, openIn } from "./folding.js";
import { outerOf } from "./map_sizes.js";
import { sizeRows } from "./row_sizes.js";

const BODY = 440; // height of all columns, in px, at full width
const FULL = 1064; // the width at which nothing is scaled
const NARROW = 560; // below it, columns become rows
const NARROWEST = 340; // likewise for a layer or two
const LETTER = 7.1; // px of a bold letter of a name, on the mean
const COMPACT = 0.9; // the scale below which heads of columns are staggered, and shorter
const NUMBERS_FROM = 27; // px a cell, from where numbers fit into it

/**
 * @typedef {import("./columns.js").Column} Column
 * @typedef {{rows: boolean, compact: boolean, body: number, scale: number, text: number,
 *   width: number, open: number[], columns: Column[]}} Plan
 *
 * @param {import("./types.js").Network} network
 * @param {number} width of the stage in px
 * @param {(layer: import("./types.js").Layer) => string} wordsOf what a layer does, in short
 * @param {{inputWords?: string|null, text?: number, room?: number, looksFor?: string[],
 *   open?: number[], shownMaps?: Map<number, number[]>}} [options]
 *   `inputWords` for the input, where it is special; `text` how large words are beside their usual
 *   size; `room` the most px that the columns may be high where there is width for more than the
 *   usual; `looksFor` what each of the first kernels looks for, where that is known; `open` and
 *   `shownMaps` as in folding.js
 * @returns {Plan}
 */
export function layOut(network, width, wordsOf, options = {}) {
  const { inputWords = null, text = 1, room = BODY, looksFor = [] } = options;
  let columns = describe(network, wordsOf, options.shownMaps);
  const first = columns.findIndex(({ type }) => type === "kernels");
  if (first >= 0 && looksFor.length) {
    columns[first].roses = true;
    columns[first + 1].looksFor = looksFor;
  }
  if (inputWords) columns[0].words = inputWords;
  const roomy = network.layers.length <= 2;
  const rows = width < (roomy ? NARROWEST : NARROW);
  const most = Math.max(BODY, room);
  const growth = Math.min(width / FULL, most / BODY);
  const scale = rows ? 1 : Math.max(0.55, roomy ? Math.max(1, growth) : growth);
  const body = Math.round(BODY * scale);
  const folds = foldable(network);
  const open = openIn(network, options.open ?? openAtFirst(network), rows);
  let compact = !rows && !roomy && (folds > 0 || scale < COMPACT * text);
  if (rows) sizeRows(columns, width, text);
  else if (!folds) sizeColumns(columns, width, body, scale, roomy, text);
  if (rows && folds) columns = foldRows(columns, folds, open);
  else if (folds) columns = sizeFolded(columns, folds, open, { width, body, scale, text });
  compact ||= !rows && headsTouch(columns, width, text);
  for (const column of columns) {
    if (column.type !== "maps") continue;
    const { w, h } = cellOf(column);
    column.numbers = Math.min(w, h) >= NUMBERS_FROM * text;
  }
  return {
    rows,
    compact,
    body: rows ? body : Math.min(body, tallest(columns, body)),
    scale,
    text,
    width,
    open,
    columns,
  };
}

/**
 * A map's cell in px.
 * @param {Column} column
 */
function cellOf(column) {
  const outer = outerOf(column);
  return { w: column.tile.w / outer.cols, h: column.tile.h / outer.rows };
}

/**
 * Whether names would run into one another, if heads didn't take turns.
 * @param {Column[]} columns
 * @param {number} width
 * @param {number} text
 */
function headsTouch(columns, width, text) {
  const used = columns.reduce((sum, column) => sum + column.width, 0);
  const gap = columns.length > 1 ? (width - used) / (columns.length - 1) : 0;
  let [x, end] = [0, 0];
  for (const { name, width: own } of columns) {
    if (name && x < end) return true;
    if (name) end = x + LETTER * text * name.length;
    x += own + gap;
  }
  return false;
}

/**
 * What the columns need: a layer or two may be less high than the whole network.
 * @param {Column[]} columns
 * @param {number} body
 */
function tallest(columns, body) {
  return Math.ceil(
    Math.max(
      ...columns.map((column) => {
        if (column.type === "maps") {
          const each = Math.ceil(column.maps / column.stacks);
          return each * column.tile.h + (each - 1) * column.gap;
        }
        if (column.type === "kernels")
          return column.out * (column.cell.h * Math.ceil(column.in / 8) + column.gap);
        return body;
      }),
    ),
  );
}
