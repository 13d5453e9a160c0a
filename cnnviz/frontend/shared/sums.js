/** Whether the numbers shown add up to the result shown; where rounding spoils it, a note. @module */

import { format, MINUS, parse } from "./numbers.js";

// Well below 2^53: a decimal times a power of ten is then nearer to its whole number than 1/2.
const SAFE = 2 ** 50;

const digitsOf = (/** @type {string} */ text) => (text.split(".")[1] ?? "").length;

/** A shown decimal as a whole number of 10^-digits: exact, where adding floats would not be.
 * @param {string} text
 * @param {number} digits
 */
function scaled(text, digits) {
  const whole = BigInt(text.replace(MINUS, "-").replace(".", ""));
  return whole * 10n ** BigInt(digits - digitsOf(text));
}

const isDecimal = (/** @type {string} */ text) => /^\u2212?\d+(\.\d+)?$/.test(text);

/**
 * The exact sum of shown decimals, as shown; null where one of them isn't a plain decimal.
 * @param {string[]} texts
 * @returns {string|null}
 */
export function sumShown(texts) {
  if (!texts.every(isDecimal)) return null;
  const digits = Math.max(0, ...texts.map(digitsOf));
  const sum =
    safeSum(texts, digits) ?? texts.reduce((total, text) => total + scaled(text, digits), 0n);
  const figures = String(sum < 0 ? -sum : sum).padStart(digits + 1, "0");
  const point = figures.length - digits;
  const text = digits ? `${figures.slice(0, point)}.${figures.slice(point)}` : figures;
  return sum < 0 ? MINUS + text : text;
}

/**
 * The same in whole numbers that a float holds exactly, since this runs every frame; null where
 * they are too large for that.
 * @param {string[]} texts
 * @param {number} digits
 * @returns {number|null}
 */
function safeSum(texts, digits) {
  const unit = 10 ** digits;
  let sum = 0;
  let size = 0;
  for (const text of texts) {
    const whole = Math.round(parse(text) * unit);
    sum += whole;
    size += Math.abs(whole);
  }
  return size < SAFE ? sum : null;
}

/** Whether two shown decimals are the same number, "1.78" and "1.780" for one.
 * @param {string} a
 * @param {string} b
 */
function same(a, b) {
  if (a === b || !isDecimal(a) || !isDecimal(b)) return a === b;
  const digits = Math.max(digitsOf(a), digitsOf(b));
  return scaled(a, digits) === scaled(b, digits);
}

/**
 * Null where the terms shown add up to the total shown; else what rounding did to them.
 * @param {string[]} texts  the terms as shown
 * @param {string} total  as shown
 * @param {number} exact  the sum of the unrounded terms
 * @param {string} [what]  what the terms are called
 * @returns {string|null}
 */
export function sumNote(texts, total, exact, what = "terms") {
  const shown = sumShown(texts);
  if (shown !== null && same(shown, total)) return null;
  if (shown === null) return `the ${what} are too large or not finite, so no exact sum is shown`;
  // At many digits torch's float32 sum differs from the exact one; then both must be told apart.
  const truth = format(exact, digitsOf(total));
  const result = same(truth, total)
    ? `the exact sum is ${total}`
    : `the float32 result is ${total}`;
  return `rounded: the ${what} shown sum to ${shown}, ${result}`;
}

/**
 * Null where the operation on the numbers shown gives the result shown; else what it would give.
 * @param {number} fromShown  the operation on the numbers shown
 * @param {string} result  as shown
 * @param {string} what  "the input shown gives"
 */
export function resultNote(fromShown, result, what) {
  const shown = format(fromShown, digitsOf(result));
  return same(shown, result) ? null : `rounded: ${what} ${shown}, the exact numbers ${result}`;
}

/**
 * Null where each pair of factors shown multiplies to the product shown.
 * @param {{a: string, b: string, product: string}[]} cells
 * @param {number} digits  of the factors
 */
export function factorsNote(cells, digits) {
  const off = cells.some(
    ({ a, b, product }) => !same(format(parse(a) * parse(b), digitsOf(product)), product),
  );
  return off
    ? `factors are shown to ${digits} digits; products are those of the unrounded numbers`
    : null;
}

/** The notes that there are as one; null if there are none.
 * @param {(string|null)[]} notes
 */
export function joinNotes(notes) {
  const given = notes.filter((note) => note !== null);
  return given.length ? given.join("; ") : null;
}
