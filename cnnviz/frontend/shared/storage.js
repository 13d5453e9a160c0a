/**
 * A browser's storage, which may refuse: in some private windows, where it is full or switched off.
 * @module
 */

/** @typedef {() => Storage} Opens  throws where a browser keeps nothing */

/**
 * @param {Opens} open
 * @param {string} key
 * @returns {string|null} null where nothing is kept, or can be
 */
export function readFrom(open, key) {
  try {
    return open().getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {Opens} open
 * @param {string} key
 * @param {string} value  "" takes it away
 * @returns {boolean} whether the browser has done so; where not, it holds while the page is open
 */
export function writeTo(open, key, value) {
  try {
    if (value) open().setItem(key, value);
    else open().removeItem(key);
    return true;
  } catch {
    return false;
  }
}
