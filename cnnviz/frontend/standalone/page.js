/**
 * The whole explorer as one page, opened from disk: what Streamlit lends its components elsewhere
 * (a canvas, a theme, the elements that they live in) comes from here, and they are the same.
 * @module
 */
import { default as network } from "../network_view/index.js";
import { default as reading } from "../reading/index.js";
import { one } from "../shared/dom.js";
import { createPad } from "./pad.js";

/**
 * What cnnviz/export/page.py writes into the page.
 * @typedef {{weights: import("../network_view/payload.js").WeightsData,
 *   trace: import("../network_view/payload.js").TraceData,
 *   reading: Parameters<typeof reading>[0]["data"],
 *   start: import("./pad.js").Start}} Data
 */

/** @param {string} id @returns {ShadowRoot} */
function rootOf(id) {
  const { shadowRoot } = one(document, `#${id}`, HTMLElement);
  if (!shadowRoot) throw new Error("this browser is too old for this page: it has no shadow roots");
  return shadowRoot;
}

const nobodyListens = () => {};

function begin() {
  /** @type {Data} */
  const data = JSON.parse(one(document, "#data", HTMLScriptElement).text);
  const weights = document.createElement("div");
  const component = { setTriggerValue: nobodyListens, setStateValue: nobodyListens };
  const show = () => network({ ...component, data: data.trace, parentElement: rootOf("network") });
  network({ ...component, data: data.weights, parentElement: weights });
  reading({ data: data.reading, parentElement: rootOf("reading") });
  show();
  const pad = createPad(one(document, ".st-key-draw", HTMLElement), data.start, show);

  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", pad.repaint);
  one(document, "#theme", HTMLButtonElement).addEventListener("click", () => {
    const { dataset } = document.documentElement;
    const isDark = dataset.theme ? dataset.theme === "dark" : dark.matches;
    dataset.theme = isDark ? "light" : "dark";
    pad.repaint();
  });
}

begin();

export default begin;
