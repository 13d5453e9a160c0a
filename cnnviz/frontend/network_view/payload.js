/**
 * What Python sends (cnnviz/components/network_view.py), decoded. Weights come in a message of
 * their own and are kept here by their digest, since a stroke's trace names only the digest.
 *
 * @typedef {{shape: number[], values: Float32Array}} Tensor
 * Base64 of float32 (cnnviz/views/arrays.py): all of them, or with `same` each run of equal ones
 * once and a bit a value; or whole 255ths as `bytes`.
 * @typedef {{shape: number[], values?: string, same?: string, bytes?: string}} Encoded
 *
 * @typedef {object} WeightsData
 * @property {"weights"} role
 * @property {string} id
 * @property {Record<string, {digest: string} & Partial<WeightsOf<Encoded>>>} layers  without its
 *   weights a layer has those that came under the same digest before
 *
 * A layer's values may be left out, or be there of some `channels` alone. Of `derived` layers they
 * never come: those only choose among the values before them.
 * @typedef {Encoded & {name: string, kind: string, hyper: import("./types.js").Hyper,
 *   channels?: number[], derived?: boolean}} LayerData
 *
 * @typedef {object} TraceData
 * @property {"trace"} role
 * @property {string} weights  the digest of the message that has them
 * @property {string} [of]  another one for each picture, weights and changes
 * @property {Encoded} image
 * @property {LayerData[]} layers
 * @property {Encoded | null} probabilities
 * @property {{target: number, loss: number, gradients: Encoded[]} | null} [backward]  of a loss: its
 *   gradients by the image and each layer are shown, not the values
 * @property {{canvas: string, centre: boolean, frame: import("./preprocess.js").Frame,
 *   beneath: Encoded | null} | null} live
 * @property {import("./view_types.js").View["options"]} options
 */

import { bytes, float32 } from "../shared/decoding.js";
import { kindOf } from "./kinds.js";
import { recall, remember } from "./remembered.js";
import { sizeOf } from "./units.js";

/**
 * Of one layer; `buffers` are what it keeps besides.
 * @template T
 * @typedef {{weight: T | null, bias: T | null, buffers?: Record<string, T>}} WeightsOf
 */
/** @typedef {Record<string, WeightsOf<Tensor>>} Weights by layer */

/**
 * By digest. Weights stay as long as an element holds them: Streamlit doesn't send an unchanged
 * element again, so what is dropped too early would never come back.
 * @type {Map<string, {layers: Weights, holders: Set<object>}>}
 */
const weightsById = new Map();
/** @type {Map<string, Set<() => void>>} */
const waiting = new Map();

/** @param {Encoded} encoded @returns {Tensor} */
export function decodeTensor(encoded) {
  const { shape } = encoded;
  if (encoded.bytes)
    return { shape, values: Float32Array.from(bytes(encoded.bytes), (b) => b / 255) };
  const values = float32(encoded.values ?? "");
  return { shape, values: encoded.same ? repeated(values, bytes(encoded.same), shape) : values };
}

/**
 * Each of `runs` as often as the bits say.
 * @param {Float32Array} runs @param {Uint8Array} same @param {number[]} shape
 */
function repeated(runs, same, shape) {
  const out = new Float32Array(sizeOf(shape));
  for (let i = 0, run = -1; i < out.length; i += 1) {
    if (!((same[i >> 3] >> (i & 7)) & 1)) run += 1;
    out[i] = runs[run];
  }
  return out;
}

/**
 * Keep a weights message for `holder`, the element it came to, in place of what that held before,
 * and wake the views that wait for it. False where it leaves weights out that aren't here: then
 * what was held stays, and all of them must be asked for.
 * @param {Pick<WeightsData, "id" | "layers">} data
 * @param {object} holder
 * @returns {boolean}
 */
export function storeWeights(data, holder) {
  const layers = weightsById.get(data.id)?.layers ?? decodeLayers(data);
  if (!layers) return false;
  const kept = weightsById.get(data.id) ?? { layers, holders: new Set() };
  kept.holders.add(holder);
  weightsById.set(data.id, kept);
  releaseWeights(holder, data.id);
  const woken = waiting.get(data.id) ?? [];
  waiting.delete(data.id);
  for (const wake of woken) wake();
  return true;
}

/**
 * Drop what nobody holds once `holder`'s element is gone, or has become that of `except`.
 * @param {object} holder
 * @param {string | null} [except]
 */
export function releaseWeights(holder, except = null) {
  for (const [id, { holders }] of weightsById) {
    if (id === except || !holders.delete(holder)) continue;
    if (!holders.size) weightsById.delete(id);
  }
}

/** @param {Pick<WeightsData, "layers">} data @returns {Weights | null} null where some lack */
function decodeLayers(data) {
  /** @type {Weights} */
  const decoded = {};
  let complete = true;
  for (const [name, { digest, weight, bias, buffers = {} }] of Object.entries(data.layers)) {
    if (weight === undefined) {
      const known = recall(digest);
      if (known) decoded[name] = known;
      else complete = false;
      continue;
    }
    decoded[name] = {
      weight: weight && decodeTensor(weight),
      bias: bias ? decodeTensor(bias) : null,
      buffers: Object.fromEntries(
        Object.entries(buffers).map(([key, encoded]) => [key, decodeTensor(encoded)]),
      ),
    };
    remember(digest, decoded[name]);
  }
  return complete ? decoded : null;
}

