/**
 * What if: maps, units, kernels, weights and pixels that are set to other values, as text and as
 * what the forward pass needs. Mirrors cnnviz/reasons/changes.py, which says how they are written,
 * and checks what comes from outside.
 *
 * `target` is what is set, `values` to what: a number, or as many as a kernel has.
 * @typedef {{target: string, values: number[] | "mean"}} Change
 *
 * Where a target lies: `layer` -1 is the input; `from` and `count` in the flat values, or the flat
 * weights or biases.
 * @typedef {{layer: number, part: "value" | "weight" | "bias", from: number, count: number}} Place
 *
 * @typedef {{from: number, to: number, value: number}} Filled
 * @typedef {import("./types.js").Network} Network
 */

import { shortest } from "../shared/numbers.js";
import { sizeOf } from "./units.js";

/** @param {string} text as Python has checked it @returns {Change[]} */
export function parseChanges(text) {
  return text
    .split(";")
    .filter(Boolean)
    .map((part) => {
      const [target, values] = part.split("=");
      return { target, values: values === "mean" ? values : values.split(",").map(Number) };
    });
}

/** @param {Change[]} changes */
export function changesText(changes) {
  return changes
    .map(({ target, values }) => {
      const said = values === "mean" ? values : values.map((value) => shortest(value)).join(",");
      return `${target}=${said}`;
    })
    .join(";");
}

/**
 * @param {Network} network
 * @param {string} target
 * @returns {Place | null} null for what isn't in this network
 */
export function placeOf({ image, layers }, target) {
  const [name, ...rest] = target.split(".");
  const layer = name === "input" ? -1 : layers.findIndex((each) => each.name === name);
  if (layer === -1 && name !== "input") return null;
  /** @type {Place["part"]} */
  let part = "value";
  if (rest[0] === "weight" || rest[0] === "bias") {
    part = rest[0];
    rest.shift();
  }
  const shape = shapeOf(layer === -1 ? image : layers[layer], part);
  const place = rest.map(Number);
  if (!shape || !place.length || place.length > shape.length) return null;
  let [from, count] = [0, sizeOf(shape)];
  for (const [axis, at] of place.entries()) {
    if (!(at >= 0 && at < shape[axis])) return null;
    count /= shape[axis];
    from += at * count;
  }
  return { layer, part, from, count };
}

/**
 * @param {Partial<import("./types.js").Layer> & {shape: number[]}} of
 * @param {Place["part"]} part
 */
function shapeOf({ shape, weightShape, bias }, part) {
  if (part === "value") return shape;
  if (part === "weight") return weightShape ?? null;
  return bias ? [bias.length] : null;
}

/**
 * The network with its weights changed, and what else the forward pass is to set: `sets[0]` in the
 * image, `sets[1 + l]` in what layer l gives. Without changes of weights the network is the very
 * one that was given, and so is each layer that keeps its own.
 *
 * A mean that isn't known yet is left out.
 * @param {Network} network
 * @param {Change[]} changes
 * @param {Record<string, number>} means by target
 * @returns {{network: Network, sets: Filled[][]}}
 */
export function changed(network, changes, means) {
  /** @type {Filled[][]} */
  const sets = [network.image, ...network.layers].map(() => []);
  const layers = [...network.layers];
  for (const { target, values } of changes) {
    const place = placeOf(network, target);
    const numbers = values === "mean" ? known(means, target) : values;
    if (!place || !numbers) continue;
    const { layer, part, from, count } = place;
    if (part === "value") {
      sets[layer + 1].push({ from, to: from + count, value: numbers[0] });
      continue;
    }
    const own = { ...layers[layer] };
    const tensor = Float32Array.from(own[part] ?? []);
    for (let i = 0; i < count; i += 1) tensor[from + i] = numbers[numbers.length === 1 ? 0 : i];
    own[part] = tensor;
    layers[layer] = own;
  }
  const same = layers.every((layer, at) => layer === network.layers[at]);
  return { network: same ? network : { ...network, layers }, sets };
}

/** @param {Record<string, number>} means @param {string} target */
function known(means, target) {
  return Object.hasOwn(means, target) ? [means[target]] : null;
}

/**
 * `changes` with `target` set to `values`, in its place if it was changed already; null takes it
 * out.
 * @param {Change[]} changes
 * @param {string} target
 * @param {Change["values"] | null} values
 * @returns {Change[]}
 */
export function withChange(changes, target, values) {
  const at = changes.findIndex((change) => change.target === target);
  if (values === null) return changes.filter((_, i) => i !== at);
  const change = { target, values };
  return at === -1 ? [...changes, change] : changes.with(at, change);
}

/**
 * The image as it was before its pixels were changed.
 * @param {Network} network
 * @param {Float32Array} image
 * @param {Record<string, number>} under what was there, by target
 */
export function unpainted(network, image, under) {
  const entries = Object.entries(under);
  if (!entries.length) return image;
  const before = image.slice();
  for (const [target, value] of entries) {
    const place = placeOf(network, target);
    if (place) before[place.from] = value;
  }
  return before;
}

/**
 * How much each map differs from what it was, 0 to 1: the sum of the differences beside the sum
 * of what was there. By "layer,channel", as the scene names its tiles; only those that differ.
 * @param {Network} network
 * @param {Float32Array[]} before
 * @param {Float32Array[]} after
 * @returns {Map<string, number>}
 */
export function differences(network, before, after) {
  const found = new Map();
  for (const [at, { shape }] of [network.image, ...network.layers].entries()) {
    if (shape.length !== 3) continue;
    const size = shape[1] * shape[2];
    for (let channel = 0; channel < shape[0]; channel += 1) {
      let [difference, size0] = [0, 0];
      for (let i = channel * size; i < (channel + 1) * size; i += 1) {
        difference += Math.abs(after[at][i] - before[at][i]);
        size0 += Math.abs(before[at][i]);
      }
      // Less than a millionth is rounding: torch's sums beside the browser's.
      if (difference > 1e-6 * Math.max(size0, size))
        found.set(`${at - 1},${channel}`, Math.min(1, difference / (size0 || difference)));
    }
  }
  return found;
}
