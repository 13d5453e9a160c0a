/**
 * What a pointer means at a place of the picture, without a DOM.
 *
 * @typedef {{what: "stem", row: "signal"|"filter", index: number, near: boolean}
 *   | {what: "slide"} | null} Grip
 */

import { valueAt, yOf } from "./geometry.js";
import { snap } from "./maths.js";

const REACH = 20;
// Stems closer than this are drawn across, as with a pen, and not picked one by one.
const CROWDED = 10;

/**
 * @param {import("./paint.js").Scene} scene
 * @param {number} x
 * @param {number} y
 * @returns {Grip}
 */
export function gripAt(scene, x, y) {
  const { geometry } = scene;
  const rowName = rowAt(geometry, y);
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

/** The row at height y; the gaps between rows belong to the row above. */
export function rowAt(geometry, y) {
  let found = null;
  for (const [name, row] of Object.entries(geometry.rows)) if (y >= row.top - 6) found = name;
  return y <= geometry.height ? found : null;
}

/** @param {"signal"|"filter"} row */
export function placeOf({ at, filter, setting }, row, index) {
  if (row === "signal") return index;
  return at - (setting.flip ? index : filter.length - 1 - index) * setting.dilation;
}

function sampleAt({ geometry, signal }, x) {
  const index = Math.round(geometry.n(x));
  return index >= 0 && index < signal.length ? index : null;
}

function tapAt({ geometry, filter, setting, at }, x) {
  const back = Math.round((at - geometry.n(x)) / setting.dilation);
  if (back < 0 || back >= filter.length) return null;
  return setting.flip ? back : filter.length - 1 - back;
}

/** The result nearest to x. */
export function outputAt({ geometry, kept }, x) {
  const j = Math.round((geometry.n(x) - kept.start) / kept.step);
  return Math.min(Math.max(j, 0), kept.count - 1);
}

/**
 * The entries that a pen stroke from one place to another sets, and to what.
 * Stems with room between them are moved alone, whichever way the pen strays.
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}} to
 * @param {{row: "signal"|"filter", index: number}} grip
 * @returns {Map<number, number>}
 */
export function strokeOf(scene, grip, from, to, step) {
  const { geometry } = scene;
  const row = geometry.rows[grip.row];
  const read = (y) =>
    snap(valueAt(row, Math.min(Math.max(y, row.top), row.top + row.height)), step);
  if (geometry.pitch >= CROWDED) return new Map([[grip.index, read(to.y)]]);
  const indexAt = (x) => (grip.row === "signal" ? sampleAt(scene, x) : tapAt(scene, x));
  const changes = new Map();
  const steps = Math.max(1, Math.ceil(Math.abs(to.x - from.x) / (geometry.pitch / 2)));
  for (let i = 0; i <= steps; i += 1) {
    const part = i / steps;
    const index = indexAt(from.x + part * (to.x - from.x));
    if (index !== null) changes.set(index, read(from.y + part * (to.y - from.y)));
  }
  return changes;
}
