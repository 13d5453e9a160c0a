/**
 * How large everything is where layers are folded, and where each column begins, in CSS pixels.
 *
 * The input, and what makes the answer, always stand open. Between them there is one place for the
 * two layers that do, always equally wide; a folded layer takes a slim column (folding.js says why).
 * Pure.
 * @module
 */
import { COLUMN_GAP, LEAST_MAP, setBeside, sizeKernels, widthOf } from "./column_sizes.js";
import { fit, GAP } from "./map_sizes.js";

const INPUT = 104; // px of its longer side, at full scale, at most
const SLIM = 22; // likewise, of a folded layer, at least
const WIDEST_SLIM = 40;
const ROW_TILE = 28; // px of a folded layer's maps where columns are rows
const STRIP = 12; // px
const TIGHT = 0.7; // of the usual gap between columns, at least

/** @typedef {import("./columns.js").Column} Column */

/**
 * @param {Column[]} columns of all layers, as if all stood open
 * @param {number} count of layers that can be folded
 * @param {number[]} open the two that aren't
 * @param {{width: number, body: number, scale: number, text: number}} room
 * @returns {Column[]} those that are shown
 */
export function sizeFolded(columns, count, open, { width, body, scale, text }) {
  const layers = Array.from({ length: count }, (_, layer) =>
    columns.filter((column) => column.layer === layer),
  );
  const [input] = columns;
  const ends = columns.filter(({ layer }) => layer >= count);
  for (const column of columns) sizeAlone(column, body, scale, text);
  fit(input, Math.min(input.room, INPUT * scale));
  input.width = input.tile.w;
  const inner = COLUMN_GAP * scale;
  const fixed = input.width + ends.reduce((sum, column) => sum + column.width, 0);
  const gaps = count - 1 + ends.length;
  let slim = SLIM * scale;

  /** What the layers' columns need beside one another, with maps of that `side`.
   * @param {Column[]} group @param {number} side */
  const groupWidth = (group, side) => {
    for (const column of group) if (column.type === "maps") sizeMaps(column, side);
    return Math.max(slim, spread(group, inner));
  };
  /** The place for any two neighbours. @param {number} side */
  const placeWidth = (side) => {
    const widths = layers.map((group) => groupWidth(group, side));
    return Math.max(...widths.slice(1).map((own, at) => own + widths[at])) + inner;
  };
  const rest = width - fixed - (count - 2) * slim;
  const most = Math.max(...columns.map(({ type, room }) => (type === "maps" ? room : 0)));
  const fits = (/** @type {number} */ each) => placeWidth(each) + gaps * TIGHT * inner <= rest;
  const side = largest(LEAST_MAP, Math.max(LEAST_MAP, most), fits);
  // What is left makes the folded ones wider, then the gaps.
  const left = width - fixed - placeWidth(side) - gaps * inner;
  slim = Math.max(slim, Math.min(left / (count - 2), WIDEST_SLIM * scale, side));
  const place = placeWidth(side);
  const gap = (width - fixed - place - (count - 2) * slim) / gaps;

  setBeside(columns, body);
  let x = 0;
  const stand = (/** @type {Column[]} */ group, /** @type {number} */ from) => {
    for (const column of group) {
      column.x = from;
      from += column.width + inner;
    }
  };
  /** No layer that opens is narrower than it was. @param {Column[]} group */
  const widen = (group) => {
    group[group.length - 1].width += Math.max(0, slim - spread(group, inner));
  };
  input.x = x;
  x += input.width + gap;
  const shown = [input];
  layers.forEach((group, layer) => {
    if (layer === open[0]) {
      widen(group);
      stand(group, x);
      shown.push(...group);
    } else if (layer === open[1]) {
      // It ends where the place ends.
      widen(group);
      stand(group, x + place - spread(group, inner));
      shown.push(...group);
      x += place + gap;
    } else {
      const folded = foldedOf(group, slim, body);
      folded.x = x;
      folded.headRoom = 2 * (slim + gap) - inner / 2;
      shown.push(folded);
      x += slim + gap;
    }
  });
  for (const column of ends) {
    column.x = x;
    x += column.width + gap;
  }
  return [...shown, ...ends];
}

/**
 * The largest number between two that fits; the first where none does.
 * @param {number} low @param {number} high @param {(value: number) => boolean} fits
 */
function largest(low, high, fits) {
  if (fits(high)) return high;
  for (let i = 0; i < 20; i += 1) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Of rows, the folded ones: a line of small maps, a tap from being opened.
 * @param {Column[]} columns
 * @param {number} count
 * @param {number[]} open
 */
export function foldRows(columns, count, open) {
  const isFolded = (/** @type {Column} */ { layer }) =>
    layer >= 0 && layer < count && !open.includes(layer);
  const shown = columns.filter((column, at) => !isFolded(column) || lastOf(columns, at));
  return shown.map((column) => {
    if (!isFolded(column)) return column;
    const folded = foldedOf([column], ROW_TILE, ROW_TILE);
    folded.gap = GAP;
    folded.width = column.width;
    if (folded.type === "strips") folded.tile.h = ROW_TILE;
    return { ...folded, words: "tap to open" };
  });
}

/** Whether the column is its layer's last. @param {Column[]} columns @param {number} at */
const lastOf = (columns, at) => columns[at + 1]?.layer !== columns[at].layer;

/** @param {Column[]} group @param {number} gap px between its columns */
const spread = (group, gap) =>
  group.reduce((sum, { width }) => sum + width, (group.length - 1) * gap);

/** @param {Column} column @param {number} body @param {number} scale @param {number} text */
function sizeAlone(column, body, scale, text) {
  if (column.type === "maps") {
    column.stacks = Math.ceil(column.maps / 16);
    const each = Math.ceil(column.maps / column.stacks);
    column.gap = each > 12 ? 2 : GAP * scale;
    column.room = (body - column.gap * (each - 1)) / each;
    fit(column, 1);
    column.room /= column.tile.h;
  } else if (column.type === "kernels") {
    sizeKernels(column, body, scale, null, text);
  } else {
    column.width = widthOf(column, scale, text);
  }
}

/** @param {Column} column @param {number} side */
function sizeMaps(column, side) {
  fit(column, Math.min(side, column.room));
  column.width = column.stacks * column.tile.w + (column.stacks - 1) * column.gap;
}

/**
 * What a folded layer shows: what comes out of it, as small as the slim column; its maps stand
 * level with those of the open layers.
 * @param {Column[]} group of one layer
 * @param {number} slim
 * @param {number} body
 * @returns {Column}
 */
function foldedOf(group, slim, body) {
  const column = group[group.length - 1];
  /** @type {Column} */
  const folded = { ...column, folded: true, width: slim, looksFor: undefined };
  if (column.type === "maps") {
    const across = (slim - (column.stacks - 1) * 2) / column.stacks;
    const pitch = column.tile.h + column.gap;
    fit(folded, Math.min(across, Math.max(column.tile.w, column.tile.h)));
    return { ...folded, gap: pitch - folded.tile.h };
  }
  const strip = { ...folded, type: /** @type {const} */ ("strips") };
  const w = Math.min(STRIP, slim);
  if (column.type === "strips") return { ...strip, tile: { w, h: column.tile.h } };
  return { ...strip, groups: 1, rows: column.n, gap: 0, tile: { w, h: body } };
}
