/**
 * Tells Python that the page's views are painted and the browser has nothing better to do.
 *
 * It is taken off the page once Python knows. What is told while the page runs for something else
 * can be lost: then it is told again, ever more seldom, for each time runs the page.
 * @module
 */
const PATIENCE = 4000; // ms; a view that can't paint mustn't keep the rest of the page away
const LOOK_MS = 50;
const AGAIN_MS = 3000; // the first time; then twice as long each time

/** @param {import("../shared/component.js").Component<unknown>} component */
export default function render({ setTriggerValue }) {
  const end = performance.now() + PATIENCE;
  let timer = setTimeout(look);
  let again = AGAIN_MS;
  let taken = false;

  function tell() {
    if (taken) return;
    setTriggerValue("painted", true);
    timer = setTimeout(tell, again);
    again *= 2;
  }

  function look() {
    if (performance.now() < end && !painted()) timer = setTimeout(look, LOOK_MS);
    // Not in every browser there is.
    else if (typeof requestIdleCallback === "function")
      requestIdleCallback(tell, { timeout: 1000 });
    else setTimeout(tell, 2 * LOOK_MS);
  }
  return () => {
    taken = true;
    clearTimeout(timer);
  };
}

/** Whether the page's views have each been painted once; grids, which come with them, don't count. */
function painted() {
  const hosts = [...document.querySelectorAll("[data-testid^=stBidiComponent]")];
  const views = hosts.flatMap((host) => [
    ...(host.shadowRoot ?? host).querySelectorAll("[data-revision]"),
  ]);
  return views.length > 0 && views.every((view) => Number(view.getAttribute("data-revision")) > 0);
}
