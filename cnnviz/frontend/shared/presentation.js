/**
 * The presentation size, to be read from the last row: by itself in a window from PRESENT_FROM px,
 * else by the key p.
 * @module
 */

export const PRESENT_FROM = 1600;
const WRITTEN_IN = "input, select, textarea, [contenteditable]";

const CHANGED = "cnnviz:presentation";

/** What a person has chosen is kept in the page itself: each of its components asks there. */
const chosen = () => document.documentElement.dataset.presentationChosen;

/** Whether the page is to be in presentation size. */
export function presents() {
  const choice = chosen();
  return choice === undefined ? window.innerWidth >= PRESENT_FROM : choice === "large";
}

/**
 * Calls `apply` whenever a person has chosen the other size by the key p. Each component of a page
 * listens, and the first to hear the key answers it for all.
 * @param {() => void} apply
 * @returns {() => void} ends it
 */
export function onPresentation(apply) {
  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key !== "p" || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = event.composedPath()[0];
    if (event.defaultPrevented || (at instanceof Element && at.matches(WRITTEN_IN))) return;
    event.preventDefault();
    document.documentElement.dataset.presentationChosen = presents() ? "usual" : "large";
    document.dispatchEvent(new Event(CHANGED));
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener(CHANGED, apply);
  return () => {
    document.removeEventListener("keydown", onKey);
    document.removeEventListener(CHANGED, apply);
  };
}

/**
 * Keeps the class `large` of a component's root, which makes its words 18 px at least, and tells
 * the page around it (cnnviz/ui/page.css). The page's size outlives the component: the next page's
 * may have told its own before this one is gone.
 * @param {HTMLElement} [root]  of a component; none tells the page alone
 * @returns {() => void} ends it
 */
export function presentation(root) {
  function apply() {
    root?.classList.toggle("large", presents());
    document.documentElement.toggleAttribute("data-presentation", presents());
  }

  window.addEventListener("resize", apply);
  const end = onPresentation(apply);
  apply();
  return () => {
    window.removeEventListener("resize", apply);
    end();
  };
}

/**
 * Where the page is in presentation size by itself, it is so from the first: what comes before its
 * views would grow with them, and push one another.
 */
export function presentedFirst() {
  if (chosen() === undefined && presents())
    document.documentElement.toggleAttribute("data-presentation", true);
}

/**
 * How many of the window's pixels one of an element's own takes.
 * @param {HTMLElement} element
 */
export function zoomOf(element) {
  const { currentCSSZoom } = /** @type {HTMLElement & {currentCSSZoom?: number}} */ (element);
  return currentCSSZoom ?? 1;
}
