/**
 * Where everything stands: sizes in, rectangles in CSS pixels of the stage out. Painting, pointing
 * and the elements of the stage all go by these. Pure.
 * @module
 */
import { outerOf } from "./layout.js";

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
 * @typedef {{index: number, rect: Rect}} Item one value of a vector, as a bar
 *
 * @typedef {object} Scene
 * @property {number} width
 * @property {number} height
 * @property {import("./layout.js").Plan} plan
 * @property {Tile[]} tiles
 * @property {Kernel[]} kernels
 * @property {WeightTile[]} weights
 * @property {{layer: number, items: Item[]}[]} bars
 * @property {{layer: number, items: Item[]}|null} answer
 * @property {{column: import("./columns.js").Column, rect: Rect, header: number}[]} columns
 * @property {Map<string, Tile>} tileOf by "layer,channel"
 * @property {Map<number, Tile[]>} stripsOf by layer
 */

const HEADER = 54; // px of a column's words
const ROW_HEADER = 24;
const ROW_GAP = 14;
const GROUP_GAP = 8;

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

/** @typedef {(x: number, y: number, w: number, h: number) => Rect} MakeRect */

/** @param {Scene} scene @param {Network} network @param {MakeRect} rect */
function placeColumns(scene, network, rect) {
  const { plan } = scene;
  const header = Math.round(HEADER * plan.text);
  const used = plan.columns.reduce((sum, column) => sum + column.width, 0);
  const gap = plan.columns.length > 1 ? (plan.width - used) / (plan.columns.length - 1) : 0;
  let x = 0;
  plan.columns.forEach((column, at) => {
    const box = { x, y: header, w: column.width, h: plan.body };
    if (column.type === "kernels") {
      placeKernels(scene, column, box, plan.columns[at + 1], rect);
    } else if (column.type === "bars" || column.type === "answer") {
      placeItems(scene, column, box, plan.body / column.n, rect);
    } else {
      const stacks = column.stacks ?? 1;
      const count = column.maps ?? column.groups;
      const each = Math.ceil(count / stacks);
      const { w, h } = column.tile;
      const top = header + (plan.body - each * h - (each - 1) * column.gap) / 2;
      for (let i = 0; i < count; i += 1) {
        const left = x + Math.floor(i / each) * (w + column.gap);
        const y = top + (i % each) * (h + column.gap);
        addTile(scene, network, column, i, { x: left, y, w, h }, rect);
      }
    }
    scene.columns.push({
      column,
      rect: rect(x, 0, column.width, header + plan.body),
      header,
    });
    x += column.width + gap;
  });
  scene.height = header + plan.body;
}

/**
 * Each map's kernels stand level with the map that they make.
 * @param {Scene} scene
 * @param {Column} column
 * @param {Rect} box
 * @param {Column|undefined} made
 * @param {MakeRect} rect
 */
function placeKernels(scene, column, box, made, rect) {
  const perLine = Math.min(column.in, 8);
  const { w, h } = column.cell;
  const lines = Math.ceil(column.in / perLine);
  const level = made?.type === "maps" && made.stacks === 1;
  const pitch = level ? made.tile.h + made.gap : box.h / column.out;
  const first = box.y + (box.h - pitch * (column.out - 1)) / 2;
  for (let out = 0; out < column.out; out += 1) {
    const top = first + pitch * out - (lines * h + (lines - 1) * column.gap) / 2;
    for (let input = 0; input < column.in; input += 1) {
      const line = Math.floor(input / perLine);
      const x = box.x + (input % perLine) * (w + column.gap);
      addKernel(scene, column, out, input, rect(x, top + line * (h + column.gap), w, h));
    }
  }
}

/**
 * @param {Scene} scene
 * @param {Column} column
 * @param {number} out
 * @param {number} input
 * @param {Rect} rect
 */
function addKernel(scene, column, out, input, rect) {
  scene.kernels.push({
    layer: column.layer,
    out,
    in: input,
    rows: column.kh,
    cols: column.kw,
    offset: (out * column.in + input) * column.kh * column.kw,
    rect,
    numbers: Boolean(column.numbers),
  });
}

/**
 * A map, a strip or a block of weights, in a box that holds its padding too.
 * @param {Scene} scene
 * @param {Network} network
 * @param {Column} column
 * @param {number} index
 * @param {Rect} box
 * @param {MakeRect} rect
 */
