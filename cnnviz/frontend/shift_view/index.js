/** The component's entry, and the only module here that knows Streamlit. */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/colormap.js";
import "../shared/decoding.js";
import "../shared/dom.js";
import "../shared/numbers.js";
import "../shared/palette.js";
import "./geometry.js";
import "./paint.js";
import "./words.js";
import { ShiftView } from "./view.js";

/** @type {WeakMap<object, ShiftView>} */
const views = new WeakMap();

/** @param {any} component what Streamlit hands to a component's renderer */
export default function render({ data, parentElement, setTriggerValue }) {
  if (!data) return undefined;
  let view = views.get(parentElement);
  if (!view) {
    view = new ShiftView(parentElement.querySelector(".shift-view"), setTriggerValue);
    views.set(parentElement, view);
  }
  view.receive(data);
  return () => {
    view.close();
    views.delete(parentElement);
  };
}