/** Call `wake` when the weights `id` have come; at once if they are here.
 * @param {string} id
 * @param {() => void} wake
 */
export function whenWeights(id, wake) {
  if (weightsById.has(id)) {
    wake();
    return;
  }
  const waits = waiting.get(id) ?? new Set();
  waiting.set(id, waits.add(wake));
}

/** A key for all that the page's structure depends on: not for the values.
 * @param {TraceData} data
 */
export function structureOf(data) {
  const layers = data.layers.map((l) => [l.name, l.kind, l.shape, l.hyper]);
  return JSON.stringify([
    data.image.shape,
    layers,
    Boolean(data.options.drag),
    Boolean(data.backward),
  ]);
}

/**
 * The image, then each layer's output, and the probabilities where there are any. What Python left
 * out is as the browser computes it. `exact` says of each map what is torch's own, or of a whole
 * vector: 1 or 0.
 * @param {TraceData} data
 * @param {import("./types.js").Network} network
 * @param {(image: Float32Array) => Float32Array[]} run
 * @param {(at: number, values: Float32Array) => void} [fill] sets what is set by hand of a layer
 * @param {{values: Float32Array[], exact: Uint8Array[]} | null} [before]  what came of this very
 *   trace in earlier messages
 */
export function decodeValues(data, network, run, fill, before = null) {
  const image = decodeTensor(data.image).values;
  const ours = run(image);
  const values = [image];
  const exact = [new Uint8Array(data.image.shape[0]).fill(1)];
  data.layers.forEach((sent, at) => {
    const layer = network.layers[at];
    const maps = layer.shape.length === 3 ? layer.shape[0] : 1;
    if (sent.derived) {
      const out = new Float32Array(ours[at + 1].length);
      kindOf(layer).forward(layer, values[at], layer.inShape, out);
      fill?.(at + 1, out);
      values.push(out);
      exact.push(handedOn(exact[at], maps));
    } else if (isThere(sent) && !sent.channels) {
      values.push(decodeTensor(sent).values);
      exact.push(new Uint8Array(maps).fill(1));
    } else {
      const { out, known } = completed(sent, ours[at + 1], maps);
      if (before) handOver(out, known, before.values[at + 1], before.exact[at + 1]);
      values.push(out);
      exact.push(known);
    }
  });
  const probabilities = data.probabilities ? decodeTensor(data.probabilities).values : null;
  return { values, exact, probabilities };
}

/**
 * Which of a layer's `maps` are torch's own where it only chooses among the values before it.
 * @param {Uint8Array} before @param {number} maps
 */
const handedOn = (before, maps) =>
  before.length === maps
    ? before.slice()
    : new Uint8Array(maps).fill(before.every(Boolean) ? 1 : 0);

/**
 * The `ours` of a layer with the maps that were sent in their place.
 * @param {LayerData} sent @param {Float32Array} ours @param {number} maps
 */
function completed(sent, ours, maps) {
  const out = Float32Array.from(ours);
  const known = new Uint8Array(maps);
  const { channels = [] } = sent;
  if (!channels.length) return { out, known };
  const size = out.length / maps;
  const own = decodeTensor({ ...sent, shape: [channels.length * size] }).values;
  channels.forEach((channel, i) => {
    out.set(own.subarray(i * size, (i + 1) * size), channel * size);
    known[channel] = 1;
  });
  return { out, known };
}

/**
 * The maps that came before and haven't come again.
 * @param {Float32Array} out @param {Uint8Array} known @param {Float32Array} earlier
 * @param {Uint8Array} exact
 */
function handOver(out, known, earlier, exact) {
  const size = out.length / known.length;
  known.forEach((isKnown, map) => {
    if (isKnown || !exact[map]) return;
    out.set(earlier.subarray(map * size, (map + 1) * size), map * size);
    known[map] = 1;
  });
}

/** What is known of a loss on its way back, where the trace has one.
 * @param {TraceData} data
 * @param {Float32Array[]} values  with the probabilities
 * @returns {import("./backward/terms.js").Back | null}
 */
export function decodeBack({ backward }, values) {
  if (!backward) return null;
  const gradients = backward.gradients.map((encoded) => decodeTensor(encoded).values);
  return { values, gradients, target: backward.target, loss: backward.loss };
}

/** @param {Encoded} encoded */
const isThere = ({ values, bytes: whole }) => values !== undefined || whole !== undefined;

/** The network of a trace, whose weights must be here.
 * @param {TraceData} data
 * @returns {import("./types.js").Network}
 */
export function decodeNetwork(data) {
  const weights = weightsById.get(data.weights)?.layers;
  if (!weights) throw new Error(`the weights ${data.weights} haven't come yet`);
  let inShape = data.image.shape;
  const layers = data.layers.map((layer) => {
    const own = Object.hasOwn(weights, layer.name) ? weights[layer.name] : null;
    const described = {
      name: layer.name,
      kind: layer.kind,
      hyper: layer.hyper,
      shape: layer.shape,
      inShape,
      weight: own?.weight?.values ?? null,
      weightShape: own?.weight?.shape ?? null,
      bias: own?.bias?.values ?? null,
      buffers: Object.fromEntries(
        Object.entries(own?.buffers ?? {}).map(([key, { values }]) => [key, values]),
      ),
    };
    inShape = layer.shape;
    return described;
  });
  return { image: { shape: data.image.shape }, layers };
}