function addTile(scene, network, column, index, box, rect) {
  const { layer, rows } = column;
  if (column.type === "weights") {
    scene.weights.push({
      layer,
      group: index,
      rows,
      cols: column.cols,
      inputs: network.layers[layer].inShape[0],
      rect: rect(box.x, box.y, box.w, box.h),
    });
    return;
  }
  const outer = rect(box.x, box.y, box.w, box.h);
  if (column.type === "strips") {
    scene.tiles.push({
      layer,
      channel: index,
      rows,
      cols: 1,
      offset: index * rows,
      vector: true,
      rect: outer,
      outer,
      rim: null,
      numbers: false,
    });
    return;
  }
  const { cols, rim } = column;
  const all = outerOf(column);
  const [w, h] = [box.w / all.cols, box.h / all.rows];
  const padded = all.rows > rows || all.cols > cols;
  scene.tiles.push({
    layer,
    channel: index,
    rows,
    cols,
    offset: index * rows * cols,
    vector: false,
    rect: rect(box.x + rim.left * w, box.y + rim.top * h, cols * w, rows * h),
    outer,
    rim: padded ? rim : null,
    numbers: column.numbers,
  });
}

/**
 * @param {Scene} scene
 * @param {Column} column
 * @param {Rect} box
 * @param {number} height
 * @param {MakeRect} rect
 */
function placeItems(scene, column, box, height, rect) {
  const items = Array.from({ length: column.n }, (_, index) => ({
    index,
    rect: rect(box.x, box.y + index * height, box.w, height),
  }));
  const made = { layer: column.layer, items };
  if (column.type === "bars") scene.bars.push(made);
  else scene.answer = made;
}

/** @param {Scene} scene @param {Network} network @param {MakeRect} rect */
function placeRows(scene, network, rect) {
  const { plan } = scene;
  const { width } = plan;
  let y = 0;
  for (const column of plan.columns) {
    const header = column.type === "kernels" ? 0 : Math.round(ROW_HEADER * plan.text);
    const top = y + header;
    let height;
    if (column.type === "bars" || column.type === "answer") {
      height = column.n * column.item;
      placeItems(scene, column, { x: 0, y: top, w: width, h: height }, column.item, rect);
    } else if (column.type === "kernels") {
      height = flowKernels(scene, column, top, width, rect);
    } else {
      const { w, h } = column.tile;
      const count = column.maps ?? column.groups;
      const places = flow(count, w, h, column.gap, width);
      for (let i = 0; i < count; i += 1) {
        const [left, down] = places[i];
        addTile(scene, network, column, i, { x: left, y: top + down, w, h }, rect);
      }
      height = places[count - 1][1] + h;
    }
    scene.columns.push({ column, rect: rect(0, y, width, header + height), header });
    y = top + height + ROW_GAP;
  }
  scene.height = Math.ceil(y - ROW_GAP);
}

/**
 * Left to right, and on below.
 * @param {number} count @param {number} w @param {number} h @param {number} gap
 * @param {number} width
 * @returns {[number, number][]}
 */
function flow(count, w, h, gap, width) {
  const perLine = Math.max(1, Math.floor((width + gap + 0.01) / (w + gap)));
  return Array.from({ length: count }, (_, i) => [
    (i % perLine) * (w + gap),
    Math.floor(i / perLine) * (h + gap),
  ]);
}

/**
 * @param {Scene} scene
 * @param {Column} column
 * @param {number} top
 * @param {number} width
 * @param {MakeRect} rect
 */
function flowKernels(scene, column, top, width, rect) {
  const perLine = Math.min(column.in, 4);
  const { w, h } = column.cell;
  const group = {
    w: perLine * w + (perLine - 1) * column.gap,
    h: Math.ceil(column.in / perLine) * (h + column.gap) - column.gap,
  };
  const groups = flow(column.out, group.w, group.h, GROUP_GAP, width);
  groups.forEach(([left, down], out) => {
    flow(column.in, w, h, column.gap, group.w).forEach(([x, y], input) => {
      addKernel(scene, column, out, input, rect(left + x, top + down + y, w, h));
    });
  });
  return groups[column.out - 1][1] + group.h;
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
