/** A pooling: its window, and what it makes of it. @module */

import { h, setAttribute, setText } from "../../shared/dom.js";
import { lightOf } from "../paint.js";
import { mapBefore, paintCell, paintLight, rove, table } from "./tables.js";

/** @typedef {import("../types.js").MaxTerms | import("../types.js").MeanTerms} Terms */
/** @typedef {import("../types.js").MaxShown | import("../types.js").MeanShown} Shown */

const WRITTEN = 16; // values that a formula has room for

/** The result of the window, as a formula.
 * @param {Shown} shown
 */
function formulaOf(shown) {
  if ("winners" in shown) return `max = ${shown.value}`;
  const inside = shown.window.flat().filter((cell) => !cell.padding);
  const all = inside.map((cell) => cell.value).join(" + ");
  const sum = inside.length > WRITTEN ? `sum of all, ${shown.sum}` : all;
  return `(${sum}) / ${shown.divisor} = ${shown.value}`;
}

/** Where a max pooling's value came from.
 * @param {Shown} shown
 */
function noteOf(shown) {
  if (!("winners" in shown) || !shown.taken) return "";
  const place = `at row ${shown.taken.row}, column ${shown.taken.col}`;
  const tie = `${shown.winners.length} cells tie; torch passes on the first, ${place}.`;
  return shown.winners.length > 1 ? tie : `The winner, ringed, is ${place}.`;
}

/**
 * @param {HTMLElement} element
 * @param {import("../types.js").WindowCell<string>} cell
 */
function describe(element, { padding, winner, taken, row, col, value }) {
  element.classList.toggle("padding", padding);
  element.classList.toggle("winner", Boolean(winner));
  element.classList.toggle("taken", Boolean(taken));
  setAttribute(element, "aria-disabled", String(padding));
  const where = padding ? "padding" : `row ${row}, column ${col}: ${value}`;
  if (element.title !== where) element.title = where;
}

/** @type {import("./types.js").Form<Terms, Shown>} */
export function window(view, layer, at, shown) {
  const cols = shown.window[0].length;
  const grid = table("", shown.window.length, cols, (i, j) =>
    h("button.cell", {
      type: "button",
      onclick: () => {
        if ("channel" in at.unit) view.actions.pinSource(at, at.unit.channel, i, j);
      },
    }),
  );
  rove(grid.cells, cols);
  const result = h("p.formula");
  const note = h("p");
  return {
    element: h("div.simple.pooling", {}, grid.element, h("div", {}, result, note)),
    update(terms, strings, palette) {
      const ink = layer === 0 && view.options.inputInk;
      const scale = ink ? null : view.scales.layers[layer] || 1;
      const light = lightOf({ layer: layer - 1, channel: terms.channel }, view.options);
      const cells = strings.window.flat();
      setText(grid.caption, `window in ${mapBefore(view.network, layer, terms.channel)}`);
      for (const [place, { value }] of terms.window.flat().entries()) {
        describe(grid.cells[place], cells[place]);
        const cell = grid.cells[place];
        if (light) paintLight(cell, cells[place].value, value ?? 0, light);
        else paintCell(cell, cells[place].value, value ?? 0, scale, palette);
      }
      setText(result, formulaOf(strings));
      setText(note, noteOf(strings));
    },
  };
}
