/**
 * All that a person can do in the view, by mouse, key or button. Each changes what the view holds
 * and asks for a frame.
 * @module
 */
import { formAt, kindOf, shapeAt } from "./kinds.js";
import { download } from "../shared/dom.js";
import { copyText, writeLink } from "./browser.js";
import { mapPanel } from "./enlarge.js";
import { closeButton, filtersPanel, snippetPanel } from "./panels.js";
import { writePin } from "./pins.js";
import { windowOf } from "./receptive_field.js";
import { createSlide, firstWithInk, goTo, slides, unitOf } from "./slide.js";
import { csv, pytorch } from "./snippet.js";
import { isMap } from "./units.js";

const HISTORY = 50;
const LINK_AFTER = 250; // ms: a held arrow key changes the address once

const sameUnit = (/** @type {any} */ a, /** @type {any} */ b) =>
  JSON.stringify(a) === JSON.stringify(b);

/**
 * A panel lies over the page, at the right and the bottom of the window and wholly inside it: the
 * maps stay where they are, and so does the number that the inspector shows large.
 */
function showPanel(/** @type {HTMLElement} */ panelRoot, /** @type {HTMLElement} */ root) {
  const { left, right } = root.getBoundingClientRect();
  panelRoot.style.setProperty("--from-left", `${Math.max(8, left)}px`);
  panelRoot.style.setProperty("--from-right", `${Math.max(8, innerWidth - right)}px`);
  panelRoot.showPopover?.();
}

