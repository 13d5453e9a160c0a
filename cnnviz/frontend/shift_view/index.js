/** The component's entry, and the only module here that knows Streamlit. */

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
