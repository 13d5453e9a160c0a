/** What activations share: each unit from the one in the same place, in maps and vectors alike. */

import { format, parse } from "../../shared/numbers.js";
import { resultNote } from "../../shared/sums.js";
import { indexOf } from "../units.js";
import { literal } from "./python.js";

/** @typedef {import("../types.js").Unit} Unit */
/** @typedef {import("../types.js").Hyper} Hyper */

/**
 * What a unit reads that stands at its own place: one number.
 * @param {Unit} unit
 * @returns {import("../types.js").Window}
 */
export function samePlace(unit) {
  if ("index" in unit) return { indices: [unit.index, unit.index + 1] };
  const [rows, cols] = [[unit.row], [unit.col]];
  return {
    channels: [unit.channel, unit.channel + 1],
    rows,
    cols,
    sourceRows: rows,
    sourceCols: cols,
  };
}

/**
 * The way back of a kind whose units each read the one at their place: one reader.
 * @param {(layer: import("../types.js").Layer, unit: any, value: number) => number} slope
 * @returns {import("../types.js").Readers}
 */
export const readerInPlace = (slope) => (layer, inShape, unit, input) => [
  [[{ unit: { ...unit }, weight: slope(layer, unit, input[indexOf(inShape, unit)]) }]],
];

/**
 * A unit's own value, and the one it is made of.
 * @type {import("../types.js").KindOf<
 *   Unit, import("../types.js").FormulaTerms, import("../types.js").FormulaShown>["arithmetic"]}
 */
export function fromOne(layer, input, inShape, output, unit) {
  return {
    from: { ...unit },
    hyper: layer.hyper,
    input: input[indexOf(inShape, unit)],
    value: output[indexOf(layer.shape, unit)],
  };
}

/**
 * An entry of an activation; `operation` in JavaScript, `python` the same in torch.
 * @param {object} what
 * @param {(x: string, hyper: Hyper) => string} what.formula  of x, a letter or a number
 * @param {string} what.title
 * @param {string | ((hyper: Hyper) => string)} what.words
 * @param {(x: number, hyper: Hyper) => number} what.operation
 * @param {(x: number, hyper: Hyper) => number} what.derivative
 * @param {(x: string, hyper: Hyper) => string} what.python  of a tensor
 * @param {(input: string, hyper: Hyper) => string} what.sentence
 * @param {string} what.back  what becomes of a gradient
 * @param {string} [what.short]  in place of the formula, for a column's head
 * @returns {import("../types.js").KindOf<
 *   Unit, import("../types.js").FormulaTerms, import("../types.js").FormulaShown>}
 */
export function pointwise({
  formula,
  title,
  words,
  operation,
  python,
  derivative,
  sentence,
  back,
  short,
}) {
  return {
    form: "formula",
    short: ({ hyper }) => short ?? formula("x", hyper),
    title: () => title,
    words: ({ hyper }) => (typeof words === "string" ? words : words(hyper)),
    outShape: (_layer, inShape) => [...inShape],
    forward({ hyper }, input, _inShape, out) {
      for (let index = 0; index < out.length; index += 1) {
        out[index] = operation(input[index], hyper);
      }
    },
    window: (_layer, _inShape, unit) => samePlace(unit),
    inputs({ hyper }, inShape, unit, input) {
      const index = indexOf(inShape, unit);
      return [
        {
          index,
          unit: { ...unit },
          weight: input ? derivative(input[index], hyper) : 1,
          contribution: input ? operation(input[index], hyper) : 1,
        },
      ];
    },
    arithmetic: fromOne,
    display(terms, digits) {
      const { hyper } = terms;
      const input = format(terms.input, digits.sums);
      const value = format(terms.value, digits.sums);
      const again = operation(parse(input), hyper);
      const roundingNote = resultNote(again, value, "the input shown gives");
      return { ...terms, input, value, formula: formula(input, hyper), roundingNote };
    },
    sentence: (shown) => sentence(shown.input, shown.hyper),
    snippet: ({ hyper }, input, inShape, unit) => [
      `value = ${python(`torch.tensor(${literal(input[indexOf(inShape, unit)])})`, hyper)}`,
    ],
    backward: {
      readers: readerInPlace(({ hyper }, _unit, value) => derivative(value, hyper)),
      words: () => back,
      factor: "slope",
    },
  };
}
