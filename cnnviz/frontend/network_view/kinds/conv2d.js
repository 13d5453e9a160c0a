/** Conv2d: cross-correlation of every input channel with its kernel, summed, plus a bias. */

import { format } from "../../shared/numbers.js";
import { factorsNote, joinNotes, sumNote } from "../../shared/sums.js";
import { indexOf } from "../units.js";
import { forward } from "./conv2d_forward.js";
import { listing, parameters, tensor } from "./python.js";
import { geometry, grid, slidingReaders, slidingShape, slidingWindow } from "./sliding.js";
import { weightOf, weightShapeOf } from "./weights.js";

/**
 * @typedef {import("../types.js").Layer} Layer
 * @typedef {import("../types.js").MapUnit} MapUnit
 * @typedef {import("../types.js").MapWindow} MapWindow
 * @typedef {import("../types.js").PatchesTerms} PatchesTerms
 * @typedef {import("../types.js").PatchesShown} PatchesShown
 * @typedef {import("../types.js").ShownChannel} ShownChannel
 * @typedef {import("../types.js").Digits} Digits
 */

/**
 * @param {Layer} layer
 * @param {number[]} inShape
 * @param {MapUnit} unit
 */
const window = (layer, inShape, unit) => slidingWindow(layer, inShape, unit, [0, inShape[0]]);

/**
 * The kernel of one output and one input channel as rows of numbers.
 * @param {Layer} layer
 * @param {number[]} inShape
 * @param {MapUnit} unit
 * @param {number} channel  of the input
 */
function kernelOf(layer, inShape, unit, channel) {
  const [height, width] = geometry(layer).kernel;
  const weight = weightOf(layer);
  const first = (unit.channel * inShape[0] + channel) * height * width;
  return Array.from({ length: height }, (_, i) =>
    Array.from({ length: width }, (_, j) => weight[first + i * width + j]),
  );
}

/**
 * @param {Layer} layer
 * @param {number[]} inShape
 * @param {MapUnit} unit
 * @param {Float32Array | null} input
 */
function inputs(layer, inShape, unit, input) {
  // With a mirrored or wrapped padding one input may be read by several taps.
  /** @type {Map<number, import("../types.js").Input>} */
  const found = new Map();
  for (let channel = 0; channel < inShape[0]; channel += 1) {
    const kernel = kernelOf(layer, inShape, unit, channel);
    grid(window(layer, inShape, unit), (row, col, i, j) => {
      if (row < 0) return;
      const place = { channel, row, col };
      const index = indexOf(inShape, place);
      const weight = (found.get(index)?.weight ?? 0) + kernel[i][j];
      const contribution = weight * (input?.[index] ?? 1);
      found.set(index, { index, unit: place, weight, contribution });
    });
  }
  return [...found.values()];
}

/**
 * What the kernel lies on in one input channel, as rows of numbers.
 * @param {MapWindow} view
 * @param {Float32Array} input
 * @param {number[]} inShape
 * @param {number} channel
 */
const patchOf = (view, input, inShape, channel) =>
  grid(view, (row, col) => (row < 0 ? 0 : input[indexOf(inShape, { channel, row, col })]));

/**
 * @param {Layer} layer
 * @param {Float32Array} input
 * @param {number[]} inShape
 * @param {Float32Array} output
 * @param {MapUnit} unit
 * @returns {PatchesTerms}
 */
function arithmetic(layer, input, inShape, output, unit) {
  const view = window(layer, inShape, unit);
  const channels = Array.from({ length: inShape[0] }, (_, index) => {
    const patch = patchOf(view, input, inShape, index);
    const kernel = kernelOf(layer, inShape, unit, index);
    const products = patch.map((line, i) => line.map((value, j) => value * kernel[i][j]));
    return {
      index,
      patch,
      // A mirrored or wrapped cell has a source and yet lies outside: it is padding too.
      inside: grid(
        view,
        (row, col, i, j) => row >= 0 && view.rows[i] === row && view.cols[j] === col,
      ),
      source: grid(view, (row, col) => (row < 0 ? null : { row, col })),
      kernel,
      products,
      sum: products.flat().reduce((sum, product) => sum + product, 0),
    };
  });
  const bias = layer.bias ? layer.bias[unit.channel] : null;
  return { channels, bias, value: output[indexOf(layer.shape, unit)] };
}

/** The channels' notes in one: a wide layer has too many to list.
 * @param {ShownChannel[]} channels
 */
function channelsNote(channels) {
  const noted = channels.filter((channel) => channel.note !== null);
  if (noted.length < 2) return noted.length ? noted[0].note : null;
  const which =
    noted.length === channels.length
      ? "every channel"
      : `channels ${listing(noted.map((channel) => String(channel.index)))}`;
  return (
    `rounded: in ${which} the products shown sum to a little more or less ` +
    "than the channel sum shown"
  );
}

