/** A field that a number is typed into, with the button that sets it. @module */
import { parseNumber } from "../grid_editor/parse.js";
import { h } from "../shared/dom.js";
import { messageOf } from "../shared/errors.js";

/**
 * @param {object} what
 * @param {(value: number) => void} what.set
 * @param {() => string} what.name  of what is set, where something else than a number was typed
 * @param {(text: string) => void} what.complain
 * @param {string} [what.label]  before the field
 */
export function numberForm({ set, name, complain, label }) {
  const field = h("input", { type: "text", autocomplete: "off" });
  const onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      set(parseNumber(field.value));
      complain("");
      field.value = "";
    } catch (error) {
      complain(`${name()}: ${messageOf(error)}.`);
    }
  };
  const labelled = label ? h("label", {}, h("span", {}, label), field) : field;
  return { field, form: h("form", { onsubmit }, labelled, h("button", { type: "submit" }, "set")) };
}
