/**
 * How large everything is: a network and a width in, sizes in CSS pixels out. Pure.
 *
 * Columns run from the input to the answer. On narrow screens the same columns become rows.
 * `scene.js` then says where each thing stands.
 * @module
 */
import { describe } from "./columns.js";

const BODY = 440; // height of all columns, in px, at full width
const FULL = 1064; // the width at which nothing is scaled
const NARROW = 560; // below it, columns become rows
const NARROWEST = 340; // likewise for a layer or two
const GAP = 8;
const COLUMN_GAP = 12;
const COMPACT = 0.9; // the scale below which heads of columns are staggered, and shorter
const NUMBERS_FROM = 27; // px a cell, from where numbers fit into it
const KERNEL_NUMBERS_FROM = 28;
/** px on one side of a bar's axis, from where a number of five characters fits beside it. */
export const ROOM_FOR_VALUE = 38;

/**
 * @typedef {import("./columns.js").Column} Column
 * @typedef {{rows: boolean, compact: boolean, body: number, scale: number, text: number,
 *   width: number, columns: Column[]}} Plan
 *
 * @param {import("./types.js").Network} network
 * @param {number} width of the stage in px
 * @param {(layer: import("./types.js").Layer) => string} wordsOf what a layer does, in short
 * @param {{inputWords?: string|null, text?: number, room?: number, looksFor?: string[]}} [options]
 *   `inputWords` for the input, where it is special; `text` how large words are beside their usual
 *   size; `room` the most px that the columns may be high where there is width for more than the
 *   usual; `looksFor` what each of the first kernels looks for, where that is known
 * @returns {Plan}
 */
export function layOut(network, width, wordsOf, options = {}) {
  const { inputWords = null, text = 1, room = BODY, looksFor = [] } = options;
  const columns = describe(network, wordsOf);
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
  const compact = !rows && scale < COMPACT * text;
  if (rows) sizeRows(columns, width, text);
  else sizeColumns(columns, width, body, scale, roomy, text);
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
    columns,
  };
}

/**
 * Rows and columns of a map with the padding around it.
 * @param {Column} column
 */
export const outerOf = ({ rows, cols, rim }) => ({
  rows: rows + rim.top + rim.bottom,
  cols: cols + rim.left + rim.right,
});

/**
 * A map's cell in px.
 * @param {Column} column
 */
