/** The value of what is under the pointer, beside it. @module */

import { h, setText } from "../shared/dom.js";
import { exactly } from "../shared/numbers.js";
import { gradientText } from "./backward/display.js";
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
    if (view.back && spot.layer < network.layers.length)
      return `${title}, ${place}: gradient ${gradientText(value)}`;
    return `${title}, ${place}: ${exactly(value)}${dead(view, spot)}`;
  }
  if ("kernel" in spot) {
    const { kernel } = spot;
    const layer = network.layers[kernel.layer];
    const { name } = layer;
    const value = weightOf(layer)[kernel.offset + spot.row * kernel.cols + spot.col];
    return `${name} kernel ${kernel.out},${kernel.in}: ${exactly(value)}`;
  }
  if ("rose" in spot) {
    const { layer, out } = spot.rose;
    const words = view.options.looksFor?.kernels[out].words;
    return `${network.layers[layer].name} kernel ${out}, by bars at every angle: ${words}`;
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
  /** What a place depends on, read before anything is written: then no layout is made for it. */
  let around = { x: 0, y: 0, left: 0, top: 0, width: 0, windowWidth: 0, windowHeight: 0 };
  let size = { letters: -1, width: 0, height: 0 };

  /** @param {number} x @param {number} y of the pointer */
  function look(x, y) {
    const { left, top, width } = view.root.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    if (clientWidth !== around.windowWidth) size.letters = -1;
    around = { x, y, left, top, width, windowWidth: clientWidth, windowHeight: clientHeight };
  }

  /** @param {string} words @param {boolean} moved whether the pointer has */
  function show(words, moved) {
    setText(element, words);
    // Letters are all equally wide, so as many as before have the size that they had.
    const same = words.length === size.letters;
    if (!same) {
      const { offsetWidth, offsetHeight } = element;
      size = { letters: words.length, width: offsetWidth, height: offsetHeight };
    }
    if (moved || !same) move();
  }

  function move() {
    const { x: atX, y: atY, left: from, windowWidth, windowHeight } = around;
    const { width, height } = size;
    // On the right half it lies to the left of the pointer: the answer stays in sight.
    const right = atX - from + BESIDE <= around.width / 2;
    const left = right ? atX + BESIDE : Math.max(from, atX - BESIDE - width);
    const fitsBelow = atY + BELOW + height <= windowHeight - EDGE;
    const top = fitsBelow ? atY + BELOW : atY - BELOW - height;
    const x = within(left, width, EDGE, windowWidth - EDGE) - from;
    const y = within(top, height, EDGE, windowHeight - EDGE) - around.top;
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
      if (!pointed || x === null || y === null) {
        element.hidden = true;
        return;
      }
      look(x, y);
      element.hidden = false;
      show(wordsOf(view, pointed), true);
    },
    /** The number under a pointer at rest changes with the drawing. */
    update() {
      if (pointed) show(wordsOf(view, pointed), false);
    },
  };
}
