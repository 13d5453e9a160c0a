/**
 * The signal view's entry: Streamlit calls it each time that Python has something new.
 * @module
 */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/colormap.js";
import "../shared/decoding.js";
import "../shared/dom.js";
import "../shared/numbers.js";
import "../shared/palette.js";
import "./canvas.js";
import "./elements.js";
import "./enter.js";
import "./geometry.js";
import "./hands.js";
import "./maths.js";
import "./model.js";
import "./paint.js";
import "./place.js";
import "./pointer.js";
import "./position.js";
import "./prediction.js";
import "./stems.js";
import "./tell.js";
import "./words.js";
import { View } from "./view.js";

/** @type {WeakMap<HTMLElement | ShadowRoot, View>} */
const views = new WeakMap();

/** @param {import("../shared/component.js").Component<import("./types.js").Data>} component */
export default function render(component) {
  const parent = component.parentElement;
  let view = views.get(parent);
  if (view) view.receive(component);
  else {
    view = new View(component);
    views.set(parent, view);
  }
  const made = view;
  return () => {
    made.close();
    views.delete(parent);
  };
}
