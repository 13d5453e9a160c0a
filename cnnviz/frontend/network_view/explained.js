/**
 * What the inspector says of a unit, without a DOM: its names, what it sees, how it came about.
 *
 * @typedef {import("./types.js").Network} Network
 * @typedef {import("./types.js").Unit} Unit
 */

import { exactly } from "../shared/numbers.js";
import { display, terms } from "./arithmetic.js";
import { kindOf, layerAt, shapeAt } from "./kinds.js";
import { receptiveField } from "./receptive_field.js";
import { indexOf, planeName } from "./units.js";

/** @param {Network} network @param {number} layer @param {Unit} unit */
function layerName(network, layer, unit) {
  if (layer === -1) return "input";
  const { name } = layerAt(network, layer);
  return layer === network.layers.length - 1 && "index" in unit ? `${name} · logits` : name;
}

/**
 * "conv2 · map 5", or "input · channel 2", and "row 4, column 6".
 * @param {Network} network
 * @param {number} layer
 * @param {Unit} unit
 */
export function namesOf(network, layer, unit) {
  const name = layerName(network, layer, unit);
  if ("index" in unit) {
    const what = layer >= network.layers.length - 1 ? "digit" : "unit";
    return { title: name, place: `${what} ${unit.index}` };
  }
  const several = layer >= 0 || shapeAt(network, layer)[0] > 1;
  return {
    title: several ? `${name} · ${planeName(layer, unit.channel)}` : name,
    place: `row ${unit.row}, column ${unit.col}`,
  };
}

/**
 * How much of the input a unit sees, in words; "" for the input itself.
 * @param {Network} network
 * @param {number} layer
 * @param {Unit} unit
 * @returns {string}
 */
export function seesWords(network, layer, unit) {
  if (layer < 0) return "";
  // A share of the vote sees what the logits see: a linear layer's all see the same.
  if (layer >= network.layers.length) return seesWords(network, layer - 1, unit);
  const whole = "Sees the whole input.";
  const field = receptiveField(network, layer, unit).at(-1);
  if (!field || "indices" in field) return whole;
  const [height, width] = field.size;
  const [, rows, cols] = network.image.shape;
  if (field.rows.length === rows && field.cols.length === cols) return whole;
  const many = `${height}×${width} of the ${rows}×${cols} pixels`;
  const what = height * width === 1 ? "1 pixel" : many;
  const outside = field.rows.length < height || field.cols.length < width;
  const part = outside ? " (part of that is padding, or left out)" : "";
  return `Sees ${what} of the input${part}.`;
}

/**
 * A unit and, where it only passes one number on (ReLU, flatten), the unit that made this.
 * @param {Network} network
 * @param {number} layer
 * @param {Unit} unit
 */
export function chainOf(network, layer, unit) {
  const chain = [{ layer, unit }];
  for (let at = layer; at > 0 && at < network.layers.length; at -= 1) {
    const described = network.layers[at];
    const kind = kindOf(described);
    if (kind.form !== "formula" && kind.form !== "place") break;
    const [source] = kind.inputs(described, described.inShape, chain[chain.length - 1].unit, null);
    chain.push({ layer: at - 1, unit: source.unit });
  }
  return chain;
}

/**
 * One unit's value and how it came about, in words.
 * @param {{network: Network, values: Float32Array[]}} view
 * @param {number} layer
 * @param {Unit} unit
 */
export function sentenceOf({ network, values }, layer, unit) {
  if (layer >= 0) return display(terms(network, values, layer, unit), 3).sentence;
  const { title, place } = namesOf(network, layer, unit);
  return `${title}, ${place} is ${exactly(values[0][indexOf(network.image.shape, unit)])}.`;
}
