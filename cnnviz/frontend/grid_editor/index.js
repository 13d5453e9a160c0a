// A grid of numbers: to edit (`edit`), to pick a cell of (`pick`), or only to look at (`picture`).
// The values belong to Python; this shows them, keeps an undo history and sends every change back.

import { Editor } from "./editor.js";
import { Picker } from "./picker.js";

const VIEWS = { edit: Editor, pick: Picker, picture: Picker };

/** @type {WeakMap<object, Editor | Picker>} */
const views = new WeakMap();

/** @param {any} component what Streamlit hands to a component's renderer */
export default function render(component) {
  const { parentElement, data, setStateValue } = component;
  const root = parentElement.querySelector(".root");
  if (!root || !data) return undefined;
  let view = views.get(root);
  if (!view || !(view instanceof VIEWS[data.mode])) {
    root.replaceChildren();
    view = new VIEWS[data.mode](root);
    views.set(root, view);
  }
  view.send = setStateValue;
  view.show(data);
  return () => {
    view.destroy();
    views.delete(root);
  };
}
