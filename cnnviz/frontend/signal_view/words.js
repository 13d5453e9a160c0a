/** Numbers and sums as text, without a DOM. @typedef {import("./maths.js").Term} Term */

const DIGITS = 3;
const MOST_TERMS = 8;

/**
 * A number as it is shown: at most three decimals (or three digits, where it is small or large).
 * @param {number} value
 */
export function show(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text =
    size >= 1e6 || size < 5e-4
      ? value
          .toExponential(2)
          .replace(/\.?0+e/, "e")
          .replace("e+", "e")
      : String(Number(value.toFixed(DIGITS)));
  return text.replace("-", "−");
}

/** Whether `show` gives the very number: then a sum of such terms needs no ≈. */
export function isExact(value) {
  return Math.abs(Number(show(value).replaceAll("−", "-")) - value) <= 1e-12 * Math.abs(value);
}

/** @param {string} token an entry as it was typed, such as 1/3 @param {number} value */
function word(token, value) {
  return token !== undefined && token.includes("/") ? token.replaceAll("-", "−") : show(value);
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
 * @param {{signal?: string[], kernel?: string[]}} tokens entries as they were typed
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
  const said = (token, number) => token?.includes("/") || isExact(number);
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
    rest: show(restSum),
    sign: exact ? "=" : "≈",
    result: show(value),
  };
}

/** The same as a sentence for a screen reader. */
export function spoken(name, sum) {
  const parts = sum.parts.map(({ sample, weight }) => `${sample} times ${weight}`);
  if (sum.restCount) parts.push(`${sum.restCount} more that add up to ${sum.rest}`);
  const equals = sum.sign === "=" ? "equals" : "is about";
  return `${name} equals ${parts.join(" plus ")}, which ${equals} ${sum.result}`.replaceAll(
    "−",
    "minus ",
  );
}
