/**
 * Plays a convolution or a pooling: the kernel moves over its input, the output fills.
 * Time in, position out; the view draws.
 *
 * @typedef {object} Slide
 * @property {number} layer
 * @property {number} channel
 * @property {number} rows
 * @property {number} cols
 * @property {number} count  positions
 * @property {number} position
 * @property {number} exact  the position with its fraction
 * @property {boolean} playing
 * @property {number} speed  index of SPEEDS
 * @property {number | null} before  the time of the last tick, ms; null while it stands
 */
import { receptiveField } from "./receptive_field.js";

/** Units a second; "whole map" takes two seconds whatever its size. */
export const SPEEDS = [
  { name: "1 a second", rate: () => 1 },
  { name: "4 a second", rate: () => 4 },
  { name: "20 a second", rate: () => 20 },
  { name: "whole map in 2 s", rate: (/** @type {number} */ count) => count / 2 },
];

/**
 * @param {{layer: number, channel: number, rows: number, cols: number, position?: number,
 *   playing: boolean, speed?: number}} start
 * @returns {Slide}
 */
export function createSlide({ layer, channel, rows, cols, position = 0, playing, speed = 1 }) {
  return {
    layer,
    channel,
    rows,
    cols,
    count: rows * cols,
    position,
    exact: position,
    playing,
    speed,
    before: null,
  };
}

/** Move on to the time `now`; true if the position changed.
 * @param {Slide} slide
 * @param {number} now  ms
 */
export function tick(slide, now) {
  if (!slide.playing) {
    slide.before = null;
    return false;
  }
  const elapsed = slide.before === null ? 0 : Math.min(now - slide.before, 250);
  slide.before = now;
  slide.exact += (elapsed / 1000) * SPEEDS[slide.speed].rate(slide.count);
  return goTo(slide, Math.floor(slide.exact), false);
}

/** Jump to a position; the end stops the play.
 * @param {Slide} slide
 * @param {number} position
 * @param {boolean} [exactly]  false while it plays: its fraction stays
 */
export function goTo(slide, position, exactly = true) {
  const to = Math.max(0, Math.min(slide.count - 1, position));
  if (exactly) slide.exact = to;
  if (position >= slide.count - 1) slide.playing = false;
  const moved = to !== slide.position;
  slide.position = to;
  return moved;
}

/** @param {Slide} slide */
export const unitOf = (slide) => ({
  channel: slide.channel,
  row: Math.floor(slide.position / slide.cols),
  col: slide.position % slide.cols,
});

/** Whether a layer with this form of arithmetic slides a window.
 * @param {import("./types.js").Form | null} form
 */
export const slides = (form) => form === "patches" || form === "window";

/**
 * The first position whose receptive field sees ink: before it only empty paper goes by. 0 where
 * all is empty.
 * @param {import("./types.js").Network} network
 * @param {number} layer of the map that is slid over
 * @param {Float32Array} image
 */
export function firstWithInk(network, layer, image) {
  const [channels, height, width] = network.image.shape;
  const [, rows, cols] = network.layers[layer].shape;
  const inked = (/** @type {number} */ row) => {
    for (let channel = 0; channel < channels; channel += 1) {
      const start = (channel * height + row) * width;
      for (let at = start; at < start + width; at += 1) if (image[at] !== 0) return true;
    }
    return false;
  };
  for (let row = 0; row < rows; row += 1) {
    const field = receptiveField(network, layer, { channel: 0, row, col: 0 }).at(-1);
    if (field && "rows" in field && field.rows.some(inked)) return row * cols;
  }
  return 0;
}
