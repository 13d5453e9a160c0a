/** Keys for the view as a whole: Escape, Space, and x for what if. @module */

const TYPED = "input, select, textarea, [contenteditable]";
const PRESSED = "input, select, textarea, [contenteditable], button, summary, a";

/** The element of the page itself that `root` is, or in whose shadow it is.
 * @param {Element} root
 * @returns {Element}
 */
function hostOf(root) {
  const within = root.getRootNode();
  return within instanceof ShadowRoot ? hostOf(within.host) : root;
}

/**
 * @param {HTMLElement} root
 * @param {import("./view_types.js").View} view
 * @returns {() => void} takes the listeners away
 */
export function listenToKeys(root, view) {
  /** What has the focus, inside whichever shadow root it is. */
  function target(/** @type {KeyboardEvent} */ event) {
    const first = event.composedPath()[0];
    return first instanceof Element ? first : null;
  }

  function onKey(/** @type {KeyboardEvent} */ event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const inside = event.composedPath().includes(root);
    // With the focus nowhere, or on what scrolls the page, as after a click on anything that takes
    // no focus, keys are for the page's one view that is in its address.
    const around = event.target instanceof Element && event.target.contains(hostOf(root));
    if (!inside && !(view.options.linked && around)) return;
    const at = target(event);
    if (event.key === "Escape") view.actions.escape();
    else if (event.key.toLowerCase() === "x" && !at?.matches(TYPED))
      view.actions.toggleOff(event.shiftKey);
    else if (event.key === " " && !at?.matches(PRESSED)) {
      event.preventDefault();
      view.actions.playSlide();
    }
  }

  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}
