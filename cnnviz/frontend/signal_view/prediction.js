/**
 * Predict, then reveal: which results are hidden, and how the guesses went. Without a DOM.
 *
 * @typedef {{said: string, right: boolean, score: string}} Verdict
 */

import { magnitude } from "../shared/colormap.js";
import { isRight } from "./maths.js";

export class Prediction {
  constructor() {
    this.on = false;
    this.right = 0;
    this.of = 0;
    /** The results from here on are hidden. */
    this.asked = 0;
    /** @type {Set<number>} */
    this.revealed = new Set();
    /** @type {Verdict | null} */
    this.verdict = null;
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
    this.revealed.clear();
    this.verdict = null;
  }

  /** @param {number} j */
  hides(j) {
    return this.on && j >= this.asked && !this.revealed.has(j);
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
    this.revealed.add(j);
    const otherwise = guess === null ? "Here it is" : "Not quite";
    this.verdict = {
      said: right ? "Right" : otherwise,
      right,
      score: `${this.right} of ${this.of}`,
    };
  }

  /** What was typed isn't a number. */
  refuse() {
    this.verdict = { said: "Type a number, such as −2 or 1/3", right: false, score: "" };
  }
}
