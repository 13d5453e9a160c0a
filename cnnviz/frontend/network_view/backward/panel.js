/** The inspector's tables of a gradient: a convolution's kernels turned, or a row a unit. @module */

import { magnitude } from "../../shared/colormap.js";
import { h, setAttribute, setStyle, setText } from "../../shared/dom.js";
import { heads, ledger, link, paintCell, rove, table } from "../forms/tables.js";
import { weightOf } from "../kinds/weights.js";
import { kindOf } from "../kinds.js";
import { indexOf, placeOf } from "../units.js";

/**
 * @typedef {import("../view_types.js").Readable} Readable
 * @typedef {import("./terms.js").Terms} Terms
 * @typedef {import("./display.js").Shown} Shown
 * @typedef {{element: HTMLElement, update: (terms: Terms, shown: Shown) => void}} Built
 */

/** What a panel is built for: another one is built for terms of another shape.
 * @param {Terms} terms
 */
export function shapeOfTerms(terms) {
  if (terms.rule !== "sums") return terms.rule;
  const sides = terms.groups.map(({ cells }) => `${cells.length}×${cells[0]?.length ?? 0}`);
  return `${terms.layer}:${sides.join()}`;
}

/**
 * @param {Readable} view
 * @param {Terms} terms
 * @param {Shown} shown
 * @param {string} factor  what a gradient is multiplied by
 * @returns {Built}
 */
export function backwardPanel(view, terms, shown, factor) {
  if (terms.rule !== "sums") return { element: h("div.simple"), update() {} };
  return kindOf(view.network.layers[terms.layer]).form === "patches"
    ? turned(view, terms, shown)
    : listed(view, terms, shown, factor);
}

/**
 * A convolution: what the maps that it made have as gradients, times its kernels turned.
 * @param {Readable} view
 * @param {import("./terms.js").Sums} terms
 * @param {Shown} shown
 * @returns {Built}
 */
function turned(view, terms, shown) {
  const { network, actions } = view;
  const { layer } = terms;
  const { name } = network.layers[layer];
  /** @type {import("./terms.js").Term[][]} */
  let now = terms.groups.map(({ cells }) => cells.flat());
  const blocks = terms.groups.map(({ cells }, g) => {
    const [rows, cols] = [cells.length, cells[0]?.length ?? 0];
    const gradients = table(`gradient at ${name} map ${g}`, rows, cols, (i, j) =>
      h("button.cell", {
        type: "button",
        onclick: () => actions.pin(layer, now[g][i * cols + j].unit),
      }),
    );
    rove(gradients.cells, cols);
    const kernel = table("kernel, turned", rows, cols, () => h("span.cell"));
    const products = table("products", rows, cols, () => h("span.cell"));
    const [by, is] = [h("i.sign", {}, "⊙"), h("i.sign", {}, "=")];
    const parts = [gradients.element, by, kernel.element, is, products.element];
    const element = h("div.block", {}, ...parts);
    return { element, tables: [gradients.cells, kernel.cells, products.cells] };
  });
  const names = terms.groups.map((_, g) => `map ${g}`);
  const sums = ledger(`sums${shown.power && `, ${shown.power}`}`, [...names, "gradient"]);
  const element = h(
    "div.conv",
    {},
    h("div", {}, h("div.blocks", {}, ...blocks.map((block) => block.element))),
    h("div.sums", {}, sums.element),
  );
  return {
    element,
    update(given, strings) {
      if (given.rule !== "sums") return;
      now = given.groups.map(({ cells }) => cells.flat());
      const all = now.flat();
      const scales = [
        Math.max(0, ...all.map(({ gradient }) => Math.abs(gradient))) || 1,
        magnitude(weightOf(network.layers[layer])),
        Math.max(0, ...all.map(({ product }) => Math.abs(product))) || 1,
      ];
      setText(sums.caption, `sums${strings.power && `, ${strings.power}`}`);
      now.forEach((terms, g) => {
        const texts = strings.groups[g].cells.flat();
        terms.forEach(({ unit, gradient, weight, product }, at) => {
          const [cell, kernel, made] = blocks[g].tables.map((cells) => cells[at]);
          const { gradient: first, weight: second, product: third } = texts[at];
          paintCell(cell, first, gradient, scales[0], view.palette);
          paintCell(kernel, second, weight, scales[1], view.palette);
          paintCell(made, third, product, scales[2], view.palette);
          const label = `gradient at ${name} ${placeOf(unit)}: ${first}${strings.power}`;
          setAttribute(cell, "aria-label", label);
        });
        setText(sums.cells[g], strings.groups[g].sum);
      });
      setText(sums.cells[sums.cells.length - 1], strings.value);
    },
  };
}

/**
 * A row for each unit that read the value, the largest product first.
 * @param {Readable} view
 * @param {import("./terms.js").Sums} terms
 * @param {Shown} shown
 * @param {string} factor
 * @returns {Built}
 */
function listed(view, { layer }, shown, factor) {
  const { network, actions } = view;
  const { name } = network.layers[layer];
  const gradients = view.values[layer + 1];
  const { shape } = network.layers[layer];
  let now = shown.rows;
  const rows = shown.rows.map((_, i) => {
    const to = link(() => actions.pin(layer, now[i].unit));
    const cells = [h("td.number"), h("td.number"), h("td.number")];
    const bar = h("i.bar");
    const [times, is] = [h("td.sign", {}, "×"), h("td.sign", {}, "=")];
    const head = h("th", { scope: "row" }, to);
    const [gradient, weight, product] = cells;
    const parts = [head, gradient, times, weight, is, product, h("td.barcell", {}, bar)];
    return { to, cells, bar, element: h("tr", {}, ...parts) };
  });
  const tail = (/** @type {string} */ words, /** @type {"tr" | "tr.total"} */ tag) => {
    const cell = h("td.number");
    return { cell, row: h(tag, {}, h("th", { scope: "row", colspan: 5 }, words), cell, h("td")) };
  };
  const rest = shown.restCount ? tail(`the ${shown.restCount} smaller ones together`, "tr") : null;
  const total = tail("gradient", "tr.total");
  const caption = h("caption");
  const columns = ["from", "its gradient", "", factor, "", "product", ""];
  const lines = [...rows.map((row) => row.element), rest?.row, total.row];
  const body = h("tbody", {}, ...lines);
  return {
    element: h("div.wide", {}, h("table.rows", {}, caption, heads(columns), body)),
    update(_given, strings) {
      now = strings.rows;
      setText(
        caption,
        `what read it, in ${name}${strings.power && `; gradients ${strings.power}`}`,
      );
      const most = Math.abs(now[0]?.size ?? 0) || 1;
      now.forEach(({ unit, gradient, weight, product, size }, i) => {
        const { to, cells, bar } = rows[i];
        setText(to, `${name} ${placeOf(unit)}`);
        for (const [at, text] of [gradient, weight, product].entries()) setText(cells[at], text);
        setStyle(bar, "transform", `scaleX(${(Math.abs(size) / most).toFixed(3)})`);
        setStyle(bar, "background", view.palette.sign(size || gradients[indexOf(shape, unit)]));
      });
      if (rest) setText(rest.cell, strings.restSum);
      setText(total.cell, strings.value);
    },
  };
}
