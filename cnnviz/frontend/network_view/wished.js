/** What other components of the page wish of the view. @module */

import { onBeginAnew, onPinWished } from "../shared/wishes.js";
import { readPin } from "./pins.js";

/**
 * @param {import("./view_types.js").View} view
 * @returns {() => void} no longer
 */
export function fulfilWishes(view) {
  const stopPins = onPinWished(({ key, unit }) => {
    const found = view.network && view.options.key === key ? readPin(view.network, unit) : null;
    if (found) view.actions.pin(found.layer, found.unit);
    return found !== null;
  });
  const stopAnew = onBeginAnew(() => {
    if (!view.network || !view.options.linked) return;
    view.actions.release();
    view.pin = readPin(view.network, view.options.pin);
    view.opening = true;
  });
  return () => {
    stopPins();
    stopAnew();
  };
}
