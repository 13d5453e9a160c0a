/** MaxPool2d and AvgPool2d: one number for each window of one map. */

import { format, joinNotes, parse, resultNote, sumNote, sumShown } from "../numbers.js";
import { indexOf } from "../units.js";
import { listing, tensor } from "./python.js";
import { geometry, grid, slidingShape, slidingWindow } from "./sliding.js";

/** @typedef {import("../types.js").Layer} Layer */

const window = (layer, inShape, unit) => slidingWindow(layer, inShape, unit, [unit.channel, unit.channel + 1]);

const outShape = (layer, inShape) => [inShape[0], ...slidingShape(layer, inShape)];

/** The cells of a unit's window that lie in the map, row by row: what torch looks at. */
function cellsOf(layer, inShape, unit, input) {
  const cells = [];
  grid(window(layer, inShape, unit), (row, col, i, j) => {
    if (row < 0) return;
    const place = { channel: unit.channel, row, col };
    const index = indexOf(inShape, place);
    cells.push({ index, unit: place, value: input ? input[index] : 0, i, j });
  });
  return cells;
}

/** The window as a grid of {row, col, value, padding, winner, taken}, `winners` and `taken` into `cells`. */
function windowGrid(layer, inShape, unit, cells, winners, taken) {
  const view = window(layer, inShape, unit);
  return grid(view, (row, col, i, j) => {
    const at = cells.findIndex((cell) => cell.i === i && cell.j === j);
    return {
      row: view.rows[i],
      col: view.cols[j],
      value: at < 0 ? null : cells[at].value,
      padding: at < 0,
      winner: winners.includes(at) && at >= 0,
      taken: at >= 0 && at === taken,
    };
  });
}

const showGrid = (cells, digits, padding) =>
  cells.map((line) =>
    line.map((cell) => ({ ...cell, value: cell.padding ? padding : format(cell.value, digits) })),
  );

const sizeWords = (layer) => {
  const { kernel, stride, padding } = geometry(layer);
  return (
    `each ${kernel.join("×")} window, stride ${stride.join("×")}` +
    (padding.some((cells) => cells !== 0) ? `, padding ${padding.join("×")}` : "")
  );
};

/** The first of the largest, as torch takes it; NaN wins over everything. */
function largest(cells) {
  let taken = -1;
  let best = -Infinity;
  cells.forEach((cell, at) => {
    if (taken < 0 || cell.value > best || Number.isNaN(cell.value)) {
      best = cell.value;
      taken = at;
    }
  });
  return taken;
}

/** @type {import("../types.js").Kind} */
export const maxpool2d = {
  symbol: "max",
  form: "window",
  short: ({ hyper }) => `${hyper.kernel.join("×")} max`,
  title: (layer) => `${geometry(layer).kernel.join("×")} max pooling`,
  words: (layer) => `Keeps the largest value of ${sizeWords(layer)}.`,
  outShape,
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
          let best = -Infinity;
          for (let i = 0; i < kernel[0]; i += 1) {
            const y = top + i * dilation[0];
            if (y < 0 || y >= height) continue;
            for (let j = 0; j < kernel[1]; j += 1) {
              const x = left + j * dilation[1];
              if (x < 0 || x >= width) continue;
              const value = input[map + y * width + x];
              if (value > best || value !== value) best = value;
            }
          }
          out[to] = best;
        }
      }
    }
  },
  window,
  inputs(layer, inShape, unit, input) {
    const cells = cellsOf(layer, inShape, unit, input);
    const taken = largest(cells);
    return cells.map(({ index, unit: place, value }, at) => {
      const weight = !input || at === taken ? 1 : 0;
      return { index, unit: place, weight, contribution: input ? weight * value : weight };
    });
  },
  arithmetic(layer, input, inShape, output, unit) {
    const cells = cellsOf(layer, inShape, unit, input);
    const taken = largest(cells);
    const winners = cells.flatMap((cell, at) => (at === taken || cell.value === cells[taken].value ? [at] : []));
    const place = taken < 0 ? null : { row: cells[taken].unit.row, col: cells[taken].unit.col };
    return {
      window: windowGrid(layer, inShape, unit, cells, winners, taken),
      channel: unit.channel,
      winners: winners.map((at) => ({ row: cells[at].unit.row, col: cells[at].unit.col })),
      taken: place,
      value: output[indexOf(layer.shape, unit)],
    };
  },
  display: (terms, digits) => ({
    ...terms,
    window: showGrid(terms.window, digits.sums, format(-Infinity, 0)),
    value: format(terms.value, digits.sums),
    roundingNote: null,
  }),
  sentence(shown) {
    const inside = shown.window.flat().filter((cell) => !cell.padding);
    const padding = shown.window.flat().length - inside.length;
    return (
      `the largest of ${listing(inside.map((cell) => cell.value))}` +
      (shown.taken ? `, from row ${shown.taken.row}, column ${shown.taken.col}` : "") +
      (shown.winners.length > 1 ? `; ${shown.winners.length} cells tie and the first is taken` : "") +
      (padding ? `; ${padding} cells of the window are padding and can't win` : "")
    );
  },
  snippet: (layer, input, inShape, unit) => [
    `window = ${tensor(cellsOf(layer, inShape, unit, input).map((cell) => cell.value))}`,
    "value = window.max()",
  ],
};

