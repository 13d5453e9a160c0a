/**
 * The app's colours, the only place of the browser side that names one; cnnviz/palette.py is the
 * same table in Python, and a test holds them together.
 *
 * One colour code everywhere: orange is positive, blue is negative, zero is the surface's own
 * colour. `positive` and `negative` lead from next to zero to the largest magnitude; their middle
 * is the colour of a sign. The accent is for what a person points at or chooses, never for data.
 * In the dark theme too the two ends stay an orange and a blue that a colour-blind person tells
 * apart, instead of meeting in white.
 *
 * @typedef {[number, number, number]} Rgb  0 to 255 each
 * @typedef {{background: string, surface: string, text: string}} Theme  CSS colours
 */

export const PALETTE = {
  light: {
    background: "#ffffff",
    surface: "#f6f7f9",
    line: "#e3e6ea",
    text: "#1d2733",
    muted: "#5a6675",
    accent: "#00806a",
    positive: ["#fdc38d", "#e6550d", "#7f2704"],
    negative: ["#9ecae8", "#3182bd", "#08306b"],
  },
  dark: {
    background: "#0f1319",
    surface: "#171d26",
    line: "#273140",
    text: "#e8edf3",
    muted: "#93a1b3",
    accent: "#35e0b5",
    positive: ["#7a3b12", "#f08c4a", "#ffcc80"],
    negative: ["#1f4e79", "#4aa3df", "#86d0ff"],
  },
};

const UNREADABLE = /** @type {Rgb} */ ([128, 128, 128]);

/**
 * A colour as CSS writes it, "#rrggbb" or "rgb(…)"; a middle grey for anything else.
 * @param {string} text
 * @returns {Rgb}
 */
export function parseColour(text) {
  const hex = /^#([0-9a-f]{6})/i.exec(text.trim());
  if (hex) {
    const n = parseInt(hex[1], 16);
    return [n >> 16, (n >> 8) & 255, n & 255];
  }
  const parts = text.match(/[\d.]+/g)?.map(Number) ?? [];
  return parts.length >= 3 ? [parts[0], parts[1], parts[2]] : UNREADABLE;
}

/** @param {Rgb} colour */
export const cssColour = ([r, g, b]) => `rgb(${r} ${g} ${b})`;

/**
 * Relative luminance, 0 to 1 (WCAG 2.2).
 * @param {Rgb} colour
 */
export function luminance(colour) {
  const [r, g, b] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// Where black and white text have the same contrast: (l + 0.05) / 0.05 = 1.05 / (l + 0.05).
const MIDDLE = 0.179;

/** Whether white is read more easily on this colour than black.
 * @param {Rgb} colour
 */
export const isDark = (colour) => luminance(colour) < MIDDLE;

/**
 * The colour at `t` in [0, 1] of a ramp of evenly spaced stops.
 * @param {Rgb[]} stops
 * @param {number} t
 * @returns {Rgb}
 */
export function between(stops, t) {
  const at = Math.max(0, Math.min(1, t)) * (stops.length - 1);
  const i = Math.min(Math.floor(at), stops.length - 2);
  const mixed = (/** @type {number} */ channel) =>
    Math.round(stops[i][channel] + (stops[i + 1][channel] - stops[i][channel]) * (at - i));
  return [mixed(0), mixed(1), mixed(2)];
}

/**
 * Both ramps of the theme, from zero (its surface) outwards.
 * @param {Theme} theme
 * @returns {{dark: boolean, positive: Rgb[], negative: Rgb[]}}
 */
export function ramps(theme) {
  const dark = isDark(parseColour(theme.background));
  const { positive, negative } = PALETTE[dark ? "dark" : "light"];
  const from = parseColour(theme.surface);
  return {
    dark,
    positive: [from, ...positive.map(parseColour)],
    negative: [from, ...negative.map(parseColour)],
  };
}
