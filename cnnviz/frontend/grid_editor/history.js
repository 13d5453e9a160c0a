/** Undo and redo for a value that is replaced as a whole. @module */

const DEPTH = 200;

export class History {
  /** @param {string} value */
  constructor(value) {
    this.value = value;
    /** @type {string[]} */ this.past = [];
    /** @type {string[]} */ this.future = [];
  }

  /** @param {string} value */
  push(value) {
    if (value === this.value) return;
    this.past.push(this.value);
    if (this.past.length > DEPTH) this.past.shift();
    this.future = [];
    this.value = value;
  }

  /** @returns {string | null} the value to show, or null where there is nothing to undo */
  undo() {
    const value = this.past.pop();
    if (value === undefined) return null;
    this.future.push(this.value);
    this.value = value;
    return value;
  }

  /** @returns {string | null} */
  redo() {
    const value = this.future.pop();
    if (value === undefined) return null;
    this.past.push(this.value);
    this.value = value;
    return value;
  }
}

/** @type {Map<string, History>} */
const kept = new Map();

/**
 * The history of the editor `id`, at `value` now. Streamlit may take an editor off the page and
 * put it up anew, and what was done before can still be undone.
 * @param {string} id
 * @param {string} value
 */
export function historyOf(id, value) {
  const history = kept.get(id) ?? new History(value);
  kept.set(id, history);
  history.push(value);
  return history;
}
