/** Tables of numbers, as the forms build them. @module */

import { lightCss } from "../../shared/colormap.js";
import { h, setText } from "../../shared/dom.js";
import { shapeAt } from "../kinds.js";
import { planeName } from "../units.js";

/**
 * A grid of cells with its caption.
 * @template {HTMLElement} Cell
 * @param {string} caption
 * @param {number} rows
 * @param {number} cols
 * @param {(i: number, j: number) => Cell} cell
 */
export function table(caption, rows, cols, cell) {
  /** @type {Cell[]} */
  const cells = [];
  const body = h("tbody");
  for (let i = 0; i < rows; i++) {
    const row = h("tr");
    for (let j = 0; j < cols; j++) {
      const made = cell(i, j);
      cells.push(made);
      row.append(h("td", {}, made));
    }
    body.append(row);
  }
  const title = h("caption", {}, caption);
  return { element: h("table.grid", {}, title, body), caption: title, cells };
}

/** A grid of buttons is one stop of the Tab key; arrows move inside.
 * @param {HTMLElement[]} cells
 * @param {number} cols
 */
export function rove(cells, cols) {
  const steps = new Map([
    ["ArrowLeft", -1],
    ["ArrowRight", 1],
    ["ArrowUp", -cols],
    ["ArrowDown", cols],
  ]);
  for (const [i, cell] of cells.entries()) {
    cell.tabIndex = i === 0 ? 0 : -1;
    cell.addEventListener("keydown", (event) => {
      const step = steps.get(event.key);
      const next = step && cells[i + step];
      if (!next) return;
      event.preventDefault();
      event.stopPropagation();
      for (const other of cells) other.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  }
}

/**
 * What each cell shows: asking the element itself would cost more than most frames change.
 * @type {WeakMap<HTMLElement, {text: string, background: string, colour: string}>}
 */
const shown = new WeakMap();

/**
 * A number on its colour: of a scale, or of ink where `scale` is null.
 * @param {HTMLElement} element
 * @param {string} text
 * @param {number} value
 * @param {number | null} scale
 * @param {import("../../shared/colormap.js").Colormap} palette
 */
export function paintCell(element, text, value, scale, palette) {
  const ink = scale === null;
  const background = ink ? palette.inkCss(value) : palette.css(value, scale);
  const colour = ink ? palette.onInk(value) : palette.on(value, scale);
  put(element, text, background, colour);
}

/**
 * @param {HTMLElement} element
 * @param {string} text @param {string} background @param {string} colour of the text
 */
function put(element, text, background, colour) {
  let before = shown.get(element);
  if (!before) {
    before = { text: "", background: "", colour: "" };
    shown.set(element, before);
  }
  if (before.text !== text) setText(element, text);
  if (before.background !== background) element.style.background = background;
  if (before.colour !== colour) element.style.color = colour;
  before.text = text;
  before.background = background;
  before.colour = colour;
}

/**
 * A number on its part of a picture, as `lightOf` has it: 0 is black, 1 the full `colour`.
 * @param {HTMLElement} element
 * @param {string} text
 * @param {number} value
 * @param {string} colour
 */
export function paintLight(element, text, value, colour) {
  put(element, text, lightCss(colour, value), value > 0.5 ? "#000000" : "#ffffff");
}

/**
 * A list of name and number, as a table whose last row is the result.
 * @param {string} caption
 * @param {string[]} names
 */
export function ledger(caption, names) {
  const cells = names.map(() => h("td.number"));
  const rows = names.map((name, i) => {
    const head = h("th", { scope: "row" }, name);
    return h(i === names.length - 1 ? "tr.total" : "tr", {}, head, cells[i]);
  });
  const body = h("tbody", {}, ...rows);
  const title = h("caption", {}, caption);
  return { element: h("table.ledger", {}, title, body), caption: title, cells };
}

/** A row of column heads; "" is an empty cell.
 * @param {string[]} words
 */
export function heads(words) {
  const cells = words.map((word) => (word ? h("th", { scope: "col" }, word) : h("td")));
  return h("thead", {}, h("tr", {}, ...cells));
}

/** A button that reads like a link.
 * @param {() => void} onclick
 * @param {string} [text]
 */
export const link = (onclick, text) => h("button.link", { type: "button", onclick }, text);

/** The name of the layer that `layer` reads.
 * @param {import("../types.js").Network} network
 * @param {number} layer
 */
export const nameBefore = (network, layer) =>
  layer > 0 ? network.layers[layer - 1].name : "input";

/** The name of the map that `layer` reads.
 * @param {import("../types.js").Network} network
 * @param {number} layer
 * @param {number} channel
 */
export function mapBefore(network, layer, channel) {
  const name = nameBefore(network, layer);
  const only = layer === 0 && shapeAt(network, -1)[0] === 1;
  return only ? name : `${name} ${planeName(layer - 1, channel)}`;
}
