/** Softmax over the logits: a pseudo-layer after the last one, where that gives a vector. */

import { exactly, format, parse } from "../../shared/numbers.js";
import { joinNotes, resultNote, sumNote } from "../../shared/sums.js";
import { indexOf } from "../units.js";
import { tensor } from "./python.js";

/** @typedef {import("../types.js").VectorUnit} VectorUnit */

/** Largest input; torch subtracts it, so that no exponential overflows.
 * @param {Float32Array} input
 */
function maximum(input) {
  let max = -Infinity;
  for (let index = 0; index < input.length; index += 1) if (input[index] > max) max = input[index];
  return max;
}

/**
 * Probabilities from logits, with the largest logit subtracted first, as torch does.
 * @param {Float32Array} logits
 * @param {Float32Array} out
 */
export function fillProbabilities(logits, out) {
  const max = maximum(logits);
  let sum = 0;
  for (let index = 0; index < logits.length; index += 1) sum += Math.exp(logits[index] - max);
  for (let index = 0; index < logits.length; index += 1) {
    out[index] = Math.exp(logits[index] - max) / sum;
  }
}

/** A number that isn't 0 never reads as 0.
 * @param {number} value
 * @param {number} digits
 */
function spelled(value, digits) {
  const text = format(value, digits);
  return parse(text) === 0 && value !== 0 ? exactly(value) : text;
}

/** A probability moves with its own logit, against each other one.
 * @param {number} index
 * @param {VectorUnit} unit
 */
const weightOf = (index, unit) => (index === unit.index ? 1 : -1);

/**
 * @type {import("../types.js").KindOf<
 *   VectorUnit, import("../types.js").SharesTerms, import("../types.js").SharesShown>}
 */
export const softmax = {
  form: "shares",
  short: () => "probabilities",
  title: () => "Softmax",
  words: () => "Turns the logits into probabilities: each exponential over the sum of all.",
  outShape: (_layer, inShape) => [...inShape],
  forward: (_layer, input, _inShape, out) => fillProbabilities(input, out),
  window: (_layer, inShape) => ({ indices: [0, inShape[0]] }),
  inputs(_layer, inShape, unit, input) {
    const probabilities = new Float32Array(inShape[0]);
    if (input) fillProbabilities(input, probabilities);
    return Array.from(probabilities, (probability, index) => ({
      index,
      unit: { index },
      weight: weightOf(index, unit),
      // The logit's share of the sum: for the unit itself, its probability.
      contribution: weightOf(index, unit) * (input ? probability : 1),
    }));
  },
  arithmetic(_layer, input, _inShape, output, unit) {
    const max = maximum(input);
    const exponentials = Array.from(input, (logit, index) => ({
      index,
      logit,
      exponential: Math.exp(logit - max),
    }));
    return {
      index: unit.index,
      max,
      exponentials,
      sum: exponentials.reduce((sum, { exponential }) => sum + exponential, 0),
      value: output[unit.index],
    };
  },
  display(terms, digits) {
    const exponentials = terms.exponentials.map(({ index, logit, exponential }) => ({
      index,
      logit: format(logit, digits.sums),
      exponential: format(exponential, digits.sums),
    }));
    const sum = format(terms.sum, digits.sums);
    const value = spelled(terms.value, digits.sums);
    const own = exponentials[terms.index];
    const max = format(terms.max, digits.sums);
    const totalNote = sumNote(
      exponentials.map((part) => part.exponential),
      sum,
      terms.sum,
      "exponentials",
    );
    const quotientNote = resultNote(
      parse(own.exponential) / parse(sum),
      value,
      `${own.exponential} / ${sum} is`,
    );
    const off = exponentials.some(
      ({ logit, exponential }) =>
        resultNote(Math.exp(parse(logit) - parse(max)), exponential, "") !== null,
    );
    const factors = off
      ? `logits are shown to ${digits.sums} digits; exponentials are those of the unrounded ones`
      : null;
    return {
      index: terms.index,
      max,
      exponentials,
      ownExponential: spelled(terms.exponentials[terms.index].exponential, digits.sums),
      sum,
      value,
      totalNote,
      quotientNote,
      factorsNote: factors,
      roundingNote: joinNotes([totalNote, quotientNote, factors]),
    };
  },
  sentence(shown) {
    const own = shown.exponentials[shown.index];
    return (
      `the exponential of its logit ${own.logit} less the largest, ${shown.max}, ` +
      `is ${shown.ownExponential}; ` +
      `divided by the sum of all ${shown.exponentials.length} exponentials, ${shown.sum}`
    );
  },
  snippet: (_layer, input, _inShape, unit) => [
    `logits = ${tensor([...input])}`,
    `value = logits.softmax(dim=0)[${unit.index}]`,
  ],
  // Of any loss of the probabilities; with cross-entropy it comes down to softmax − one-hot
  // (backward/terms.js).
  backward: {
    readers(_layer, inShape, unit, input) {
      const from = indexOf(inShape, unit);
      const shares = new Float32Array(inShape[0]);
      fillProbabilities(input, shares);
      return [
        Array.from(shares, (share, index) => [
          { unit: { index }, weight: share * (Number(index === from) - shares[from]) },
        ]),
      ];
    },
    words: () => "Every probability sends its gradient back, times its slope by this logit.",
    factor: "slope",
  },
};
