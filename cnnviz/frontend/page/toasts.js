/**
 * Streamlit keeps a message in the window's corner until it is closed, whatever page is shown: one
 * goes with the page that it was for.
 * @module
 */

const CLOSE = '[data-testid="stToast"] button[aria-label="Close"]';

// Outlives the component, which Streamlit takes down and sets up again with what it sends.
/** @type {string | null | undefined} */
let shown;

/** @param {string | null} page which is shown now */
export function closeToastsOfOthers(page) {
  if (shown !== undefined && page !== shown) {
    /** @type {NodeListOf<HTMLElement>} */
    const open = document.querySelectorAll(CLOSE);
    for (const close of open) close.click();
  }
  shown = page;
}
