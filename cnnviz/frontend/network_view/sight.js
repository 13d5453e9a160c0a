/**
 * What of the values is in sight, and whether that is torch's own: a stroke brings no more than fits
 * into its message (cnnviz/views/arrays.py). What is missing the browser has computed; once it
 * is looked at Python is asked for it, and sends it with every stroke from then on. What there is no
 * room for comes in parts: each answer is asked after, with what has come, until nothing lacks.
 * @module
 */
import { isMap } from "./units.js";

const AGAIN_AFTER = 2000; // ms: what a component tells can be lost
const TIMES = 3;

/**
 * @typedef {[string, number[] | null]} Row  a layer, and which of its maps; null for a vector
 *
 * @param {Pick<import("./view_types.js").View, "network" | "scene" | "pin" | "panel">} view
 * @returns {Row[]} the most important first
 */
export function inSight({ network, scene, pin, panel }) {
  /** @type {Map<number, Set<number>>} */
  const maps = new Map();
  const add = (/** @type {number} */ layer, /** @type {Iterable<number>} */ channels) => {
    if (layer < 0 || layer >= network.layers.length) return;
    const known = maps.get(layer) ?? new Set();
    maps.set(layer, known);
    for (const channel of channels) known.add(channel);
  };
  if (panel?.shows) add(panel.shows.layer, [panel.shows.channel]);
  if (pin) {
    add(pin.layer, "channel" in pin.unit ? [pin.unit.channel] : []);
    const before = network.layers[pin.layer - 1];
    // A convolution reads all maps before it, any other layer its own.
    const reads = network.layers[pin.layer]?.weightShape?.length === 4 || !("channel" in pin.unit);
    if (before && reads)
      add(pin.layer - 1, isMap(before.shape) ? Array(before.shape[0]).keys() : []);
    else if (before && "channel" in pin.unit) add(pin.layer - 1, [pin.unit.channel]);
  }
  for (const { column } of scene?.columns ?? []) {
    if (column.folded || column.type === "kernels") continue;
    add(column.layer, column.type === "maps" ? (column.channels ?? Array(column.maps).keys()) : []);
  }
  return [...maps].map(([layer, channels]) => [
    network.layers[layer].name,
    isMap(network.layers[layer].shape) ? [...channels] : null,
  ]);
}

/**
 * Whether the value of a unit is torch's own, while what is shown is torch's.
 * @param {Pick<import("./view_types.js").View, "exact">} view
 * @param {import("./view_types.js").At} at
 */
export function isExact({ exact }, { layer, unit }) {
  return exact[layer + 1]?.["channel" in unit ? unit.channel : 0] !== 0;
}

/**
 * @param {import("./view_types.js").View} view
 * @param {(layers: Row[], there: Row[]) => void} ask  `there`: what has come already
 */
export function createSight(view, ask) {
  let [asked, times, timer] = ["", 0, 0];
  /** What was looked at when it was last looked through. @type {unknown[]} */
  let seen = [];

  const exactOf = (/** @type {string} */ name) =>
    view.exact[view.network.layers.findIndex((each) => each.name === name) + 1];

  /** How many of these maps and vectors are the browser's. @param {Row[]} rows */
  const lackingOf = (rows) =>
    rows.reduce((sum, [name, channels]) => {
      const known = exactOf(name);
      return sum + (known ? (channels ?? [0]).filter((channel) => !known[channel]).length : 0);
    }, 0);

  /** What is torch's of all layers. @returns {Row[]} */
  const there = () =>
    view.network.layers.flatMap(({ name, shape }) => {
      const known = [...(exactOf(name) ?? [])];
      if (!known.some(Boolean)) return [];
      if (!isMap(shape) || known.every(Boolean)) return [/** @type {Row} */ ([name, null])];
      return [/** @type {Row} */ ([name, known.flatMap((is, map) => (is ? [map] : []))])];
    });

  /** @param {Row[]} rows @param {Uint8Array[]} exact */
  function tell(rows, exact) {
    ask(rows, there());
    times += 1;
    clearTimeout(timer);
    const unanswered = () => view.exact === exact && times < TIMES && tell(rows, exact);
    timer = window.setTimeout(unanswered, AGAIN_AFTER);
  }

  return {
    /** Ask for what is missing; once, unless what was asked for has come in part. */
    update() {
      const now = [view.exact, view.scene, view.pin, view.panel];
      if (view.source !== "torch") {
        view.lacking = 0;
        seen = [];
        return;
      }
      if (now.every((each, at) => each === seen[at])) return;
      seen = now;
      const rows = inSight(view);
      view.lacking = lackingOf(rows);
      const key = JSON.stringify([rows, view.of, view.lacking]);
      // Asked for already, and nothing of it has come.
      if (key === asked || !view.lacking) return;
      [asked, times] = [key, 0];
      tell(rows, view.exact);
    },
    stop: () => clearTimeout(timer),
  };
}