/** @param {PatchesTerms} terms @param {Digits} digits @returns {PatchesShown} */
function display(terms, digits) {
  const show = (/** @type {number[][]} */ values, /** @type {number} */ count) =>
    values.map((line) => line.map((value) => format(value, count)));
  const channels = terms.channels.map((channel) => {
    const shown = {
      ...channel,
      patch: show(channel.patch, digits.factors),
      kernel: show(channel.kernel, digits.factors),
      products: show(channel.products, digits.products),
      sum: format(channel.sum, digits.sums),
    };
    const what = terms.channels.length > 1 ? `products of channel ${channel.index}` : "products";
    return { ...shown, note: sumNote(shown.products.flat(), shown.sum, channel.sum, what) };
  });
  const bias = terms.bias === null ? null : format(terms.bias, digits.sums);
  const value = format(terms.value, digits.sums);
  const sums = channels.map((channel) => channel.sum);
  const exact = terms.channels.reduce((sum, channel) => sum + channel.sum, terms.bias ?? 0);
  const totalNote = sumNote(
    bias === null ? sums : [...sums, bias],
    value,
    exact,
    "channel sums and bias",
  );
  const cells = channels.flatMap(({ patch, kernel, products }) =>
    products.flatMap((line, i) =>
      line.map((product, j) => ({ a: patch[i][j], b: kernel[i][j], product })),
    ),
  );
  const factors = factorsNote(cells, digits.factors);
  const roundingNote = joinNotes([channelsNote(channels), totalNote, factors]);
  return { channels, bias, value, totalNote, factorsNote: factors, roundingNote };
}

/** @param {PatchesShown} shown */
function sentence({ channels, bias }) {
  const sums = channels.map((channel) => channel.sum);
  const cells = channels[0].inside.flat();
  const padding = cells.filter((inside) => !inside).length;
  const product =
    sums.length === 1
      ? `patch times kernel sums to ${sums[0]}`
      : `patch times kernel, channel by channel: ${listing(sums)}`;
  const plus = bias === null ? "there is no bias" : `plus the bias ${bias}`;
  const outside = `; ${padding} of the ${cells.length} cells of the window are padding`;
  return `${product}; ${plus}${padding ? outside : ""}`;
}

/**
 * @param {Layer} layer
 * @param {Float32Array} input
 * @param {number[]} inShape
 * @param {MapUnit} unit
 * @param {import("../types.js").Source} source
 */
function snippet(layer, input, inShape, unit, source) {
  const view = window(layer, inShape, unit);
  const patches = Array.from({ length: inShape[0] }, (_, channel) =>
    patchOf(view, input, inShape, channel),
  );
  const { dilation } = geometry(layer);
  const spread = dilation.some((step) => step !== 1)
    ? "  # the cells that the dilated kernel reads, side by side"
    : "";
  return [
    `patch = ${tensor([patches])}${spread}`,
    ...parameters(layer, source, [unit.channel, unit.channel + 1]),
    `value = F.conv2d(patch, weight${layer.bias ? ", bias" : ""})`,
  ];
}

/** @type {import("../types.js").Readers} */
function readers(layer, inShape, unit) {
  if ("index" in unit) throw new Error(`layer ${layer.name} reads maps`);
  const weight = weightOf(layer);
  const [height, width] = geometry(layer).kernel;
  return Array.from({ length: layer.shape[0] }, (_, channel) => {
    const first = (channel * inShape[0] + unit.channel) * height * width;
    return slidingReaders(layer, inShape, unit, (row, col, i, j) => ({
      unit: { channel, row, col },
      weight: weight[first + i * width + j],
      tap: { row: i, col: j },
    }));
  });
}

/** @type {import("../types.js").KindOf<MapUnit, PatchesTerms, PatchesShown>} */
export const conv2d = {
  form: "patches",
  short: (layer) => `${geometry(layer).kernel.join("×")} conv`,
  title: (layer) => `${geometry(layer).kernel.join("×")} convolution`,
  words: (layer) => {
    const { stride, padding, dilation, mode } = geometry(layer);
    const extras = [
      stride.some((step) => step !== 1) && `stride ${stride.join("×")}`,
      padding.some((cells) => cells !== 0) && `padding ${padding.join("×")} (${mode})`,
      dilation.some((step) => step !== 1) && `dilation ${dilation.join("×")}`,
    ].filter(Boolean);
    return (
      "Each map is the sum over all input channels of patch times kernel, plus a bias" +
      (extras.length ? `; ${extras.join(", ")}.` : ".")
    );
  },
  outShape: (layer, inShape) => {
    const shape = weightShapeOf(layer);
    if (shape[1] !== inShape[0])
      throw new Error(`layer ${layer.name} takes ${shape[1]} channels, got [${inShape}]`);
    return [shape[0], ...slidingShape(layer, inShape)];
  },
  forward,
  window,
  inputs,
  arithmetic,
  display,
  sentence,
  snippet,
  backward: {
    readers,
    words: () =>
      "Transposed convolution: every unit whose window lay on this value sends its gradient back, " +
      "times the weight that stood here. So each kernel acts flipped, turned by 180°.",
    factor: "weight",
  },
};
