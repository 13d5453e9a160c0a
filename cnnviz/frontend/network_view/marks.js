/** Marks over the maps beside boxes and edges: what a weight multiplies, what a pooling keeps. @module */
import { kindOf } from "./kinds.js";
import { box } from "./overlay.js";
import { windowOf } from "./receptive_field.js";
import { unitAt } from "./units.js";

/** A kernel's cell and the cell that it multiplies, for the unit in `view.marked`. */
export function markedWeight({ marked, network, stage }) {
  if (!marked) return "";
  const { layer, unit, channel, i, j } = marked;
  const window = windowOf(network, layer, unit);
  const tile = stage.tileOf.get(`${layer - 1},${channel}`);
  const kernel = stage.kernels.find(
    (k) => k.layer === layer && k.out === unit.channel && k.in === channel,
  );
  let text = "";
  for (const [at, row, col] of [
    [tile, window.rows[i], window.cols[j]],
    [kernel, i, j],
  ]) {
    if (!at) continue;
    const b = box(at, row, row + 1, col, col + 1);
    text += `<rect class="marked" x="${b.x.toFixed(1)}" y="${b.y.toFixed(1)}" width="${b.w.toFixed(1)}" height="${b.h.toFixed(1)}"/>`;
  }
  return text;
}

/** Rings around what each window of a max pooling passes on. */
export function winnerMarks({ network, stage, values }) {
  let text = "";
  network.layers.forEach((layer, l) => {
    if (layer.kind !== "maxpool2d") return;
    const [channels, rows, cols] = layer.shape;
    for (let at = 0; at < channels * rows * cols; at++) {
      const unit = unitAt(layer.shape, at);
      const { taken, winners, window } = kindOf(layer).arithmetic(
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
      const tile = taken && !alike && stage.tileOf.get(`${l - 1},${unit.channel}`);
      if (!tile) continue;
      const b = box(tile, taken.row, taken.row + 1, taken.col, taken.col + 1);
      const radius = Math.max(1.5, Math.min(b.w, b.h) * 0.42);
      text += `<circle class="winner" cx="${(b.x + b.w / 2).toFixed(1)}" cy="${(b.y + b.h / 2).toFixed(1)}" r="${radius.toFixed(1)}"/>`;
    }
  });
  return text;
}
