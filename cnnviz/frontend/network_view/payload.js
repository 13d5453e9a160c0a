/**
 * What Python sends, decoded. Weights come in a message of their own and are kept here by their
 * digest, since a stroke's trace names only the digest.
 * @module
 */

import { float32 } from "../shared/decoding.js";

/** @type {Map<string, Record<string, {weight: Tensor, bias: Tensor | null}>>} */
const weightsById = new Map();
/** @type {Map<string, Set<() => void>>} */
const waiting = new Map();
const KEPT = 24;

/** @typedef {{shape: number[], values: Float32Array}} Tensor */

/** @param {{shape: number[], values: string}} encoded @returns {Tensor} */
export function decodeTensor(encoded) {
  return { shape: encoded.shape, values: float32(encoded.values) };
}

/** Keep a weights message, and wake the views that wait for it. */
export function storeWeights(data) {
  const layers = {};
  for (const [name, { weight, bias }] of Object.entries(data.layers)) {
    layers[name] = { weight: decodeTensor(weight), bias: bias && decodeTensor(bias) };
  }
  weightsById.delete(data.id);
  weightsById.set(data.id, layers);
  if (weightsById.size > KEPT) weightsById.delete(weightsById.keys().next().value);
  for (const wake of waiting.get(data.id) ?? []) wake();
  waiting.delete(data.id);
}

/** Call `wake` when the weights `id` have come; at once if they are here. */
export function whenWeights(id, wake) {
  if (weightsById.has(id)) return wake();
  if (!waiting.has(id)) waiting.set(id, new Set());
  waiting.get(id).add(wake);
}

/** A key for all that the page's structure depends on: not for the values. */
export function structureOf(data) {
  const layers = data.layers.map((l) => [l.name, l.kind, l.shape, l.hyper]);
  return JSON.stringify([data.image.shape, layers, Boolean(data.options.drag)]);
}

/**
 * @returns {{network: object, values: Float32Array[], probabilities: Float32Array | null}}
 * `values[0]` is the image, `values[l + 1]` layer l's output.
 */
export function decodeTrace(data) {
  const weights = weightsById.get(data.weights) ?? {};
  const image = decodeTensor(data.image);
  const values = [image.values];
  let inShape = image.shape;
  const layers = data.layers.map((layer) => {
    const own = weights[layer.name];
    values.push(decodeTensor(layer).values);
    const described = {
      name: layer.name,
      kind: layer.kind,
      hyper: layer.hyper,
      shape: layer.shape,
      inShape,
      weight: own ? own.weight.values : null,
      weightShape: own ? own.weight.shape : null,
      bias: own && own.bias ? own.bias.values : null,
    };
    inShape = layer.shape;
    return described;
  });
  return {
    network: { image: { shape: image.shape }, layers },
    values,
    probabilities: data.probabilities ? decodeTensor(data.probabilities).values : null,
  };
}
