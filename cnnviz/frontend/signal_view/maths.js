/**
 * Convolution and cross-correlation as cnnviz/labs/convolution_1d.py defines them, without a DOM.
 *
 * At position n the filter's right end stands at sample n. Samples outside the signal are zeros.
 *
 * @typedef {import("./types.js").Setting} Setting
 * @typedef {import("./types.js").Kept} Kept
 * @typedef {import("./types.js").Term} Term
 */

import { magnitude } from "../shared/colormap.js";

/** How many samples a filter reaches over. @param {number} taps @param {number} dilation */
export function spanOf(taps, dilation) {
  return dilation * (taps - 1) + 1;
}

/**
 * @param {number} samples
 * @param {number} taps
 * @param {Setting} setting
 * @returns {Kept} count is 0 where `valid` finds no room
 */
export function keptPositions(samples, taps, { mode, stride, dilation }) {
  const span = spanOf(taps, dilation);
  let start = 0;
  let stop = samples + span - 1;
  if (mode === "same") {
    start = (span - 1) >> 1;
    stop = start + samples;
  } else if (mode === "valid") {
    start = span - 1;
    stop = samples;
  }
  return { start, step: stride, count: Math.max(0, Math.ceil((stop - start) / stride)) };
}

/**
 * Which tap meets the sample `back` dilated steps behind position n: the flip, and nothing else.
 * @param {number} taps
 * @param {number} back
 * @param {boolean} flip
 */
function tapAt(taps, back, flip) {
  return flip ? back : taps - 1 - back;
}

/**
 * The results at the kept positions.
 * @param {ArrayLike<number>} signal
 * @param {ArrayLike<number>} kernel
 * @param {Setting} setting
 * @param {Kept} kept
 * @returns {Float64Array}
 */
export function slide(signal, kernel, { flip, dilation }, kept) {
  const result = new Float64Array(kept.count);
  const taps = kernel.length;
  for (let j = 0; j < kept.count; j += 1) {
    const n = kept.start + j * kept.step;
    let sum = 0;
    for (let back = 0; back < taps; back += 1) {
      const sample = n - back * dilation;
      if (sample >= 0 && sample < signal.length) {
        sum += signal[sample] * kernel[tapAt(taps, back, flip)];
      }
    }
    result[j] = sum;
  }
  return result;
}

/**
 * The results with those within their own sum's rounding error, taps·ε·Σ|f·h|, set to 0: they are 0
 * as far as anybody can tell, and −2.22e-16 in the picture would say otherwise. A sum of a single
 * product has no such error, however small it is.
 * @param {Float64Array} result
 * @param {ArrayLike<number>} signal
 * @param {ArrayLike<number>} kernel
 * @param {Setting} setting
 * @param {Kept} kept
 */
export function withoutDust(result, signal, kernel, setting, kept) {
  const relative = kernel.length * Number.EPSILON;
  // No sum's error is larger: what is above it, nearly everything, needs no look at its products.
  const most = relative * kernel.length * magnitude(signal) * magnitude(kernel);
  return result.map((value, j) => {
    if (value === 0 || Math.abs(value) > most) return value;
    const { count, sum } = sizes(signal, kernel, setting, kept.start + j * kept.step);
    return count > 1 && Math.abs(value) <= relative * sum ? 0 : value;
  });
}

/**
 * How many products at position n aren't 0, and the sum of their sizes, Σ|f·h|.
 * @param {ArrayLike<number>} signal
 * @param {ArrayLike<number>} kernel
 * @param {Setting} setting
 * @param {number} n
 */
function sizes(signal, kernel, { flip, dilation }, n) {
  let count = 0;
  let sum = 0;
  for (let back = 0; back < kernel.length; back += 1) {
    const sample = n - back * dilation;
    if (sample < 0 || sample >= signal.length) continue;
    const size = Math.abs(signal[sample] * kernel[tapAt(kernel.length, back, flip)]);
    if (size > 0) count += 1;
    sum += size;
  }
  return { count, sum };
}

/**
 * The products under the filter at position n, in the order of the taps h[0], h[1], ...
 * @param {ArrayLike<number>} signal
 * @param {ArrayLike<number>} kernel
 * @param {Setting} setting
 * @param {number} n
 * @returns {Term[]}
 */
export function termsAt(signal, kernel, { flip, dilation }, n) {
  const taps = kernel.length;
  return Array.from({ length: taps }, (_, tap) => {
    const sample = n - tapAt(taps, tap, flip) * dilation;
    const inside = sample >= 0 && sample < signal.length;
    const value = inside ? signal[sample] : 0;
    return { tap, weight: kernel[tap], sample, inside, value, product: value * kernel[tap] };
  });
}

/** Below which multiple of a power of ten a step is rounded to which. */
const ROUND = [
  [1.5, 1],
  [3.5, 2],
  [7.5, 5],
];

/**
 * The step by which a stem moves: a round number near a fortieth of the range.
 * @param {number} range
 */
export function roundStep(range) {
  const raw = Math.max(range, 1e-6) / 40;
  const power = 10 ** Math.floor(Math.log10(raw));
  const [, factor] = ROUND.find(([below]) => raw / power < below) ?? [Infinity, 10];
  return power * factor;
}

/** `value` to the nearest multiple of `step`, without binary dust.
 * @param {number} value
 * @param {number} step
 */
export function snap(value, step) {
  const digits = Math.min(15, Math.max(0, -Math.floor(Math.log10(step))));
  return Number((Math.round(value / step) * step).toFixed(digits)) + 0;
}

/**
 * A guess as people type it, or null: 2, −0.5, 0,5 or 1/3.
 * @param {string} text
 */
export function parseGuess(text) {
  const plain = text.trim().replace(/[−–]/g, "-").replace(",", ".");
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:\s*\/\s*(\d+\.?\d*|\.\d+))?$/.exec(plain);
  if (!match) return null;
  const value = Number(match[1]) / (match[2] === undefined ? 1 : Number(match[2]));
  return Number.isFinite(value) ? value : null;
}

/**
 * Whether a guess is right: to a hundredth of the largest result, as one reads it off a picture.
 * @param {number} guess
 * @param {number} value
 * @param {number} largest
 */
export function isRight(guess, value, largest) {
  return Math.abs(guess - value) <= Math.max(0.01 * largest, 1e-9);
}

/**
 * What is shown, as a table: n, f, and y at the kept positions.
 * @param {ArrayLike<number>} signal
 * @param {ArrayLike<number>} kernel
 * @param {ArrayLike<number>} result
 * @param {Kept} kept
 * @param {number} span
 */
export function csv(signal, kernel, result, kept, span) {
  const lines = ["n,signal,filter,result"];
  const last = kept.start + (kept.count - 1) * kept.step;
  const rows = Math.max(signal.length + span - 1, kernel.length, last + 1);
  for (let n = 0; n < rows; n += 1) {
    const at = (n - kept.start) / kept.step;
    const y = Number.isInteger(at) && at >= 0 && at < kept.count ? result[at] : "";
    lines.push(`${n},${signal[n] ?? ""},${kernel[n] ?? ""},${y}`);
  }
  return `${lines.join("\n")}\n`;
}
