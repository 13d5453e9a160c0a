/**
 * Colour: orange for positive, blue for negative, the surface's own colour for zero; ink for
 * pixels of a drawing. Values become colours through a table of 511 entries, -1 to 1.
 * @module
 */

const RAMPS = {
  light: {
    positive: ["#fdc38d", "#e6550d", "#7f2704"],
    negative: ["#9ecae8", "#3182bd", "#08306b"],
  },
  dark: {
    positive: ["#7a3b12", "#f08c4a", "#ffe3c9"],
    negative: ["#1f4e79", "#4aa3df", "#c6e6ff"],
  },
};
const HALF = 255;

/** @returns {[number, number, number]} */
export function parseColour(text) {
  const hex = /^#([0-9a-f]{6})/i.exec(text.trim());
  if (hex) {
    const n = parseInt(hex[1], 16);
    return [n >> 16, (n >> 8) & 255, n & 255];
  }
  const parts = text.match(/[\d.]+/g);
  return parts && parts.length >= 3 ? [+parts[0], +parts[1], +parts[2]] : [128, 128, 128];
}

const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function between(stops, t) {
  const at = t * (stops.length - 1);
  const i = Math.min(Math.floor(at), stops.length - 2);
  return stops[i].map((c, k) => Math.round(c + (stops[i + 1][k] - c) * (at - i)));
}

const pack = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

/**
 * The palette of the theme in force.
 * @param {{background: string, surface: string, text: string}} theme CSS colours
 */
export function palette(theme) {
  const background = parseColour(theme.background);
  const dark = luminance(background) < 128;
  const surface = parseColour(theme.surface);
  const text = parseColour(theme.text);
  const ramps = RAMPS[dark ? "dark" : "light"];
  const positive = [surface, ...ramps.positive.map(parseColour)];
  const negative = [surface, ...ramps.negative.map(parseColour)];
  const signed = new Uint32Array(2 * HALF + 1);
  const ink = new Uint32Array(2 * HALF + 1);
  const css = new Array(2 * HALF + 1);
  const onCss = new Array(2 * HALF + 1);
  for (let i = 0; i <= HALF; i++) {
    const [up, down] = [between(positive, i / HALF), between(negative, i / HALF)];
    signed[HALF + i] = pack(up);
    signed[HALF - i] = pack(down);
    ink[HALF + i] = pack(between([surface, text], i / HALF));
    ink[HALF - i] = pack(surface);
    for (const [at, colour] of [
      [HALF + i, up],
      [HALF - i, down],
    ]) {
      css[at] = `rgb(${colour.join(" ")})`;
      onCss[at] = contrasting(colour);
    }
  }
  const inkRamp = [surface, text];
  const line = (i, side) => `rgb(${between(side, i).join(" ")})`;
  return {
    dark,
    signed,
    ink,
    surface: pack(surface),
    /** Colour of a value on a scale, as CSS. */
    css: (value, scale) => css[entry(value, scale)],
    /** Text that can be read on `css(value, scale)`. */
    on: (value, scale) => onCss[entry(value, scale)],
    inkCss: (value) => line(Math.max(0, Math.min(1, value)), inkRamp),
    onInk: (value) => (value > 0.5 ? theme.surface : theme.text),
    /** A strong colour of a sign, for edges and bars. */
    sign: (value) => line(0.72, value >= 0 ? positive : negative),
    gradient: `linear-gradient(to right, ${[1, 0.66, 0.33].map((t) => line(t, negative))}, ${[0, 0.33, 0.66, 1].map((t) => line(t, positive))})`,
    gradientPositive: `linear-gradient(to right, ${[0, 0.33, 0.66, 1].map((t) => line(t, positive))})`,
  };
}

/** Relative luminance of WCAG 2, to choose black or white text. */
function contrasting(colour) {
  const [r, g, b] = colour.map((c) => {
    const s = c / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  const l = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (l + 0.05) / 0.05 > 1.05 / (l + 0.05) ? "#000000" : "#ffffff";
}

/** Index of a value in the palette's tables; `scale` is the magnitude of full colour. */
export function entry(value, scale) {
  if (!(scale > 0)) return HALF;
  const i = Math.round((value / scale) * HALF);
  return HALF + (i > HALF ? HALF : i < -HALF ? -HALF : i);
}

/** Fill `pixels` from `count` values at `offset`. */
export function fill(pixels, values, offset, count, scale, table) {
  const factor = scale > 0 ? HALF / scale : 0;
  for (let i = 0; i < count; i++) {
    let at = HALF + Math.round(values[offset + i] * factor);
    if (!(at >= 0)) at = 0;
    else if (at > 2 * HALF) at = 2 * HALF;
    pixels[i] = table[at];
  }
}

/** Largest magnitude among `count` values at `offset`. */
export function magnitude(values, offset = 0, count = values.length) {
  let most = 0;
  for (let i = offset; i < offset + count; i++) {
    const m = Math.abs(values[i]);
    if (m > most) most = m;
  }
  return most;
}
