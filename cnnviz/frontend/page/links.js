/**
 * A link to another page from a word's meaning, or to the course: followed by Streamlit's own menu,
 * which keeps the session, where that is in the page; else by the browser.
 * @module
 */

const MENU = '[data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]';
const LINKS = ".meaning a, .cnnviz-offer a";

/** @returns {() => void} stop doing so */
export function keepSession() {
  /** @param {MouseEvent} event */
  const followed = (event) => {
    // The link may stand in a component, whose inside the event's target doesn't tell.
    const [at] = event.composedPath();
    const link = at instanceof Element ? at.closest(LINKS) : null;
    if (!(link instanceof HTMLAnchorElement)) return;
    const wanted = link.pathname.replace(/\/$/, "");
    const entries = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(MENU));
    const entry = [...entries].find(({ pathname }) => pathname.replace(/\/$/, "") === wanted);
    if (!entry) return;
    event.preventDefault();
    // The link goes with its page: the focus goes where it would be had one chosen from the menu.
    entry.focus();
    entry.click();
  };
  document.addEventListener("click", followed);
  return () => document.removeEventListener("click", followed);
}
