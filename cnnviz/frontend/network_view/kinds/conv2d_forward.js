/**
 * Conv2d's forward pass, as it runs every frame while the pen moves.
 *
 * What `forward` needs beside its arguments.
 * @typedef {object} Plan
 * @property {Float32Array | null} padded  room for the input with its padding, where it has some
 * @property {number} height  of the padded input
 * @property {number} width
 * @property {number[]} rows  where each of its rows comes from, -1 for zeros
 * @property {number[]} cols
 * @property {Float64Array} sums  one row of the output
 */

import { geometry, slidingShape, sourceOf } from "./sliding.js";
import { weightOf } from "./weights.js";

/** @typedef {import("../types.js").Layer} Layer */

/**
 * Made once a layer: `forward` runs every frame.
 * @type {WeakMap<Layer, Plan>}
 */
const plans = new WeakMap();

/** @param {Layer} layer @param {number[]} inShape @returns {Plan} */
function planOf(layer, inShape) {
  const known = plans.get(layer);
  if (known) return known;
  const { padding, mode } = geometry(layer);
  const sources = /** @type {const} */ ([0, 1]).map((axis) =>
    Array.from({ length: inShape[axis + 1] + 2 * padding[axis] }, (_, at) =>
      sourceOf(at - padding[axis], inShape[axis + 1], mode),
    ),
  );
  const [height, width] = [sources[0].length, sources[1].length];
  const plan = {
    padded: padding[0] || padding[1] ? new Float32Array(inShape[0] * height * width) : null,
    height,
    width,
    rows: sources[0],
    cols: sources[1],
    sums: new Float64Array(slidingShape(layer, inShape)[1]),
  };
  plans.set(layer, plan);
  return plan;
}

/**
 * The input with its padding around it: no test for edges is left in the inner loop.
 * @param {Float32Array} padded
 * @param {Plan} plan
 * @param {Float32Array} input
 * @param {number[]} inShape
 */
function pad(padded, { rows, cols }, input, [channels, height, width]) {
  for (let channel = 0, to = 0; channel < channels; channel += 1) {
    for (let i = 0; i < rows.length; i += 1) {
      const from = (channel * height + rows[i]) * width;
      for (let j = 0; j < cols.length; j += 1, to += 1) {
        padded[to] = rows[i] < 0 || cols[j] < 0 ? 0 : input[from + cols[j]];
      }
    }
  }
  return padded;
}

/** @type {import("../types.js").Forward} */
export function forward(layer, input, inShape, out) {
  const plan = planOf(layer, inShape);
  const { kernel, stride, dilation } = geometry(layer);
  const { height, width, sums } = plan;
  const values = plan.padded ? pad(plan.padded, plan, input, inShape) : input;
  const [kernelHeight, kernelWidth] = kernel;
  const channelsIn = inShape[0];
  const weight = weightOf(layer);
  const { bias } = layer;
  const [channelsOut, outHeight, outWidth] = layer.shape;
  const [strideDown, strideAcross] = stride;
  const [dilationDown, dilationAcross] = dilation;
  let to = 0;
  for (let channelOut = 0; channelOut < channelsOut; channelOut += 1) {
    for (let row = 0; row < outHeight; row += 1) {
      sums.fill(bias ? bias[channelOut] : 0);
      let tap = channelOut * channelsIn * kernelHeight * kernelWidth;
      for (let channel = 0; channel < channelsIn; channel += 1) {
        for (let i = 0; i < kernelHeight; i += 1) {
          const start = (channel * height + row * strideDown + i * dilationDown) * width;
          for (let j = 0; j < kernelWidth; j += 1, tap += 1) {
            const factor = weight[tap];
            let from = start + j * dilationAcross;
            for (let col = 0; col < outWidth; col += 1, from += strideAcross) {
              sums[col] += factor * values[from];
            }
          }
        }
      }
      for (let col = 0; col < outWidth; col += 1, to += 1) out[to] = sums[col];
    }
  }
}
