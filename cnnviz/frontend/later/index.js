/**
 * Tells Python once that the page's views are painted and the browser has nothing better to do.
 * @module
 */
const PATIENCE = 4000; // ms; a view that can't paint mustn't keep the rest of the page away

export default function render({ setTriggerValue }) {
  const end = performance.now() + PATIENCE;
  const idle = window.requestIdleCallback ?? ((call) => setTimeout(call, 100));
  let timer = setTimeout(look);

  function look() {
    if (performance.now() < end && !painted()) timer = setTimeout(look, 50);
    else idle(() => setTriggerValue("painted", true), { timeout: 1000 });
  }
  return () => clearTimeout(timer);
}

/** Whether the page's views have each been painted once; grids, which come with them, don't count. */
function painted() {
  const hosts = [...document.querySelectorAll("[data-testid^=stBidiComponent]")];
  const views = hosts.flatMap((host) => [
    ...(host.shadowRoot ?? host).querySelectorAll("[data-revision]"),
  ]);
  return views.length > 0 && views.every((view) => Number(view.dataset.revision) > 0);
}
