/** The value of what is under the pointer, beside it. @module */

import { h, setText } from "../shared/dom.js";
import { exactly } from "../shared/numbers.js";
import { namesOf } from "./explained.js";
import { weightOf } from "./kinds/weights.js";
import { shapeAt } from "./kinds.js";
import { indexOf } from "./units.js";

// px between it and the pointer, and the least between it and the window's edge
const BESIDE = 14;
const BELOW = 18;
const EDGE = 4;

/**
 * What `spot` (a unit, a kernel's cell, a linear weight) is and its value.
 * @param {import("./view_types.js").View} view
 * @param {import("./hit.js").Spot} spot
 */
function wordsOf(view, spot) {
  const { network, values } = view;
  if ("unit" in spot) {
    const { title, place } = namesOf(network, spot.layer, spot.unit);
    const value = values[spot.layer + 1][indexOf(shapeAt(network, spot.layer), spot.unit)];
    return `${title}, ${place}: ${exactly(value)}${dead(view, spot)}`;
  }
  if ("kernel" in spot) {
    const { kernel } = spot;
    const layer = network.layers[kernel.layer];
    const { name } = layer;
    const value = weightOf(layer)[kernel.offset + spot.row * kernel.cols + spot.col];
    return `${name} kernel ${kernel.out},${kernel.in}: ${exactly(value)}`;
  }
  const tile = spot.weights;
  const layer = network.layers[tile.layer];
  const { name } = layer;
  const input = tile.group * tile.rows + spot.row;
  const value = weightOf(layer)[spot.col * tile.inputs + input];
  return `${name} weight of input ${input} for ${spot.col}: ${exactly(value)}`;
}

/**
 * @param {import("./view_types.js").View} view
 * @param {import("./view_types.js").At} spot
 */
function dead({ stage }, { layer, unit }) {
  const channel = "channel" in unit ? unit.channel : null;
  const all0 = stage.surface
    .dead()
    .some((tile) => tile.layer === layer && tile.channel === channel);
  return all0 ? " (dead for this picture: every value of the map is 0)" : "";
}

/**
 * Where it starts on one axis, `size` long, in a window `[from, to]`: `at` if it fits there.
 * @param {number} at @param {number} size @param {number} from @param {number} to
 */
const within = (at, size, from, to) => Math.max(from, Math.min(at, to - size));

/**
 * @param {import("./view_types.js").View} view
 */
export function createTooltip(view) {
  const element = h("div.tooltip", { "aria-hidden": "true", hidden: true });
  /** @type {import("./hit.js").Spot | null} */
  let pointed = null;
  let [atX, atY] = [0, 0];

  function move() {
    const { offsetWidth: width, offsetHeight: height } = element;
    const { clientWidth, clientHeight } = document.documentElement;
    const frame = view.root.getBoundingClientRect();
    // On the right half it lies to the left of the pointer: the answer stays in sight.
    const right = atX - frame.left + BESIDE <= frame.width / 2;
    const left = right ? atX + BESIDE : Math.max(frame.left, atX - BESIDE - width);
    const fitsBelow = atY + BELOW + height <= clientHeight - EDGE;
    const top = fitsBelow ? atY + BELOW : atY - BELOW - height;
    const x = within(left, width, EDGE, clientWidth - EDGE) - frame.left;
    const y = within(top, height, EDGE, clientHeight - EDGE) - frame.top;
    element.style.transform = `translate(${x.toFixed(0)}px, ${y.toFixed(0)}px)`;
  }

  return {
    element,
    /**
     * @param {import("./hit.js").Spot | null} spot
     * @param {number|null} x  of the pointer
     * @param {number|null} y
     */
    place(spot, x, y) {
      pointed = x === null ? null : spot;
      element.hidden = !pointed;
      if (!pointed || x === null || y === null) return;
      setText(element, wordsOf(view, pointed));
      [atX, atY] = [x, y];
      move();
    },
    /** The number under a pointer at rest changes with the drawing. */
    update() {
      if (!pointed) return;
      setText(element, wordsOf(view, pointed));
      move();
    },
  };
}
