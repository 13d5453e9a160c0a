/** What is chosen under a page's view opens where one looks. @module */

const CHOICE = ".st-key-training_more";

/** @returns {() => void} stop doing so */
export function showWhatOpens() {
  /** @param {MouseEvent} event */
  const chosen = (event) => {
    const target = /** @type {Element} */ (event.target);
    const choice = target.closest?.(CHOICE);
    if (!choice || !target.closest("button")) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const behavior = calm ? "auto" : "smooth";
    // The panel comes from the server: the choice goes up once there is room under it.
    const grown = new ResizeObserver(() => {
      const room = document.querySelector('[data-testid="stMain"]');
      if (!room || room.scrollHeight <= room.clientHeight) return;
      choice.scrollIntoView({ behavior, block: "start" });
    });
    const stage = choice.closest(".st-key-stage");
    if (!stage) return;
    grown.observe(stage);
    setTimeout(() => grown.disconnect(), 2500);
  };
  document.addEventListener("click", chosen);
  return () => document.removeEventListener("click", chosen);
}
