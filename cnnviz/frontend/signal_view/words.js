/**
 * Numbers and sums as text, without a DOM.
 *
 * @typedef {import("./types.js").Term} Term
 * @typedef {import("./types.js").Tokens} Tokens
 * @typedef {ReturnType<typeof sumOf>} Sum
 */

import { MINUS, parse, plain } from "../shared/numbers.js";

const MOST_TERMS = 8;

/** Whether `plain` gives the very number: then a sum of such terms needs no ≈.
 * @param {number} value
 */
export function isExact(value) {
  return Math.abs(parse(plain(value)) - value) <= 1e-12 * Math.abs(value);
}

/**
 * A fraction as it was typed, any other number as it is shown.
 * @param {string | undefined} token  the entry as it was typed
 * @param {number} value
 */
export function word(token, value) {
  return token?.includes("/") ? token.replaceAll("-", MINUS) : plain(value);
}

/** @param {string} text */
function bracketed(text) {
  return /[−/]/.test(text) ? `(${text})` : text;
}

/**
 * The parts of `y[3] = 0·1 + 1·0 + 2·(−1) = −2`.
 *
 * Of many terms the largest eight are written out, in their order, and the rest as one number.
 * `sign` is "=" where the parts shown give the result shown exactly, "≈" where they are rounded.
 *
 * @param {Term[]} terms
 * @param {number} value the result
 * @param {Tokens} tokens
 */
export function sumOf(terms, value, tokens = {}) {
  const order = terms.map((_, at) => at);
  const bySize = [...order].sort(
    (a, b) => Math.abs(terms[b].product) - Math.abs(terms[a].product) || a - b,
  );
  const chosen = new Set(terms.length > MOST_TERMS ? bySize.slice(0, MOST_TERMS) : order);
  const shown = order.filter((at) => chosen.has(at)).map((at) => terms[at]);
  const rest = order.filter((at) => !chosen.has(at)).map((at) => terms[at].product);
  const restSum = rest.reduce((sum, product) => sum + product, 0);
  const parts = shown.map((term) => ({
    term,
    sample: bracketed(word(tokens.signal?.[term.sample], term.value)),
    weight: bracketed(word(tokens.kernel?.[term.tap], term.weight)),
  }));
  const said = (/** @type {string | undefined} */ token, /** @type {number} */ number) =>
    token?.includes("/") || isExact(number);
  const exact =
    isExact(value) &&
    isExact(restSum) &&
    shown.every(
      (term) =>
        said(tokens.signal?.[term.sample], term.value) &&
        said(tokens.kernel?.[term.tap], term.weight),
    );
  return {
    parts,
    restCount: rest.length,
    rest: plain(restSum),
    sign: exact ? "=" : "≈",
    result: plain(value),
  };
}

/** The same as a sentence for a screen reader.
 * @param {string} name
 * @param {Sum} sum
 */
export function spoken(name, sum) {
  const parts = sum.parts.map(({ sample, weight }) => `${sample} times ${weight}`);
  if (sum.restCount) parts.push(`${sum.restCount} more that add up to ${sum.rest}`);
  const equals = sum.sign === "=" ? "equals" : "is about";
  return `${name} equals ${parts.join(" plus ")}, which ${equals} ${sum.result}`.replaceAll(
    MINUS,
    "minus ",
  );
}
