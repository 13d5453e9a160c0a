/**
 * The numbers of the view, and whose they are, without a DOM.
 *
 * Python computes the results; while a stem is dragged they're computed here, and marked as a
 * preview until Python's come. An edit carries a number that Python sends back, so that an answer
 * to an older edit can't undo a newer one.
 *
 * @typedef {import("./types.js").Data} Data
 * @typedef {import("./types.js").Numbers} Numbers
 * @typedef {import("./types.js").EditableRow} EditableRow
 */

import { float64 } from "../shared/decoding.js";
import * as maths from "./maths.js";
import { word } from "./words.js";

/** @param {Data} data @returns {Numbers} */
function received(data) {
  const signal = float64(data.signal);
  const filter = float64(data.filter);
  const result = float64(data.result);
  const { flip, mode, stride, dilation } = data;
  const setting = { flip, mode, stride, dilation };
  const kept = { start: data.start, step: stride, count: result.length };
  const clean = (/** @type {Float64Array} */ values, /** @type {boolean} */ flipped) =>
    maths.withoutDust(values, signal, filter, { ...setting, flip: flipped }, kept);
  return {
    signal,
    filter,
    setting,
    span: maths.spanOf(filter.length, dilation),
    kept,
    result: clean(result, flip),
    other: flip ? null : clean(float64(data.other), true),
  };
}

/** The same with results of the browser's own. @param {Numbers} numbers @returns {Numbers} */
function computed(numbers) {
  const { signal, filter, setting } = numbers;
  const kept = maths.keptPositions(signal.length, filter.length, setting);
  const slid = (/** @type {boolean} */ flip) => {
    const how = { ...setting, flip };
    const values = maths.slide(signal, filter, how, kept);
    return maths.withoutDust(values, signal, filter, how, kept);
  };
  return { ...numbers, kept, result: slid(setting.flip), other: setting.flip ? null : slid(true) };
}

const noEdits = () => ({
  signal: /** @type {Map<number, number>} */ (new Map()),
  filter: /** @type {Map<number, number>} */ (new Map()),
});

export class Model {
  /** @param {Data} data */
  constructor(data) {
    this.numbers = received(data);
    this.sequence = data.echo;
    this.edits = noEdits();
    this.alone = Boolean(data.alone);
    this.limit = data.limit;
    this.sentence = data.sentence;
    this.tokens = /** @type {import("./types.js").Tokens} */ (JSON.parse(data.tokens));
    this.source = /** @type {"numpy" | "preview"} */ ("numpy");
    this.exercise = exerciseOf(data);
  }

  /** Whether Python has seen every edit that was sent. @param {Data} data */
  isFresh(data) {
    return data.echo >= this.sequence;
  }

  /** Python's values take the place of the browser's. @param {Data} data */
  take(data) {
    this.numbers = received(data);
    this.edits = noEdits();
    this.limit = data.limit;
    this.sentence = data.sentence;
    this.tokens = JSON.parse(data.tokens);
    this.source = "numpy";
    this.exercise = exerciseOf(data);
  }

  /**
   * Set entries of a row; the results are the browser's own until Python's come.
   * @param {EditableRow} row
   * @param {Map<number, number>} changes
   */
  edit(row, changes) {
    const typed = this.tokens[row === "signal" ? "signal" : "kernel"];
    for (const [index, value] of changes) {
      this.numbers[row][index] = value;
      this.edits[row].set(index, value);
      if (typed) typed[index] = undefined;
    }
    this.numbers = computed(this.numbers);
    this.source = "preview";
    this.sentence = "";
  }

  /** The edits that Python hasn't confirmed, under a number of their own; null if there are none. */
  message() {
    if (!this.edits.signal.size && !this.edits.filter.size) return null;
    this.sequence += 1;
    return {
      sequence: this.sequence,
      signal: [...this.edits.signal],
      filter: [...this.edits.filter],
    };
  }

  /** @param {number} j the position n of a result */
  positionOf(j) {
    const { start, step } = this.numbers.kept;
    return start + j * step;
  }

  /** The products at the result j. @param {number} j */
  termsOf(j) {
    const { signal, filter, setting } = this.numbers;
    return maths.termsAt(signal, filter, setting, this.positionOf(j));
  }

  /** An entry or a result as it is written beside its stem.
   * @param {string} row
   * @param {number} index
   * @param {number} value
   */
  wordOf(row, index, value) {
    if (row === "signal") return word(this.tokens.signal?.[index], value);
    return word(row === "filter" ? this.tokens.kernel?.[index] : undefined, value);
  }

  csv() {
    const { signal, filter, result, kept, span } = this.numbers;
    return maths.csv(signal, filter, result, kept, span);
  }
}

/** Another signal, filter or setting is another exercise to predict. @param {Data} data */
function exerciseOf({ signal, filter, flip, mode, stride, dilation }) {
  return JSON.stringify([signal, filter, flip, mode, stride, dilation]);
}
