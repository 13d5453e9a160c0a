/**
 * Where everything stands: sizes in, rectangles in CSS pixels of the stage out. Painting, pointing
 * and the elements of the stage all go by these. Pure.
 * @module
 */
import { placeColumns } from "./in_columns.js";
import { placeRows } from "./in_rows.js";

/**
 * @typedef {import("./types.js").Network} Network
 * @typedef {import("./columns.js").Column} Column
 * @typedef {{x: number, y: number, w: number, h: number}} Rect
 *
 * A map, or (`vector`) a part of a vector as a strip: `rect` holds its cells, `outer` the padding
 * around them too. `offset` is where its values begin in the layer's.
 * @typedef {{layer: number, channel: number, rows: number, cols: number, offset: number,
 *   vector: boolean, rect: Rect, outer: Rect, rim: import("./columns.js").Rim|null,
 *   numbers: boolean}} Tile
 *
 * @typedef {{layer: number, out: number, in: number, rows: number, cols: number, offset: number,
 *   rect: Rect, numbers: boolean}} Kernel
 *
 * A linear layer's weights from one part of its input: a row an input, a column an output.
 * @typedef {{layer: number, group: number, rows: number, cols: number, inputs: number,
 *   rect: Rect}} WeightTile
 *
 * A kernel's answers to bars at every angle, under the kernel.
 * @typedef {{layer: number, out: number, rect: Rect}} Rose
 *
 * @typedef {{index: number, rect: Rect}} Item one value of a vector, as a bar
 *
 * @typedef {object} Scene
 * @property {number} width
 * @property {number} height
 * @property {import("./layout.js").Plan} plan
 * @property {Tile[]} tiles
 * @property {Kernel[]} kernels
 * @property {Rose[]} roses
 * @property {WeightTile[]} weights
 * @property {{layer: number, items: Item[]}[]} bars
 * @property {{layer: number, items: Item[]}|null} answer
 * @property {{column: import("./columns.js").Column, rect: Rect, header: number, unsaid?: boolean}[]}
 *   columns  `unsaid`: its size has no room in its head, beside that of the one before
 * @property {Map<string, Tile>} tileOf by "layer,channel"
 * @property {Map<number, Tile[]>} stripsOf by layer
 */

/**
 * @param {import("./layout.js").Plan} plan
 * @param {Network} network
 * @param {number} [ratio] device pixels a CSS pixel: edges lie on whole ones
 * @returns {Scene}
 */
export function placeAll(plan, network, ratio = 1) {
  /** @type {Scene} */
  const scene = {
    width: plan.width,
    height: 0,
    plan,
    tiles: [],
    kernels: [],
    roses: [],
    weights: [],
    bars: [],
    answer: null,
    columns: [],
    tileOf: new Map(),
    stripsOf: new Map(),
  };
  const snap = (/** @type {number} */ at) => Math.round(at * ratio) / ratio;
  /** @type {(x: number, y: number, w: number, h: number) => Rect} */
  const rect = (x, y, w, h) => {
    const [left, top] = [snap(x), snap(y)];
    return { x: left, y: top, w: snap(x + w) - left, h: snap(y + h) - top };
  };
  const place = plan.rows ? placeRows : placeColumns;
  place(scene, network, rect);
  for (const tile of scene.tiles) {
    if (!tile.vector) {
      scene.tileOf.set(`${tile.layer},${tile.channel}`, tile);
      continue;
    }
    const strips = scene.stripsOf.get(tile.layer) ?? [];
    strips.push(tile);
    scene.stripsOf.set(tile.layer, strips);
  }
  return scene;
}

/**
 * Half-open rows and columns of a map as pixels on the stage; may lie outside the map (padding).
 * @param {{rect: Rect, rows: number, cols: number}} tile
 * @param {number} r0 @param {number} r1 @param {number} c0 @param {number} c1
 * @returns {Rect}
 */
export function box(tile, r0, r1, c0, c1) {
  const [w, h] = [tile.rect.w / tile.cols, tile.rect.h / tile.rows];
  return { x: tile.rect.x + c0 * w, y: tile.rect.y + r0 * h, w: (c1 - c0) * w, h: (r1 - r0) * h };
}

/**
 * The rectangle of a unit on the stage, or null where the stage doesn't show it.
 * @param {Scene} scene
 * @param {number} layer
 * @param {import("./types.js").Unit} unit
 * @returns {Rect|null}
 */
export function rectOfUnit(scene, layer, unit) {
  if (!("index" in unit)) {
    const tile = scene.tileOf.get(`${layer},${unit.channel}`);
    return tile ? box(tile, unit.row, unit.row + 1, unit.col, unit.col + 1) : null;
  }
  const { index } = unit;
  const items =
    scene.answer?.layer === layer
      ? scene.answer.items
      : scene.bars.find((bars) => bars.layer === layer)?.items;
  if (items) return items[index]?.rect ?? null;
  const strip = scene.stripsOf
    .get(layer)
    ?.find(({ offset, rows }) => index >= offset && index < offset + rows);
  return strip ? box(strip, index - strip.offset, index - strip.offset + 1, 0, 1) : null;
}
