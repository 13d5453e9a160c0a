/** An activation: a formula of one number. @module */

import { h, setText } from "../../shared/dom.js";
import { link, nameBefore } from "./tables.js";

/**
 * @type {import("./types.js").Form<
 *   import("../types.js").FormulaTerms, import("../types.js").FormulaShown>}
 */
export function formula(view, layer, at) {
  const line = h("p.formula");
  const from = link(() => view.actions.pinFirst(at));
  const before = layer > 0 ? nameBefore(view.network, layer) : "the input";
  return {
    element: h("div.simple", {}, line, h("p", {}, "x is ", from, `, the same place of ${before}.`)),
    update(_terms, { formula: ofInput, input, value }) {
      setText(line, `${ofInput} = ${value}`);
      setText(from, input);
    },
  };
}
