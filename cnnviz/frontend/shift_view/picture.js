/**
 * The picture that is moved, without a DOM.
 *
 * @typedef {{rows: number, cols: number, values: Float32Array, paper: number, light: boolean}}
 *   Picture  values in [0, 1] of its channels, one or three, one after the other; `paper` is that
 *   of a pixel without ink; `light` says that it is painted as light, not as ink
 */

import { float32 } from "../shared/decoding.js";

/**
 * @param {{values: string, shape: [number, number, number], paper: number}} data from Python
 * @returns {Picture}
 */
export function decodePicture({ values, shape: [channels, rows, cols], paper }) {
  return { rows, cols, values: float32(values), paper, light: channels > 1 || paper > 0 };
}

/** A pixel's values, a number a channel. @param {Picture} picture @param {number} at */
function channelsAt({ rows, cols, values }, at) {
  const pixels = rows * cols;
  return Array.from(
    { length: values.length / pixels },
    (_, channel) => values[channel * pixels + at],
  );
}

/**
 * How far a pixel is from the paper, in [0, 1], in the channel that is furthest.
 * @param {Picture} picture @param {number} row @param {number} col
 */
export function inkAt(picture, row, col) {
  const values = channelsAt(picture, row * picture.cols + col);
  return Math.max(...values.map((value) => Math.abs(value - picture.paper)));
}

/**
 * The CSS colour of a pixel whose values are light: red, green and blue, or grey.
 * @param {Picture} picture @param {number} row @param {number} col
 */
export function colourAt(picture, row, col) {
  const light = channelsAt(picture, row * picture.cols + col).map((value) =>
    Math.round(255 * value),
  );
  const [red, green, blue] = light.length === 3 ? light : [light[0], light[0], light[0]];
  return `rgb(${red} ${green} ${blue})`;
}
