/** On a telephone the menu of pages covers the page: it goes once a page is chosen. @module */

const NARROW = "(max-width: 760px)";

/** @returns {() => void} stop doing so */
export function closeMenuOnChoice() {
  /** @param {MouseEvent} event */
  const chosen = (event) => {
    const target = /** @type {Element} */ (event.target);
    if (!matchMedia(NARROW).matches || !target.closest?.('[data-testid="stSidebarNavLink"]'))
      return;
    const close = document.querySelector('[data-testid="stSidebarCollapseButton"] button');
    // After Streamlit has followed the link.
    setTimeout(() => /** @type {HTMLElement|null} */ (close)?.click());
  };
  document.addEventListener("click", chosen);
  return () => document.removeEventListener("click", chosen);
}
