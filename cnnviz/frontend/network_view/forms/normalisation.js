/** A batch normalisation: the four numbers of its map, step by step. @module */

import { h, setText } from "../../shared/dom.js";
import { heads, link, mapBefore } from "./tables.js";

/**
 * @type {import("./types.js").Form<
 *   import("../types.js").NormalisationTerms, import("../types.js").NormalisationShown>}
 */
export function normalisation(view, layer, at) {
  const from = link(() => view.actions.pinFirst(at));
  const steps = [
    { name: "minus the mean", sign: "−" },
    { name: "divided by the standard deviation", sign: "/" },
    { name: "times the weight", sign: "×" },
    { name: "plus the bias", sign: "+" },
  ].map(({ name, sign }) => {
    const [number, result] = [h("td.number"), h("td.number")];
    const cells = [h("td.sign", {}, sign), number, h("td.sign", {}, "="), result];
    return { number, result, element: h("tr", {}, h("th", { scope: "row" }, name), ...cells) };
  });
  const input = h("td.number");
  const first = h("tr", {}, h("th", { scope: "row" }, from), h("td", { colspan: 3 }), input);
  const caption = h("caption");
  const root = h("p.note");
  const body = h("tbody", {}, first, ...steps.map((step) => step.element));
  const table = h(
    "table.rows",
    {},
    caption,
    heads(["", "", "number of the map", "", "so far"]),
    body,
  );
  return {
    element: h("div.wide", {}, table, root),
    update({ from: { channel } }, shown) {
      setText(caption, `map ${channel}: four numbers of its own`);
      setText(from, mapBefore(view.network, layer, channel));
      setText(input, shown.input);
      const { mean, deviation, weight, bias } = shown;
      for (const [i, text] of [mean, deviation, weight, bias].entries()) {
        setText(steps[i].number, text);
      }
      const { centred, normalised, scaled, value } = shown;
      for (const [i, text] of [centred, normalised, scaled, value].entries()) {
        setText(steps[i].result, text);
      }
      setText(
        root,
        `The standard deviation is the root of the variance ${shown.variance} + ${shown.eps}, ` +
          "which keeps it above 0.",
      );
    },
  };
}
