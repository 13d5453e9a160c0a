/** AvgPool2d: the mean of each window; and AdaptiveAvgPool2d(1): the mean of each whole map. */

import { format, parse } from "../../shared/numbers.js";
import { joinNotes, resultNote, sumNote } from "../../shared/sums.js";
import { indexOf } from "../units.js";
import * as pool from "./pooling.js";
import { tensor } from "./python.js";
import { geometry } from "./sliding.js";

/** @typedef {import("../types.js").Layer} Layer */

const { divisorOf, insideOf, shownInside, windowCells } = pool;

/**
 * @type {import("../types.js").KindOf<import("../types.js").MapUnit,
 *   import("../types.js").MeanTerms, import("../types.js").MeanShown>}
 */
export const avgpool2d = {
  ...pool.pooling({
    name: "mean",
    words: "Takes the mean",
    first: 0,
    merge: (sum, value) => sum + value,
    finish: (sum, layer, inShape, row, col, inside) =>
      sum / divisorOf(layer, inShape, row, col, inside),
  }),
  title: (layer) => `${geometry(layer).kernel.join("×")} average pooling`,
  inputs(layer, inShape, unit, input) {
    const cells = insideOf(windowCells(layer, inShape, unit, input));
    const weight = 1 / divisorOf(layer, inShape, unit.row, unit.col, cells.length);
    return cells.map((cell) => pool.entry(inShape, cell, weight));
  },
  arithmetic(layer, input, inShape, output, unit) {
    const cells = windowCells(layer, inShape, unit, input);
    const inside = insideOf(cells);
    return {
      window: cells,
      channel: unit.channel,
      sum: inside.reduce((sum, cell) => sum + cell.value, 0),
      divisor: divisorOf(layer, inShape, unit.row, unit.col, inside.length),
      value: output[indexOf(layer.shape, unit)],
    };
  },
  display(terms, digits) {
    const { channel, divisor } = terms;
    const cells = pool.show(terms.window, digits.sums, "0");
    const sum = format(terms.sum, digits.sums);
    const value = format(terms.value, digits.sums);
    const totalNote = sumNote(shownInside(cells), sum, terms.sum, "cells");
    const quotientNote = resultNote(parse(sum) / divisor, value, `${sum} / ${divisor} is`);
    const roundingNote = joinNotes([totalNote, quotientNote]);
    return { window: cells, channel, sum, divisor, value, totalNote, quotientNote, roundingNote };
  },
  sentence: ({ window: cells, sum, divisor }) =>
    `the mean of ${pool.valuesWords(cells)}: their sum ${sum} divided by ${divisor}` +
    pool.paddingWords(cells),
  snippet(layer, input, inShape, unit) {
    const cells = insideOf(windowCells(layer, inShape, unit, input)).map((cell) => cell.value);
    const divisor = divisorOf(layer, inShape, unit.row, unit.col, cells.length);
    const mean = `window.sum() / ${divisor}  # torch counts padding, too`;
    const value = divisor === cells.length ? "window.mean()" : mean;
    return [`window = ${tensor(cells)}`, `value = ${value}`];
  },
  backward: {
    readers: pool.windowReaders((layer, inShape, window) => {
      const inside = insideOf(windowCells(layer, inShape, window, null)).length;
      return 1 / divisorOf(layer, inShape, window.row, window.col, inside);
    }),
    words: () => "Every value of a window gets an equal share of its gradient.",
    factor: "share",
  },
};

/** @type {WeakMap<Layer, Layer>} */
const windowed = new WeakMap();

/** The same as an AvgPool2d whose window is the map: one a layer, as windows are kept by layer.
 * @param {Layer} layer
 */
function asPooling(layer) {
  const known = windowed.get(layer);
  if (known) return known;
  const [channels, rows, cols] = layer.inShape;
  if (cols === undefined) {
    throw new Error(`layer ${layer.name} (${layer.kind}) needs maps, got [${channels}]`);
  }
  const kernel = /** @type {import("../types.js").Pair} */ ([rows, cols]);
  const made = { ...layer, hyper: { kernel, stride: kernel } };
  windowed.set(layer, made);
  return made;
}

/** @type {typeof avgpool2d} */
export const globalavgpool2d = {
  ...avgpool2d,
  short: () => "mean of map",
  title: () => "Global average pooling",
  words: () => "Takes the mean of each whole map: one number a map.",
  outShape: (layer, inShape) => avgpool2d.outShape(asPooling(layer), inShape),
  forward: (layer, ...rest) => avgpool2d.forward(asPooling(layer), ...rest),
  window: (layer, ...rest) => avgpool2d.window(asPooling(layer), ...rest),
  inputs: (layer, ...rest) => avgpool2d.inputs(asPooling(layer), ...rest),
  arithmetic: (layer, ...rest) => avgpool2d.arithmetic(asPooling(layer), ...rest),
  snippet: (layer, ...rest) => avgpool2d.snippet(asPooling(layer), ...rest),
  backward: {
    ...avgpool2d.backward,
    readers: (layer, ...rest) => avgpool2d.backward.readers(asPooling(layer), ...rest),
  },
};
