/** MaxPool2d and AvgPool2d: one number for each window of one map. */

import { format, parse } from "../../shared/numbers.js";
import { joinNotes, resultNote, sumNote } from "../../shared/sums.js";
import { indexOf } from "../units.js";
import { listing, tensor } from "./python.js";
import { geometry, grid, slidingShape, slidingWindow } from "./sliding.js";

const window = (layer, inShape, unit) =>
  slidingWindow(layer, inShape, unit, [unit.channel, unit.channel + 1]);

/** A unit's window as a grid of {row, col, value, padding}; padding is no part of the map. */
function windowCells(layer, inShape, unit, input) {
  const view = window(layer, inShape, unit);
  return grid(view, (source, _col, i, j) => {
    const place = { channel: unit.channel, row: view.rows[i], col: view.cols[j] };
    const padding = source < 0;
    return { ...place, value: padding ? null : input[indexOf(inShape, place)], padding };
  });
}

const insideOf = (cells) => cells.flat().filter((cell) => !cell.padding);

/** How many cells torch divides by: the window's, cut off where its padding ends. */
function divisorOf(layer, inShape, row, col, inside) {
  if (layer.hyper.count_include_pad === false) return inside;
  const { kernel, stride, padding } = geometry(layer);
  const extent = (position, axis) => {
    const start = position * stride[axis] - padding[axis];
    return Math.min(start + kernel[axis], inShape[axis + 1] + padding[axis]) - start;
  };
  return extent(row, 0) * extent(col, 1);
}

/**
 * What both share. `merge` takes each cell of a window into what came of those before it,
 * beginning with `first`; `finish` makes the result of it.
 */
function pooling({ name, first, merge, finish, words, ...rest }) {
  /** @type {Partial<import("../types.js").Kind>} */
  const shared = {
    form: "window",
    short: ({ hyper }) => `${hyper.kernel.join("×")} ${name}`,
    words(layer) {
      const { kernel, stride, padding } = geometry(layer);
      const padded = padding.some((cells) => cells !== 0) ? `, padding ${padding.join("×")}` : "";
      return `${words} of each ${kernel.join("×")} window, stride ${stride.join("×")}${padded}.`;
    },
    outShape: (layer, inShape) => [inShape[0], ...slidingShape(layer, inShape)],
    window,
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
  return /** @type {import("../types.js").Kind} */ ({ ...shared, ...rest });
}

/** "3 cells of the window are padding", where some are. */
function paddingWords(cells, more = "") {
  const count = cells.flat().length - insideOf(cells).length;
  return count ? `; ${count} cells of the window are padding${more}` : "";
}

const show = (cells, digits, padding) =>
  cells.map((line) =>
    line.map((cell) => ({ ...cell, value: cell.padding ? padding : format(cell.value, digits) })),
  );

const shownInside = (cells) => insideOf(cells).map((cell) => cell.value);

/** The first of the largest, as torch takes it; a NaN wins over everything. */
function winnerOf(cells) {
  return cells.reduce(
    (best, cell) => (!best || cell.value > best.value || Number.isNaN(cell.value) ? cell : best),
    null,
  );
}

const placeOf = ({ row, col }) => ({ row, col });

/** An entry of `inputs`. */
const entry = (inShape, { channel, row, col, value }, weight) => {
  const unit = { channel, row, col };
  return { index: indexOf(inShape, unit), unit, weight, contribution: weight * value };
};

export const maxpool2d = pooling({
  title: (layer) => `${geometry(layer).kernel.join("×")} max pooling`,
  name: "max",
  words: "Keeps the largest value",
  first: -Infinity,
  merge: (best, value) => (value > best || value !== value ? value : best),
  finish: (best) => best,
  inputs(layer, inShape, unit, input) {
    // Without values any cell may win.
    const cells = insideOf(windowCells(layer, inShape, unit, input ?? []));
    const winner = input && winnerOf(cells);
    return cells.map((cell) =>
      input
        ? entry(inShape, cell, cell === winner ? 1 : 0)
        : entry(inShape, { ...cell, value: 1 }, 1),
    );
  },
  arithmetic(layer, input, inShape, output, unit) {
    const cells = windowCells(layer, inShape, unit, input);
    const inside = insideOf(cells);
    const taken = winnerOf(inside);
    for (const cell of cells.flat()) {
      cell.winner = !cell.padding && (cell === taken || cell.value === taken.value);
      cell.taken = cell === taken;
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
    `the largest of ${listing(shownInside(cells))}` +
    (taken ? `, from row ${taken.row}, column ${taken.col}` : "") +
    (winners.length > 1 ? `; ${winners.length} cells tie and the first is taken` : "") +
    paddingWords(cells, " and can't win"),
  snippet: (layer, input, inShape, unit) => [
    `window = ${tensor(shownInside(windowCells(layer, inShape, unit, input)))}`,
    "value = window.max()",
  ],
});

export const avgpool2d = pooling({
  title: (layer) => `${geometry(layer).kernel.join("×")} average pooling`,
  name: "mean",
  words: "Takes the mean",
  first: 0,
  merge: (sum, value) => sum + value,
  finish: (sum, layer, inShape, row, col, inside) =>
    sum / divisorOf(layer, inShape, row, col, inside),
  inputs(layer, inShape, unit, input) {
    const cells = insideOf(windowCells(layer, inShape, unit, input ?? []));
    const weight = 1 / divisorOf(layer, inShape, unit.row, unit.col, cells.length);
    return cells.map((cell) => entry(inShape, input ? cell : { ...cell, value: 1 }, weight));
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
    const cells = show(terms.window, digits.sums, "0");
    const sum = format(terms.sum, digits.sums);
    const value = format(terms.value, digits.sums);
    const totalNote = sumNote(shownInside(cells), sum, terms.sum, "cells");
    const quotientNote = resultNote(
      parse(sum) / terms.divisor,
      value,
      `${sum} / ${terms.divisor} is`,
    );
    return {
      ...terms,
      window: cells,
      sum,
      value,
      totalNote,
      quotientNote,
      roundingNote: joinNotes([totalNote, quotientNote]),
    };
  },
  sentence: (shown) =>
    `the mean of ${listing(shownInside(shown.window))}: their sum ${shown.sum} divided by ${shown.divisor}` +
    paddingWords(shown.window),
  snippet(layer, input, inShape, unit) {
    const cells = shownInside(windowCells(layer, inShape, unit, input));
    const divisor = divisorOf(layer, inShape, unit.row, unit.col, cells.length);
    const value =
      divisor === cells.length
        ? "window.mean()"
        : `window.sum() / ${divisor}  # torch counts padding, too`;
    return [`window = ${tensor(cells)}`, `value = ${value}`];
  },
});
