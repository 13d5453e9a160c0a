/**
 * What of a large network is in sight: two neighbouring layers stand open, the others are folded to
 * a slim column; of many maps the strongest are shown. Pure.
 *
 * Side by side there is one place for what stands open, always equally wide. A folded layer right
 * of it opens as the right one of two, one left of it as the left one: so it opens over the very
 * place where it was folded, and who points at it still does. Where columns are rows, what opens
 * pushes down only what is below it, and nothing folds unasked.
 * @module
 */
import { isMap } from "./units.js";

/** From that many layers on a network folds. */
const FOLDS_FROM = 10;
const MOST_MAPS = 16; // of a layer that are all shown
const MOST_OF_LARGE = 10; // likewise, where the network folds
const STRONGEST = 8; // how many of more maps are

/** @typedef {import("./types.js").Network} Network */

/**
 * How many layers, from the first, can be folded: not the last one where that is the answer's.
 * @param {Network} network
 */
export function foldable({ layers }) {
  if (layers.length < FOLDS_FROM) return 0;
  return layers[layers.length - 1].shape.length === 1 ? layers.length - 1 : layers.length;
}

/** @param {number} count of those that can be folded @param {number} first */
function pairFrom(count, first) {
  const from = Math.max(0, Math.min(count - 2, first));
  return [from, from + 1];
}

/**
 * The layers that stand open at first: that of a pinned unit and the one before it.
 * @param {Network} network
 * @param {number} [pinned] layer
 * @returns {number[]}
 */
export function openAtFirst(network, pinned = 1) {
  const count = foldable(network);
  return count ? pairFrom(count, pinned - 1) : [];
}

/**
 * What of `open` does: side by side only two neighbours can.
 * @param {Network} network
 * @param {number[]} open
 * @param {boolean} rows
 */
export function openIn(network, open, rows) {
  if (rows || open.length <= 2) return open;
  return pairFrom(foldable(network), open[0]);
}

/**
 * What stands open once `layer` has been opened, in order; the very same list where it was.
 * @param {Network} network
 * @param {number[]} open
 * @param {number} layer
 * @param {boolean} rows
 */
export function opened(network, open, layer, rows) {
  const count = foldable(network);
  if (layer < 0 || layer >= count || open.includes(layer)) return open;
  if (rows) return [...open, layer].sort((a, b) => a - b);
  return pairFrom(count, layer > open[0] ? layer - 1 : layer);
}

/**
 * Which of a layer's many maps are shown, in order: the strongest by their mean magnitude. Layers
 * that each hand on their maps one by one show the same, those that are strongest in the last of
 * them, so that rows line up. A pinned map is among them. Layers with few maps aren't named.
 * @param {Network} network
 * @param {Float32Array[]} values the image, then each layer's output
 * @param {{layer: number, unit: import("./types.js").Unit}|null} pin
 * @returns {Map<number, number[]>} by layer
 */
export function strongestMaps(network, values, pin) {
  const { layers } = network;
  const most = foldable(network) ? MOST_OF_LARGE : MOST_MAPS;
  /** @type {Map<number, number[]>} */
  const shown = new Map();
  for (let first = 0; first < layers.length; first += 1) {
    const [maps] = layers[first].shape;
    if (!isMap(layers[first].shape) || maps <= most) continue;
    let last = first;
    while (last + 1 < layers.length && handsOn(layers[last + 1], maps)) last += 1;
    const kept = new Set(strongest(values[last + 1], maps));
    if (pin && "channel" in pin.unit && pin.layer >= first && pin.layer <= last)
      keep(kept, pin.unit.channel);
    const channels = [...kept].sort((a, b) => a - b);
    for (let layer = first; layer <= last; layer += 1) shown.set(layer, channels);
    first = last;
  }
  return shown;
}

/** Whether a layer makes each of its maps of one map. @param {import("./types.js").Layer} layer
 * @param {number} maps */
const handsOn = ({ shape, weightShape }, maps) =>
  isMap(shape) && shape[0] === maps && weightShape?.length !== 4;

/** @param {Float32Array} values @param {number} maps from the strongest to the weakest */
function strongest(values, maps) {
  const size = values.length / maps;
  const strength = new Float64Array(maps);
  for (let at = 0; at < values.length; at += 1)
    strength[Math.floor(at / size)] += Math.abs(values[at]);
  const order = Array.from(strength, (_, map) => map);
  return order.sort((a, b) => strength[b] - strength[a] || a - b).slice(0, STRONGEST);
}

/** In place of the weakest. @param {Set<number>} kept @param {number} channel */
function keep(kept, channel) {
  if (kept.has(channel)) return;
  kept.delete([...kept][kept.size - 1]);
  kept.add(channel);
}
