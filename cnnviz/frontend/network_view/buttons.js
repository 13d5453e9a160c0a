/** What one can do with the unit explained. Each button keeps its place, also where it can't act. @module */
import { h, setHidden, setText } from "../shared/dom.js";
import { formAt } from "./kinds.js";
import { parsePin, unitsOf } from "./pins.js";

const WHAT_IF = "switch it off, set it, edit its kernel (x: off and on)";

/**
 * @param {import("./view_types.js").View} view
 * @param {HTMLElement} place
 * @param {HTMLElement} head of the inspector, where one goes to a unit by its name
 */
export function createButtons(view, place, head) {
  const { actions } = view;
  const button = (/** @type {string} */ text, /** @type {() => void} */ onclick, props = {}) =>
    h("button", { type: "button", onclick, ...props }, text);
  const back = button("‹ back", () => actions.back());
  const snippet = button("PyTorch", () => actions.snippet(), { "aria-label": "as PyTorch" });
  const release = h(
    "button.icon",
    {
      type: "button",
      "aria-label": "Unpin",
      title: "unpin (Escape)",
      onclick: () => actions.release(),
    },
    "✕",
  );
  /** @type {[number, number]|null} */
  let map = null;
  const enlarge = button("enlarge", () => map && actions.enlarge(...map));
  let layer = 0;
  /** Whose example of a unit is in the field. @type {import("./types.js").Network | null} */
  let exampleOf = null;
  const filters = button("kernels", () => actions.openLayer(layer));

  const problem = h("p.problem", { role: "status" });
  const wanted = h("input", {
    type: "text",
    name: "unit",
    "aria-label": "Go to a unit: layer, map, row and column, counted from 0",
    title: "layer, map, row and column; all count from 0",
    oninput: () => setText(problem, ""),
    autocomplete: "off",
    spellcheck: "false",
  });
  const go = h(
    "form.go",
    {
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        const found = parsePin(view.network, wanted.value);
        setText(problem, "problem" in found ? found.problem : "");
        if ("problem" in found) return;
        actions.pin(found.layer, found.unit);
        wanted.value = "";
      },
    },
    h("label", {}, h("span", {}, "go to"), wanted),
    problem,
  );
  const whatIf = button("what if", () => actions.openWhatIf(), { title: WHAT_IF });
  whatIf.className = "what-if-open";
  place.append(back, snippet, enlarge, filters, release);
  head.append(whatIf, go);
  return {
    /** @param {{layer: number, unit: import("./types.js").Unit} | null} focus */
    update(focus) {
      const count = view.whatIf.changes.length;
      setHidden(whatIf, !view.options.changes);
      setText(whatIf, count ? `what if · ${count}` : "what if");
      whatIf.classList.toggle("on", count > 0);
      if (exampleOf !== view.network) wanted.placeholder = `${unitsOf(view.network)}, from 0`;
      exampleOf = view.network;
      if (!focus) return;
      map = "channel" in focus.unit ? [focus.layer, focus.unit.channel] : null;
      ({ layer } = focus);
      filters.disabled = formAt(view.network, layer) !== "patches";
      back.disabled = !view.history.length;
      snippet.disabled = focus.layer < 0 && !view.back;
      enlarge.disabled = !map;
      release.disabled = !view.pin;
    },
  };
}
