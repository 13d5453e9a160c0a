/**
 * What a pointer means at a place of the picture, without a DOM.
 *
 * @typedef {{what: "stem", row: EditableRow, index: number, near: boolean}
 *   | {what: "slide"} | null} Grip
 *
 * @typedef {import("./types.js").Scene} Scene
 * @typedef {import("./types.js").EditableRow} EditableRow
 */

import { radiusOf, rowAt, valueAt, yOf } from "./geometry.js";
import { snap } from "./maths.js";

const REACH = 20;
// Stems closer than this are drawn across, as with a pen, and not picked one by one.
const CROWDED = 10;

/**
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 * @returns {Grip}
 */
export function gripAt(scene, x, y) {
  const { geometry } = scene;
  const rowName = y <= geometry.height ? rowAt(geometry.rows, y) : null;
  if (x < geometry.left || rowName === null) return null;
  if (rowName === "signal" || rowName === "filter") {
    const index = rowName === "signal" ? sampleAt(scene, x) : tapAt(scene, x);
    if (index !== null) {
      const row = geometry.rows[rowName];
      const value = scene[rowName][index];
      const tip = yOf(row, value);
      const reach = Math.min(REACH, Math.max(geometry.pitch * 0.5, 4));
      const away = Math.abs(x - geometry.x(placeOf(scene, rowName, index)));
      const along = y > Math.min(tip, row.zero) - REACH && y < Math.max(tip, row.zero) + REACH;
      if (geometry.pitch < CROWDED || (away <= reach && along)) {
        return { what: "stem", row: rowName, index, near: true };
      }
    }
  }
  return { what: "slide" };
}

/**
 * The position n of an entry's stem.
 * @param {Pick<Scene, "at" | "filter" | "setting">} scene
 * @param {EditableRow} row
 * @param {number} index
 */
export function placeOf({ at, filter, setting }, row, index) {
  if (row === "signal") return index;
  return at - (setting.flip ? index : filter.length - 1 - index) * setting.dilation;
}

/** @param {Scene} scene @param {number} x */
function sampleAt({ geometry, signal }, x) {
  const index = Math.round(geometry.n(x));
  return index >= 0 && index < signal.length ? index : null;
}

/** @param {Scene} scene @param {number} x */
function tapAt({ geometry, filter, setting, at }, x) {
  const back = Math.round((at - geometry.n(x)) / setting.dilation);
  if (back < 0 || back >= filter.length) return null;
  return setting.flip ? back : filter.length - 1 - back;
}

/** The result nearest to x.
 * @param {Scene} scene
 * @param {number} x
 */
export function outputAt({ geometry, kept }, x) {
  const j = Math.round((geometry.n(x) - kept.start) / kept.step);
  return Math.min(Math.max(j, 0), kept.count - 1);
}

/**
 * The entries that a pen stroke from one place to another sets, and to what.
 * Stems with room between them are moved alone, whichever way the pen strays.
 * @param {Scene} scene
 * @param {{row: EditableRow, index: number}} grip
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}} to
 * @param {number} step  of the values
 * @returns {Map<number, number>}
 */
export function strokeOf(scene, grip, from, to, step) {
  const { geometry } = scene;
  const row = geometry.rows[grip.row];
  const read = (/** @type {number} */ y) =>
    snap(valueAt(row, Math.min(Math.max(y, row.top), row.top + row.height)), step);
  if (geometry.pitch >= CROWDED) return new Map([[grip.index, read(to.y)]]);
  const indexAt = (/** @type {number} */ x) =>
    grip.row === "signal" ? sampleAt(scene, x) : tapAt(scene, x);
  const changes = new Map();
  const steps = Math.max(1, Math.ceil(Math.abs(to.x - from.x) / (geometry.pitch / 2)));
  for (let i = 0; i <= steps; i += 1) {
    const part = i / steps;
    const index = indexAt(from.x + part * (to.x - from.x));
    if (index !== null) changes.set(index, read(from.y + part * (to.y - from.y)));
  }
  return changes;
}

/**
 * Where a stem's tip is, in the canvas.
 * @param {Scene} scene
 * @param {EditableRow} row
 * @param {number} index
 */
export function tipOf(scene, row, index) {
  const { geometry } = scene;
  return {
    x: geometry.x(placeOf(scene, row, index)),
    y: yOf(geometry.rows[row], scene[row][index]),
    radius: radiusOf(geometry.pitch),
  };
}
