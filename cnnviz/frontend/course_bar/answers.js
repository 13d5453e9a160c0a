/** What somebody types as an answer. @module */

const THOUSANDS = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;

/**
 * The number in a text: a real minus sign and a decimal comma are taken, too. In German 1,216 is a
 * little more than one; elsewhere it is the thousand that the app itself writes so.
 * @param {string} text
 * @param {string} [language]  of who types it, as "de"
 * @returns {number|null} null where it is none
 */
export function numberIn(text, language = "en") {
  const typed = text.trim().replace(/[\u2212\u2013]/g, "-");
  const isGrouped = language !== "de" && THOUSANDS.test(typed);
  const plain = isGrouped ? typed.replaceAll(",", "") : typed.replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}
