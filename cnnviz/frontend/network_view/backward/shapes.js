/** What is drawn over the maps for a unit on the way back: the later units that read it. Pure. @module */

import { waysOf } from "../edges.js";
import { box, rectOfUnit } from "../scene.js";
import { backwardTerms } from "./terms.js";

/**
 * @typedef {import("../overlay.js").Shape} Shape
 * @typedef {import("../scene.js").Rect} Rect
 */

/**
 * A unit's shapes, from back to front.
 * @param {import("../scene.js").Scene} scene
 * @param {import("../types.js").Network} network
 * @param {import("./terms.js").Back} back
 * @param {import("../../shared/colormap.js").Colormap} palette
 * @param {import("../view_types.js").At} focus
 * @param {boolean} edges
 * @returns {Shape[]}
 */
export function shapesBack(scene, network, back, palette, { layer, unit }, edges) {
  const own = rectOfUnit(scene, layer, unit);
  if (!own) return [];
  /** @type {Shape[]} */
  const boxes = [{ shape: "box", kind: "unit", rect: own }];
  const terms = backwardTerms(network, back, layer, unit);
  if (terms.rule !== "sums") return boxes;
  const channel = "channel" in unit ? unit.channel : -1;
  for (const kernel of scene.kernels)
    if (kernel.layer === terms.layer && kernel.in === channel)
      boxes.push({ shape: "box", kind: "used", rect: kernel.rect });
  const to = terms.groups.flatMap(({ cells, sum }) => readersOf(scene, terms.layer, cells, sum));
  for (const { rect } of to) boxes.push({ shape: "box", kind: "window", rect });
  if (!edges) return boxes;
  const most = Math.max(1e-30, ...to.map(({ sum }) => Math.abs(sum)));
  const from = { rect: own, tile: scene.tileOf.get(`${layer},${channel}`) };
  const { rows: down } = scene.plan;
  const lines = to.flatMap(({ rect, tile, sum }) => {
    const strength = to.length === 1 ? 0.1 : Math.abs(sum) / most;
    if (strength <= 0.004) return [];
    return waysOf(from, { rect, tile }, { rects: [], at: 0 }, down).map((points) => ({
      shape: /** @type {const} */ ("edge"),
      points,
      down,
      strength,
      colour: palette.sign(sum),
    }));
  });
  return [...lines, ...boxes];
}

/**
 * Where the units of one group lie: a frame round them in their map, or each by itself.
 * @param {import("../scene.js").Scene} scene
 * @param {number} layer
 * @param {import("./terms.js").Term[][]} cells
 * @param {number} sum
 * @returns {{rect: Rect, tile?: import("../scene.js").Tile, sum: number}[]}
 */
function readersOf(scene, layer, cells, sum) {
  const [first, last] = [cells[0]?.[0]?.unit, cells.at(-1)?.at(-1)?.unit];
  if (first && last && "channel" in first && "channel" in last) {
    const tile = scene.tileOf.get(`${layer},${first.channel}`);
    if (!tile) return [];
    const rows = [first.row, last.row].sort((a, b) => a - b);
    const cols = [first.col, last.col].sort((a, b) => a - b);
    return [{ rect: box(tile, rows[0], rows[1] + 1, cols[0], cols[1] + 1), tile, sum }];
  }
  return cells.flat().flatMap(({ unit, product }) => {
    const rect = rectOfUnit(scene, layer, unit);
    return rect ? [{ rect, sum: product }] : [];
  });
}
