/**
 * What a hand has done and Python hasn't yet said it has taken in. Streamlit keeps only the last
 * value that a component sends: so all that is waiting is sent, each time, and what comes quickly
 * one after the other isn't lost.
 * @module
 */

/**
 * @template Action
 * @typedef {Action & {sequence: number}} Numbered
 */

/** @template Action */
export class Log {
  constructor() {
    /** @type {Numbered<Action>[]} */ this.waiting = [];
    this.last = 0;
  }

  /**
   * Python has taken in all up to the number `sequence`.
   * @param {number} sequence
   */
  taken(sequence) {
    this.last = Math.max(this.last, sequence);
    this.waiting = this.waiting.filter((action) => action.sequence > sequence);
  }

  /**
   * @param {Action} action
   * @returns {Numbered<Action>[]}  all that is to be sent
   */
  add(action) {
    this.last += 1;
    this.waiting = [...this.waiting, { ...action, sequence: this.last }];
    return this.waiting;
  }
}
