/** When Python is told which unit is pinned. @module */

const AGAIN_MS = 2000; // what is told while a page runs can be lost
const LONGEST = 60; // characters that Python takes

export class PinTeller {
  /** @type {string|null} */ last = null;
  told = 0; // when

  /**
   * What to tell now; null where there is nothing.
   * @param {string} pin  of the address, "" for none
   * @param {string} known  to Python
   * @param {number} now  in milliseconds
   * @returns {string|null}
   */
  next(pin, known, now) {
    if (pin === known || pin.length > LONGEST) return null;
    if (pin === this.last && now < this.told + AGAIN_MS) return null;
    this.last = pin;
    this.told = now;
    return pin;
  }
}
