/** What of the pinned unit can be changed, by its name. @module */
import { nameBefore } from "./forms/tables.js";
import { shapeAt } from "./kinds.js";
import { planeName } from "./units.js";

/**
 * The map, or the unit of a vector, and the single unit or pixel, of what is pinned.
 * @param {import("./view_types.js").View} view
 * @returns {{whole: string | null, single: string | null}}
 */
export function targetsOf({ network, pin }) {
  if (!pin || pin.layer >= network.layers.length) return { whole: null, single: null };
  const { layer, unit } = pin;
  const name = layer === -1 ? "input" : network.layers[layer].name;
  if ("index" in unit) return { whole: `${name}.${unit.index}`, single: null };
  const single = `${name}.${unit.channel}.${unit.row}.${unit.col}`;
  return { whole: layer === -1 ? null : `${name}.${unit.channel}`, single };
}

/** The layer that makes a map of `layer` with a kernel: itself, or one before it that keeps maps
 * apart from one another; null where none does.
 * @param {import("./types.js").Network} network
 * @param {number} layer
 */
export function kernelLayer(network, layer) {
  for (let at = layer; at >= 0 && at < network.layers.length; at -= 1) {
    const { weightShape, shape, inShape } = network.layers[at];
    if (weightShape?.length === 4) return at;
    if (shape.length !== 3 || shapeAt(network, at - 1).length !== 3) return null;
    if (inShape[0] !== shape[0]) return null;
  }
  return null;
}

/**
 * The layer with single weights, and no kernels, that makes what is pinned, itself or before layers
 * that keep every value in its place: a linear layer, which has a weight for each of so many
 * `inputs`, or a normalisation of maps, which has one a map (`inputs` null).
 * @param {import("./types.js").Network} network
 * @param {import("./view_types.js").At | null} pin
 * @returns {{layer: number, out: number, inputs: number | null} | null}
 */
export function weighedBy({ layers, image }, pin) {
  if (!pin) return null;
  const out = "index" in pin.unit ? pin.unit.index : pin.unit.channel;
  for (let at = Math.min(pin.layer, layers.length - 1); at >= 0; at -= 1) {
    const { weight, weightShape, shape } = layers[at];
    if (weight && weightShape?.length === 2) return { layer: at, out, inputs: weightShape[1] };
    if (weight && weightShape?.length === 1) return { layer: at, out, inputs: null };
    const given = at ? layers[at - 1].shape : image.shape;
    if (weight || given.join() !== shape.join()) return null;
  }
  return null;
}

/** Which maps the kernels of a layer read, each in words.
 * @param {import("./types.js").Network} network
 * @param {number} layer a convolution
 */
export function readsOf(network, layer) {
  const name = nameBefore(network, layer);
  return Array.from(
    { length: network.layers[layer].inShape[0] },
    (_, i) => `for ${name} ${planeName(layer - 1, i)}`,
  );
}
