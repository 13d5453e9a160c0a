/** Units as text, for the URL: "conv2.5.4.6" (map, row, column) or "fc.7". @module */
import { layerAt, shapeAt } from "./kinds.js";
import { isUnit, planeWord } from "./units.js";

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

/**
 * A weight as Python writes it, conv1.weight[0,0,2,1]; null for what is no single weight.
 * @param {Network} network
 * @param {import("./hit.js").Spot | null} spot
 */
export function writeWeight({ layers }, spot) {
  if (spot && "kernel" in spot) {
    const { layer, out, in: from } = spot.kernel;
    return `${layers[layer].name}.weight[${[out, from, spot.row, spot.col].join()}]`;
  }
  if (spot && "weights" in spot) {
    const { layer, group, rows } = spot.weights;
    return `${layers[layer].name}.weight[${spot.col},${group * rows + spot.row}]`;
  }
  return null;
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

const MAP_PLACES = 3; // map, row, column

/** An example of what `parsePin` reads: a unit in the middle of the last convolution, or so.
 * @param {import("./types.js").Network} network
 */
export function unitsOf(network) {
  const layer = network.layers.findLast(({ shape }) => shape.length === MAP_PLACES);
  if (!layer) return `${network.layers[0].name} 0`;
  return [layer.name, 0, ...layer.shape.slice(1).map((side) => Math.floor(side / 2))].join(" ");
}

/**
 * A unit as a person types it: "conv2 5 4 6", "conv2.5.4.6", "fc 7".
 * @param {import("./types.js").Network} network
 * @param {string} text
 * @returns {{layer: number, unit: Unit} | {problem: string}} what is wrong names what would be right
 */
export function parsePin(network, text) {
  const [name, ...places] = text.trim().split(/[\s.,;:/]+/);
  const found = readPin(network, [name, ...places].join("."));
  if (found) return found;
  const names = ["input", ...network.layers.map((layer) => layer.name)];
  if (network.layers.at(-1)?.shape.length === 1) names.push("softmax");
  if (!names.includes(name))
    return { problem: `${name || "nothing"} is no layer here; there are ${names.join(", ")}` };
  const at = names.indexOf(name) - 1;
  const shape = shapeAt(network, at);
  const what = shape.length === MAP_PLACES ? [planeWord(at), "row", "column"] : ["unit"];
  const ranges = what.map((word, i) => `${word} 0 to ${shape[i] - 1}`);
  return { problem: `${name} has ${ranges.join(", ")}; got ${places.join(" ") || "no number"}` };
}
