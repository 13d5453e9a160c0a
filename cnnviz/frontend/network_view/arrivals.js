/**
 * What is shown, and when: the preview that the browser computes, or the values that torch sent.
 *
 * Both are of some picture, and they come in any order: torch answers a stroke 0.3 s after it, by
 * when the next may have begun; a trace may come before the weights that it names. This machine
 * alone decides. It is pure: `step(state, event)` gives the next state and what to do.
 *
 * | phase      | shown             | meaning                                                    |
 * | ---------- | ----------------- | ---------------------------------------------------------- |
 * | `empty`    | nothing           | no trace has come together with its weights                |
 * | `torch`    | torch             | the hand is up, and what is shown is torch's               |
 * | `down`     | torch or preview  | a pen or a drag is down: torch's answers are older than it |
 * | `settling` | preview           | the hand is up, and torch has yet to answer this picture   |
 *
 * Events, with `now` in ms:
 * - `trace`: from Python. `ready` says whether its weights are here, `fits` whether it was made of
 *   the picture that is shown, `changed` whether other changes of the network are in force with it.
 * - `weights`: those with this `id` have come (`fits` as above, of the trace that waits for them).
 * - `down`, `up`: of a pen or a drag.
 * - `preview`: the browser has values of a new picture; `fits` says whether that is the very
 *   picture of torch's last answer.
 * - `reweighed`: other weights of the same structure are chosen in the browser; `trace` names them.
 * - `late`: the time `state.due` is over.
 *
 * Rules:
 * 1. Another network's trace is shown at once: the preview was the old one's.
 * 2. While the hand is down a trace is held. A preview makes it old, and it is dropped. Has it other
 *    weights of the same structure, or other changes, the picture goes through them at once: a
 *    preview, until the hand is up.
 * 3. Hand up, no preview since: what was held is shown.
 * 4. Hand up, preview shown: a trace of that very picture is shown at once. Any other may still be
 *    the answer to the stroke before, so it waits `LATE` ms for a better one, then it is shown.
 *    What torch has answered already is shown at once: it won't be answered again.
 * 5. Other weights without a trace, from a page where no torch is: the picture that is shown goes
 *    through them, and those numbers are the last word.
 * 6. A trace without its weights waits for them; a newer one takes its place.
 * @module
 */

/** Within which torch may still answer to an earlier drawing. */
export const LATE = 700;

/**
 * A trace: the machine looks only at `weights` and `structure`; the rest is for whoever shows it.
 * @typedef {{weights: string, structure: string, data: import("./payload.js").TraceData,
 *   image: ArrayLike<number>}} Trace
 *
 * `due` is when `held` is shown whatever it is of; null while nothing is waited for. `previewed` is
 * when the last preview came, `answered` whether torch's newest trace, `last`, was already of its
 * picture.
 * @typedef {{phase: "empty"|"torch"|"down"|"settling", shown: "torch"|"preview"|null,
 *   held: Trace|null, due: number|null, previewed: number, answered: boolean,
 *   awaited: Trace|null, last: Trace|null}} State
 *
 * @typedef {{type: "trace", trace: Trace, ready: boolean, fits: boolean, changed: boolean,
 *     now: number}
 *   | {type: "weights", id: string, fits: boolean, now: number}
 *   | {type: "reweighed", trace: Trace, now: number} | {type: "down"} | {type: "up", now: number}
 *   | {type: "preview", fits: boolean, now: number} | {type: "late", now: number}} Event
 *
 * `adopt`: this trace's network is the one to run from now on (`fresh`: another structure;
 * `reweighed`: other weights). `show`: show this trace's values. `rerun`: compute the values of the
 * picture that is shown with the weights that are in force now.
 * @typedef {{do: "adopt", trace: Trace, fresh: boolean, reweighed: boolean}
 *   | {do: "show", trace: Trace} | {do: "rerun"}} Effect
 */

/** @type {State} */
export const START = {
  phase: "empty",
  shown: null,
  held: null,
  due: null,
  previewed: Number.NEGATIVE_INFINITY,
  answered: false,
  awaited: null,
  last: null,
};

/**
 * @param {State} state
 * @param {Event} event
 * @returns {{state: State, effects: Effect[]}}
 */
