/**
 * Kernels of a layer as a little picture: one row a kernel, one column an input channel.
 *
 * @typedef {import("./types.js").Kernels} Kernels
 */

import { magnitude } from "../shared/colormap.js";
import { float32 } from "../shared/decoding.js";
import { contextOf, h } from "../shared/dom.js";

const GAP = 2;
/** px: a picture of more than one channel is at most so wide, and none is much taller. */
const WIDEST = 30;
const TALLEST = 110;

/** @param {import("./types.js").EncodedKernels} encoded @returns {Kernels} */
export function decode({ shape, of, values }) {
  return { shape, of, values: float32(values) };
}

/**
 * The largest absolute value of a layer's kernels over all frames: one scale for the strip.
 * @param {Kernels[]} tensors
 */
export function scaleOf(tensors) {
  return Math.max(...tensors.map(({ values }) => magnitude(values))) || 1;
}

/** How large a weight is painted, in CSS pixels.
 * @param {number[]} shape
 */
export function cellOf([outputs, inputs, height, width]) {
  const fitting = Math.floor(WIDEST / (inputs * width));
  const cell = inputs > 1 ? Math.max(1, Math.min(3, fitting)) : 5;
  return outputs * height * cell > TALLEST ? Math.max(1, Math.floor(cell / 2)) : cell;
}

/** Width and height in CSS pixels of kernels painted with cells of `cell` pixels.
 * @param {number[]} shape
 * @param {number} cell
 */
export function sizeOf([outputs, inputs, height, width], cell) {
  return {
    width: inputs * width * cell + (inputs - 1) * GAP,
    height: outputs * height * cell + (outputs - 1) * GAP,
  };
}

/**
 * @param {Kernels} kernels
 * @param {number} scale
 * @param {number} cell
 * @param {import("../shared/colormap.js").Colormap} colours
 */
export function picture({ shape, values }, scale, cell, colours) {
  const [, inputs, height, width] = shape;
  const size = sizeOf(shape, cell);
  const ratio = Math.min(window.devicePixelRatio || 1, 3);
  const canvas = h("canvas", {
    width: Math.round(size.width * ratio),
    height: Math.round(size.height * ratio),
    style: `width: ${size.width}px; height: ${size.height}px`,
  });
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  for (const [at, value] of values.entries()) {
    const x = at % width;
    const y = Math.floor(at / width) % height;
    const kernel = Math.floor(at / (width * height));
    const left = (kernel % inputs) * (width * cell + GAP) + x * cell;
    const top = Math.floor(kernel / inputs) * (height * cell + GAP) + y * cell;
    context.fillStyle = colours.css(value, scale);
    context.fillRect(left, top, cell, cell);
  }
  return canvas;
}
