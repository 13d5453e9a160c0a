/**
 * A grid of numbers, edited where a network view shows it. The values belong to Python; this keeps
 * an undo history and sends every change back.
 *
 * @typedef {import("./types.js").EditData} EditData
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
import "./overlay.js";
import "./parse.js";
import "./toolbar.js";
import { one } from "../shared/dom.js";
import { Editor } from "./editor.js";

/** @type {WeakMap<HTMLElement, Editor>} */
const views = new WeakMap();

/** @param {HTMLElement} root @param {EditData} data */
function editorOf(root, data) {
  const known = views.get(root);
  if (known) return known;
  root.replaceChildren();
  return new Editor(root, data);
}

/** @param {import("../shared/component.js").Component<EditData>} component */
export default function render({ data, parentElement, setStateValue }) {
  const root = one(parentElement, ".root", HTMLElement);
  const view = editorOf(root, data);
  views.set(root, view);
  view.send = setStateValue;
  view.show(data);
  return () => {
    view.destroy();
    views.delete(root);
  };
}
