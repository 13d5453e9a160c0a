/**
 * Where the filter stands, and how it gets there, without a DOM.
 * @module
 */

const SLIDE_MS = 170;

/** @typedef {import("./types.js").Kept} Kept */

export class Position {
  constructor() {
    /** The number of the present result. */
    this.current = 0;
    /** Where the filter is drawn: a position n, or between two while it moves. */
    this.at = 0;
    /** @type {{from: number, to: number, since: number} | null} */
    this.slide = null;
  }

  /**
   * Go to result j, or the nearest that there is: at once, or with a start time as a short slide.
   * @param {number} j
   * @param {Kept} kept
   * @param {number | null} since  ms
   * @returns {boolean} whether that is another result
   */
  go(j, kept, since = null) {
    const next = Math.max(0, Math.min(j, kept.count - 1));
    const to = kept.start + next * kept.step;
    if (since === null) this.rest(to);
    else this.slide = { from: this.at, to, since };
    const moved = next !== this.current;
    this.current = next;
    return moved;
  }

  /** Stand still at position n. @param {number} n */
  rest(n) {
    this.slide = null;
    this.at = n;
  }

  /** @param {number} now ms */
  advance(now) {
    if (!this.slide) return;
    const { from, to, since } = this.slide;
    const part = Math.min(1, Math.max(0, (now - since) / SLIDE_MS));
    if (part === 1) this.rest(to);
    else this.at = from + (1 - (1 - part) ** 3) * (to - from);
  }
}
