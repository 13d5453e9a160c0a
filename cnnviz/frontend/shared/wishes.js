/**
 * What one component of a page wishes of another: components share nothing but the window.
 * @module
 */

const PIN = "cnnviz-pin";
const ANEW = "cnnviz-anew";
const POINT = "cnnviz-point";

/**
 * Pin a unit in the network view of that key.
 * @param {string} key of the view
 * @param {string} unit as in the address: "input.0.3.4"
 * @returns {boolean} whether the view is there and has done it
 */
export function pinIn(key, unit) {
  const wish = new CustomEvent(PIN, { detail: { key, unit }, cancelable: true });
  return !window.dispatchEvent(wish);
}

/**
 * @param {(wish: {key: string, unit: string}) => boolean} fulfil whether it could be done
 * @returns {() => void} no longer
 */
export function onPinWished(fulfil) {
  /** @param {Event} event */
  const heard = (event) => {
    if (fulfil(/** @type {CustomEvent} */ (event).detail)) event.preventDefault();
  };
  window.addEventListener(PIN, heard);
  return () => window.removeEventListener(PIN, heard);
}

/** A page begins anew: what hands have done to its pictures is to be forgotten. */
export function beginAnew() {
  window.dispatchEvent(new CustomEvent(ANEW));
}

/**
 * @param {() => void} forget
 * @returns {() => void} no longer
 */
export function onBeginAnew(forget) {
  window.addEventListener(ANEW, forget);
  return () => window.removeEventListener(ANEW, forget);
}

/**
 * What is pointed at in one of several pictures of the same thing, so that all of them can tell.
 * @typedef {{group: string, row: number, column: number}} Pointed
 */

/** @param {Pointed} pointed */
export function pointAt(pointed) {
  window.dispatchEvent(new CustomEvent(POINT, { detail: pointed }));
}

/**
 * @param {(pointed: Pointed) => void} listener
 * @returns {() => void} no longer
 */
export function onPointed(listener) {
  const heard = (/** @type {Event} */ event) =>
    listener(/** @type {CustomEvent<Pointed>} */ (event).detail);
  window.addEventListener(POINT, heard);
  return () => window.removeEventListener(POINT, heard);
}
