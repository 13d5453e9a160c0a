/** Flatten: where in the row a number of a map comes to stand. @module */

import { h, setText } from "../../shared/dom.js";
import { link, mapBefore, nameBefore } from "./tables.js";

/**
 * @type {import("./types.js").Form<
 *   import("../types.js").PlaceTerms, import("../types.js").PlaceShown>}
 */
export function place(view, layer, at) {
  const line = h("p.formula");
  const from = link(() => view.actions.pinFirst(at));
  const name = nameBefore(view.network, layer);
  return {
    element: h("div.simple", {}, line, h("p", {}, "It is ", from, ", in its place in the row.")),
    update({ from: source, inShape }, { value }) {
      if ("index" in source) {
        setText(line, value);
        setText(from, `${name} unit ${source.index}`);
        return;
      }
      const { channel, row, col } = source;
      const [, height, width] = inShape;
      const index = (channel * height + row) * width + col;
      setText(line, `${index} = ${channel} × ${height * width} + ${row} × ${width} + ${col}`);
      setText(from, `${mapBefore(view.network, layer, channel)}, row ${row}, column ${col}`);
    },
  };
}
