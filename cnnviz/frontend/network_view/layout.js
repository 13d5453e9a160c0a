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
const COMPACT = 0.9; // the scale below which heads of columns are shorter
const NAME = { usual: 13, compact: 12 }; // px, of a bold name in its head
// Em of a bold letter, a little more than Inter has.
const NARROW_LETTERS = { of: "fijlrt", em: 0.38 };
const WIDE_LETTERS = { of: "mwMW", em: 0.92 };
const LETTER = 0.64;
const NUMBERS_FROM = 27; // px a cell, from where numbers fit into it

/**
 * @typedef {import("./columns.js").Column} Column
 * @typedef {{rows: boolean, compact: boolean, body: number, scale: number, text: number,
 *   width: number, open: number[], columns: Column[], staggered: boolean, heads: number}} Plan
 *   `staggered` where heads take turns in two rows; `heads` is how large their names are beside
 *   their usual size
 *
 * @param {import("./types.js").Network} network
 * @param {number} width of the stage in px
 * @param {(layer: import("./types.js").Layer) => string} wordsOf what a layer does, in short
 * @param {{inputWords?: string|null, barWords?: string|null, text?: number, room?: number,
 *   looksFor?: string[],
 *   open?: number[], shownMaps?: Map<number, number[]>}} [options]
 *   `inputWords` for the input, where it is special, `barWords` for vectors shown as bars;
 *   `text` how large words are beside their usual
 *   size; `room` the most px that the columns may be high where there is width for more than the
 *   usual; `looksFor` what each of the first kernels looks for, where that is known; `open` and
 *   `shownMaps` as in folding.js
 * @returns {Plan}
 */
export function layOut(network, width, wordsOf, options = {}) {
  const { inputWords = null, barWords = null, text = 1, room = BODY, looksFor = [] } = options;
  let columns = describe(network, wordsOf, options.shownMaps);
  const first = columns.findIndex(({ type }) => type === "kernels");
  if (first >= 0 && looksFor.length) {
    columns[first].roses = true;
    columns[first + 1].looksFor = looksFor;
  }
  if (inputWords) columns[0].words = inputWords;
  for (const column of columns) if (barWords && column.type === "bars") column.words = barWords;
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
  compact ||= !rows && headSize(columns, width, 1, NAME.usual) < text;
  const level = !compact || (!folds && headSize(columns, width, 1, NAME.compact) >= text);
  const inTurns = compact ? headSize(columns, width, 2, NAME.compact) : text;
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
    staggered: !level,
    heads: Math.max(1, Math.min(text, inTurns)),
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
 * How large names can be, beside `px`, without running into one another.
 * @param {Column[]} columns
 * @param {number} width
 * @param {number} turns that names take: with 2, each has the room up to the one after the next
 * @param {number} px
 */
function headSize(columns, width, turns, px) {
  const used = columns.reduce((sum, column) => sum + column.width, 0);
  const gap = columns.length > 1 ? (width - used) / (columns.length - 1) : 0;
  let x = 0;
  /** @type {{name: string, folded: boolean, x: number}[]} */
  const heads = [];
  for (const { name, folded, width: own, x: placed } of columns) {
    x = placed ?? x;
    if (name) heads.push({ name, folded: Boolean(folded), x });
    x += own + gap;
  }
  const sizes = heads.slice(turns).map((after, at) => {
    const { name, folded, x: left } = heads[at];
    // A folded layer's name is cut off where it has no room.
    return folded ? Number.POSITIVE_INFINITY : (after.x - left) / (px * emOf(name));
  });
  return Math.min(Number.POSITIVE_INFINITY, ...sizes);
}

/** @param {string} name */
function emOf(name) {
  const of = (/** @type {string} */ letter) =>
    [NARROW_LETTERS, WIDE_LETTERS].find(({ of }) => of.includes(letter))?.em ?? LETTER;
  return [...name].reduce((sum, letter) => sum + of(letter), 0);
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
          return column.out * (column.cell.h + column.gap) * Math.ceil(column.in / column.perLine);
        return body;
      }),
    ),
  );
}
