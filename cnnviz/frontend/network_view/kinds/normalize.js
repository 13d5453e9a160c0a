/** Normalize: each channel of the picture less its data set's mean, over the standard deviation. */

import { format, parse } from "../../shared/numbers.js";
import { resultNote } from "../../shared/sums.js";
import { indexOf } from "../units.js";
import { fromOne, readerInPlace, samePlace } from "./pointwise.js";
import { literal, tensor } from "./python.js";

/**
 * Of one channel.
 * @param {import("../types.js").Hyper} hyper
 * @param {import("../types.js").Unit} unit
 */
function numbersOf({ mean = [], std = [] }, unit) {
  const channel = "channel" in unit ? unit.channel : 0;
  return { mean: mean[channel], std: std[channel] };
}

/**
 * @type {import("../types.js").KindOf<import("../types.js").MapUnit,
 *   import("../types.js").FormulaTerms, import("../types.js").FormulaShown>}
 */
export const normalize = {
  form: "formula",
  short: () => "normalised",
  title: () => "Normalisation",
  words: () =>
    "Takes the mean of its channel off each value and divides by the standard deviation: numbers " +
    "of the data set, which training leaves as they are.",
  outShape({ name, hyper }, inShape) {
    const channels = hyper.mean?.length ?? 0;
    if (inShape.length !== 3 || inShape[0] !== channels) {
      throw new Error(`layer ${name} takes ${channels} channels, got [${inShape}]`);
    }
    return [...inShape];
  },
  forward({ hyper }, input, [channels, height, width], out) {
    const size = height * width;
    for (let channel = 0, at = 0; channel < channels; channel += 1) {
      const { mean, std } = numbersOf(hyper, { channel, row: 0, col: 0 });
      for (const end = at + size; at < end; at += 1) out[at] = (input[at] - mean) / std;
    }
  },
  window: (_layer, _inShape, unit) => samePlace(unit),
  inputs({ hyper }, inShape, unit, input) {
    const index = indexOf(inShape, unit);
    const weight = 1 / numbersOf(hyper, unit).std;
    return [{ index, unit: { ...unit }, weight, contribution: weight * (input?.[index] ?? 1) }];
  },
  arithmetic: fromOne,
  display(terms, digits) {
    const { mean, std } = numbersOf(terms.hyper, terms.from);
    const input = format(terms.input, digits.sums);
    const value = format(terms.value, digits.sums);
    const [less, over] = [mean, std].map((number) => String(number).replace("-", "−"));
    const formula = `(${input} − ${mean < 0 ? `(${less})` : less}) / ${over}`;
    const roundingNote = resultNote((parse(input) - mean) / std, value, "the numbers shown give");
    return { ...terms, input, value, formula, roundingNote };
  },
  sentence: (shown) => {
    const { mean, std } = numbersOf(shown.hyper, shown.from);
    return `its input ${shown.input} minus the mean ${mean}, divided by the deviation ${std}`;
  },
  snippet({ hyper }, input, inShape, unit) {
    const { mean, std } = numbersOf(hyper, unit);
    return [
      `value = (${tensor([input[indexOf(inShape, unit)]])} - ${literal(mean)}) / ${literal(std)}`,
    ];
  },
  backward: {
    readers: readerInPlace(({ hyper }, unit) => 1 / numbersOf(hyper, unit).std),
    words: () => "Divided by the standard deviation, as the value was.",
    factor: "slope",
  },
};
