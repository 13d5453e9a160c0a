/**
 * How far a lesson's task is done, as the page last told it. The strip and the pages that tell it
 * are components of their own, each with a copy of this module: the state is kept under a symbol.
 * @module
 */

/**
 * `at` names the lesson and the step, `count` rises with each telling, `left` is what is missing,
 * null when it is done, and `done` what is said then. `said` are the step's words where they tell of
 * the page: the strip is made before the page has run.
 * @typedef {{at: string, count: number, left: string|null, done: string,
 *   said: {words: string, task: string}|null}} State
 */

const PLACE = Symbol.for("cnnviz.lesson");
const CHANGED = "cnnviz:lesson";

/** @returns {{state: State|null}} */
function kept() {
  const page = /** @type {Record<symbol, {state: State|null}|undefined>} */ (
    /** @type {unknown} */ (globalThis)
  );
  page[PLACE] ??= { state: null };
  return page[PLACE];
}

/** @param {State} state one that is older than what is known is passed over */
export function tell(state) {
  const known = kept().state;
  if (known && known.at === state.at && known.count > state.count) return;
  kept().state = state;
  dispatchEvent(new Event(CHANGED));
}

/** What is known of that step; null while nothing is. @param {string} at */
export function stateOf(at) {
  const { state } = kept();
  return state?.at === at ? state : null;
}

/**
 * @param {() => void} changed  told when there is something new
 * @param {AbortSignal} signal  no longer
 */
export function follow(changed, signal) {
  addEventListener(CHANGED, changed, { signal });
}
