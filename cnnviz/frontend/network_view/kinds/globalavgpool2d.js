/** AdaptiveAvgPool2d(1): the mean of each whole map; an average pooling of one window. */

import { avgpool2d } from "./avgpool2d.js";

/** @typedef {import("../types.js").Layer} Layer */

/** @type {WeakMap<Layer, Layer>} */
const windowed = new WeakMap();

/** The same as an AvgPool2d whose window is the map: one a layer, as windows are kept by layer.
 * @param {Layer} layer
 */
function asPooling(layer) {
  const known = windowed.get(layer);
  if (known) return known;
  const [channels, rows, cols] = layer.inShape;
  if (cols === undefined) {
    throw new Error(`layer ${layer.name} (${layer.kind}) needs maps, got [${channels}]`);
  }
  const kernel = /** @type {import("../types.js").Pair} */ ([rows, cols]);
  const made = { ...layer, hyper: { kernel, stride: kernel } };
  windowed.set(layer, made);
  return made;
}

/** @type {typeof avgpool2d} */
export const globalavgpool2d = {
  ...avgpool2d,
  short: () => "mean of map",
  title: () => "Global average pooling",
  words: () => "Takes the mean of each whole map: one number a map.",
  outShape: (layer, inShape) => avgpool2d.outShape(asPooling(layer), inShape),
  forward: (layer, ...rest) => avgpool2d.forward(asPooling(layer), ...rest),
  window: (layer, ...rest) => avgpool2d.window(asPooling(layer), ...rest),
  inputs: (layer, ...rest) => avgpool2d.inputs(asPooling(layer), ...rest),
  arithmetic: (layer, ...rest) => avgpool2d.arithmetic(asPooling(layer), ...rest),
  snippet: (layer, ...rest) => avgpool2d.snippet(asPooling(layer), ...rest),
};