function cellOf(column) {
  const outer = outerOf(column);
  return { w: column.tile.w / outer.cols, h: column.tile.h / outer.rows };
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

/**
 * @param {Column} column
 * @param {number} side
 */
function fit(column, side) {
  const outer = outerOf(column);
  const longest = Math.max(outer.rows, outer.cols);
  column.tile = { w: (side * outer.cols) / longest, h: (side * outer.rows) / longest };
}

/** @type {Record<string, number>} px at full scale */
const WIDTHS = { strips: 42, weights: 60, bars: 76, answer: 92 };

/** @type {Record<string, number>} px at full scale, where a network needs all the width */
const TIGHT = { strips: 34, bars: 62 };
const LEAST_MAP = 12; // px of a map's longer side

/**
 * What a column's words and numbers need: at their usual size only the answer's are wide.
 * @param {string} type
 * @param {number} text
 */
function leastOf(type, text) {
  if (type === "answer") return 84 * text;
  return type === "bars" && text > 1 ? 2 * ROOM_FOR_VALUE * text : 0;
}

/**
 * The most px that the kernels of one map may take side by side.
 * @param {Column} column
 * @param {number} scale
 * @param {boolean} roomy
 */
function kernelRoom(column, scale, roomy) {
  if (roomy) return 150 * scale;
  return (column.in === 1 ? 28 : 84) * scale;
}

/**
 * @param {Column[]} columns
 * @param {number} width
 * @param {number} body
 * @param {number} scale
 * @param {boolean} roomy
 * @param {number} text
 */
function sizeColumns(columns, width, body, scale, roomy, text) {
  const maps = columns.filter((c) => c.type === "maps");
  // Of a layer or two the maps may stand side by side, too, as many as makes them largest; but
  // kernels are level with the map that they make.
  const free = roomy && !columns.some((c) => c.type === "kernels");
  const most = free ? Math.max(...maps.map((c) => c.maps)) : 1;
  let best = 0;
  let largest = 0;
  for (let stacks = 1; stacks <= most; stacks += 1) {
    const side = sizeStacked(columns, width, body, scale, { roomy, text, stacks });
    if (side > largest + 1) [best, largest] = [stacks, side];
  }
  sizeStacked(columns, width, body, scale, { roomy, text, stacks: best || 1 });
}

/**
 * Sizes with the maps of each column in that many `stacks` side by side, at least.
 * @param {Column[]} columns
 * @param {number} width
 * @param {number} body
 * @param {number} scale
 * @param {{roomy: boolean, text: number, stacks: number}} how
 * @returns {number} the longest side of the least of them, in px
 */
function sizeStacked(columns, width, body, scale, { roomy, text, stacks }) {
  const maps = columns.filter((c) => c.type === "maps");
  for (const column of maps) {
    column.stacks = Math.min(column.maps, Math.max(stacks, Math.ceil(column.maps / 16)));
    const each = Math.ceil(column.maps / column.stacks);
    column.gap = each > 12 ? 2 : GAP * scale;
    column.room = (body - column.gap * (each - 1)) / each;
    fit(column, 1);
    column.room /= column.tile.h;
  }
  const several = maps.filter((c) => c.maps > 1);
  const cap = several.length && !roomy ? Math.max(...several.map((c) => c.room)) : body;
  let fixed = COLUMN_GAP * scale * (columns.length - 1);
  for (const column of columns) {
    if (column.type === "kernels") {
      const most = kernelRoom(column, scale, roomy);
      const gap = column.in > 8 ? 1 : 3;
      const perRow = Math.min(column.in, 8);
      const longest = Math.max(column.kh, column.kw);
      const side = roomy
        ? Math.min(most, 32 * text * longest)
        : (most - gap * (perRow - 1)) / perRow;
      // As many rows as the layer has maps must fit below one another.
      const lines = Math.ceil(column.in / 8);
      const room = (body / column.out - 1) / lines - gap;
      const fitted = Math.max(2, Math.min(side, (room * longest) / column.kh));
      column.cell = { w: (fitted * column.kw) / longest, h: (fitted * column.kh) / longest };
      column.gap = gap;
      column.width = perRow * column.cell.w + gap * (perRow - 1);
      column.numbers = fitted / longest >= KERNEL_NUMBERS_FROM * text;
      fixed += column.width + 4 * scale;
    } else if (column.type !== "maps") {
      column.width = Math.max(WIDTHS[column.type] * scale, leastOf(column.type, text));
      fixed += column.width;
    }
  }
  const total = (/** @type {number} */ side) =>
    fixed +
    maps.reduce((sum, c) => {
      const s = Math.min(side, c.room);
      return sum + c.stacks * s * c.tile.w + (c.stacks - 1) * c.gap;
    }, 0);
  if (total(LEAST_MAP) > width) {
    // Words and numbers may be cut before a column lies on the next one.
    for (const column of columns) {
      const narrow = TIGHT[column.type] * scale;
      if (!(narrow < column.width) || text > 1) continue;
      fixed -= column.width - narrow;
      column.width = narrow;
    }
  }
  let [low, high] = [LEAST_MAP, cap];
  if (total(high) > width) {
    for (let i = 0; i < 20; i++) {
      const middle = (low + high) / 2;
      if (total(middle) > width) high = middle;
      else low = middle;
    }
    high = low;
  }
  for (const column of maps) {
    fit(column, Math.min(high, column.room));
    column.width = column.stacks * column.tile.w + (column.stacks - 1) * column.gap;
  }
  setBeside(columns, body);
  return Math.min(...maps.map((c) => Math.max(c.tile.w, c.tile.h)));
}

/**
 * Strips and weights stand beside the map they belong to, so they take its height.
 * @param {Column[]} columns
 * @param {number} body
 */
function setBeside(columns, body) {
  let beside = { h: body, gap: GAP };
  for (const column of columns) {
    if (column.type === "maps") beside = { h: column.tile.h, gap: column.gap };
    if (column.type === "strips" || column.type === "weights") {
      const together = column.groups * beside.h + (column.groups - 1) * beside.gap;
      // More maps than fit below one another: then the strips share the height.
      const gap = together <= body + 1 ? beside.gap : 1;
      const shared = (body - (column.groups - 1) * gap) / column.groups;
      const h = together <= body + 1 && column.groups > 1 ? beside.h : shared;
      column.gap = gap;
      column.tile = { w: column.type === "strips" ? 12 : column.width, h };
    }
  }
}

/**
 * @param {Column[]} columns
 * @param {number} width
 * @param {number} text
 */
function sizeRows(columns, width, text) {
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
