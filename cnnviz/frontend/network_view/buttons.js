/** What one can do with the unit explained. @module */
import { h } from "../shared/dom.js";
import { formAt } from "./kinds.js";
import { slides } from "./slide.js";

/** @param {object} view @param {HTMLElement} place */
export function createButtons(view, place) {
  const act = (name) => () => view.actions[name]();
  const back = h("button", { type: "button", onclick: act("back") }, "‹ back");
  const snippet = h(
    "button",
    { type: "button", "aria-label": "as PyTorch", onclick: act("snippet") },
    "PyTorch",
  );
  const slide = h("button.icon.play", {
    type: "button",
    "aria-label": "Slide the window over its input",
    title: "see it slide",
    onclick: () => (view.slide ? view.actions.endSlide() : view.actions.startSlide()),
  });
  let map = null;
  const enlarge = h(
    "button",
    { type: "button", onclick: () => view.actions.enlarge(...map) },
    "enlarge",
  );
  let layer = 0;
  const filters = h(
    "button",
    { type: "button", onclick: () => view.actions.openLayer(layer) },
    "filters",
  );
  const release = h(
    "button.icon",
    { type: "button", "aria-label": "Unpin", title: "unpin (Escape)", onclick: act("release") },
    "✕",
  );
  place.append(back, snippet, slide, enlarge, filters, release);
  return {
    /** @param {{layer: number, unit: any} | null} focus */
    update(focus) {
      place.hidden = !focus;
      if (!focus) return;
      map = "channel" in focus.unit ? [focus.layer, focus.unit.channel] : null;
      ({ layer } = focus);
      filters.hidden = formAt(view.network, layer) !== "patches";
      back.hidden = !view.history.length;
      snippet.hidden = focus.layer < 0;
      slide.hidden = !slides(formAt(view.network, focus.layer));
      slide.setAttribute("aria-pressed", String(Boolean(view.slide)));
      enlarge.hidden = !map;
      release.hidden = !view.pin;
    },
  };
}
