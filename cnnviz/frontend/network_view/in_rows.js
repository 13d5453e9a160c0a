/** Where everything stands where columns have become rows, one below another. @module */
import { addKernel, addRose, addTile, placeItems } from "./placing.js";

/**
 * @typedef {import("./placing.js").Scene} Scene
 * @typedef {import("./placing.js").Column} Column
 * @typedef {import("./placing.js").Network} Network
 * @typedef {import("./placing.js").MakeRect} MakeRect
 */

const ROW_HEADER = 24; // px of a row's words
const ROW_GAP = 14;
const GROUP_GAP = 8;

/** @param {Scene} scene @param {Network} network @param {MakeRect} rect */
export function placeRows(scene, network, rect) {
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
  const below = column.roses ? h + GROUP_GAP : 0;
  const group = {
    w: perLine * w + (perLine - 1) * column.gap,
    h: Math.ceil(column.in / perLine) * (h + column.gap) - column.gap + below,
  };
  const groups = flow(column.out, group.w, group.h, GROUP_GAP, width);
  groups.forEach(([left, down], out) => {
    flow(column.in, w, h, column.gap, group.w).forEach(([x, y], input) => {
      const place = rect(left + x, top + down + y, w, h);
      addKernel(scene, column, out, input, place);
      if (column.roses) addRose(scene, column, out, place, below, rect);
    });
  });
  return groups[column.out - 1][1] + group.h;
}
