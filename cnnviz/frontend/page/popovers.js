/**
 * Streamlit opens a popover before the server has sent what is in it. There is room for an empty
 * one under every button, so it opens downwards; what comes then is squeezed into what is left of
 * the window. Here it is placed again, at its whole height, as often as that changes.
 * @module
 */

const BUTTON = '[data-testid="stPopoverButton"]';
const BODY = '[data-testid="stPopoverBody"]';

/** @param {HTMLElement} body */
function placeAgain(body) {
  if (body.scrollHeight <= body.clientHeight) return;
  body.style.maxHeight = "none"; // Streamlit limits it again, to the larger side's room
  window.dispatchEvent(new Event("scroll")); // what its popovers follow
}

/** @returns {() => void} stop doing so */
export function popoversHaveRoom() {
  /** @type {HTMLElement | null} */
  let body = null;
  const sizes = new ResizeObserver(() => {
    if (body) placeAgain(body);
  });
  const contents = new MutationObserver(observe);

  function observe() {
    sizes.disconnect();
    for (const part of body?.children ?? []) sizes.observe(part);
  }

  /** @param {MouseEvent} event */
  function pressed(event) {
    const target = /** @type {Element} */ (event.target);
    if (!target.closest?.(BUTTON)) return;
    requestAnimationFrame(() => {
      contents.disconnect();
      body = document.querySelector(BODY);
      observe();
      if (body) contents.observe(body, { childList: true });
    });
  }

  document.addEventListener("click", pressed);
  return () => {
    document.removeEventListener("click", pressed);
    contents.disconnect();
    sizes.disconnect();
  };
}
