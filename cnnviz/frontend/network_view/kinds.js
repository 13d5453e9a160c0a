/**
 * All that the view knows about each kind of layer: one entry a kind. To add a kind, write its
 * entry (kinds/activations.js has short ones), name it here, and write its entry for Python in
 * cnnviz/networks/kinds/.
 */

import { dropout, leakyrelu, relu, sigmoid, tanh } from "./kinds/activations.js";
import { avgpool2d, globalavgpool2d } from "./kinds/avgpool2d.js";
import { batchnorm2d } from "./kinds/batchnorm2d.js";
import { conv2d } from "./kinds/conv2d.js";
import { flatten } from "./kinds/flatten.js";
import { linear } from "./kinds/linear.js";
import { maxpool2d } from "./kinds/maxpool2d.js";
import { normalize } from "./kinds/normalize.js";
import { softmax } from "./kinds/softmax.js";

/** @type {Record<string, import("./types.js").Kind>} */
export const KINDS = {
  conv2d,
  normalize,
  batchnorm2d,
  relu,
  leakyrelu,
  tanh,
  sigmoid,
  maxpool2d,
  avgpool2d,
  globalavgpool2d,
  dropout,
  flatten,
  linear,
  softmax,
};

/**
 * @param {import("./types.js").Layer} layer
 * @returns {import("./types.js").Kind}
 */
export function kindOf(layer) {
  if (!Object.hasOwn(KINDS, layer.kind)) {
    throw new Error(
      `layer ${layer.name} is a ${layer.kind}; known are ${Object.keys(KINDS).join(", ")}`,
    );
  }
  return KINDS[layer.kind];
}

/** Whether it is said of a layer's maps how much of each is above 0: where nothing below 0 is left.
 * @param {import("./types.js").Layer} layer
 */
export const showsLife = (layer) => layer.shape.length === 3 && kindOf(layer) === relu;

/**
 * Layer `index` of a network; at index layers.length the softmax of a network that ends in a vector.
 * @param {import("./types.js").Network} network
 * @param {number} index
 * @returns {import("./types.js").Layer}
 */
export function layerAt(network, index) {
  if (index >= 0 && index < network.layers.length) return network.layers[index];
  const shape = shapeAt(network, network.layers.length - 1);
  if (index !== network.layers.length || shape.length !== 1) {
    throw new Error(`there is no layer ${index}; there are ${network.layers.length}`);
  }
  return {
    name: "softmax",
    kind: "softmax",
    shape,
    inShape: shape,
    hyper: {},
    weight: null,
    weightShape: null,
    bias: null,
  };
}

/**
 * The shape of layer `index`'s output; -1 is the image, layers.length the softmax.
 * @param {import("./types.js").Network} network
 * @param {number} index
 * @returns {number[]}
 */
export function shapeAt(network, index) {
  if (index === -1) return network.image.shape;
  return index < network.layers.length
    ? network.layers[index].shape
    : layerAt(network, index).shape;
}

/**
 * The form of layer `index`'s arithmetic ("patches", "window", ...); null for the input.
 * @param {import("./types.js").Network} network
 * @param {number} index
 */
export const formAt = (network, index) => (index < 0 ? null : kindOf(layerAt(network, index)).form);
