/**
 * Streamlit marks in the browser's timeline when a run of the page begins and ends, and measures
 * it. A browser keeps such entries until somebody takes them away: three for every stroke.
 * @module
 */

const CYCLE = "script-run-cycle";
const STATES = ["notRunning", "running", "rerunRequested", "stopRequested", "compilationError"];

/**
 * Take a run's entries away once it is measured, and whoever observes it has been told. Where the
 * next has begun meanwhile it isn't measured, which Streamlit takes for possible.
 * @returns {() => void} stop doing so
 */
export function forgetTimings() {
  const observer = new PerformanceObserver((told) => {
    if (!told.getEntriesByName(CYCLE).length) return;
    performance.clearMeasures(CYCLE);
    for (const state of STATES) performance.clearMarks(state);
  });
  observer.observe({ type: "measure", buffered: true });
  return () => observer.disconnect();
}
