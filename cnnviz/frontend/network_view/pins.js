/** Units as text, for the URL: "conv2.5.4.6" (map, row, column) or "fc.7". @module */
import { layerAt, shapeAt } from "./kinds.js";
import { isUnit } from "./units.js";

/** @typedef {import("./types.js").Network} Network */
/** @typedef {import("./types.js").Unit} Unit */

/**
 * @param {Network} network
 * @param {number} layer
 * @param {Unit} unit
 */
export function writePin(network, layer, unit) {
  const name = layer === -1 ? "input" : layerAt(network, layer).name;
  const places = "index" in unit ? [unit.index] : [unit.channel, unit.row, unit.col];
  return [name, ...places].join(".");
}

/** @param {Network} network @param {string} name @returns {number | null} */
function layerNamed({ layers }, name) {
  if (name === "input") return -1;
  if (name === "softmax" && layers.at(-1)?.shape.length === 1) return layers.length;
  const layer = layers.findIndex((each) => each.name === name);
  return layer === -1 ? null : layer;
}

/** @param {number[]} places @returns {Unit | null} */
function unitOf(places) {
  const [first, row, col] = places;
  if (places.length === 1) return { index: first };
  return places.length === 3 ? { channel: first, row, col } : null;
}

/**
 * @param {Network} network
 * @param {unknown} text
 * @returns {{layer: number, unit: Unit} | null} null for text that names no unit of this network
 */
export function readPin(network, text) {
  if (typeof text !== "string" || text.length > 80) return null;
  const [name, ...places] = text.split(".");
  if (!places.every((place) => /^\d{1,5}$/.test(place))) return null;
  const layer = layerNamed(network, name);
  const unit = unitOf(places.map(Number));
  if (layer === null || unit === null) return null;
  return isUnit(shapeAt(network, layer), unit) ? { layer, unit } : null;
}
