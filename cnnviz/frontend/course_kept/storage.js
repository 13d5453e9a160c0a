/**
 * What a browser keeps of the course, and what of it is told to Python.
 * @module
 */
import { readFrom, writeTo } from "../shared/storage.js";
import { KEY, merged, recordIn, textOf } from "./record.js";

/**
 * What Python knows: its record, the seeds of those that were erased, the number of the message that
 * it took last, and whether the browser keeps anything (null until it was told).
 * @typedef {object} Known
 * @property {import("./record.js").CourseRecord} record
 * @property {number[]} erased
 * @property {number} heard
 * @property {boolean|null} stays
 *
 * What Python is to know: `record` is null where it was erased in another tab, `junk` whether
 * something was stored that can't be a record.
 * @typedef {object} Message
 * @property {number} number
 * @property {boolean} stays
 * @property {boolean} junk
 * @property {import("./record.js").CourseRecord|null} record
 */

export class CourseStorage {
  /** @param {import("../shared/storage.js").Opens} storage */
  constructor(storage) {
    this.storage = storage;
    this.stays =
      writeTo(this.storage, `${KEY}.probe`, "1") && writeTo(this.storage, `${KEY}.probe`, "");
    /** The last record that Python is known to have had. */
    /** @type {import("./record.js").CourseRecord|null} */ this.base = null;
    /** @type {Message|null} */ this.told = null;
    /** The seed of the record that was found in the storage. @type {number|null} */
    this.seen = null;
    this.number = 0;
  }

  /**
   * Keeps what Python has more, and says what Python is to know; null where it knows.
   * @param {Known} known
   * @returns {Message|null}
   */
  settle({ record, erased, heard, stays }) {
    if (this.told && heard === this.told.number) {
      this.base = this.told.record;
      this.told = null;
    }
    const text = readFrom(this.storage, KEY);
    let stored = recordIn(text);
    let junk = Boolean(text) && stored === null;
    if (junk || (stored && erased.includes(stored.seed))) {
      writeTo(this.storage, KEY, "");
      stored = null;
    }
    const result = this.#result(record, stored);
    this.base = record;
    // Also without an entry: which questions are asked is the same in all tabs before one is answered.
    if (result && textOf(result) !== text)
      this.stays = writeTo(this.storage, KEY, textOf(result)) && this.stays;
    if (result && readFrom(this.storage, KEY)) this.seen = result.seed;
    junk ||= this.told?.junk ?? false;
    if (textOf(result) === textOf(record) && !junk && this.stays === stays) {
      this.told = null;
      return null;
    }
    const before = this.told;
    const message = { number: this.number, stays: this.stays, junk, record: result };
    if (!before || JSON.stringify(before) !== JSON.stringify(message)) {
      this.number += 1;
      message.number = this.number;
    }
    this.told = message;
    return message;
  }

  /**
   * @param {import("./record.js").CourseRecord} here
   * @param {import("./record.js").CourseRecord|null} stored
   * @returns {import("./record.js").CourseRecord|null}
   */
  #result(here, stored) {
    // Another tab has erased what this one goes on with.
    if (stored === null) return this.seen === here.seed ? null : here;
    if (stored.seed !== here.seed) return stored;
    const base = this.base?.seed === here.seed ? this.base.entries : {};
    return { seed: here.seed, entries: merged(base, here.entries, stored.entries) };
  }
}
