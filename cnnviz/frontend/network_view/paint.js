/**
 * Which magnitude has the full colour.
 *
 * @typedef {import("./view_types.js").Scales} Scales
 * @typedef {import("./view_types.js").Scope} Scope
 *
 * Part of a layer's values: a map, or all of a vector.
 * @typedef {{layer: number, offset: number, rows: number, cols: number, vector?: boolean}} Part
 */

import { magnitude } from "../shared/colormap.js";

/**
 * The colour of full light in a map that is a picture; null for any other map, of signed values.
 * @param {{layer: number, channel: number, vector?: boolean}} tile
 * @param {{light: import("./view_types.js").Light | null}} options
 */
export function lightOf({ layer, channel, vector }, { light }) {
  if (!light || vector || layer > light.through) return null;
  return light.colours[channel % light.colours.length];
}

/** @type {Scope[]} */
export const SCOPES = ["layer", "map", "all"];

/**
 * Full-colour magnitudes: of each layer's values, and of all maps together.
 * @param {import("./types.js").Network} network
 * @param {Float32Array[]} values  the image, then each layer's output
 * @returns {Scales}
 */
export function scales(network, values) {
  const layers = values.map((each) => magnitude(each));
  const maps = layers.slice(1).filter((_, layer) => network.layers[layer]?.shape.length === 3);
  return { layers, all: Math.max(0, ...maps) || Math.max(...layers) };
}

/**
 * The scale of one tile under the scope in force.
 * @param {Part} tile
 * @param {Float32Array[]} values
 * @param {Scales} scale
 * @param {Scope} scope
 * @param {boolean} inputInk
 */
export function scaleOf(tile, values, scale, scope, inputInk) {
  if (tile.layer === -1 && inputInk) return 1;
  if (scope === "map" && !tile.vector) {
    return magnitude(values[tile.layer + 1], tile.offset, tile.rows * tile.cols);
  }
  const all = scope === "all" && tile.layer >= 0 && !tile.vector;
  return all ? scale.all : scale.layers[tile.layer + 1];
}