/** @param {any} view @param {{panelRoot: HTMLElement, tooltip: any}} parts */
export function createActions(view, { panelRoot, tooltip }) {
  let linkTimer = 0;

  function saveLink() {
    clearTimeout(linkTimer);
    if (view.options.linked) linkTimer = setTimeout(writeNow, LINK_AFTER);
  }

  function writeNow() {
    const { pin, scope } = view;
    writeLink({
      pin: pin && writePin(view.network, pin.layer, pin.unit),
      scope: scope === "layer" ? null : scope,
    });
  }

  /** @param {number} layer @param {any} unit */
  function pin(layer, unit, { remember = true } = {}) {
    if (remember && view.pin && !(view.pin.layer === layer && sameUnit(view.pin.unit, unit))) {
      view.history.push(view.pin);
      if (view.history.length > HISTORY) view.history.shift();
    }
    if (view.slide && (view.slide.layer !== layer || view.slide.channel !== unit.channel))
      endSlide();
    else if (view.slide) goTo(view.slide, unit.row * view.slide.cols + unit.col);
    view.pin = { layer, unit };
    view.cursor = null;
    saveLink();
    view.request(view.slide ? "values" : "pointing");
  }

  function endSlide() {
    view.slide = null;
    saveLink();
    view.request("values");
  }

  /** @type {(() => {element: HTMLElement, update: () => void})|null} */
  let made = null; // makes the open panel, anew when the weights or the theme have changed

  /** @param {() => {element: HTMLElement, update: () => void}} make */
  function open(make) {
    made = make;
    panelRoot.hidePopover?.();
    refreshPanel();
    showPanel(panelRoot, view.root);
  }

  function refreshPanel() {
    if (!made) return;
    view.panel = made();
    panelRoot.replaceChildren(view.panel.element);
    view.panel.update();
  }

  /** The map that would be slid over: the explained unit's, else the nearest before it. */
  function slidable() {
    if (!view.network) return null;
    const { layers } = view.network;
    const focus = view.shown();
    const slidesAt = (/** @type {number} */ layer) => slides(formAt(view.network, layer));
    let layer = Math.min(focus?.layer ?? layers.length, layers.length - 1);
    while (layer >= 0 && !slidesAt(layer)) layer -= 1;
    if (layer < 0)
      layer = layers.findIndex((/** @type {any} */ _, /** @type {number} */ l) => slidesAt(l));
    if (layer < 0) return null;
    const channel = focus?.unit.channel ?? 0;
    return { layer, channel: channel < layers[layer].shape[0] ? channel : 0 };
  }

  /** @param {boolean} playing */
  function startSlide(playing) {
    const map = slidable();
    if (!map) return;
    const { layer, channel } = map;
    const [, rows, cols] = view.network.layers[layer].shape;
    const position = firstWithInk(view.network, layer, view.values[0]);
    const { speed } = view;
    view.slide = createSlide({ layer, channel, rows, cols, position, playing, speed });
    view.pin = { layer, unit: unitOf(view.slide) };
    view.cursor = null;
    saveLink();
    view.request("values");
  }

  const inputsOf = (/** @type {{layer: number, unit: any}} */ { layer, unit }) => {
    const described = view.network.layers[layer];
    return kindOf(described).inputs(described, described.inShape, unit, null);
  };

  return {
    pin,
    saveLink,
    endSlide,
    refreshPanel,
    copy: copyText,

    /** The presentation size, or back. */
    present() {
      view.presenting = !view.presents();
      view.resized();
    },

    /** First what lies on top. */
    escape() {
      if (view.panel) this.closePanel();
      else if (view.slide) endSlide();
      else this.release();
    },

    release() {
      if (view.slide) endSlide();
      view.pin = view.cursor = view.marked = null;
      view.history.length = 0;
      saveLink();
      view.request("pointing");
    },

    back() {
      const last = view.history.pop();
      if (last) pin(last.layer, last.unit, { remember: false });
    },

    /** @param {any} spot under the pointer */
    point(spot, x = null, y = null) {
      view.hover = spot?.unit ? spot : null;
      const kernel = spot?.kernel;
      const ofPin =
        kernel && view.pin?.layer === kernel.layer && view.pin.unit.channel === kernel.out;
      view.marked = ofPin ? { ...view.pin, channel: kernel.in, i: spot.row, j: spot.col } : null;
      tooltip.place(spot, x, y);
      view.request("pointing");
    },

    /** Say what `spot` is, beside it. */
    tell: (/** @type {any} */ spot, /** @type {number} */ x, /** @type {number} */ y) =>
      tooltip.place(spot, x, y),

    /** The keyboard's place, where nothing is pinned. */
    setCursor(/** @type {number|null} */ layer, /** @type {any} */ unit = null) {
      view.cursor = layer === null ? null : { layer, unit };
      view.request("pointing");
    },

    /** Show what a kernel's cell multiplies for the unit `at`; null ends it. */
    mark(
      /** @type {any} */ at,
      /** @type {number} */ channel = 0,
      /** @type {number} */ i = 0,
      /** @type {number} */ j = 0,
    ) {
      view.marked = at && { layer: at.layer, unit: at.unit, channel, i, j };
      view.request("pointing");
    },

    pinSource(
      /** @type {any} */ { layer, unit },
      /** @type {number} */ channel,
      /** @type {number} */ i,
      /** @type {number} */ j,
    ) {
      const window = /** @type {any} */ (windowOf(view.network, layer, unit));
      const [row, col] = [window.sourceRows[i], window.sourceCols[j]];
      if (row >= 0 && col >= 0) pin(layer - 1, { channel, row, col });
    },

    pinFirst(/** @type {any} */ at) {
      pin(at.layer - 1, inputsOf(at)[0].unit);
    },

    pinContribution(/** @type {any} */ { layer, unit }, /** @type {number} */ i) {
      const described = view.network.layers[layer];
      const given = kindOf(described).arithmetic(
        described,
        view.values[layer],
        described.inShape,
        view.values[layer + 1],
        unit,
      );
      pin(layer - 1, { index: given.contributions[i].index });
    },

    setScope(/** @type {string} */ scope) {
      view.scope = scope;
      saveLink();
      view.request("values", "weights");
    },

    openLayer(/** @type {number} */ layer) {
      if (formAt(view.network, layer) === "patches") open(() => filtersPanel(view, layer));
      else if (isMap(shapeAt(view.network, layer)))
        open(() => mapPanel(view, layer, 0, closeButton(view)));
    },

    enlarge: (/** @type {number} */ layer, /** @type {number} */ channel) =>
      open(() => mapPanel(view, layer, channel, closeButton(view))),

    closePanel() {
      view.panel = made = null;
      panelRoot.hidePopover?.();
      panelRoot.replaceChildren();
    },

    async snippet() {
      const { layer, unit } = view.shown();
      const code = pytorch(view.network, view.values, layer, unit, {
        checkpoint: view.options.checkpoint,
      });
      const copied = await copyText(code);
      open(() => snippetPanel(view, code, copied));
    },

    csv(/** @type {number} */ layer, /** @type {number} */ channel) {
      const shape = shapeAt(view.network, layer);
      const name = layer === -1 ? "input" : view.network.layers[layer].name;
      const [, rows, cols] = shape;
      const values = view.values[layer + 1].subarray(
        channel * rows * cols,
        (channel + 1) * rows * cols,
      );
      download(`${name}-map-${channel}.csv`, csv(values, [rows, cols]), "text/csv");
    },

    slidable,

    /** Begin the slide, or go on with it, or pause it. */
    playSlide() {
      if (!view.slide) {
        startSlide(!matchMedia("(prefers-reduced-motion: reduce)").matches);
        return;
      }
      if (view.slide.position >= view.slide.count - 1) goTo(view.slide, 0);
      view.slide.playing = !view.slide.playing;
      view.request("pointing");
    },

    stepSlide(/** @type {number} */ by) {
      if (!view.slide) startSlide(false);
      else this.seekSlide(view.slide.position + by);
    },

    seekSlide(/** @type {number} */ position) {
      if (!view.slide) startSlide(false);
      view.slide.playing = false;
      goTo(view.slide, position);
      view.pin = { layer: view.slide.layer, unit: unitOf(view.slide) };
      saveLink();
      view.request("values");
    },

    setSpeed(/** @type {number} */ speed) {
      view.speed = speed;
      if (!view.slide) return;
      view.slide.speed = speed;
      view.slide.exact = view.slide.position;
    },
  };
}
