/**
 * Which columns a network has, from its input to its answer: what each shows, not yet how large.
 * Kernels have a column of their own before the map they make. Pure.
 * @module
 */
import { formAt } from "./kinds.js";
import { windowOf } from "./receptive_field.js";

const BARS = 24; // the most values that are shown as bars with their numbers

/**
 * @typedef {import("./types.js").Network} Network
 * @typedef {import("./types.js").Layer} Layer
 *
 * Cells of padding around a map that the next layer reads.
 * @typedef {{top: number, left: number, bottom: number, right: number}} Rim
 *
 * @typedef {{type: "maps"|"kernels"|"strips"|"weights"|"bars"|"answer", layer: number,
 *   name: string, shape: string, words: string, meaning?: string, [more: string]: any}} Column
 * `meaning` is its heading in the glossary (cnnviz/glossary.py).
 */

const NO_RIM = { top: 0, left: 0, bottom: 0, right: 0 };

/**
 * How far the windows of the layer after `layer` reach beyond its maps, in cells.
 * @param {Network} network
 * @param {number} layer  -1 for the input
 * @returns {Rim}
 */
export function rimOf(network, layer) {
  const next = network.layers[layer + 1];
  if (next?.shape.length !== 3 || next.inShape.length !== 3) return NO_RIM;
  const [, rows, cols] = next.shape;
  const windowAt = (/** @type {number} */ row, /** @type {number} */ col) =>
    /** @type {import("./types.js").MapWindow} */ (
      windowOf(network, layer + 1, { channel: 0, row, col })
    );
  const [first, last] = [windowAt(0, 0), windowAt(rows - 1, cols - 1)];
  const [, height, width] = next.inShape;
  const beyond = (/** @type {number} */ cells) => Math.max(0, cells);
  return {
    top: beyond(-first.rows[0]),
    left: beyond(-first.cols[0]),
    bottom: beyond(last.rows[last.rows.length - 1] + 1 - height),
    right: beyond(last.cols[last.cols.length - 1] + 1 - width),
  };
}

/**
 * @param {Network} network
 * @param {(layer: Layer) => string} wordsOf what a layer does, in a few words
 * @param {Map<number, number[]>} [shown] which maps are, of layers that have too many for all
 * @returns {Column[]}
 */
export function describe(network, wordsOf, shown = new Map()) {
  const [C, H, W] = network.image.shape;
  const ends = network.layers.at(-1)?.shape.length === 1;
  /** @type {Column[]} */
  const columns = [
    {
      type: "maps",
      layer: -1,
      name: "input",
      shape: shapeText(network.image.shape),
      words: ends ? "what the network sees" : "what it reads",
      maps: C,
      rows: H,
      cols: W,
      rim: rimOf(network, -1),
    },
  ];
  let groups = C; // how many maps a vector was made of, to set its strips beside them
  network.layers.forEach((layer, l) => {
    const common = {
      layer: l,
      name: layer.name,
      shape: shapeText(layer.shape),
      words: wordsOf(layer),
      meaning: layer.kind,
    };
    const form = formAt(network, l);
    if (form === "patches") {
      const [out, channelsIn, kh, kw] = layer.weightShape ?? [
        layer.shape[0],
        layer.inShape[0],
        ...(layer.hyper.kernel ?? []),
      ];
      columns.push({
        type: "kernels",
        layer: l,
        name: "",
        shape: "",
        words: "",
        outs: shown.get(l),
        ins: shown.get(l - 1),
        out: shown.get(l)?.length ?? out,
        in: shown.get(l - 1)?.length ?? channelsIn,
        channelsIn,
        kh,
        kw,
      });
    }
    if (layer.shape.length === 3) {
      groups = layer.shape[0];
      const channels = shown.get(l);
      columns.push({
        type: "maps",
        ...common,
        maps: channels?.length ?? layer.shape[0],
        channels,
        of: layer.shape[0],
        rows: layer.shape[1],
        cols: layer.shape[2],
        rim: rimOf(network, l),
      });
      return;
    }
    const n = layer.shape[0];
    if (form === "contributions") {
      const inputs = layer.inShape[0];
      const parts = inputs % groups === 0 && inputs > groups ? groups : 1;
      columns.push({
        type: "weights",
        ...common,
        shape: `${n}×${inputs}`,
        groups: parts,
        rows: inputs / parts,
        cols: n,
      });
      groups = 1;
      const last = l === network.layers.length - 1;
      const out = {
        layer: l,
        name: last ? "logits" : `${layer.name} out`,
        shape: `${n}`,
        words: last ? "scores" : "sums",
        meaning: last ? "logits" : layer.kind,
      };
      columns.push(
        n <= BARS ? { type: "bars", ...out, n } : { type: "strips", ...out, groups: 1, rows: n },
      );
    } else if (form === "place") {
      const parts = n % groups === 0 ? groups : 1;
      columns.push({ type: "strips", ...common, groups: parts, rows: n / parts });
    } else if (n <= BARS) {
      columns.push({ type: "bars", ...common, n });
    } else {
      columns.push({ type: "strips", ...common, groups: 1, rows: n });
    }
  });
  if (ends) {
    const last = network.layers[network.layers.length - 1];
    columns.push({
      type: "answer",
      layer: network.layers.length,
      name: "softmax",
      shape: `${last.shape[0]}`,
      words: "probabilities",
      meaning: "softmax",
      n: last.shape[0],
    });
  }
  return columns;
}

/**
 * "8×11×11", everywhere a size is spelled.
 * @param {number[]} shape
 */
export const shapeText = (shape) => shape.join("×");
