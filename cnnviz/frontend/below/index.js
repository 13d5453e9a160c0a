/**
 * Tells Python once that it has come near what is in sight.
 *
 * As the page opens that is the window itself. Whoever has begun to scroll goes on: from then on
 * it is the windows above and below as well, so that charts are there by the time one arrives.
 * @module
 */

/** @param {import("../shared/component.js").Component<unknown>} component */
export default function render({ parentElement, setTriggerValue }) {
  const host = parentElement instanceof ShadowRoot ? parentElement.host : parentElement;
  let observer = watch("0px");

  /** @param {string} margin */
  function watch(margin) {
    const near = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        stop();
        setTriggerValue("near", true);
      },
      // A margin widens the element that scrolls, no other.
      { root: host.closest("[data-testid=stMain]"), rootMargin: margin },
    );
    near.observe(host);
    return near;
  }

  function goOn() {
    removeEventListener("scroll", goOn, { capture: true });
    observer.disconnect();
    observer = watch("100%");
  }

  function stop() {
    removeEventListener("scroll", goOn, { capture: true });
    observer.disconnect();
  }

  // It is the page's main part that scrolls, and its event doesn't rise.
  addEventListener("scroll", goOn, { capture: true, passive: true });
  return stop;
}
