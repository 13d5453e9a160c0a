/**
 * Numbers as people read them: the one formatter of the browser side. cnnviz/spelling.py spells
 * the same things in Python, and a test holds them together.
 * @module
 */

export const MINUS = "\u2212";

/**
 * `value` with `digits` digits after the point and a real minus sign; never a negative zero.
 * @param {number} value
 * @param {number} digits
 */
export function format(value, digits) {
  return signed(value, (size) => (size < 1e15 ? size.toFixed(digits) : size.toExponential(digits)));
}

/** The number that a string from here shows.
 * @param {string} text
 */
export const parse = (text) => Number(text.replaceAll(MINUS, "-").replace("∞", "Infinity"));

/** A number in few characters, for a tile or a bar.
 * @param {number} value
 */
export function brief(value) {
  return signed(value, (size) => {
    if (Number.isInteger(size) && size < 1e4) return String(size);
    if (size >= 1e4 || size < 5e-4) return size.toExponential(0);
    if (size >= 100) return size.toFixed(0);
    return size.toFixed(size >= 10 ? 1 : 2);
  });
}

/**
 * How numbers that stand side by side are spelled: whole ones as they are, others all with the same
 * number of decimals, so that 1 doesn't stand beside 1.00.
 * @param {ArrayLike<number>} values
 * @returns {(value: number) => string}
 */
export function alike(values) {
  let [most, whole] = [0, true];
  for (let i = 0; i < values.length; i += 1) {
    if (!Number.isFinite(values[i])) continue;
    most = Math.max(most, Math.abs(values[i]));
    whole &&= Number.isInteger(values[i]);
  }
  // So large or so small that some need a power of ten.
  if (whole || most >= 1e4 || most < 5e-3) return brief;
  const larger = most >= 10 ? 1 : 2;
  const digits = most >= 100 ? 0 : larger;
  return (value) => format(value, digits);
}

/**
 * At most five characters or so, for the cell of a grid: ".25". What is too small to show keeps
 * a sign, "+0": it isn't zero.
 * @param {number} value
 */
export function tiny(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value)) return signed(value, String);
  const text = size.toFixed(size >= 10 ? Number(size < 100) : 2);
  if (parse(text) === 0) return value > 0 ? "+0" : `${MINUS}0`;
  return (value < 0 ? MINUS : "") + text.replace(/^0\./, ".");
}

/**
 * The number of fewest digits that is the same in float32, torch's precision.
 * @param {number} value
 */
export function shortest(value) {
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits += 1) {
    const candidate = Number(single.toPrecision(digits));
    if (Math.fround(candidate) === single) return candidate;
  }
  return Number(single.toPrecision(9));
}

/** Three decimals, or four significant digits where they would show too little or too much.
 * @param {number} value
 */
export function exactly(value) {
  return signed(value, (size) =>
    size !== 0 && (size < 1e-3 || size >= 1e5) ? size.toExponential(3) : size.toFixed(3),
  );
}

/** At most three decimals, or three digits where the number is large or tiny; 2.50 is 2.5.
 * @param {number} value
 */
export function plain(value) {
  return signed(value, (size) => {
    if (size === 0) return "0";
    if (size < 1e6 && size >= 5e-4) return String(Number(size.toFixed(3)));
    return size.toExponential(2).replace(/\.?0+e/, "e");
  });
}

/**
 * A share of 1 in per cent; never rounded to all or to nothing: "> 99.9 %", "< 0.1 %".
 * @param {number} share
 * @param {number} [digits]  after the point
 */
export function percent(share, digits = 1) {
  if (share === 0 || share === 1) return `${100 * share} %`;
  const text = format(100 * share, digits);
  const step = 10 ** -digits;
  if (share > 0 && parse(text) === 0) return `< ${format(step, digits)} %`;
  if (share < 1 && parse(text) === 100) return `> ${format(100 - step, digits)} %`;
  return `${text} %`;
}

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** What a number is multiplied by: "·10⁻³".
 * @param {number} power  whole
 */
export function timesTen(power) {
  const digits = [...String(Math.abs(power))].map((digit) => SUPERSCRIPT[Number(digit)]).join("");
  return `·10${power < 0 ? "⁻" : ""}${digits}`;
}

/** A whole number with a comma at every thousand.
 * @param {number} number
 */
export const count = (number) => number.toLocaleString("en");

/**
 * @param {number} value
 * @param {(size: number) => string} spell
 */
function signed(value, spell) {
  if (Number.isNaN(value)) return "NaN";
  const size = Math.abs(value);
  const text = size === Infinity ? "∞" : spell(size).replace("e+", "e").replace("-", MINUS);
  return value < 0 && /[1-9∞]/.test(text) ? MINUS + text : text;
}

/** A number with all its digits, and a real minus sign.
 * @param {number} value
 */
export const spelled = (value) => signed(value, String);
