/**
 * The rows of the strip: at each snapshot the kernels, and what one's own drawing is read as.
 *
 * @typedef {import("./types.js").Frame} Frame
 * @typedef {import("./types.js").Layer} Layer
 *
 * @typedef {object} Placed  the snapshots that have room
 * @property {Frame[]} frames
 * @property {number[]} shown  indices
 * @property {number} chosen  index
 * @property {(step: number) => number} x  in pixels
 */

import { h } from "../shared/dom.js";
import { count, percent } from "../shared/numbers.js";
import { cellOf, picture, sizeOf } from "./kernels.js";

/**
 * Put a cell where its snapshot stands.
 * @template {HTMLElement} Cell
 * @param {Cell} cell
 * @param {number} index
 * @param {string} kind
 * @param {Placed} placed
 */
function put(cell, index, kind, { frames, chosen, x }) {
  cell.className = `cell ${kind}${index === chosen ? " chosen" : ""}`;
  cell.style.left = `${x(frames[index].step)}px`;
  cell.dataset.step = String(frames[index].step);
  return cell;
}

/** How many pixels wide a layer's pictures are. @param {Layer} layer */
export function widthOf({ tensors }) {
  const { shape } = tensors[0];
  return sizeOf(shape, cellOf(shape)).width;
}

/** @param {Layer} layer */
function wordsOf({ name, tensors }) {
  const [outputs, inputs] = tensors[0].shape;
  const [kernels, channels] = tensors[0].of;
  const some = outputs < kernels ? `, the first ${outputs} of ${kernels}` : "";
  if (channels === 1) return `${name} kernels${some}`;
  const part = inputs < channels ? `, ${inputs} of ${channels}` : "";
  return `${name} kernels${some}, one column for each map that they read${part}`;
}

/**
 * @param {Layer} layer
 * @param {Placed} placed
 * @param {import("../shared/colormap.js").Colormap} colours
 */
export function kernelRow(layer, placed, colours) {
  const { shape } = layer.tensors[0];
  const cell = cellOf(shape);
  const label = `${shape[0]} by ${shape[1]} ${layer.name} kernels at each snapshot`;
  const row = h("div.row", { role: "img", "aria-label": label });
  row.style.height = `${sizeOf(shape, cell).height}px`;
  for (const index of placed.shown) {
    const canvas = picture(layer.tensors[index], layer.scale, cell, colours);
    row.append(put(canvas, index, "kernels", placed));
  }
  return [h("div.name", {}, wordsOf(layer)), row];
}

/**
 * @param {Placed} placed
 * @param {string | null} truth  what the drawing truly is
 */
export function readingRow(placed, truth) {
  const { frames, shown } = placed;
  const expected = truth ?? frames[frames.length - 1].read;
  const words =
    truth === null
      ? "your drawing: best guess, and its share of the vote (grey: not the last step's guess)"
      : `your drawing, a ${truth}: best guess, and its share of the vote (grey: misread)`;
  const row = h("div.row.reading");
  for (const index of shown) {
    const { step, read, confidence } = frames[index];
    const fill = h("span.fill", { style: `height: ${Math.max(4, 100 * confidence)}%` });
    const cell = h(
      "div",
      { title: `step ${count(step)}: ${read}, ${percent(confidence)}` },
      h(read.length > 2 ? "span.digit.word" : "span.digit", {}, read),
      h("span.bar", {}, fill),
    );
    row.append(put(cell, index, read === expected ? "same" : "other", placed));
  }
  return [h("div.name", {}, words), row];
}
