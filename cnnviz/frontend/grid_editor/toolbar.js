/**
 * Buttons over and under the grid.
 * @module
 */

import { h } from "../shared/dom.js";

/**
 * @param {string} text
 * @param {string} label  its tooltip, and its name where the text has no word
 * @param {() => void} act
 */
export function chip(text, label, act) {
  const name = /[a-z]/.test(text) ? null : label;
  const props = { type: "button", title: label, "aria-label": name, onclick: act };
  return h("button.chip", props, text);
}

/**
 * @param {"rows" | "columns"} name
 * @param {(change: 1 | -1) => void} act
 */
export function stepper(name, act) {
  const singular = name.slice(0, -1);
  const fewer = chip("−", `One ${singular} fewer`, () => act(-1));
  const more = chip("+", `One ${singular} more`, () => act(1));
  const count = h("span.count");
  return {
    element: h("span.stepper", { role: "group", "aria-label": name }, fewer, count, more),
    /** @param {number} value @param {number} least @param {number} most */
    show(value, least, most) {
      count.textContent = `${value} ${value === 1 ? singular : name}`;
      fewer.disabled = value <= least;
      more.disabled = value >= most;
    },
  };
}
