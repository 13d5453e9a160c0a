/** A convolution: patch times kernel, channel by channel, and their sum. @module */

import { magnitude } from "../../shared/colormap.js";
import { h, setAttribute, setHidden, setText } from "../../shared/dom.js";
import { brief, exactly } from "../../shared/numbers.js";
import { weightOf } from "../kinds/weights.js";
import { kindOf } from "../kinds.js";
import { lightOf } from "../paint.js";
import { indexOf } from "../units.js";
import { ledger, mapBefore, paintCell, paintLight, rove, table } from "./tables.js";

/** @typedef {import("../view_types.js").Readable} Readable */
/** @typedef {import("../types.js").PatchesTerms} PatchesTerms */
/** @typedef {import("../types.js").PatchesShown} PatchesShown */
/** @typedef {import("./types.js").Explained} Explained */

/**
 * The three tables of one input channel.
 * @param {Readable} view
 * @param {number} layer
 * @param {Explained} at
 * @param {import("../types.js").ShownChannel} channel
 */
function blockOf({ network, actions }, layer, at, { index, kernel: { length: rows }, kernel }) {
  const cols = kernel[0].length;
  const marks = (/** @type {number} */ i, /** @type {number} */ j) => ({
    onpointerenter: () => actions.mark(at, index, i, j),
    onpointerleave: () => actions.mark(null),
  });
  const patch = table(mapBefore(network, layer, index), rows, cols, (i, j) =>
    h("button.cell", {
      type: "button",
      onclick: () => actions.pinSource(at, index, i, j),
      ...marks(i, j),
    }),
  );
  rove(patch.cells, cols);
  const weights = table("kernel", rows, cols, (i, j) => h("span.cell", marks(i, j)));
  const products = table("products", rows, cols, () => h("span.cell"));
  const element = h(
    "div.block",
    {},
    patch.element,
    h("i.sign", {}, "⊙"),
    weights.element,
    h("i.sign", {}, "="),
    products.element,
  );
  return { element, patch: patch.cells, kernel: weights.cells, products: products.cells };
}

/** Scales of the three tables; null: ink.
 * @param {Readable} view
 * @param {number} layer
 * @param {PatchesTerms} terms
 */
function scalesOf({ network, options, scales }, layer, { channels }) {
  const ink = layer === 0 && options.inputInk;
  return {
    patch: ink ? null : scales.layers[layer] || 1,
    light: lightOf({ layer: layer - 1, channel: 0 }, options) !== null,
    kernel: magnitude(weightOf(network.layers[layer])),
    products: Math.max(...channels.map(({ products }) => magnitude(products.flat()))) || 1,
  };
}

/**
 * What the strongest colour of each table stands for.
 * @param {ReturnType<typeof scalesOf>} scales
 */
function strongestWords({ patch, kernel, products, light }) {
  const signed = patch === null ? "1 (full ink)" : `±${brief(patch)} as in the maps`;
  const pixels = light ? "1 (full light)" : signed;
  const weights = `±${brief(kernel)} in a kernel`;
  return `The strongest colour is ${pixels}, ${weights}, ±${brief(products)} in products.`;
}

/** "relu2: 0.000", what becomes of a value, where that is one number.
 * @param {Readable} view
 * @param {number} layer
 * @param {import("../types.js").Unit} unit
 */
function nextWords({ network, values }, layer, unit) {
  const next = network.layers[layer + 1];
  if (!next || !["formula", "normalisation"].includes(kindOf(next).form)) return "";
  return `${next.name}: ${exactly(values[layer + 2][indexOf(next.shape, unit)])}`;
}

/**
 * What each cell was said to be last.
 * @type {WeakMap<HTMLElement, string>}
 */
const described = new WeakMap();

/**
 * @param {HTMLElement} cell
 * @param {string} map
 * @param {{row: number, col: number} | null} source
 * @param {boolean} inside
 * @param {string} value
 */
function describe(cell, map, source, inside, value) {
  const place = source && `${map}, row ${source.row}, column ${source.col}`;
  const label = place ? `${place}: ${value}${inside ? "" : " (padding)"}` : `padding: ${value}`;
  if (described.get(cell) === label) return;
  described.set(cell, label);
  cell.classList.toggle("padding", !inside);
  setAttribute(cell, "aria-disabled", String(source === null));
  cell.title = label;
}

/** @type {import("./types.js").Form<PatchesTerms, PatchesShown>} */
export function patches(view, layer, at, { channels, bias }) {
  const { network, actions } = view;
  const blocks = channels.map((channel) => blockOf(view, layer, at, channel));
  const names = channels.map(({ index }) =>
    mapBefore(network, layer, index).replace(/^\S+ (?=map|channel)/, ""),
  );
  const sums = ledger("channel sums", [...names, ...(bias === null ? [] : ["bias"]), "sum"]);
  const onclick = () => actions.pin(layer + 1, at.unit);
  const next = h("button.link.next", { type: "button", onclick });
  const strongest = h("p.note");
  const element = h(
    "div.conv",
    {},
    h("div", {}, h("div.blocks", {}, ...blocks.map((block) => block.element)), strongest),
    h("div.sums", {}, sums.element, next),
  );

  /** @type {import("./types.js").Built<PatchesTerms, PatchesShown>["update"]} */
  function update(terms, shown, palette) {
    const scales = scalesOf(view, layer, terms);
    setText(strongest, strongestWords(scales));
    for (const [c, channel] of terms.channels.entries()) {
      const strings = shown.channels[c];
      const map = mapBefore(network, layer, channel.index);
      const light = lightOf({ layer: layer - 1, channel: channel.index }, view.options);
      for (const part of /** @type {const} */ (["patch", "kernel", "products"])) {
        const texts = strings[part].flat();
        for (const [cell, value] of channel[part].flat().entries()) {
          const element = blocks[c][part][cell];
          if (light && part === "patch") paintLight(element, texts[cell], value, light);
          else paintCell(element, texts[cell], value, scales[part], palette);
        }
      }
      const sources = channel.source.flat();
      const inside = channel.inside.flat();
      for (const [cell, value] of strings.patch.flat().entries()) {
        describe(blocks[c].patch[cell], map, sources[cell], inside[cell], value);
      }
      setText(sums.cells[c], strings.sum);
    }
    const [beforeLast, last] = sums.cells.slice(-2);
    if (shown.bias !== null) setText(beforeLast, shown.bias);
    setText(last, shown.value);
    const words = at.through ? "" : nextWords(view, layer, at.unit);
    setText(next, words);
    setHidden(next, !words);
  }
  return { element, update };
}
