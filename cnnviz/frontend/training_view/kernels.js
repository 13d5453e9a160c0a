/**
 * Paint kernels: orange positive, blue negative, the surface's own colour for zero.
 * @module
 */

import { magnitude } from "../shared/colormap.js";
import { contextOf } from "../shared/dom.js";
import { float32 } from "../shared/decoding.js";

/** @returns {{shape: number[], of: number[], values: Float32Array}} */
export function decode({ shape, of, values }) {
  return { shape, of, values: float32(values) };
}

/** The largest absolute value of a layer's kernels over all frames: one scale for the strip. */
export function scaleOf(tensors) {
  return Math.max(...tensors.map(({ values }) => magnitude(values))) || 1;
}

/** Width and height in CSS pixels of kernels painted with cells of `cell` pixels. */
export function sizeOf([outputs, inputs, height, width], cell) {
  return {
    width: inputs * width * cell + (inputs - 1) * 2,
    height: outputs * height * cell + (outputs - 1) * 2,
  };
}

/** One row a kernel, one column an input channel. */
export function paint(canvas, { shape, values }, scale, cell, colours) {
  const [outputs, inputs, height, width] = shape;
  const size = sizeOf(shape, cell);
  const ratio = Math.min(window.devicePixelRatio || 1, 3);
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  canvas.style.width = `${size.width}px`;
  canvas.style.height = `${size.height}px`;
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  let at = 0;
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          context.fillStyle = colours.css(values[at++], scale);
          context.fillRect(
            i * (width * cell + 2) + x * cell,
            o * (height * cell + 2) + y * cell,
            cell,
            cell,
          );
        }
      }
    }
  }
}
