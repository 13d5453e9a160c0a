/** The value of what is under the pointer, beside it. @module */
import { h, setText } from "../shared/dom.js";
import { exactly } from "../shared/numbers.js";
import { namesOf } from "./explained.js";
import { shapeAt } from "./kinds.js";
import { indexOf } from "./units.js";

/**
 * What `spot` (a unit, a kernel's cell, a linear weight) is and its value.
 * @param {any} view
 * @param {any} spot
 */
function wordsOf(view, spot) {
  const { network, values } = view;
  if (spot.unit) {
    const { title, place } = namesOf(network, spot.layer, spot.unit);
    const value = values[spot.layer + 1][indexOf(shapeAt(network, spot.layer), spot.unit)];
    return `${title}, ${place}: ${exactly(value)}${dead(view, spot)}`;
  }
  if (spot.kernel) {
    const { kernel } = spot;
    const { weight, name } = network.layers[kernel.layer];
    const value = weight[kernel.offset + spot.row * kernel.cols + spot.col];
    return `${name} kernel ${kernel.out},${kernel.in}: ${exactly(value)}`;
  }
  const tile = spot.weights;
  const { weight, name } = network.layers[tile.layer];
  const input = tile.group * tile.rows + spot.row;
  const value = weight[spot.col * tile.inputs + input];
  return `${name} weight of input ${input} for ${spot.col}: ${exactly(value)}`;
}

/**
 * @param {any} view
 * @param {{layer: number, unit: any}} spot
 */
function dead({ stage }, { layer, unit }) {
  const all0 = stage.surface
    .dead()
    .some((/** @type {any} */ tile) => tile.layer === layer && tile.channel === unit.channel);
  return all0 ? " (dead for this picture: every value of the map is 0)" : "";
}

/**
 * @param {any} view
 */
export function createTooltip(view) {
  const element = h("div.tooltip", { "aria-hidden": "true", hidden: true });
  /** @type {any} */
  let pointed = null;
  return {
    element,
    /** @param {any} spot @param {number|null} x @param {number|null} y of the pointer */
    place(spot, x, y) {
      pointed = x === null ? null : spot;
      element.hidden = !pointed;
      if (!pointed || x === null || y === null) return;
      setText(element, wordsOf(view, spot));
      const frame = view.root.getBoundingClientRect();
      const right = x - frame.left + 14;
      // On the right half it lies to the left of the pointer: the answer stays in sight.
      const left = right > frame.width / 2 ? x - frame.left - 14 - element.offsetWidth : right;
      const top = y - frame.top + 18;
      element.style.transform = `translate(${Math.max(0, left).toFixed(0)}px, ${top.toFixed(0)}px)`;
    },
    /** The number under a pointer at rest changes with the drawing. */
    update() {
      if (pointed) setText(element, wordsOf(view, pointed));
    },
  };
}
