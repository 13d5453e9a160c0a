/**
 * Layers' weights that have come, by their digest: where one layer of a network changes, the others
 * needn't come again. The oldest go once there are too many numbers; what has gone is asked for.
 * @module
 *
 * @typedef {import("./payload.js").WeightsOf<import("./payload.js").Tensor>} Weights
 */

const MOST = 8e6; // numbers: four times those of the largest network

/** @type {Map<string, {weights: Weights, size: number}>} */
const kept = new Map();
let total = 0;

/** @param {string} digest @param {Weights} weights */
export function remember(digest, weights) {
  forget(digest);
  const { weight, bias, buffers = {} } = weights;
  const tensors = [weight, bias, ...Object.values(buffers)];
  const size = tensors.reduce((sum, tensor) => sum + (tensor?.values.length ?? 0), 0);
  kept.set(digest, { weights, size });
  total += size;
  for (const oldest of kept.keys()) {
    if (total <= MOST) break;
    forget(oldest);
  }
}

/** @param {string} digest @returns {Weights | null} */
export function recall(digest) {
  const found = kept.get(digest);
  if (!found) return null;
  kept.delete(digest);
  kept.set(digest, found); // used last
  return found.weights;
}

/** @param {string} digest */
function forget(digest) {
  total -= kept.get(digest)?.size ?? 0;
  kept.delete(digest);
}
