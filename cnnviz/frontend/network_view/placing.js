/**
 * One thing put into the scene: a kernel, a map, a strip, a block of weights, a vector's values.
 * Pure but for the scene that it is given.
 * @module
 */
import { outerOf } from "./map_sizes.js";

/**
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("./scene.js").Rect} Rect
 * @typedef {import("./columns.js").Column} Column
 * @typedef {import("./types.js").Network} Network
 * @typedef {(x: number, y: number, w: number, h: number) => Rect} MakeRect whole device pixels
 */

const ROSE_GAP = 4; // px
const ROSE_LEAST = 18; // px: smaller ones can't be read

/**
 * @param {Scene} scene
 * @param {Column} column
 * @param {number} out
 * @param {number} input
 * @param {Rect} rect
 */
export function addKernel(scene, column, out, input, rect) {
  const [made, read] = [column.outs?.[out] ?? out, column.ins?.[input] ?? input];
  scene.kernels.push({
    layer: column.layer,
    out: made,
    in: read,
    rows: column.kh,
    cols: column.kw,
    offset: (made * column.channelsIn + read) * column.kh * column.kw,
    rect,
    numbers: Boolean(column.numbers),
  });
}

/**
 * A kernel's answers to bars, under the kernel where there is room for them.
 * @param {Scene} scene
 * @param {Column} column
 * @param {number} out
 * @param {Rect} kernel
 * @param {number} room px under the kernel
 * @param {MakeRect} rect
 */
export function addRose(scene, column, out, kernel, room, rect) {
  const side = Math.min(Math.max(kernel.w, kernel.h), room - ROSE_GAP);
  if (side < ROSE_LEAST) return;
  const x = kernel.x + (kernel.w - side) / 2;
  scene.roses.push({
    layer: column.layer,
    out: column.outs?.[out] ?? out,
    rect: rect(x, kernel.y + kernel.h + ROSE_GAP, side, side),
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
export function addTile(scene, network, column, index, box, rect) {
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
  const channel = column.channels?.[index] ?? index;
  scene.tiles.push({
    layer,
    channel,
    rows,
    cols,
    offset: channel * rows * cols,
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
export function placeItems(scene, column, box, height, rect) {
  const items = Array.from({ length: column.n }, (_, index) => ({
    index,
    rect: rect(box.x, box.y + index * height, box.w, height),
  }));
  const made = { layer: column.layer, items };
  if (column.type === "bars") scene.bars.push(made);
  else scene.answer = made;
}
