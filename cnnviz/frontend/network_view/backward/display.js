/**
 * A gradient's terms as text. Gradients may be of any size, so all those of one sum are told in one
 * power of ten, and three digits after the point: then what is shown adds up, or a note says why
 * not. Pure.
 * @module
 */
import { exactly, format, timesTen } from "../../shared/numbers.js";
import { factorsNote, joinNotes, sumNote } from "../../shared/sums.js";

/**
 * @typedef {import("./terms.js").Terms} Terms
 * @typedef {import("./terms.js").Sums} Sums
 * @typedef {import("./terms.js").Term} Term
 *
 * @typedef {{unit: import("../types.js").Unit, gradient: string, weight: string, product: string}
 *   } ShownTerm
 * @typedef {{cells: ShownTerm[][], sum: string}} ShownGroup
 *
 * `power` is "" or "·10⁻³", that of all gradients, products and sums; `rows` the largest terms of a
 * single group, the other `restCount` of them together `restSum`.
 * @typedef {object} Shown
 * @property {string} value
 * @property {string} power
 * @property {ShownGroup[]} groups
 * @property {(ShownTerm & {size: number})[]} rows
 * @property {number} restCount
 * @property {string} restSum
 * @property {string | null} note
 * @property {string} sentence
 */

const DIGITS = 3;
const ROWS = 10;

/**
 * The power of ten in which a number of this size is from 1 to 10; 0 for those that three digits
 * can tell, and for 0.
 * @param {number} most
 */
function powerOf(most) {
  if (!Number.isFinite(most) || most === 0 || most >= 0.1) return 0;
  return Math.floor(Math.log10(most));
}

/** "·10⁻³", or nothing
 * @param {number} power
 */
const spelledPower = (power) => (power ? timesTen(power) : "");

/** One gradient by itself: −1.234·10⁻³
 * @param {number} value
 */
export function gradientText(value) {
  const power = powerOf(Math.abs(value));
  return `${format(value / 10 ** power, DIGITS)}${spelledPower(power)}`;
}

/** @param {Terms} terms @returns {Shown} */
export function showTerms(terms) {
  if (terms.rule !== "sums") return showEnd(terms);
  const all = terms.groups.flatMap(({ cells }) => cells.flat());
  const sizes = all.flatMap(({ gradient, product }) => [Math.abs(gradient), Math.abs(product)]);
  const power = powerOf(Math.max(Math.abs(terms.value), ...sizes));
  const told = (/** @type {number} */ value) => format(value / 10 ** power, DIGITS);
  const show = (/** @type {Term} */ term) => ({
    unit: term.unit,
    gradient: told(term.gradient),
    weight: format(term.weight, DIGITS),
    product: told(term.product),
  });
  const groups = terms.groups.map(({ cells, sum }) => ({
    cells: cells.map((line) => line.map(show)),
    sum: told(sum),
  }));
  const ordered = [...all].sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const rows = ordered.slice(0, ROWS).map((term) => ({ ...show(term), size: term.product }));
  const rest = ordered.slice(ROWS);
  const restSum = rest.reduce((sum, { product }) => sum + product, 0);
  const value = told(terms.value);
  const exact = terms.groups.reduce((sum, group) => sum + group.sum, 0) / 10 ** power;
  const note =
    groups.length === 1
      ? noteOfRows(rows, rest.length ? told(restSum) : null, value, exact)
      : noteOfGroups(terms.groups, groups, power, value, exact);
  const many = all.length === 1 ? "one unit" : `${all.length} units`;
  const sentence = all.length
    ? `the gradients of ${many} that read it, each times what it counted there`
    : "no unit read it, so the loss doesn't depend on it";
  return {
    value,
    power: spelledPower(power),
    groups,
    rows,
    restCount: rest.length,
    restSum: told(restSum),
    note,
    sentence,
  };
}

const factorsOf = (/** @type {ShownTerm} */ { gradient, weight, product }) => ({
  a: gradient,
  b: weight,
  product,
});

/**
 * What rounding did where the products of a single group, the smaller ones together, are added up.
 * @param {ShownTerm[]} rows
 * @param {string | null} restSum
 * @param {string} value  as shown
 * @param {number} exact  in the power of ten that is shown
 */
function noteOfRows(rows, restSum, value, exact) {
  const products = rows.map(({ product }) => product);
  const parts = restSum === null ? products : [...products, restSum];
  const sums = sumNote(parts, value, exact, "products");
  return joinNotes([sums, factorsNote(rows.map(factorsOf), DIGITS)]);
}

/**
 * What rounding did where each map's products are added up, and then the maps' sums.
 * @param {import("./terms.js").Group[]} given
 * @param {ShownGroup[]} groups
 * @param {number} power
 * @param {string} value  as shown
 * @param {number} exact  in the power of ten that is shown
 */
function noteOfGroups(given, groups, power, value, exact) {
  const terms = groups.map(({ cells }) => cells.flat());
  const within = groups
    .map(({ sum }, g) => {
      const products = terms[g].map(({ product }) => product);
      return sumNote(products, sum, given[g].sum / 10 ** power, `products of map ${g}`);
    })
    .filter((note) => note !== null);
  const sums = groups.map(({ sum }) => sum);
  return joinNotes([
    within.length > 1
      ? `rounded: so are the products of ${within.length} maps`
      : (within[0] ?? null),
    sumNote(sums, value, exact, "sums"),
    factorsNote(terms.flat().map(factorsOf), DIGITS),
  ]);
}

/**
 * Where the way back begins: the loss itself, and the logits.
 * @param {Exclude<Terms, Sums>} terms
 * @returns {Shown}
 */
function showEnd(terms) {
  const none = { groups: [], rows: [], restCount: 0, restSum: "", note: null };
  const share = exactly(terms.probability);
  if (terms.rule === "loss") {
    const sentence = terms.own
      ? `the loss, −log ${share}: the less the network gave to the true class, the larger`
      : `no part of the loss, which is −log p of the true class alone; its probability is ${share}`;
    return { ...none, value: exactly(terms.value), power: "", sentence };
  }
  const power = powerOf(Math.abs(terms.value));
  const sentence = terms.one
    ? `its probability ${share} less 1, as its class is the true one: raised, the loss falls`
    : `its probability ${share}, less 0: raised, the loss rises`;
  const value = format(terms.value / 10 ** power, DIGITS);
  return { ...none, value, power: spelledPower(power), sentence };
}
