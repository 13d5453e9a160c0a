/** What is chosen under a page's view opens where one looks. @module */

const CHOICE = ".st-key-training_more";
const PATIENCE = 6000; // ms for the server to send what was chosen

/** @returns {() => void} stop doing so */
export function showWhatOpens() {
  /** @param {MouseEvent} event */
  const chosen = (event) => {
    const target = /** @type {Element} */ (event.target);
    const choice = target.closest?.(CHOICE);
    if (!choice || !target.closest("button")) return;
    // The panel comes from the server: the choice goes up once there is room under it.
    const grown = new ResizeObserver(() => {
      const room = document.querySelector('[data-testid="stMain"]');
      if (!room || room.scrollHeight <= room.clientHeight) return;
      choice.scrollIntoView({ block: "start" });
    });
    const stage = choice.closest(".st-key-stage");
    if (!stage) return;
    grown.observe(stage);
    // Whoever scrolls or presses on has seen it.
    for (const type of ["wheel", "touchmove", "pointerdown", "keydown"])
      addEventListener(type, () => grown.disconnect(), { once: true, passive: true });
    setTimeout(() => grown.disconnect(), PATIENCE);
  };
  document.addEventListener("click", chosen);
  return () => document.removeEventListener("click", chosen);
}
