/**
 * All that a person can do in the view, by mouse, key or button. Each changes what the view holds
 * and asks for a frame.
 *
 * @typedef {import("./view_types.js").View} View
 * @typedef {import("./view_types.js").Actions} Actions
 * @typedef {import("./view_types.js").At} At
 * @typedef {import("./view_types.js").Spot} Spot
 * @typedef {import("./types.js").Unit} Unit
 */

import { writeAddress } from "../shared/address.js";
import { copyText } from "../shared/clipboard.js";
import { download } from "../shared/dom.js";
import { backwardSnippet } from "./backward/told.js";
import { changesText } from "./changes.js";
import { mapPanel } from "./enlarge.js";
import { opened, strongestMaps } from "./folding.js";
import { formAt, kindOf, shapeAt } from "./kinds.js";
import { closeButton, filtersPanel, mapsPanel, snippetPanel } from "./panels.js";
import { writePin } from "./pins.js";
import { windowOf } from "./receptive_field.js";
import { goTo } from "./slide.js";
import { createSlideActions } from "./slide_actions.js";
import { csv, pytorch } from "./snippet.js";
import { isMap } from "./units.js";
import { createWhatIfActions } from "./what_if_actions.js";
import { whatIfPanel } from "./what_if_panel.js";

const HISTORY = 50;
const LINK_AFTER = 250; // ms: a held arrow key changes the address once

/** @param {Unit} a @param {Unit} b */
const sameUnit = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * A panel lies over the page, at the right and the bottom of the window and wholly inside it: the
 * maps stay where they are, and so does the number that the inspector shows large.
 * @param {HTMLElement} panelRoot
 * @param {HTMLElement} root
 */
function showPanel(panelRoot, root) {
  const { left, right } = root.getBoundingClientRect();
  panelRoot.style.setProperty("--from-left", `${Math.max(8, left)}px`);
  panelRoot.style.setProperty("--from-right", `${Math.max(8, innerWidth - right)}px`);
  panelRoot.showPopover?.();
}

/**
 * @param {View} view
 * @param {{panelRoot: HTMLElement,
 *   tooltip: {place: (spot: Spot | null, x: number | null, y: number | null) => void},
 *   change: (changes: import("./changes.js").Change[]) => void,
 *   chooseWeight: (weight: string) => void}} parts
 * @returns {Actions}
 */
