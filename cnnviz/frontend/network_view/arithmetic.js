/** How a value came about, term by term, and how to show that so that it adds up. */

import { kindOf, layerAt } from "./kinds.js";
import { placeOf } from "./units.js";

/**
 * @typedef {import("./types.js").Network} Network
 * @typedef {import("./types.js").Digits} Digits
 */

/** @type {Digits} */
export const DIGITS = { factors: 2, products: 2, sums: 3 };

/**
 * The terms of one unit's value, unrounded: `kind`, `layer` (its name), `unit`, `value`, and
 * - conv2d: channels [{index, patch, kernel, products (each [kh][kw]), inside [kh][kw] (false:
 *   padding), source [kh][kw] ({row, col} or null), sum}], bias (null: none)
 * - relu, tanh and other activations: from (the unit), hyper, input
 * - batchnorm2d: from, input, mean, centred, variance, eps, deviation, normalised, weight, scaled, bias
 * - maxpool2d: window [kh][kw] of {row, col, value, padding, winner, taken}, channel, winners
 *   [{row, col}] (ties: all), taken {row, col} (the one that torch takes)
 * - avgpool2d, globalavgpool2d: window, channel, sum, divisor
 * - flatten: from (a unit of the layer before)
 * - linear: contributions [{index, input, weight, product}] by size, of which `shown` are shown one
 *   by one, the other restCount as restSum; bias
 * - softmax (layerIndex = layers.length): index, max, exponentials [{index, logit, exponential}], sum
 *
 * @param {Network} network
 * @param {Float32Array[]} values  the image, each layer's output and, if there, the probabilities
 * @param {number} layerIndex
 * @param {import("./types.js").Unit} unit
 */
export function terms(network, values, layerIndex, unit) {
  const layer = layerAt(network, layerIndex);
  const kind = kindOf(layer);
  const input = values[layerIndex];
  let output = values[layerIndex + 1];
  if (!output) {
    output = new Float32Array(input.length);
    kind.forward(layer, input, layer.inShape, output);
  }
  return {
    kind: layer.kind,
    layer: layer.name,
    unit,
    ...kind.arithmetic(layer, input, layer.inShape, output, unit),
  };
}

/**
 * The same terms as strings. Wherever shown terms don't give the shown result a note says so:
 * `note` of a convolution's channel, `totalNote`, `quotientNote`, `factorsNote`, and all of them
 * together as `roundingNote`, null where everything adds up. `sentence` says it all in words.
 *
 * @param {ReturnType<typeof terms>} given  what `terms` gave
 * @param {number|Partial<Digits>} [digits]  of sums and results; factors and products of a
 *   convolution show one less, as its tables are tight
 */
export function display(given, digits = DIGITS) {
  const all =
    typeof digits === "number"
      ? { factors: Math.max(0, digits - 1), products: Math.max(0, digits - 1), sums: digits }
      : { ...DIGITS, ...digits };
  const kind = kindOf({ ...given, name: given.layer });
  const shown = {
    ...kind.display(given, all),
    kind: given.kind,
    layer: given.layer,
    unit: given.unit,
  };
  const place = `${given.layer} ${placeOf(given.unit)}`;
  const approximately = shown.roundingNote ? " (numbers rounded)" : "";
  return {
    ...shown,
    place,
    sentence: `${place} is ${shown.value}: ${kind.sentence(shown)}${approximately}.`,
  };
}
