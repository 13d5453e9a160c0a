/** Marks over the maps beside boxes and edges: what a weight multiplies, what a pooling keeps. @module */

import { placeOf } from "./changes.js";
import { maxpool2d } from "./kinds/maxpool2d.js";
import { kindOf } from "./kinds.js";
import { windowOf } from "./receptive_field.js";
import { box, rectOfUnit } from "./scene.js";
import { mapUnitAt, unitAt } from "./units.js";

/**
 * A kernel's cell and the cell that it multiplies, for the unit in `view.marked`.
 * @returns {import("./overlay.js").Shape[]}
 * @param {import("./view_types.js").View} view
 */
export function markedWeight({ marked, network, scene }) {
  if (!marked || !scene) return [];
  const { layer, unit, channel, i, j } = marked;
  const window = windowOf(network, layer, unit);
  if ("indices" in window || !("channel" in unit)) return [];
  const tile = scene.tileOf.get(`${layer - 1},${channel}`);
  const kernel = scene.kernels.find(
    (k) => k.layer === layer && k.out === unit.channel && k.in === channel,
  );
  /**
   * @type {(at: import("./scene.js").Tile | import("./scene.js").Kernel | undefined,
   *   row: number, col: number) => import("./overlay.js").Box[]}
   */
  const cell = (at, row, col) =>
    at ? [{ shape: "box", kind: "marked", rect: box(at, row, row + 1, col, col + 1) }] : [];
  return [...cell(tile, window.rows[i], window.cols[j]), ...cell(kernel, i, j)];
}

/**
 * Rings around what each window of a max pooling passes on.
 * @returns {import("./overlay.js").Shape[]}
 * @param {import("./view_types.js").View} view
 */
export function winnerMarks({ network, scene, values }) {
  /** @type {import("./overlay.js").Ring[]} */
  const rings = [];
  if (!scene) return rings;
  for (const [l, layer] of network.layers.entries()) {
    if (kindOf(layer) !== maxpool2d) continue;
    const [channels, rows, cols] = layer.shape;
    for (let at = 0; at < channels * rows * cols; at++) {
      const unit = mapUnitAt(layer.shape, at);
      const { taken, winners, window } = maxpool2d.arithmetic(
        layer,
        values[l],
        layer.inShape,
        values[l + 1],
        unit,
      );
      // Where all cells are alike (the empty paper) none has won.
      const alike =
        winners.length > 1 &&
        winners.length === window.flat().filter((cell) => !cell.padding).length;
      const tile = taken && !alike && scene.tileOf.get(`${l - 1},${unit.channel}`);
      if (!tile) continue;
      const b = box(tile, taken.row, taken.row + 1, taken.col, taken.col + 1);
      const radius = Math.max(1.5, Math.min(b.w, b.h) * 0.42);
      rings.push({ shape: "ring", x: b.x + b.w / 2, y: b.y + b.h / 2, radius });
    }
  }
  return rings;
}

/**
 * What if: frames round what is set, and over each map that differs a bar as long as it does.
 * @returns {import("./overlay.js").Shape[]}
 * @param {import("./view_types.js").View} view
 */
export function changeMarks({ network, scene, whatIf, before, theme }) {
  if (!scene || !before) return [];
  /** @type {import("./overlay.js").Shape[]} */
  const shapes = [];
  for (const [tile, share] of before.maps) {
    const outer = scene.tileOf.get(tile)?.outer;
    if (!outer) continue;
    const length = Math.max(2, share * outer.w);
    const at = { x: outer.x, y: outer.y - 2, length, thickness: 2 };
    shapes.push({ shape: "tick", ...at, colour: theme.text });
  }
  for (const { target } of whatIf.changes) {
    const rect = rectOfTarget(network, scene, target);
    if (rect) shapes.push({ shape: "box", kind: "set", rect });
  }
  return shapes;
}

/**
 * @param {import("./types.js").Network} network
 * @param {import("./scene.js").Scene} scene
 * @param {string} target
 */
function rectOfTarget(network, scene, target) {
  const place = placeOf(network, target);
  if (!place) return null;
  const { layer, part, from, count } = place;
  const numbers = target
    .split(".")
    .slice(part === "value" ? 1 : 2)
    .map(Number);
  if (part === "weight") {
    const [out, input] = numbers;
    return scene.kernels.find((k) => k.layer === layer && k.out === out && k.in === input)?.rect;
  }
  const tile = scene.tileOf.get(`${layer},${numbers[0]}`);
  if (tile && (part === "bias" || numbers.length === 1)) return tile.outer;
  if (part === "bias" || count > 1) return null;
  const shape = layer === -1 ? network.image.shape : network.layers[layer].shape;
  return rectOfUnit(scene, layer, unitAt(shape, from));
}