export function step(state, event) {
  switch (event.type) {
    case "trace":
      if (!event.ready) return { state: { ...state, awaited: event.trace }, effects: [] };
      return take({ ...state, awaited: null }, event.trace, event);
    case "weights":
      if (state.awaited?.weights !== event.id) return { state, effects: [] };
      return take({ ...state, awaited: null }, state.awaited, { ...event, changed: false });
    case "down":
      if (state.phase === "empty") return { state, effects: [] };
      return { state: { ...state, phase: "down", due: null }, effects: [] };
    case "up":
      return lift(state, event.now);
    case "preview":
      return preview(state, event);
    case "reweighed":
      return reweigh(state, event);
    case "late":
      if (state.due === null || event.now < state.due || !state.held) return { state, effects: [] };
      return show(state, state.held);
    default:
      return { state, effects: [] };
  }
}

/**
 * A trace whose weights are here.
 * @param {State} state
 * @param {Trace} trace
 * @param {{fits: boolean, changed: boolean, now: number}} event
 * @returns {{state: State, effects: Effect[]}}
 */
function take(state, trace, { fits, changed, now }) {
  const fresh = trace.structure !== state.last?.structure;
  const reweighed = trace.weights !== state.last?.weights;
  const another = reweighed || changed;
  const known = { ...state, last: trace };
  /** @type {Effect[]} */
  const effects = fresh || reweighed ? [{ do: "adopt", trace, fresh, reweighed }] : [];
  if (fresh) return show(known, trace, effects);
  if (state.phase === "down") {
    // Of the very picture shown: nothing better will come once the hand is up.
    const held = { ...known, held: trace, due: null, answered: fits };
    if (!another) return { state: held, effects };
    const shown = /** @type {const} */ ("preview");
    return { state: { ...held, shown, previewed: now }, effects: [...effects, { do: "rerun" }] };
  }
  const awaitsBetter =
    state.phase === "settling" && !another && !fits && now - state.previewed < LATE;
  if (!awaitsBetter) return show(known, trace, effects);
  return { state: { ...known, held: trace, due: now + LATE }, effects };
}

/**
 * @param {State} state
 * @param {{trace: Trace, now: number}} event
 * @returns {{state: State, effects: Effect[]}}
 */
function reweigh(state, { trace, now }) {
  if (state.phase === "empty") return { state, effects: [] };
  const made = {
    ...state,
    phase: state.phase === "down" ? state.phase : /** @type {const} */ ("settling"),
    shown: /** @type {const} */ ("preview"),
    held: null,
    due: null,
    previewed: now,
    answered: false,
    last: trace,
  };
  return {
    state: made,
    effects: [{ do: "adopt", trace, fresh: false, reweighed: true }, { do: "rerun" }],
  };
}

/**
 * @param {State} state
 * @param {number} now
 * @returns {{state: State, effects: Effect[]}}
 */
function lift(state, now) {
  if (state.phase !== "down") return { state, effects: [] };
  if (state.shown === "torch") {
    const up = { ...state, phase: /** @type {const} */ ("torch") };
    return state.held ? show(up, state.held) : { state: up, effects: [] };
  }
  const up = { ...state, phase: /** @type {const} */ ("settling") };
  if (state.answered && state.last) return show(up, state.last);
  return { state: { ...up, due: state.held ? now + LATE : null }, effects: [] };
}

/**
 * @param {State} state
 * @param {{fits: boolean, now: number}} event
 * @returns {{state: State, effects: Effect[]}}
 */
function preview(state, { fits, now }) {
  if (state.phase === "empty") return { state, effects: [] };
  const made = {
    ...state,
    shown: /** @type {const} */ ("preview"),
    held: null,
    due: null,
    previewed: now,
    answered: fits,
  };
  if (state.phase === "down") return { state: made, effects: [] };
  // Undone at once, say: Python has answered this picture already, and won't again.
  if (fits && state.last) return show(made, state.last);
  return { state: { ...made, phase: /** @type {const} */ ("settling") }, effects: [] };
}

/**
 * @param {State} state
 * @param {Trace} trace
 * @param {Effect[]} [effects] before it
 * @returns {{state: State, effects: Effect[]}}
 */
function show(state, trace, effects = []) {
  return {
    state: {
      ...state,
      phase: state.phase === "down" ? "down" : "torch",
      shown: "torch",
      held: null,
      due: null,
    },
    effects: [...effects, { do: "show", trace }],
  };
}
