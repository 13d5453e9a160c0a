/**
 * The points of scatters, which come in an element of their own: they don't travel with each stroke.
 * @module
 */
import { bytes, float32 } from "../shared/decoding.js";

/**
 * `points` are x, y, x, y, …; `labels` the class of each.
 * @typedef {{points: Float32Array, labels: Uint8Array}} Points
 * @typedef {{role: "points", id: string, points: string, labels: string}} PointsData
 */

const MOST = 6; // of those that came last

/** @type {Map<string, Points>} */
const stored = new Map();
/** @type {Set<() => void>} */
const waiting = new Set();

/** @param {PointsData} data */
export function store({ id, points, labels }) {
  const made = stored.get(id) ?? { points: float32(points), labels: bytes(labels) };
  stored.delete(id);
  stored.set(id, made);
  // An element may go after the one that takes its place has come, so none takes its points along.
  for (const old of stored.keys()) if (stored.size > MOST) stored.delete(old);
  for (const tell of [...waiting]) tell();
}

/** @param {string} id */
export const find = (id) => stored.get(id) ?? null;

/** @param {() => void} tell whenever points have come @returns {() => void} no longer */
export function whenStored(tell) {
  waiting.add(tell);
  return () => waiting.delete(tell);
}
