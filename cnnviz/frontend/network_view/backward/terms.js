/** How the gradient of one value came about, term by term. Pure. @module */

import { kindOf, layerAt, shapeAt } from "../kinds.js";
import { indexOf } from "../units.js";

/**
 * @typedef {import("../types.js").Network} Network
 * @typedef {import("../types.js").Unit} Unit
 *
 * What is known of the loss −log p of one picture, `target` being its class: torch's `values` (of
 * the image, each layer and the probabilities) and the `gradients` of the loss by each of them but
 * the probabilities.
 * @typedef {{values: Float32Array[], gradients: Float32Array[], target: number, loss: number}} Back
 *
 * One unit that read the value: its `gradient` times `weight`, what the value counts for in it.
 * @typedef {{unit: Unit, gradient: number, weight: number, product: number}} Term
 * @typedef {{cells: Term[][], sum: number}} Group  of one map of the layer that read, or all
 *
 * @typedef {{rule: "sums", layer: number, groups: Group[], value: number}} Sums
 *   `layer` is the one that read
 * @typedef {{rule: "difference", probability: number, one: 0 | 1, value: number}} Difference
 *   of a logit: its probability, less one where its class is the true one
 * @typedef {{rule: "loss", probability: number, own: boolean, value: number}} Loss
 *   of a probability: the loss itself, −log p, where its class is the true one, else no part of it
 * @typedef {Sums | Difference | Loss} Terms
 */

/**
 * The terms of the gradient at one unit; of the softmax, those of the loss.
 * @param {Network} network
 * @param {Back} back
 * @param {number} layer  -1 for the image, layers.length for the softmax
 * @param {Unit} unit
 * @returns {Terms}
 */
export function backwardTerms(network, back, layer, unit) {
  const { values, gradients, target, loss } = back;
  const last = network.layers.length;
  const index = indexOf(shapeAt(network, layer), unit);
  if (layer >= last - 1) {
    const own = index === target;
    const probability = values[last + 1][index];
    if (layer === last) return { rule: "loss", probability, own, value: own ? loss : 0 };
    return { rule: "difference", probability, one: own ? 1 : 0, value: gradients[last][index] };
  }
  const reading = layer + 1;
  const described = layerAt(network, reading);
  const readers = kindOf(described).backward.readers(
    described,
    described.inShape,
    unit,
    values[reading],
  );
  const upstream = gradients[reading + 1];
  const groups = readers.map((table) => {
    const cells = table.map((line) =>
      line.map(({ unit: later, weight }) => {
        const gradient = upstream[indexOf(described.shape, later)];
        return { unit: later, gradient, weight, product: gradient * weight };
      }),
    );
    return { cells, sum: cells.flat().reduce((sum, { product }) => sum + product, 0) };
  });
  return { rule: "sums", layer: reading, groups, value: gradients[reading][index] };
}
