/** What is chosen under a page's view opens where one looks. @module */

const CHOICE = ".st-key-training_more";
const PATIENCE = 6000; // ms for the server to send what was chosen
const LOOK_MS = 100;
const ARRIVED = 100; // px from the window's top, the header's 60 among them

// Outlives the component, which Streamlit takes down and sets up again with what it sends.
let timer = 0;
const stop = () => clearInterval(timer);

/** @returns {() => void} stop doing so */
export function showWhatOpens() {
  /** @param {MouseEvent} event */
  function chosen(event) {
    const target = /** @type {Element} */ (event.target);
    if (!target.closest?.(CHOICE)) return;
    const until = performance.now() + PATIENCE;
    stop();
    // The panel comes from the server, part by part: there is room to go up only then.
    timer = window.setInterval(() => {
      const choice = document.querySelector(CHOICE);
      const arrived = !choice || choice.getBoundingClientRect().top <= ARRIVED;
      if (!arrived) choice.scrollIntoView({ block: "start" });
      if (arrived || performance.now() > until) stop();
    }, LOOK_MS);
  }

  // Before Streamlit hears of it, and puts another button in the place of this one.
  document.addEventListener("click", chosen, { capture: true });
  // Whoever scrolls on has seen it.
  for (const type of ["wheel", "touchmove"]) addEventListener(type, stop, { passive: true });
  return () => {
    document.removeEventListener("click", chosen, { capture: true });
    for (const type of ["wheel", "touchmove"]) removeEventListener(type, stop);
  };
}
