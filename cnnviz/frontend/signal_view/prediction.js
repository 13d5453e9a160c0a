/**
 * Predict, then reveal: which results are hidden, and how the guesses went. Without a DOM.
 *
 * @typedef {{said: string, right: boolean, score: string}} Verdict
 */

import { magnitude } from "../shared/colormap.js";
import { plain } from "../shared/numbers.js";
import { isRight } from "./maths.js";

export class Prediction {
  constructor() {
    this.on = false;
    this.right = 0;
    this.of = 0;
    /** The results from here on are hidden. */
    this.asked = 0;
    /**
     * What was guessed, by result; null for one that was only looked at.
     * @type {Map<number, number | null>}
     */
    this.guesses = new Map();
    /** @type {Map<number, Verdict>} */
    this.verdicts = new Map();
    /** What is wrong with what was typed last. @type {Verdict | null} */
    this.refused = null;
  }

  /** Begin anew, or end. @param {boolean} on */
  start(on) {
    this.on = on;
    this.right = 0;
    this.of = 0;
    this.forget(0);
  }

  /** Hide the results from j on. @param {number} j */
  forget(j) {
    this.asked = j;
    this.guesses.clear();
    this.verdicts.clear();
    this.refused = null;
  }

  /** @param {number} j */
  hides(j) {
    return this.on && j >= this.asked && !this.guesses.has(j);
  }

  /**
   * Reveal result j, and say what was made of it.
   * @param {number | null} guess  null for none
   * @param {number} j
   * @param {ArrayLike<number>} result
   */
  check(guess, j, result) {
    const right = guess !== null && isRight(guess, result[j], magnitude(result));
    this.of += 1;
    if (right) this.right += 1;
    this.guesses.set(j, guess);
    this.refused = null;
    const otherwise = guess === null ? "Here it is" : `Not quite: you said ${plain(guess)}`;
    this.verdicts.set(j, {
      said: right ? `Right: you said ${plain(guess)}` : otherwise,
      right,
      score: `${this.right} of ${this.of}`,
    });
  }

  /** What was said of result j, also when one comes back to it. @param {number} j */
  verdictOf(j) {
    return this.refused ?? this.verdicts.get(j) ?? null;
  }

  /** What was typed isn't a number. */
  refuse() {
    this.refused = { said: "Type a number, such as −2 or 1/3", right: false, score: "" };
  }

  /** Another result is in view. */
  moved() {
    this.refused = null;
  }
}
