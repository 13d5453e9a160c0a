/**
 * What both poolings share: one number for each window of one map.
 *
 * @typedef {import("../types.js").Layer} Layer
 * @typedef {import("../types.js").MapUnit} MapUnit
 * @typedef {import("../types.js").WindowCell<number | null>} Cell  null: padding
 * @typedef {import("../types.js").WindowCell<number>} Inside
 * @typedef {import("../types.js").WindowCell<string>} ShownCell
 */

import { format } from "../../shared/numbers.js";
import { indexOf, sizeOf } from "../units.js";
import { listing } from "./python.js";
import { geometry, grid, slidingReaders, slidingShape, slidingWindow } from "./sliding.js";

/** @param {Layer} layer @param {number[]} inShape @param {MapUnit} unit */
const window = (layer, inShape, unit) =>
  slidingWindow(layer, inShape, unit, [unit.channel, unit.channel + 1]);

/**
 * A unit's window as a grid of cells; padding is no part of the map. Without `input` each value
 * counts as 1.
 * @param {Layer} layer
 * @param {number[]} inShape
 * @param {MapUnit} unit
 * @param {Float32Array | null} input
 * @returns {Cell[][]}
 */
export function windowCells(layer, inShape, unit, input) {
  const view = window(layer, inShape, unit);
  const values = input ?? new Float32Array(sizeOf(inShape)).fill(1);
  return grid(view, (source, _col, i, j) => {
    const place = { channel: unit.channel, row: view.rows[i], col: view.cols[j] };
    const padding = source < 0;
    return { ...place, value: padding ? null : values[indexOf(inShape, place)], padding };
  });
}

/** @param {Cell} cell @returns {cell is Inside} */
const isInside = (cell) => cell.value !== null;

/** The cells that aren't padding.
 * @param {Cell[][]} cells
 */
export const insideOf = (cells) => cells.flat().filter(isInside);

/** How many cells torch divides by: the window's, cut off where its padding ends.
 * @param {Layer} layer
 * @param {number[]} inShape
 * @param {number} row
 * @param {number} col
 * @param {number} inside  how many cells aren't padding
 */
export function divisorOf(layer, inShape, row, col, inside) {
  if (layer.hyper.count_include_pad === false) return inside;
  const { kernel, stride, padding } = geometry(layer);
  const extent = (/** @type {number} */ position, /** @type {0 | 1} */ axis) => {
    const start = position * stride[axis] - padding[axis];
    return Math.min(start + kernel[axis], inShape[axis + 1] + padding[axis]) - start;
  };
  return extent(row, 0) * extent(col, 1);
}

/**
 * What stands in both entries. `merge` takes each cell of a window into what came of those before
 * it, beginning with `first`; `finish` makes the result of it.
 * @param {object} what
 * @param {string} what.name  short
 * @param {string} what.words
 * @param {number} what.first
 * @param {(before: number, value: number) => number} what.merge
 * @param {(merged: number, layer: Layer, inShape: number[], row: number, col: number,
 *   inside: number) => number} what.finish
 */
export function pooling({ name, words, first, merge, finish }) {
  return {
    form: /** @type {const} */ ("window"),
    /** @param {Layer} layer */
    short: (layer) => `${geometry(layer).kernel.join("×")} ${name}`,
    /** @param {Layer} layer */
    words(layer) {
      const { kernel, stride, padding } = geometry(layer);
      const padded = padding.some((cells) => cells !== 0) ? `, padding ${padding.join("×")}` : "";
      return `${words} of each ${kernel.join("×")} window, stride ${stride.join("×")}${padded}.`;
    },
    /** @param {Layer} layer @param {number[]} inShape */
    outShape: (layer, inShape) => [inShape[0], ...slidingShape(layer, inShape)],
    window,
    /** @type {import("../types.js").Forward} */
    forward(layer, input, inShape, out) {
      const { kernel, stride, padding, dilation } = geometry(layer);
      const [channels, height, width] = inShape;
      const [, outHeight, outWidth] = layer.shape;
      let to = 0;
      for (let channel = 0; channel < channels; channel += 1) {
        const map = channel * height * width;
        for (let row = 0; row < outHeight; row += 1) {
          const top = row * stride[0] - padding[0];
          for (let col = 0; col < outWidth; col += 1, to += 1) {
            const left = col * stride[1] - padding[1];
            let result = first;
            let inside = 0;
            for (let i = 0, y = top; i < kernel[0]; i += 1, y += dilation[0]) {
              if (y < 0 || y >= height) continue;
              for (let j = 0, x = left; j < kernel[1]; j += 1, x += dilation[1]) {
                if (x < 0 || x >= width) continue;
                result = merge(result, input[map + y * width + x]);
                inside += 1;
              }
            }
            out[to] = finish(result, layer, inShape, row, col, inside);
          }
        }
      }
    },
  };
}

/**
 * "3 cells of the window are padding", where some are.
 * @param {ShownCell[][]} cells
 * @param {string} [more]
 */
export function paddingWords(cells, more = "") {
  const count = cells.flat().filter((cell) => cell.padding).length;
  return count ? `; ${count} cells of the window are padding${more}` : "";
}

/**
 * @param {Cell[][]} cells
 * @param {number} digits
 * @param {string} padding  what it counts as
 * @returns {ShownCell[][]}
 */
export const show = (cells, digits, padding) =>
  cells.map((line) =>
    line.map((cell) => ({
      ...cell,
      value: cell.value === null ? padding : format(cell.value, digits),
    })),
  );

/** The values that aren't padding.
 * @param {ShownCell[][]} cells
 */
export const shownInside = (cells) =>
  cells
    .flat()
    .filter((cell) => !cell.padding)
    .map((cell) => cell.value);

const LISTED = 16; // values that are told one by one

/** The values of a window in words: all of them, as long as they can be read.
 * @param {ShownCell[][]} cells
 */
export function valuesWords(cells) {
  const values = shownInside(cells);
  return values.length > LISTED ? `${values.length} values` : listing(values);
}

/** An entry of `inputs`.
 * @param {number[]} inShape
 * @param {Inside} cell
 * @param {number} weight
 */
export function entry(inShape, { channel, row, col, value }, weight) {
  const unit = { channel, row, col };
  return { index: indexOf(inShape, unit), unit, weight, contribution: weight * value };
}

/**
 * The readers of a pooling: the windows that lie on a unit, each with `weightOf` it there.
 * @param {(layer: Layer, inShape: number[], window: MapUnit, unit: MapUnit, input: Float32Array
 *   ) => number} weightOf
 * @returns {import("../types.js").Readers}
 */
export const windowReaders = (weightOf) => (layer, inShape, unit, input) => {
  if ("index" in unit) throw new Error(`layer ${layer.name} reads maps`);
  const { channel } = unit;
  return [
    slidingReaders(layer, inShape, unit, (row, col) => {
      const window = { channel, row, col };
      return { unit: window, weight: weightOf(layer, inShape, window, unit, input) };
    }),
  ];
};
