/** Where everything stands in columns, from the input to the answer. @module */
import { addKernel, addRose, addTile, placeItems } from "./placing.js";

/**
 * @typedef {import("./placing.js").Scene} Scene
 * @typedef {import("./placing.js").Rect} Rect
 * @typedef {import("./placing.js").Column} Column
 * @typedef {import("./placing.js").Network} Network
 * @typedef {import("./placing.js").MakeRect} MakeRect
 */

const HEADER = 54; // px of a column's words
const LETTER = 6.4; // px of a letter of 11 px, monospaced and set a little closer
const AFTER = 5; // px

/**
 * px that the size of a column's layer takes in its head, and the space after it.
 * @param {Column} column @param {number} text
 */
const roomFor = ({ shape }, text) => (LETTER * shape.length + AFTER) * text;

/** @param {Scene} scene @param {Network} network @param {MakeRect} rect */
export function placeColumns(scene, network, rect) {
  const { plan } = scene;
  const header = Math.round(HEADER * plan.text);
  const used = plan.columns.reduce((sum, column) => sum + column.width, 0);
  const gap = plan.columns.length > 1 ? (plan.width - used) / (plan.columns.length - 1) : 0;
  let x = 0;
  let end = 0; // of the last size that stands in a head
  plan.columns.forEach((column, at) => {
    x = column.x ?? x;
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
      const across = stacks * w + (stacks - 1) * column.gap;
      const first = x + (column.x === undefined ? 0 : (column.width - across) / 2);
      const top = header + (plan.body - each * h - (each - 1) * column.gap) / 2;
      for (let i = 0; i < count; i += 1) {
        const left = first + Math.floor(i / each) * (w + column.gap);
        const y = top + (i % each) * (h + column.gap);
        addTile(scene, network, column, i, { x: left, y, w, h }, rect);
      }
    }
    const unsaid = column.type === "maps" && (column.folded || x < end);
    scene.columns.push({
      column,
      rect: rect(x, 0, column.width, header + plan.body),
      header,
      unsaid,
    });
    if (column.type === "maps" && !unsaid) end = x + roomFor(column, plan.text);
    x += column.width + gap;
  });
  scene.height = header + plan.body;
}

/**
 * Each map's kernels stand level with the map that they make, where there is room for that.
 * @param {Scene} scene
 * @param {Column} column
 * @param {Rect} box
 * @param {Column|undefined} made
 * @param {MakeRect} rect
 */
function placeKernels(scene, column, box, made, rect) {
  const { perLine } = column;
  const { w, h } = column.cell;
  const lines = Math.ceil(column.in / perLine);
  const level = made?.type === "maps" && made.stacks === 1;
  // Of small maps the kernels, with numbers in them, may need more than their maps do.
  const least = lines * (h + column.gap);
  const pitch = level ? Math.max(made.tile.h + made.gap, least) : box.h / column.out;
  const first = box.y + (box.h - pitch * (column.out - 1)) / 2;
  for (let out = 0; out < column.out; out += 1) {
    const top = first + pitch * out - (lines * h + (lines - 1) * column.gap) / 2;
    for (let input = 0; input < column.in; input += 1) {
      const line = Math.floor(input / perLine);
      const x = box.x + (input % perLine) * (w + column.gap);
      const place = rect(x, top + line * (h + column.gap), w, h);
      addKernel(scene, column, out, input, place);
      if (column.roses) addRose(scene, column, out, place, (pitch - h) / 2, rect);
    }
  }
}
