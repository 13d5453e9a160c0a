/**
 * What is drawn over the maps for a unit: its window, its receptive field back to the input, and
 * edges as strong as their contributions. Shapes only; `shapes.js` draws them. Pure.
 * @module
 */
import { waysOf } from "./edges.js";
import { formAt } from "./kinds.js";
import { inputs, receptiveField, windowOf } from "./receptive_field.js";
import { box, rectOfUnit } from "./scene.js";

/**
 * @typedef {import("./scene.js").Rect} Rect
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("./types.js").Network} Network
 *
 * @typedef {{shape: "box", kind: string, rect: Rect}} Box
 * @typedef {{shape: "edge", points: import("./edges.js").Point[], down: boolean, strength: number,
 *   colour: string}} Edge
 * @typedef {{shape: "tick", x: number, y: number, length: number, thickness: number,
 *   colour: string}} Tick
 * @typedef {{shape: "ring", x: number, y: number, radius: number}} Ring
 * @typedef {Box | Edge | Tick | Ring} Shape
 *
 * What a unit reads of one map.
 * @typedef {{channel: number, rect: Rect}} Source
 */

const TICK = 24; // px of the largest contribution
const KEPT = 2000;

/** Boxes are pixels of the layout and the unit alone, so they are kept between frames. */
/** @type {WeakMap<Scene, Map<string, {boxes: Box[], sources: Source[], own: Rect|null}>>} */
const boxesOf = new WeakMap();

/**
 * The boxes of a unit; `sources` are the windows that it reads, a rectangle a map.
 * @param {Scene} scene
 * @param {Network} network
 * @param {import("./view_types.js").At} focus
 * @returns {{boxes: Box[], sources: Source[], own: Rect|null}}
 */
export function boxesFor(scene, network, { layer, unit }) {
  const kept = boxesOf.get(scene) ?? new Map();
  boxesOf.set(scene, kept);
  const key = `${layer}:${Object.values(unit).join(",")}`;
  const known = kept.get(key);
  if (known) return known;
  /** @type {Box[]} */
  const boxes = [];
  /** @type {Source[]} */
  const sources = [];
  if (layer >= 0 && layer < network.layers.length) {
    const form = formAt(network, layer);
    addWindow(scene, network, layer, unit, boxes, sources);
    if (form !== "contributions") addFields(scene, network, layer, unit, boxes);
    if (form === "patches" && "channel" in unit)
      for (const kernel of scene.kernels)
        if (kernel.layer === layer && kernel.out === unit.channel)
          boxes.push({ shape: "box", kind: "used", rect: kernel.rect });
  }
  const own = rectOfUnit(scene, layer, unit);
  if (own) boxes.push({ shape: "box", kind: "unit", rect: own });
  const made = { boxes, sources, own };
  if (kept.size > KEPT) kept.clear();
  kept.set(key, made);
  return made;
}

/**
 * @param {Scene} scene
 * @param {Network} network
 * @param {number} layer
 * @param {import("./types.js").Unit} unit
 * @param {Box[]} boxes
 * @param {Source[]} sources
 */
function addWindow(scene, network, layer, unit, boxes, sources) {
  const window = windowOf(network, layer, unit);
  const form = formAt(network, layer);
  if (!("rows" in window)) {
    if (form !== "place" && form !== "formula") return;
    const [source] = inputs(network, layer, unit, null);
    const rect = rectOfUnit(scene, layer - 1, source.unit);
    if (!rect) return;
    boxes.push({ shape: "box", kind: "window", rect });
    sources.push({ channel: 0, rect });
    return;
  }
  const [r0, r1] = [window.rows[0], window.rows[window.rows.length - 1] + 1];
  const [c0, c1] = [window.cols[0], window.cols[window.cols.length - 1] + 1];
  const spread = window.rows.length < r1 - r0 || window.cols.length < c1 - c0;
  for (let channel = window.channels[0]; channel < window.channels[1]; channel += 1) {
    const tile = scene.tileOf.get(`${layer - 1},${channel}`);
    if (!tile) continue;
    const rect = box(tile, r0, r1, c0, c1);
    sources.push({ channel, rect });
    boxes.push({ shape: "box", kind: "window", rect });
    if (!spread) continue;
    for (const row of window.rows)
      for (const col of window.cols)
        boxes.push({ shape: "box", kind: "tap", rect: box(tile, row, row + 1, col, col + 1) });
  }
}

/**
 * @param {Scene} scene
 * @param {Network} network
 * @param {number} layer
 * @param {import("./types.js").Unit} unit
 * @param {Box[]} boxes
 */
function addFields(scene, network, layer, unit, boxes) {
  for (const field of receptiveField(network, layer, unit)) {
    if (field.layerIndex >= layer - 1 || !("channels" in field)) continue;
    for (let channel = field.channels[0]; channel < field.channels[1]; channel += 1) {
      const tile = scene.tileOf.get(`${field.layerIndex},${channel}`);
      if (!tile) continue;
      const rect = box(tile, field.r0, field.r1, field.c0, field.c1);
      boxes.push({ shape: "box", kind: "field", rect });
    }
  }
}

