/** ReLU and Tanh: each unit from the one in the same place; for maps and vectors. */

import { format, parse } from "../../shared/numbers.js";
import { resultNote } from "../../shared/sums.js";
import { indexOf } from "../units.js";
import { literal } from "./python.js";

/** @typedef {import("../types.js").Unit} Unit */

/**
 * What both share; `operation` in JavaScript, `python` the same in torch.
 * @param {object} what
 * @param {string} what.formula  of x
 * @param {string} what.title
 * @param {string} what.words
 * @param {(x: number) => number} what.operation
 * @param {(x: number) => number} what.derivative
 * @param {string} what.python
 * @param {(input: string) => string} what.sentence
 * @returns {import("../types.js").KindOf<
 *   Unit, import("../types.js").FormulaTerms, import("../types.js").FormulaShown>}
 */
function pointwise({ formula, title, words, operation, python, derivative, sentence }) {
  return {
    form: "formula",
    short: () => formula,
    title: () => title,
    words: () => words,
    outShape: (_layer, inShape) => [...inShape],
    forward(_layer, input, _inShape, out) {
      for (let index = 0; index < out.length; index += 1) out[index] = operation(input[index]);
    },
    window(_layer, _inShape, unit) {
      if ("index" in unit) return { indices: [unit.index, unit.index + 1] };
      const [rows, cols] = [[unit.row], [unit.col]];
      return {
        channels: [unit.channel, unit.channel + 1],
        rows,
        cols,
        sourceRows: rows,
        sourceCols: cols,
      };
    },
    inputs(_layer, inShape, unit, input) {
      const index = indexOf(inShape, unit);
      return [
        {
          index,
          unit: { ...unit },
          weight: input ? derivative(input[index]) : 1,
          contribution: input ? operation(input[index]) : 1,
        },
      ];
    },
    arithmetic(layer, input, inShape, output, unit) {
      return {
        from: { ...unit },
        input: input[indexOf(inShape, unit)],
        value: output[indexOf(layer.shape, unit)],
      };
    },
    display(terms, digits) {
      const input = format(terms.input, digits.sums);
      const value = format(terms.value, digits.sums);
      const roundingNote = resultNote(operation(parse(input)), value, "the input shown gives");
      return { ...terms, input, value, roundingNote };
    },
    sentence: (shown) => sentence(shown.input),
    snippet: (_layer, input, inShape, unit) => [
      `value = ${python}(torch.tensor(${literal(input[indexOf(inShape, unit)])}))`,
    ],
  };
}

export const relu = pointwise({
  formula: "max(0, x)",
  title: "ReLU",
  words: "Keeps what is positive and sets the rest to zero: max(0, x).",
  // Not Math.max(0, x): NaN passes through, as in torch, and no -0 comes out.
  operation: (x) => (x > 0 || Number.isNaN(x) ? x : 0),
  derivative: (x) => (x > 0 ? 1 : 0),
  python: "F.relu",
  sentence: (input) => `the larger of 0 and its input ${input}`,
});

export const tanh = pointwise({
  formula: "tanh(x)",
  title: "tanh",
  words: "Squeezes each value to between −1 and 1.",
  operation: Math.tanh,
  derivative: (x) => 1 - Math.tanh(x) ** 2,
  python: "torch.tanh",
  sentence: (input) => `the hyperbolic tangent of its input ${input}`,
});
