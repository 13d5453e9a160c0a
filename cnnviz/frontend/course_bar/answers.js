/** What somebody types as an answer. @module */

/**
 * The number in a text: a real minus sign and a decimal comma are taken, too.
 * @param {string} text
 * @returns {number|null} null where it is none
 */
export function numberIn(text) {
  const plain = text
    .trim()
    .replace(/[\u2212\u2013]/g, "-")
    .replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}
