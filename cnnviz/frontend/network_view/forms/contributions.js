/** A linear layer: its largest contributions, one a row. @module */

import { h, setStyle, setText } from "../../shared/dom.js";
import { heads, link, nameBefore } from "./tables.js";

const COLUMNS = ["from", "value", "", "weight", "", "product", ""];

/** A row of the table.
 * @param {() => void} onclick
 */
function rowOf(onclick) {
  const name = link(onclick);
  const [input, weight, product] = [h("td.number"), h("td.number"), h("td.number")];
  const bar = h("i.bar");
  const element = h(
    "tr",
    {},
    h("th", { scope: "row" }, name),
    input,
    h("td.sign", {}, "×"),
    weight,
    h("td.sign", {}, "="),
    product,
    h("td.barcell", {}, bar),
  );
  return { element, name, input, weight, product, bar };
}

/** A row with one number, under the products.
 * @param {string} name
 * @param {"tr" | "tr.total"} [tag]
 */
function tail(name, tag = "tr") {
  const cell = h("td.number");
  return {
    cell,
    row: h(tag, {}, h("th", { scope: "row", colspan: 5 }, name), cell, h("td")),
  };
}

/**
 * @type {import("./types.js").Form<
 *   import("../types.js").ContributionsTerms, import("../types.js").ContributionsShown>}
 */
export function contributions(view, layer, at, shown) {
  const rows = shown.contributions.map((_, i) => rowOf(() => view.actions.pinContribution(at, i)));
  const smaller = `the ${shown.restCount} smaller ones together`;
  const rest = shown.restSum === null ? null : tail(smaller);
  const bias = shown.bias === null ? null : tail("bias");
  const total = tail("sum", "tr.total");
  const name = nameBefore(view.network, layer);
  const lines = [...rows.map((row) => row.element), rest?.row, bias?.row, total.row];
  const caption = h("caption", {}, `the largest contributions from ${name}`);
  const element = h("table.rows", {}, caption, heads(COLUMNS), h("tbody", {}, ...lines));
  return {
    element: h("div.wide", {}, element),
    update(terms, strings, palette) {
      const most = Math.abs(terms.contributions[0]?.product) || 1;
      for (const [i, part] of strings.contributions.entries()) {
        const row = rows[i];
        setText(row.name, `${name}[${part.index}]`);
        setText(row.input, part.input);
        setText(row.weight, part.weight);
        setText(row.product, part.product);
        const { product } = terms.contributions[i];
        setStyle(row.bar, "transform", `scaleX(${(Math.abs(product) / most).toFixed(3)})`);
        setStyle(row.bar, "background", palette.sign(product));
      }
      if (rest && strings.restSum !== null) setText(rest.cell, strings.restSum);
      if (bias && strings.bias !== null) setText(bias.cell, strings.bias);
      setText(total.cell, strings.value);
    },
  };
}