/** How many cells torch divides by: the window's, cut off where its padding ends. */
function divisorOf(layer, inShape, unit, inside) {
  if (layer.hyper.count_include_pad === false) return inside;
  const { kernel, stride, padding } = geometry(layer);
  const extent = (position, axis) => {
    const start = position * stride[axis] - padding[axis];
    return Math.min(start + kernel[axis], inShape[axis + 1] + padding[axis]) - start;
  };
  return extent(unit.row, 0) * extent(unit.col, 1);
}

/** @type {import("../types.js").Kind} */
export const avgpool2d = {
  symbol: "mean",
  form: "window",
  short: ({ hyper }) => `${hyper.kernel.join("×")} mean`,
  title: (layer) => `${geometry(layer).kernel.join("×")} average pooling`,
  words: (layer) => `Takes the mean of ${sizeWords(layer)}.`,
  outShape,
  forward(layer, input, inShape, out) {
    const { kernel, stride, padding } = geometry(layer);
    const [channels, height, width] = inShape;
    const [, outHeight, outWidth] = layer.shape;
    const withPadding = layer.hyper.count_include_pad !== false;
    let to = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      const map = channel * height * width;
      for (let row = 0; row < outHeight; row += 1) {
        const top = row * stride[0] - padding[0];
        const bottom = Math.min(top + kernel[0], height + padding[0]);
        for (let col = 0; col < outWidth; col += 1, to += 1) {
          const left = col * stride[1] - padding[1];
          const right = Math.min(left + kernel[1], width + padding[1]);
          const [y0, y1, x0, x1] = [Math.max(top, 0), Math.min(bottom, height), Math.max(left, 0), Math.min(right, width)];
          let sum = 0;
          for (let y = y0; y < y1; y += 1) {
            for (let x = x0; x < x1; x += 1) sum += input[map + y * width + x];
          }
          out[to] = sum / (withPadding ? (bottom - top) * (right - left) : (y1 - y0) * (x1 - x0));
        }
      }
    }
  },
  window,
  inputs(layer, inShape, unit, input) {
    const cells = cellsOf(layer, inShape, unit, input);
    const weight = 1 / divisorOf(layer, inShape, unit, cells.length);
    return cells.map(({ index, unit: place, value }) => ({
      index,
      unit: place,
      weight,
      contribution: input ? weight * value : weight,
    }));
  },
  arithmetic(layer, input, inShape, output, unit) {
    const cells = cellsOf(layer, inShape, unit, input);
    return {
      window: windowGrid(layer, inShape, unit, cells, [], -1),
      channel: unit.channel,
      sum: cells.reduce((sum, cell) => sum + cell.value, 0),
      divisor: divisorOf(layer, inShape, unit, cells.length),
      value: output[indexOf(layer.shape, unit)],
    };
  },
  display(terms, digits) {
    const cells = showGrid(terms.window, digits.sums, "0");
    const texts = cells.flat().flatMap((cell) => (cell.padding ? [] : [cell.value]));
    const sum = format(terms.sum, digits.sums);
    const value = format(terms.value, digits.sums);
    const totalNote = sumNote(texts, sum, terms.sum, "cells");
    const quotientNote = resultNote(parse(sum) / terms.divisor, value, `${sum} / ${terms.divisor} is`);
    const roundingNote = joinNotes([totalNote, quotientNote]);
    return { ...terms, window: cells, sum, shownSum: sumShown(texts), value, totalNote, quotientNote, roundingNote };
  },
  sentence(shown) {
    const inside = shown.window.flat().filter((cell) => !cell.padding);
    const padding = shown.window.flat().length - inside.length;
    return (
      `the mean of ${listing(inside.map((cell) => cell.value))}: their sum ${shown.sum} divided by ${shown.divisor}` +
      (padding ? `; ${padding} cells of the window are padding` : "")
    );
  },
  snippet: (layer, input, inShape, unit) => {
    const cells = cellsOf(layer, inShape, unit, input);
    const divisor = divisorOf(layer, inShape, unit, cells.length);
    return [
      `window = ${tensor(cells.map((cell) => cell.value))}`,
      divisor === cells.length
        ? "value = window.mean()"
        : `value = window.sum() / ${divisor}  # torch counts the padding, or the part of it that it has`,
    ];
  },
};
