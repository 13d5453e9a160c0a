/** The value of what is under the pointer, beside it. @module */
import { h, setText } from "../shared/dom.js";
import { namesOf } from "./inspector.js";
import { shapeAt } from "./kinds.js";
import { exactly } from "../shared/numbers.js";
import { indexOf } from "./units.js";

/** What `spot` (a unit, a kernel's cell, a linear weight) is and its value. */
function wordsOf({ network, values }, spot) {
  if (spot.unit) {
    const { title, place } = namesOf(network, spot.layer, spot.unit);
    const value = values[spot.layer + 1][indexOf(shapeAt(network, spot.layer), spot.unit)];
    return `${title}, ${place}: ${exactly(value)}`;
  }
  if (spot.kernel) {
    const { kernel } = spot;
    const { weight, name } = network.layers[kernel.layer];
    return `${name} kernel ${kernel.out},${kernel.in}: ${exactly(weight[kernel.offset + spot.row * kernel.cols + spot.col])}`;
  }
  const tile = spot.weights;
  const { weight, name } = network.layers[tile.layer];
  const input = tile.group * tile.rows + spot.row;
  return `${name} weight of input ${input} for ${spot.col}: ${exactly(weight[spot.col * tile.inputs + input])}`;
}

export function createTooltip(view) {
  const element = h("div.tooltip", { "aria-hidden": "true", hidden: true });
  return {
    element,
    /** @param {object|null} spot @param {number|null} x @param {number|null} y of the pointer */
    place(spot, x, y) {
      element.hidden = !spot || x === null;
      if (element.hidden) return;
      setText(element, wordsOf(view, spot));
      const frame = view.root.getBoundingClientRect();
      const right = x - frame.left + 14;
      // On the right half it lies to the left of the pointer: the answer stays in sight.
      const left = right > frame.width / 2 ? x - frame.left - 14 - element.offsetWidth : right;
      element.style.transform = `translate(${Math.max(0, left).toFixed(0)}px, ${(y - frame.top + 18).toFixed(0)}px)`;
    },
  };
}
