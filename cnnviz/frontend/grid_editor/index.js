/**
 * A grid of numbers: to edit (`edit`), to pick a cell of (`pick`), or only to look at (`picture`).
 * The values belong to Python; this shows them, keeps an undo history and sends every change back.
 *
 * @typedef {import("./types.js").EditData} EditData
 * @typedef {import("./types.js").LookData} LookData
 */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/colormap.js";
import "../shared/errors.js";
import "../shared/numbers.js";
import "../shared/palette.js";
import "./cells.js";
import "./entry.js";
import "./grid.js";
import "./history.js";
import "./parse.js";
import "./toolbar.js";
import { one } from "../shared/dom.js";
import { Editor } from "./editor.js";
import { Picker } from "./picker.js";

/** @type {WeakMap<HTMLElement, Editor | Picker>} */
const views = new WeakMap();

/** @param {HTMLElement} root @param {EditData} data */
function editor(root, data) {
  const view = views.get(root);
  if (view instanceof Editor) return view;
  root.replaceChildren();
  return new Editor(root, data);
}

/** @param {HTMLElement} root @param {LookData} data */
function picker(root, data) {
  const view = views.get(root);
  if (view instanceof Picker) return view;
  root.replaceChildren();
  return new Picker(root, data);
}

/** @param {import("../shared/component.js").Component<EditData | LookData>} component */
export default function render({ data, parentElement, setStateValue }) {
  const root = one(parentElement, ".root", HTMLElement);
  const view = data.mode === "edit" ? editor(root, data) : picker(root, data);
  views.set(root, view);
  view.send = setStateValue;
  if (view instanceof Editor && data.mode === "edit") view.show(data);
  if (view instanceof Picker && data.mode !== "edit") view.show(data);
  return () => {
    view.destroy();
    views.delete(root);
  };
}
