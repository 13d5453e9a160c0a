/** Which magnitude has the full colour. @module */
import { magnitude } from "../shared/colormap.js";

export const SCOPES = ["layer", "map", "all"];

/** Full-colour magnitudes: of each layer's values, and of all maps together. */
export function scales(network, values) {
  const layers = values.map((v) => magnitude(v));
  let all = 0;
  network.layers.forEach((layer, l) => {
    if (layer.shape.length === 3) all = Math.max(all, layers[l + 1]);
  });
  return { layers, all: all || Math.max(...layers) };
}

/** The scale of one tile under the scope in force. */
export function scaleOf(tile, values, scale, scope, inputInk) {
  if (tile.layer === -1 && inputInk) return 1;
  if (scope === "map" && !tile.vector)
    return magnitude(values[tile.layer + 1], tile.offset, tile.rows * tile.cols);
  return scope === "all" && tile.layer >= 0 && !tile.vector
    ? scale.all
    : scale.layers[tile.layer + 1];
}
