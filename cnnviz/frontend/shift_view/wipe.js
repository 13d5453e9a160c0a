/** Where a row is wider than its place: a button at its side that says so, and wipes to the rest. */

import { h } from "../shared/dom.js";

/**
 * Two buttons over the row's sides, each there only while something lies beyond its side.
 * @param {HTMLElement} row that scrolls sideways
 */
export function wipeButtons(row) {
  const made = [-1, 1].map((way) => {
    const button = h(
      `button.wipe.${way < 0 ? "to-left" : "to-right"}`,
      {
        type: "button",
        "aria-label": way < 0 ? "Networks to the left" : "Networks to the right",
        onclick: () => row.scrollBy({ left: way * row.clientWidth, behavior: "smooth" }),
      },
      way < 0 ? "‹" : "›",
    );
    button.hidden = true;
    return button;
  });
  const look = () => {
    const beyond = row.scrollWidth - row.clientWidth - row.scrollLeft;
    made[0].hidden = row.scrollLeft < 2;
    made[1].hidden = beyond < 2;
  };
  row.addEventListener("scroll", look, { passive: true });
  return { buttons: made, look };
}
