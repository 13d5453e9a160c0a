/** The whole network in the browser: the live preview's values while the pen is down. */

import { fillProbabilities } from "./kinds/softmax.js";
import { kindOf } from "./kinds.js";
import { sizeOf } from "./units.js";

/** @typedef {import("./types.js").Network} Network */

/**
 * Multiplications a picture that a browser makes at least thirty times a second on a small machine,
 * with all that is painted of them: TinyVGG's on 64 × 64 pixels, and some.
 */
const MOST_LIVE = 6e6;

/** Asked every frame. @type {WeakMap<Network, number>} */
const counted = new WeakMap();

/** Multiplications by a weight, for one picture.
 * @param {Network} network
 */
export function multiplications(network) {
  const known = counted.get(network) ?? count(network);
  counted.set(network, known);
  return known;
}

/** @param {Network} network */
function count({ layers }) {
  return layers.reduce((sum, { shape, weight, weightShape }) => {
    if (!weight || !weightShape) return sum;
    // Each value of a map is made by one kernel a map before it; of a vector by one row.
    const [, ...each] = weightShape;
    return sum + sizeOf(shape) * sizeOf(each);
  }, 0);
}

/** Whether the network can follow a pen as it moves; else it does when that is up.
 * @param {Network} network
 */
export const isLive = (network) => multiplications(network) <= MOST_LIVE;

/** Probabilities from logits.
 * @param {Float32Array} logits
 */
export function softmax(logits) {
  const out = new Float32Array(logits.length);
  fillProbabilities(logits, out);
  return out;
}

/**
 * A runner for one network. Its buffers are made here once and reused by every `run`: who wants
 * to keep values copies them. Sums are made in float64 and stored as float32, so the values lie
 * closer to the exact ones than torch's own.
 *
 * Throws an Error that names the layer where shapes or weights don't fit together.
 * @param {Network} network
 * @param {import("./changes.js").Filled[][]} [sets]  what is set by hand: in the image, then in
 *   what each layer gives
 */
export function createRunner(network, sets = []) {
  const { layers } = network;
  const image = new Float32Array(sizeOf(network.image.shape));
  let shape = network.image.shape;
  const steps = layers.map((layer) => {
    const inShape = shape;
    const kind = kindOf(layer);
    shape = kind.outShape(layer, inShape);
    if (shape.join() !== layer.shape.join()) {
      throw new Error(
        `layer ${layer.name} has shape [${layer.shape}] where [${shape}] comes out of [${inShape}]`,
      );
    }
    return { layer, kind, inShape };
  });
  /** The image, then each layer's output. */
  const values = [image, ...layers.map((layer) => new Float32Array(sizeOf(layer.shape)))];
  const probabilities = shape.length === 1 ? new Float32Array(shape[0]) : null;

  /** Set what is set by hand: of the image, or of what layer `at` - 1 gives.
   * @param {number} at @param {Float32Array} [given] in place of the runner's own
   */
  function fill(at, given = values[at]) {
    const ranges = sets[at];
    if (ranges) for (const { from, to, value } of ranges) given.fill(value, from, to);
  }

  /**
   * @param {Float32Array} pixels  the image, C order
   * @returns {Float32Array[]} `values`, refilled
   */
  function run(pixels) {
    if (pixels !== image) image.set(pixels);
    fill(0);
    for (let index = 0; index < steps.length; index += 1) {
      const { layer, kind, inShape } = steps[index];
      kind.forward(layer, values[index], inShape, values[index + 1]);
      fill(index + 1);
    }
    if (probabilities) fillProbabilities(values[values.length - 1], probabilities);
    return values;
  }

  return { run, fill, values, probabilities };
}
