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
 * The terms of one unit's value, unrounded: its `kind`, `layer` (the layer's name), `unit`, `value`,
 * and the terms of its kind, as `types.js` has them (`PatchesTerms`, `MaxTerms`, ...).
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