/**
 * [{rect, contribution}] that lead into a unit.
 * @param {Scene} scene
 * @param {Network} network
 * @param {Float32Array[]} values
 * @param {{layer: number, unit: import("./types.js").Unit}} focus
 * @param {Source[]} sources
 * @returns {{rect: Rect, contribution: number}[]}
 */
function contributions(scene, network, values, { layer, unit }, sources) {
  const barsBefore = scene.bars.find((bars) => bars.layer === layer - 1);
  if (scene.answer?.layer === layer && "index" in unit) {
    const shares = values[layer + 1];
    return (barsBefore?.items ?? []).map(({ rect, index }) => ({
      rect,
      contribution: index === unit.index ? shares[index] : -shares[index],
    }));
  }
  const form = formAt(network, layer);
  if (form === "patches" && sources.length) {
    const sums = new Map(sources.map(({ channel }) => [channel, 0]));
    for (const { unit: read, contribution } of inputs(network, layer, unit, values[layer])) {
      if ("channel" in read) sums.set(read.channel, (sums.get(read.channel) ?? 0) + contribution);
    }
    return sources.map(({ channel, rect }) => ({ rect, contribution: sums.get(channel) ?? 0 }));
  }
  if (form !== "contributions") return sources.map(({ rect }) => ({ rect, contribution: 1 }));
  const all = inputs(network, layer, unit, values[layer]);
  const strips = scene.stripsOf.get(layer - 1);
  if (strips) {
    return strips.map(({ rect, offset, rows }) => {
      let contribution = 0;
      for (let at = offset; at < offset + rows; at += 1) contribution += all[at].contribution;
      return { rect, contribution };
    });
  }
  return all.flatMap(({ index, contribution }) => {
    const rect = barsBefore?.items[index]?.rect;
    return rect ? [{ rect, contribution }] : [];
  });
}

/**
 * For a unit of a linear layer: what every input contributes, as a bar beside its strip.
 * @param {Scene} scene
 * @param {Network} network
 * @param {Float32Array[]} values
 * @param {import("../shared/colormap.js").Colormap} palette
 * @param {{layer: number, unit: import("./types.js").Unit}} focus
 * @returns {Tick[]}
 */
function ticks(scene, network, values, palette, { layer, unit }) {
  const strips =
    formAt(network, layer) === "contributions" ? scene.stripsOf.get(layer - 1) : undefined;
  if (!strips || scene.plan.rows) return [];
  const all = inputs(network, layer, unit, values[layer]);
  let most = 1e-12;
  for (const { contribution } of all) most = Math.max(most, Math.abs(contribution));
  /** @type {Tick[]} */
  const made = [];
  for (const { rect, rows, offset } of strips) {
    const height = rect.h / rows;
    for (let row = 0; row < rows; row += 1) {
      const { contribution } = all[offset + row];
      const length = (Math.abs(contribution) / most) * TICK;
      if (length < 0.5) continue;
      made.push({
        shape: "tick",
        x: rect.x + rect.w + 1,
        y: rect.y + (row + 0.5) * height,
        length,
        thickness: Math.max(1, height - 0.4),
        colour: palette.sign(contribution),
      });
    }
  }
  return made;
}

/**
 * A unit's shapes, from back to front; only with `edges` those that change with the values.
 * @param {Scene} scene @param {Network} network @param {Float32Array[]} values
 * @param {import("../shared/colormap.js").Colormap} palette
 * @param {import("./view_types.js").At} focus @param {boolean} edges
 * @returns {Shape[]}
 */
export function shapesFor(scene, network, values, palette, focus, edges) {
  const { boxes, sources, own } = boxesFor(scene, network, focus);
  if (!edges || focus.layer < 0 || !own) return boxes;
  const into = contributions(scene, network, values, focus, sources);
  let most = 1e-12;
  for (const { contribution } of into) most = Math.max(most, Math.abs(contribution));
  const { layer, unit } = focus;
  const channel = "channel" in unit ? unit.channel : -1;
  const to = { rect: own, tile: scene.tileOf.get(`${layer},${channel}`) };
  const rects = scene.kernels
    .filter((kernel) => kernel.numbers && kernel.layer === layer && kernel.out === channel)
    .map(({ rect }) => rect);
  const { rows: down } = scene.plan;
  /** @type {Shape[]} */
  const shapes = [];
  into.forEach(({ rect, contribution }, index) => {
    // One edge alone has nothing to be compared with.
    const strength = into.length === 1 ? 0.1 : Math.abs(contribution) / most;
    if (strength <= 0.004) return;
    const source = sources.find((each) => each.rect === rect);
    const from = { rect, tile: scene.tileOf.get(`${layer - 1},${source?.channel}`) };
    const colour = palette.sign(contribution);
    for (const points of waysOf(from, to, { rects, at: (index + 0.5) / into.length }, down))
      shapes.push({ shape: "edge", points, down, strength, colour });
  });
  return [...shapes, ...boxes, ...ticks(scene, network, values, palette, focus)];
}
