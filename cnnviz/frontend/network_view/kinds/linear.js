/** Linear: every input times its weight, summed, plus a bias. */

import { format } from "../../shared/numbers.js";
import { factorsNote, joinNotes, sumNote } from "../../shared/sums.js";
import { indexOf } from "../units.js";
import { parameters, tensor } from "./python.js";
import { weightOf, weightShapeOf } from "./weights.js";

/**
 * @typedef {import("../types.js").Layer} Layer
 * @typedef {import("../types.js").VectorUnit} VectorUnit
 * @typedef {import("../types.js").ContributionsTerms} ContributionsTerms
 * @typedef {import("../types.js").ContributionsShown} ContributionsShown
 */
/**
 * @template {import("../types.js").Unit} U
 * @template {{value: number}} T
 * @template {import("../types.js").ShownValue} S
 * @typedef {import("../types.js").KindOf<U, T, S>} KindOf
 */

/** How many contributions are shown one by one. */
export const SHOWN = 8;

/**
 * @param {Layer} layer
 * @param {number[]} inShape
 * @param {import("../types.js").VectorUnit} unit
 */
const weightsOf = (layer, [count], { index }) =>
  weightOf(layer).subarray(index * count, (index + 1) * count);

/** @type {KindOf<VectorUnit, ContributionsTerms, ContributionsShown>} */
export const linear = {
  form: "contributions",
  short: () => "weights",
  title: () => "Linear",
  words: () => "Each output is the sum of all inputs, each times its weight, plus a bias.",
  outShape(layer, inShape) {
    const shape = weightShapeOf(layer);
    if (inShape.length !== 1 || inShape[0] !== shape[1]) {
      throw new Error(`layer ${layer.name} takes a vector of ${shape[1]}, got [${inShape}]`);
    }
    return [shape[0]];
  },
  forward(layer, input, inShape, out) {
    const weight = weightOf(layer);
    const { bias } = layer;
    const [count] = inShape;
    for (let index = 0, tap = 0; index < out.length; index += 1) {
      let sum = bias ? bias[index] : 0;
      for (let from = 0; from < count; from += 1, tap += 1) sum += weight[tap] * input[from];
      out[index] = sum;
    }
  },
  window: (_layer, inShape) => ({ indices: [0, inShape[0]] }),
  inputs: (layer, inShape, unit, input) =>
    Array.from(weightsOf(layer, inShape, unit), (weight, index) => ({
      index,
      unit: { index },
      weight,
      contribution: weight * (input ? input[index] : 1),
    })),
  arithmetic(layer, input, inShape, output, unit) {
    const all = Array.from(weightsOf(layer, inShape, unit), (weight, index) => ({
      index,
      input: input[index],
      weight,
      product: input[index] * weight,
    }));
    all.sort((a, b) => Math.abs(b.product) - Math.abs(a.product) || a.index - b.index);
    const rest = all.slice(SHOWN);
    return {
      contributions: all,
      shown: Math.min(SHOWN, all.length),
      restCount: rest.length,
      restSum: rest.reduce((sum, { product }) => sum + product, 0),
      bias: layer.bias ? layer.bias[unit.index] : null,
      value: output[unit.index],
    };
  },
  display(terms, digits) {
    const contributions = terms.contributions.slice(0, terms.shown).map((part) => ({
      index: part.index,
      input: format(part.input, digits.factors),
      weight: format(part.weight, digits.factors),
      product: format(part.product, digits.sums),
    }));
    const restSum = terms.restCount ? format(terms.restSum, digits.sums) : null;
    const bias = terms.bias === null ? null : format(terms.bias, digits.sums);
    const value = format(terms.value, digits.sums);
    const texts = [...contributions.map((part) => part.product), restSum, bias].filter(
      (text) => text !== null,
    );
    const exact = terms.contributions.reduce((sum, part) => sum + part.product, terms.bias ?? 0);
    const totalNote = sumNote(texts, value, exact);
    const factors = factorsNote(
      contributions.map(({ input, weight, product }) => ({ a: input, b: weight, product })),
      digits.factors,
    );
    return {
      contributions,
      restCount: terms.restCount,
      restSum,
      bias,
      value,
      totalNote,
      factorsNote: factors,
      roundingNote: joinNotes([totalNote, factors]),
    };
  },
  sentence(shown) {
    const [largest] = shown.contributions;
    const count = shown.contributions.length + shown.restCount;
    return (
      `the sum of ${count} inputs times their weights` +
      (largest ? `, the largest ${largest.product} from unit ${largest.index}` : "") +
      (shown.restCount ? `, the ${shown.restCount} smallest together ${shown.restSum}` : "") +
      (shown.bias === null ? "; there is no bias" : `; plus the bias ${shown.bias}`)
    );
  },
  snippet: (layer, input, _inShape, unit, source) => [
    `inputs = ${tensor([[...input]])}`,
    ...parameters(layer, source, [unit.index, unit.index + 1]),
    `value = F.linear(inputs, weight${layer.bias ? ", bias" : ""})`,
  ],
  backward: {
    readers: (layer, inShape, unit) => {
      const weight = weightOf(layer);
      const [from, count] = [indexOf(inShape, unit), inShape[0]];
      return [
        Array.from({ length: layer.shape[0] }, (_, index) => [
          { unit: { index }, weight: weight[index * count + from] },
        ]),
      ];
    },
    words: () =>
      "Every output sends its gradient back, times the weight with which it read the value.",
    factor: "weight",
  },
};
