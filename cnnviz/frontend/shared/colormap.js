/**
 * From values to colours, through a table of 511 entries from -1 to 1: a look-up a value, where
 * mixing colours would cost a frame.
 * @module
 */

import { between, cssColour, isDark, parseColour, ramps } from "./palette.js";

/** @typedef {import("./palette.js").Rgb} Rgb */
/** @typedef {import("./palette.js").Theme} Theme */

/**
 * @typedef {object} Colormap
 * @property {boolean} dark
 * @property {Uint32Array} signed  511 pixels (ABGR): negative, zero, positive
 * @property {Uint32Array} ink  the same for a drawing: nothing below zero, the text's colour at 1
 * @property {number} surface  the pixel of zero
 * @property {(value: number, scale: number) => string} css  a value on a scale, as CSS
 * @property {(value: number, scale: number) => string} on  text that can be read on `css`
 * @property {(value: number) => string} inkCss  of ink in [0, 1]
 * @property {(value: number) => string} onInk
 * @property {(value: number) => string} sign  a strong colour of a sign, for edges and bars
 * @property {string} gradient  CSS, from the largest negative to the largest positive value
 * @property {string} gradientPositive  CSS, from zero
 */

const HALF = 255;
const BLACK = /** @type {Rgb} */ ([0, 0, 0]);

/** @param {Rgb} colour a pixel of a canvas, on the little-endian machines that there are */
const pack = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

/** @param {Rgb[]} stops */
const gradient = (stops) => `linear-gradient(to right, ${stops.map(cssColour).join(", ")})`;

/** @type {Map<string, Colormap>} */
const made = new Map();

/**
 * The colours of the theme in force. Asked again for the same theme it gives the same object.
 * @param {Theme} theme
 * @returns {Colormap}
 */
export function colormap(theme) {
  const key = `${theme.background}|${theme.surface}|${theme.text}`;
  const known = made.get(key);
  if (known) return known;
  const map = make(theme);
  made.set(key, map);
  return map;
}

/** @param {Theme} theme @returns {Colormap} */
function make(theme) {
  const { dark, positive, negative } = ramps(theme);
  const inks = [parseColour(theme.surface), parseColour(theme.text)];
  const surface = pack(positive[0]);
  const signed = new Uint32Array(2 * HALF + 1);
  const ink = new Uint32Array(2 * HALF + 1).fill(surface);
  /** @type {string[]} */
  const css = new Array(2 * HALF + 1);
  /** @type {string[]} */
  const on = new Array(2 * HALF + 1);
  for (let i = -HALF; i <= HALF; i++) {
    const colour = between(i < 0 ? negative : positive, Math.abs(i) / HALF);
    signed[HALF + i] = pack(colour);
    css[HALF + i] = cssColour(colour);
    on[HALF + i] = isDark(colour) ? "#ffffff" : "#000000";
    if (i > 0) ink[HALF + i] = pack(between(inks, i / HALF));
  }
  return {
    dark,
    signed,
    ink,
    surface,
    css: (value, scale) => css[entry(value, scale)],
    on: (value, scale) => on[entry(value, scale)],
    inkCss: (value) => cssColour(between(inks, value)),
    onInk: (value) => (isDark(between(inks, value)) ? "#ffffff" : "#000000"),
    sign: (value) => cssColour(between(value >= 0 ? positive : negative, 0.72)),
    gradient: gradient([...[...negative].reverse(), ...positive.slice(1)]),
    gradientPositive: gradient(positive),
  };
}

/** @type {Map<string, Uint32Array>} */
const lights = new Map();

/**
 * The table of a picture, whose values are light: 0 is black, 1 the full `colour`, in any theme.
 * @param {string} colour  CSS
 */
export function lightTable(colour) {
  const known = lights.get(colour);
  if (known) return known;
  const full = parseColour(colour);
  const table = new Uint32Array(2 * HALF + 1).fill(pack(BLACK));
  for (let i = 1; i <= HALF; i++) table[HALF + i] = pack(between([BLACK, full], i / HALF));
  lights.set(colour, table);
  return table;
}

/**
 * One colour of that table, as CSS.
 * @param {string} colour  CSS
 * @param {number} value  in [0, 1]
 */
export const lightCss = (colour, value) => cssColour(between([BLACK, parseColour(colour)], value));

/**
 * Index of a value in the tables; `scale` is the magnitude of full colour.
 * @param {number} value
 * @param {number} scale
 */
export function entry(value, scale) {
  const i = scale > 0 ? Math.round((value / scale) * HALF) : 0;
  return Number.isNaN(i) ? HALF : HALF + Math.max(-HALF, Math.min(HALF, i));
}

/**
 * Fill `pixels` from `count` values at `offset`.
 * @param {Uint32Array} pixels
 * @param {ArrayLike<number>} values
 * @param {number} offset
 * @param {number} count
 * @param {number} scale
 * @param {Uint32Array} table  a colormap's `signed` or `ink`
 */
export function fill(pixels, values, offset, count, scale, table) {
  const factor = scale > 0 ? HALF / scale : 0;
  for (let i = 0; i < count; i++) {
    const at = HALF + Math.round(values[offset + i] * factor);
    if (at > 2 * HALF) pixels[i] = table[2 * HALF];
    else if (at < 0) pixels[i] = table[0];
    else pixels[i] = table[at >= 0 ? at : HALF]; // NaN is neither above nor below
  }
}

/**
 * Largest magnitude among `count` values at `offset`.
 * @param {ArrayLike<number>} values
 * @param {number} [offset]
 * @param {number} [count]
 */
export function magnitude(values, offset = 0, count = values.length) {
  let most = 0;
  for (let i = offset; i < offset + count; i++) {
    const m = Math.abs(values[i]);
    if (m > most) most = m;
  }
  return most;
}
