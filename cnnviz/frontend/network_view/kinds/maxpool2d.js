/** MaxPool2d: the largest number of each window. */

import { format } from "../../shared/numbers.js";
import { indexOf } from "../units.js";
import {
  entry,
  insideOf,
  paddingWords,
  pooling,
  show,
  valuesWords,
  windowCells,
  windowReaders,
} from "./pooling.js";
import { tensor } from "./python.js";
import { geometry } from "./sliding.js";

/** @typedef {import("./pooling.js").Inside} Inside */

/** The first of the largest, as torch takes it; a NaN wins over everything.
 * @param {Inside[]} cells
 */
function winnerOf(cells) {
  /** @type {Inside | null} */
  let best = null;
  for (const cell of cells) {
    if (!best || cell.value > best.value || Number.isNaN(cell.value)) best = cell;
  }
  return best;
}

/** @param {{row: number, col: number}} cell */
const placeOf = ({ row, col }) => ({ row, col });

/**
 * @type {import("../types.js").KindOf<import("../types.js").MapUnit,
 *   import("../types.js").MaxTerms, import("../types.js").MaxShown>}
 */
export const maxpool2d = {
  ...pooling({
    name: "max",
    words: "Keeps the largest value",
    first: -Infinity,
    merge: (best, value) => (value > best || Number.isNaN(value) ? value : best),
    finish: (best) => best,
  }),
  title: (layer) => `${geometry(layer).kernel.join("×")} max pooling`,
  inputs(layer, inShape, unit, input) {
    const cells = insideOf(windowCells(layer, inShape, unit, input));
    // Without values any cell may win.
    const winner = input && winnerOf(cells);
    return cells.map((cell) => entry(inShape, cell, !input || cell === winner ? 1 : 0));
  },
  arithmetic(layer, input, inShape, output, unit) {
    const cells = windowCells(layer, inShape, unit, input);
    const inside = insideOf(cells);
    const taken = winnerOf(inside);
    for (const cell of cells.flat()) {
      cell.taken = cell === taken;
      cell.winner = cell.taken || (!cell.padding && cell.value === taken?.value);
    }
    return {
      window: cells,
      channel: unit.channel,
      winners: inside.filter((cell) => cell.winner).map(placeOf),
      taken: taken && placeOf(taken),
      value: output[indexOf(layer.shape, unit)],
    };
  },
  display: (terms, digits) => ({
    ...terms,
    window: show(terms.window, digits.sums, format(-Infinity, 0)),
    value: format(terms.value, digits.sums),
    roundingNote: null,
  }),
  sentence: ({ window: cells, taken, winners }) =>
    `the largest of ${valuesWords(cells)}` +
    (taken ? `, from row ${taken.row}, column ${taken.col}` : "") +
    (winners.length > 1 ? `; ${winners.length} cells tie and the first is taken` : "") +
    paddingWords(cells, " and can't win"),
  snippet: (layer, input, inShape, unit) => [
    `window = ${tensor(insideOf(windowCells(layer, inShape, unit, input)).map((cell) => cell.value))}`,
    "value = window.max()",
  ],
  backward: {
    readers: windowReaders((layer, inShape, window, unit, input) => {
      const winner = winnerOf(insideOf(windowCells(layer, inShape, window, input)));
      return Number(winner?.row === unit.row && winner.col === unit.col);
    }),
    words: () =>
      "The largest value of a window gets its whole gradient, 1 times; the others get nothing.",
    factor: "wins",
  },
};
