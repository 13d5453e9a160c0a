/**
 * The explorer in a notebook, as anywidget runs it: in Jupyter, JupyterLab, VS Code, marimo.
 *
 * Everything lies in a shadow root of its own, so that a notebook's styles and these don't meet.
 * @module
 */
import { contextOf, h } from "../shared/dom.js";
import { createExplorer, createNetwork } from "./explorer.js";

/**
 * What Python keeps (cnnviz/notebook/widget.py). `shown` is what is to be seen: at first all of it,
 * then torch's answer to what was drawn. `ink` and `centre` are what was drawn.
 * @typedef {object} State
 * @property {import("./explorer.js").Data} data
 * @property {import("./explorer.js").Answer | null} answer
 * @property {Record<string, string>} styles
 * @property {string} ink
 * @property {boolean} centre
 * @property {string} key  of the picture that stands in for the widget
 *
 * @typedef {object} Model
 * @property {<Name extends keyof State>(name: Name) => State[Name]} get
 * @property {<Name extends keyof State>(name: Name, value: State[Name]) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, listener: () => void) => void} on
 * @property {(event: string, listener: () => void) => void} off
 */

const DARKER = 0.5; // of white: the luminance under which a background is dark

/** A colour in whatever form CSS has it, as red, green, blue and opacity in 0 to 255.
 * @param {string} colour
 */
function painted(colour) {
  if (!colour) return [0, 0, 0, 0]; // not in a document yet
  const context = contextOf(h("canvas", { width: 1, height: 1 }));
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}

/** Whether what lies behind an element is dark, whatever notebook it is in.
 * @param {Element} element
 */
function isOnDark(element) {
  /** @type {Node | null} */
  let at = element;
  while (at) {
    if (at instanceof Element) {
      const [red, green, blue, opacity] = painted(getComputedStyle(at).backgroundColor);
      if (opacity > 127) return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255 < DARKER;
    }
    at = at instanceof ShadowRoot ? at.host : at.parentNode;
  }
  return false;
}

/**
 * Hide the picture that a saved notebook has before this widget, wherever it is shown.
 * @param {string} key
 * @param {boolean} hidden
 */
function hidePicture(key, hidden) {
  for (const picture of document.querySelectorAll(".cnnviz-picture"))
    if (picture instanceof HTMLElement && picture.dataset.key === key) picture.hidden = hidden;
}

/** @param {string} inside  class @param {string} style */
function shadow(inside, style) {
  const element = h(`div.${inside}-place`);
  const root = element.attachShadow({ mode: "open" });
  root.append(h("style", {}, style), h(`div.${inside}`));
  return { element, root };
}

/** @param {{model: Model, el: HTMLElement}} widget */
function render({ model, el }) {
  const styles = model.get("styles");
  const data = model.get("data");
  const host = h("div.cnnviz");
  // JupyterLab would take letters and arrows for its own.
  host.dataset.lmSuppressShortcuts = "true";
  const root = host.attachShadow({ mode: "open" });
  const network = shadow("network-view", styles.network_view);
  const stage = h("section.stage", { "aria-label": "The network" }, network.element);
  const main = h("main");
  root.append(h("style", {}, styles.around), main);
  el.append(host);

  const theme = () => {
    const now = isOnDark(el) ? "dark" : "light";
    if (host.dataset.theme !== now) host.dataset.theme = now;
  };
  const key = model.get("key");
  const settle = () => {
    theme();
    hidePicture(key, true);
  };
  settle();
  // A notebook may put it into its page only after this.
  const placed = new ResizeObserver(settle);
  placed.observe(host);
  const watcher = new MutationObserver(theme);
  for (const element of [document.documentElement, document.body])
    watcher.observe(element, { attributes: true });

  let repaint = () => {};
  // A notebook may change its theme while it is hidden: nothing else tells of that.
  const themed = new MutationObserver(() => repaint());
  themed.observe(host, { attributes: true, attributeFilter: ["data-theme"] });
  const stop = () => {
    for (const observer of [placed, watcher, themed]) observer.disconnect();
    hidePicture(key, false);
  };

  if (!data.start) {
    main.append(stage);
    const shown = createNetwork(network.root, data);
    repaint = shown.repaint;
    return () => {
      stop();
      host.remove();
      shown.close();
    };
  }

  const reading = shadow("reading", styles.reading);
  const seen = shadow("steps", styles.seen);
  const pad = h("div");
  const rail = h("section.rail", { "aria-label": "Drawing" }, pad, reading.element, seen.element);
  main.append(rail, stage);
  // Shown once more, in another cell or after a reload: the drawing is there still.
  const [ink, centre] = [model.get("ink"), model.get("centre")];
  const start = ink ? { ...data.start, ink, stays: true } : data.start;
  const steps = data.centre && { ...data.centre, on: centre };
  const made = createExplorer(
    { network: network.root, reading: reading.root, seen: seen.root, pad },
    { ...data, ...model.get("answer"), start, centre: steps },
    (drawn, centred) => {
      model.set("ink", drawn || ink);
      model.set("centre", centred);
      model.save_changes();
    },
  );
  const answered = () => {
    const answer = model.get("answer");
    if (answer) made.receive(answer);
  };
  model.on("change:answer", answered);
  repaint = made.repaint;
  return () => {
    model.off("change:answer", answered);
    stop();
    host.remove();
    made.close();
  };
}

export default { render };
