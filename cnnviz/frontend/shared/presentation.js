/**
 * The presentation size, to be read from the last row: by itself in a window from PRESENT_FROM px,
 * else by the key p.
 * @module
 */

export const PRESENT_FROM = 1600;
const WRITTEN_IN = "input, select, textarea, [contenteditable]";

/**
 * Keeps the class `large` of a component's root, which makes its words 18 px at least, and tells
 * the page around it (cnnviz/ui/page.css).
 * @param {HTMLElement} root
 * @returns {() => void} ends it
 */
export function presentation(root) {
  /** @type {boolean | null} */
  let chosen = null;
  const large = () => chosen ?? window.innerWidth >= PRESENT_FROM;

  function apply() {
    root.classList.toggle("large", large());
    document.documentElement.toggleAttribute("data-presentation", large());
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key !== "p" || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = event.composedPath()[0];
    if (event.target !== document.body && !event.composedPath().includes(root)) return;
    if (at instanceof Element && at.matches(WRITTEN_IN)) return;
    chosen = !large();
    apply();
  }

  window.addEventListener("resize", apply);
  document.addEventListener("keydown", onKey);
  apply();
  return () => {
    window.removeEventListener("resize", apply);
    document.removeEventListener("keydown", onKey);
    document.documentElement.removeAttribute("data-presentation");
  };
}

/**
 * How many of the window's pixels one of an element's own takes.
 * @param {HTMLElement} element
 */
export function zoomOf(element) {
  const { currentCSSZoom } = /** @type {HTMLElement & {currentCSSZoom?: number}} */ (element);
  return currentCSSZoom ?? 1;
}
