/** What a layer with weights must have. @module */

/**
 * @param {import("../types.js").Layer} layer
 * @throws {Error} that names a layer without weights
 */
export function weightOf({ name, weight }) {
  if (!weight) throw new Error(`layer ${name} has no weight`);
  return weight;
}

/** (C_out, C_in, kH, kW) or (N_out, N_in).
 * @param {import("../types.js").Layer} layer
 * @throws {Error} that names a layer without weights
 */
export function weightShapeOf({ name, weightShape }) {
  if (!weightShape) throw new Error(`layer ${name} has no weight`);
  return weightShape;
}