export function createActions(view, { panelRoot, tooltip, change, chooseWeight }) {
  let linkTimer = 0;
  const sliding = createSlideActions(view);
  const changing = createWhatIfActions(view, change);

  function saveLink() {
    clearTimeout(linkTimer);
    if (view.options.linked) linkTimer = setTimeout(writeNow, LINK_AFTER, location.pathname);
  }

  /** @param {string} path */
  function writeNow(path) {
    const { scope } = view;
    const pin = view.opening ? null : view.pin;
    const entries = {
      pin: pin && writePin(view.network, pin.layer, pin.unit),
      scope: scope === "layer" ? null : scope,
      ...(view.options.changes && { changes: changesText([...view.whatIf.changes]) || null }),
    };
    writeAddress(entries, path);
  }

  /** @type {Actions["pin"]} */
  function pin(layer, unit, { remember = true } = {}) {
    if (remember && view.pin && !(view.pin.layer === layer && sameUnit(view.pin.unit, unit))) {
      view.history.push(view.pin);
      if (view.history.length > HISTORY) view.history.shift();
    }
    const place = "channel" in unit ? unit : null;
    if (view.slide?.layer !== layer || view.slide.channel !== place?.channel) {
      if (view.slide) sliding.endSlide();
    } else goTo(view.slide, place.row * view.slide.cols + place.col);
    view.pin = { layer, unit };
    view.opening = false;
    view.cursor = null;
    saveLink();
    unfold(layer);
    if (place && !view.scene?.tileOf.has(`${layer},${place.channel}`)) {
      view.shownMaps = strongestMaps(view.network, view.values, view.pin);
      view.rearrange();
    }
    view.request(view.slide ? "values" : "pointing");
  }

  /** @type {Actions["unfold"]} */
  function unfold(layer) {
    const open = opened(view.network, view.open, layer, Boolean(view.scene?.plan.rows));
    if (open === view.open) return;
    view.open = open;
    view.rearrange();
  }

  /**
   * Makes the open panel, anew when the weights or the theme have changed, unless it lasts.
   * @type {(() => import("./view_types.js").Panel) | null}
   */
  let made = null;

  /** @param {() => import("./view_types.js").Panel} make */
  function open(make) {
    made = make;
    panelRoot.hidePopover?.();
    makePanel();
    showPanel(panelRoot, view.root);
  }

  /** Other weights, or other colours. */
  function refreshPanel() {
    if (view.panel?.lasting) view.panel.update();
    else makePanel();
  }

  function makePanel() {
    if (!made) return;
    view.panel = made();
    panelRoot.replaceChildren(view.panel.element);
    view.panel.update();
  }

  /** @param {At} at */
  const inputsOf = ({ layer, unit }) => {
    const described = view.network.layers[layer];
    return kindOf(described).inputs(described, described.inShape, unit, null);
  };

  /** What a kernel's cell multiplies for the unit that is held, where it makes that unit's map.
   * @param {import("./hit.js").KernelSpot} spot
   */
  function markedBy({ kernel, row, col }) {
    const held = view.held();
    if (held?.layer !== kernel.layer || !("channel" in held.unit)) return null;
    if (held.unit.channel !== kernel.out) return null;
    return { ...held, channel: kernel.in, i: row, j: col };
  }

  return {
    pin,
    unfold,
    saveLink,
    // The address is another page's then.
    stop: () => clearTimeout(linkTimer),
    ...sliding,
    ...changing.actions,
    chooseWeight,
    keep: () => view.whatIf.keep(),
    refreshPanel,
    copy: copyText,

    /** First what lies on top. */
    escape() {
      if (view.panel) this.closePanel();
      else if (view.slide) sliding.endSlide();
      else this.release();
    },

    release() {
      if (view.slide) sliding.endSlide();
      view.pin = null;
      view.cursor = null;
      view.marked = null;
      view.history.length = 0;
      saveLink();
      view.request("pointing");
    },

    back() {
      const last = view.history.pop();
      if (last) pin(last.layer, last.unit, { remember: false });
    },

    point(spot, x = null, y = null) {
      view.hover = spot && "unit" in spot ? spot : null;
      view.marked = spot && "kernel" in spot ? markedBy(spot) : null;
      tooltip.place(spot, x, y);
      view.request("pointing");
    },

    /** Say what `spot` is, beside it. */
    tell: (spot, x, y) => tooltip.place(spot, x, y),

    /** The keyboard's place, where nothing is pinned. */
    setCursor(layer, unit) {
      view.cursor = layer === null || !unit ? null : { layer, unit };
      view.request("pointing");
    },

    /** Show what a kernel's cell multiplies for the unit `at`; null ends it. */
    mark(at, channel = 0, i = 0, j = 0) {
      view.marked = at && { layer: at.layer, unit: at.unit, channel, i, j };
      view.request("pointing");
    },

    pinSource({ layer, unit }, channel, i, j) {
      const window = windowOf(view.network, layer, unit);
      if (!("sourceRows" in window)) return;
      const [row, col] = [window.sourceRows[i], window.sourceCols[j]];
      if (row >= 0 && col >= 0) pin(layer - 1, { channel, row, col });
    },

    pinFirst(at) {
      pin(at.layer - 1, inputsOf(at)[0].unit);
    },

    pinContribution({ layer, unit }, i) {
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

    setScope(scope) {
      view.scope = scope;
      saveLink();
      view.request("values", "weights");
    },

    openLayer(layer) {
      if (view.shownMaps.has(layer)) open(() => mapsPanel(view, layer));
      else if (formAt(view.network, layer) === "patches") open(() => filtersPanel(view, layer));
      else if (isMap(shapeAt(view.network, layer)))
        open(() => mapPanel(view, layer, 0, closeButton(view)));
    },

    enlarge: (layer, channel) => open(() => mapPanel(view, layer, channel, closeButton(view))),

    openWhatIf() {
      if (!view.options.changes) return;
      if (view.panel?.lasting) this.closePanel();
      else open(() => whatIfPanel(view, closeButton(view), changing.history));
    },

    closePanel() {
      made = null;
      view.panel = null;
      panelRoot.hidePopover?.();
      panelRoot.replaceChildren();
    },

    snippet() {
      const shown = view.shown();
      if (!shown) return;
      const { layer, unit } = shown;
      const edited = view.network.layers[layer] !== view.whatIf.original?.layers[layer];
      const code = view.back
        ? backwardSnippet(view.network, view.back, layer, unit)
        : pytorch(view.network, view.values, layer, unit, {
            checkpoint: edited ? null : view.options.checkpoint,
            set: view.whatIf.setTo(layer, unit),
          });
      open(() => snippetPanel(view, code));
    },

    csv(layer, channel) {
      const shape = shapeAt(view.network, layer);
      const name = layer === -1 ? "input" : view.network.layers[layer].name;
      const [, rows, cols] = shape;
      const values = view.values[layer + 1].subarray(
        channel * rows * cols,
        (channel + 1) * rows * cols,
      );
      const what = view.back ? "-gradient" : "";
      download(`${name}-map-${channel}${what}.csv`, csv(values, [rows, cols]), "text/csv");
    },
  };
}
