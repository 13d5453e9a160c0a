/**
 * A grid of numbers, edited where a network view shows it. The values belong to Python; this keeps
 * an undo history and sends every change back.
 *
 * @typedef {import("./types.js").EditData} EditData
 */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/arrows.js";
import "../shared/colormap.js";
import "../shared/errors.js";
import "../shared/numbers.js";
import "../shared/palette.js";
import "./brush.js";
import "./cells.js";
import "./entry.js";
import "./grid.js";
import "./history.js";
import "./keyboard.js";
import "./overlay.js";
import "./parse.js";
import "./toolbar.js";
import { one } from "../shared/dom.js";
import { Editor } from "./editor.js";

/** Milliseconds in which a component that was taken down may be set up again. */
const GRACE = 500;

/**
 * The editors, and the place that each is in, by the component's key. While edits come quickly,
 * Streamlit takes a component down and sets it up anew: what one is typing, and where, goes on.
 * @type {Map<string, {editor: Editor, place: HTMLElement}>}
 */
const editors = new Map();

/** @param {HTMLElement} place @param {EditData} data */
function editorAt(place, data) {
  const known = editors.get(data.id);
  if (known?.place === place) return known.editor;
  place.replaceChildren();
  const editor = known?.editor ?? new Editor(place, data);
  if (known) editor.moveTo(place);
  editors.set(data.id, { editor, place });
  return editor;
}

/** @param {string} id @param {HTMLElement} place where it was */
function remove(id, place) {
  const known = editors.get(id);
  if (known?.place !== place || place.isConnected) return;
  editors.delete(id);
  known.editor.destroy();
}

/** @param {import("../shared/component.js").Component<EditData>} component */
export default function render({ data, parentElement, setStateValue }) {
  const place = one(parentElement, ".root", HTMLElement);
  const editor = editorAt(place, data);
  editor.send = setStateValue;
  editor.show(data);
  return () => setTimeout(() => remove(data.id, place), GRACE);
}
