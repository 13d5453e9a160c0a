/**
 * What every page does in the browser, whatever it shows.
 * @module
 */
import { keepSession } from "./links.js";
import { closeMenuOnChoice } from "./menu.js";
import { showWhatOpens } from "./opening.js";

export default function () {
  const stops = [closeMenuOnChoice(), showWhatOpens(), keepSession()];
  return () => {
    for (const stop of stops) stop();
  };
}
