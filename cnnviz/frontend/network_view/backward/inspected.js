/** A gradient in the inspector: its terms, and under them where most of it goes on to. @module */

import { h, setHidden, setText } from "../../shared/dom.js";
import { namesOf } from "../explained.js";
import { link } from "../forms/tables.js";
import { onwards } from "./told.js";

/**
 * @param {import("../view_types.js").Readable} view
 * @param {import("./panel.js").Built} panel
 */
export function createBackwards(view, panel) {
  /** @type {ReturnType<typeof onwards>} */
  let next = null;
  const to = link(() => next && view.actions.pin(next.layer, next.unit));
  const words = h("span", {}, "Most of it goes on back to ");
  const on = h("p.onwards", {}, words, to, ".");
  return {
    element: h("div.backwards", {}, panel.element, on),
    panel,
    /** @param {number} layer @param {import("../types.js").Unit} unit */
    update(layer, unit) {
      next = view.back && onwards(view.network, view.back, layer, unit);
      setHidden(on, !next);
      if (!next) return;
      const { title, place } = namesOf(view.network, next.layer, next.unit);
      setText(to, `${title}, ${place}`);
    },
  };
}
