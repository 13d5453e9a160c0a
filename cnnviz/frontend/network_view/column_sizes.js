/**
 * How large everything is where columns stand side by side, sizes in CSS pixels. Pure.
 * @module
 */
import { fit, GAP } from "./map_sizes.js";

/** @typedef {import("./columns.js").Column} Column */

export const COLUMN_GAP = 12;
const KERNEL_NUMBERS_FROM = 28; // px a cell, from where numbers fit into it
const KERNEL_SHARE = 0.4; // of the width, the most that one map's kernels take of it side by side
/** px on one side of a bar's axis, from where a number of five characters fits beside it. */
export const ROOM_FOR_VALUE = 38;

/** @type {Record<string, number>} px at full scale */
const WIDTHS = { strips: 42, weights: 60, bars: 76, answer: 92 };

/** @type {Record<string, number>} px at full scale, where a network needs all the width */
const TIGHT = { strips: 34, bars: 62 };
export const LEAST_MAP = 12; // px of a map's longer side

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
 * px of a column that holds neither maps nor kernels.
 * @param {Column} column
 * @param {number} scale
 * @param {number} text
 */
export const widthOf = ({ type }, scale, text) =>
  Math.max(WIDTHS[type] * scale, leastOf(type, text));

/**
 * @param {Column} column of kernels
 * @param {number} body
 * @param {number} scale
 * @param {number | null} width  px of all columns where they are of a layer or two
 * @param {number} text
 */
export function sizeKernels(column, body, scale, width, text) {
  const most = kernelRoom(column, scale, width !== null);
  const gap = column.in > 8 ? 1 : 3;
  const longest = Math.max(column.kh, column.kw);
  /** The longer side of a kernel, with that many on a line. @param {number} perLine */
  const sideOf = (perLine) => {
    const line = (/** @type {number} */ px) => (px - gap * (perLine - 1)) / perLine;
    const side =
      width === null ? line(most) : Math.min(most, 32 * text * longest, line(KERNEL_SHARE * width));
    // As many rows as the layer has maps must fit below one another.
    const lines = Math.ceil(column.in / perLine);
    const room = (body / column.out - 1) / lines - gap;
    return Math.max(2, Math.min(side, (room * longest) / column.kh));
  };
  const abreast = Math.min(column.in, 8);
  // Of a layer or two they may stand below one another, beside the maps that they read.
  const stacked = width !== null && sideOf(1) > sideOf(abreast) + 1;
  column.perLine = stacked ? 1 : abreast;
  const fitted = sideOf(column.perLine);
  column.cell = { w: (fitted * column.kw) / longest, h: (fitted * column.kh) / longest };
  column.gap = gap;
  column.width = column.perLine * column.cell.w + gap * (column.perLine - 1);
  column.numbers = fitted / longest >= KERNEL_NUMBERS_FROM * text;
}

/**
 * @param {Column[]} columns
 * @param {number} width
 * @param {number} body
 * @param {number} scale
 * @param {boolean} roomy
 * @param {number} text
 */
export function sizeColumns(columns, width, body, scale, roomy, text) {
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
      sizeKernels(column, body, scale, roomy ? width : null, text);
      fixed += column.width + 4 * scale;
    } else if (column.type !== "maps") {
      column.width = widthOf(column, scale, text);
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
export function setBeside(columns, body) {
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
