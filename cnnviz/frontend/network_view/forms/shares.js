/** Softmax: every class's exponential, and its share of their sum. @module */

import { h, setText } from "../../shared/dom.js";
import { exactly } from "../../shared/numbers.js";
import { heads, link } from "./tables.js";

const COLUMNS = ["", "logit", "exp(logit − largest)", "probability"];

/**
 * @type {import("./types.js").Form<
 *   import("../types.js").SharesTerms, import("../types.js").SharesShown>}
 */
export function shares(view, layer, _at, shown) {
  const rows = shown.exponentials.map((_, i) => {
    const name = link(() => view.actions.pin(layer - 1, { index: i }), `digit ${i}`);
    const cells = [h("td.number"), h("td.number"), h("td.number")];
    return { cells, element: h("tr", {}, h("th", { scope: "row" }, name), ...cells) };
  });
  const max = h("span");
  const sum = h("td.number");
  const caption = h(
    "caption",
    {},
    "each exponential over the sum of all; the largest logit, ",
    max,
    ", is subtracted first, as torch does",
  );
  const total = h("tr.total", {}, h("th", { scope: "row" }, "sum"), h("td"), sum, h("td"));
  const body = h("tbody", {}, ...rows.map((row) => row.element), total);
  return {
    element: h("div.wide", {}, h("table.rows", {}, caption, heads(COLUMNS), body)),
    update(terms, strings) {
      setText(max, strings.max);
      for (const [i, { logit }] of strings.exponentials.entries()) {
        const { exponential } = terms.exponentials[i];
        rows[i].element.classList.toggle("own", i === terms.index);
        setText(rows[i].cells[0], logit);
        setText(rows[i].cells[1], exactly(exponential));
        setText(rows[i].cells[2], exactly(exponential / terms.sum));
      }
      setText(sum, strings.sum);
    },
  };
}
