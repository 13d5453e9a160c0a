/**
 * The training view's entry: Streamlit calls it each time that Python has something new.
 * @module
 */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/colormap.js";
import "../shared/decoding.js";
import "../shared/numbers.js";
import "../shared/palette.js";
import "./axis.js";
import "./chart.js";
import "./kernels.js";
import "./strip.js";
import { one } from "../shared/dom.js";
import { Film } from "./film.js";

/** @type {WeakMap<HTMLElement | ShadowRoot, Film>} */
const films = new WeakMap();

/** @param {import("../shared/component.js").Component<import("./types.js").Data>} component */
export default function render({ data, parentElement, setStateValue }) {
  const film = films.get(parentElement) ?? new Film(one(parentElement, ".film", HTMLElement), data);
  films.set(parentElement, film);
  film.send = (step) => setStateValue("step", step);
  film.cannotUpdate = () => setStateValue("redraw", true);
  film.receive(data);
  return () => {
    film.close();
    films.delete(parentElement);
  };
}
