/** The whole explorer as one page, opened from disk. @module */
import { one } from "../shared/dom.js";
import { default as signal } from "../signal_view/index.js";
import { component, createExplorer, createNetwork } from "./explorer.js";
import { createFilm } from "./film.js";

/** @param {string} id @returns {ShadowRoot} */
function rootOf(id) {
  const { shadowRoot } = one(document, `#${id}`, HTMLElement);
  if (!shadowRoot) throw new Error("this browser is too old for this page: it has no shadow roots");
  return shadowRoot;
}

/**
 * @typedef {import("./explorer.js").Data} Data
 * @typedef {import("../signal_view/types.js").Data} Signal
 */

/**
 * What the page has: a signal, a layer, or a network with a pen and maybe its training.
 * @param {Data & {signal?: Signal}} data
 * @returns {() => void} what is to be painted anew in another theme
 */
function show(data) {
  if (data.signal) {
    signal({ ...component, data: data.signal, parentElement: rootOf("signal") });
    return () => {};
  }
  const network = rootOf("network");
  if (!data.start) {
    createNetwork(network, data);
    return () => {};
  }
  const pad = one(document, ".st-key-draw", HTMLElement);
  const places = { network, reading: rootOf("reading"), seen: rootOf("seen"), pad };
  const { repaint } = createExplorer(places, data);
  if (data.film) {
    const curve = one(document, "#curve", HTMLElement);
    createFilm({ film: rootOf("film"), curve, network }, data.film, data);
  }
  return repaint;
}

function begin() {
  // What cnnviz/export/page.py writes into the page.
  const repaint = show(JSON.parse(one(document, "#data", HTMLScriptElement).text));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", repaint);
  one(document, "#theme", HTMLButtonElement).addEventListener("click", () => {
    const { dataset } = document.documentElement;
    const isDark = dataset.theme ? dataset.theme === "dark" : dark.matches;
    dataset.theme = isDark ? "light" : "dark";
    repaint();
  });
}

begin();

export default begin;
