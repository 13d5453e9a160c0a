/**
 * The rows of the strip: at each snapshot the kernels, and what one's own drawing is read as.
 *
 * While a run is watched the step axis grows several times a second: cells are moved then, made
 * anew where others have room, and painted anew only for new kernels, another scale or theme.
 *
 * @typedef {import("./types.js").Frame} Frame
 * @typedef {import("./types.js").Layer} Layer
 * @typedef {import("../shared/colormap.js").Colormap} Colormap
 *
 * @typedef {object} Shown  the snapshots that have room
 * @property {Frame[]} frames
 * @property {Layer[]} layers
 * @property {string | null} truth  what the drawing truly is
 * @property {Colormap} colours
 * @property {number[]} indices
 * @property {number} chosen  index
 *
 * @typedef {{canvas: HTMLCanvasElement, colours: Colormap, devicePixelRatio: number}} Picture
 */

import { h, setStyle } from "../shared/dom.js";
import { count, percent } from "../shared/numbers.js";
import { cellOf, picture, sizeOf } from "./kernels.js";
import { shortened } from "./names.js";

const LETTERS = 5; // of a class's name, as there is room under a snapshot

export class Strip {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Shown | null} */
    this.shown = null;
    /** By layer and index; only of layers that are shown. @type {Map<Layer, Picture[]>} */
    this.pictures = new Map();
  }

  /** @param {Shown} shown */
  show(shown) {
    if (this.shown && isSame(this.shown, shown)) return;
    this.shown = shown;
    for (const layer of this.pictures.keys()) {
      if (!shown.layers.includes(layer)) this.pictures.delete(layer);
    }
    const kernels = shown.layers.flatMap((layer) => this.#kernelRow(layer, shown));
    this.root.replaceChildren(...kernels, ...readingRow(shown));
  }

  clear() {
    this.shown = null;
    this.pictures.clear();
    this.root.replaceChildren();
  }

  /** Put each cell where its snapshot stands.
   * @param {(step: number) => number} x  in pixels
   */
  place(x) {
    for (const cell of this.root.querySelectorAll(".cell")) {
      if (!(cell instanceof HTMLElement)) continue;
      // By what the browser needs no layout for.
      setStyle(cell, "translate", `${x(Number(cell.dataset.step))}px`);
    }
  }

  /** @param {Layer} layer @param {Shown} shown */
  #kernelRow(layer, shown) {
    const { shape } = layer.tensors[0];
    const label = `${shape[0]} by ${shape[1]} ${layer.name} kernels at each snapshot`;
    const row = h("div.row", { role: "img", "aria-label": label });
    row.style.height = `${sizeOf(shape, cellOf(shape)).height}px`;
    for (const index of shown.indices) {
      row.append(put(this.#picture(layer, index, shown.colours), index, "kernels", shown));
    }
    return [h("div.name", {}, wordsOf(layer)), row];
  }

  /** @param {Layer} layer @param {number} index @param {Colormap} colours */
  #picture(layer, index, colours) {
    const kept = this.pictures.get(layer) ?? [];
    this.pictures.set(layer, kept);
    const { devicePixelRatio } = window;
    const known = kept[index];
    if (known?.colours === colours && known.devicePixelRatio === devicePixelRatio) {
      return known.canvas;
    }
    const tensor = layer.tensors[index];
    const canvas = picture(tensor, layer.scale, cellOf(tensor.shape), colours);
    kept[index] = { canvas, colours, devicePixelRatio };
    return canvas;
  }
}

const PARTS = /** @type {const} */ (["frames", "layers", "truth", "colours", "chosen"]);

/** @param {Shown} before @param {Shown} after */
function isSame(before, after) {
  const same = before.indices.join() === after.indices.join();
  return same && PARTS.every((name) => before[name] === after[name]);
}

/**
 * Have a cell tell its snapshot.
 * @template {HTMLElement} Cell
 * @param {Cell} cell
 * @param {number} index
 * @param {string} kind
 * @param {Shown} shown
 */
function put(cell, index, kind, { frames, chosen }) {
  cell.className = `cell ${kind}${index === chosen ? " chosen" : ""}`;
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

/** @param {Shown} shown */
function readingRow(shown) {
  const { frames, indices, truth } = shown;
  const expected = truth ?? frames[frames.length - 1].read;
  const words =
    truth === null
      ? "your drawing: best guess, and its share of the vote (grey: not the last step's guess)"
      : `your drawing, a ${truth}: best guess, and its share of the vote (grey: misread)`;
  const row = h("div.row.reading");
  const short = shortened(
    frames.map(({ read }) => read),
    LETTERS,
  );
  for (const index of indices) {
    const { step, read, confidence } = frames[index];
    const fill = h("span.fill", { style: `height: ${Math.max(4, 100 * confidence)}%` });
    const cell = h(
      "div",
      { title: `step ${count(step)}: ${read}, ${percent(confidence)}` },
      h(read.length > 2 ? "span.digit.word" : "span.digit", {}, short.get(read) ?? read),
      h("span.bar", {}, fill),
    );
    row.append(put(cell, index, read === expected ? "same" : "other", shown));
  }
  return [h("div.name", {}, words), row];
}
