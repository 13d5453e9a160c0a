/**
 * Where columns are rows, the inspector is far below what a finger taps: it lies beside the tapped
 * map then, over the rows after it. Its own place keeps its room, so that nothing else moves.
 * @module
 */
import { rectOfUnit } from "./scene.js";

const GAP = 10; // px between the map and the panel
const FOOT = 90; // px of the window's bottom, where the answer so far stands

/**
 * @param {import("./view_types.js").View} view
 * @param {HTMLElement} stage
 * @param {HTMLElement} place of the inspector
 * @param {HTMLElement} panel
 * @returns {() => void} once another unit is explained
 */
export function createNearby(view, stage, place, panel) {
  let at = 0;

  /** The map, or the value of a vector, that was tapped. */
  function tapped() {
    const { scene, pin } = view;
    if (!scene?.plan.rows || !pin || !view.taps) return null;
    const map = "channel" in pin.unit ? `${pin.layer},${pin.unit.channel}` : "";
    return scene.tileOf.get(map)?.outer ?? rectOfUnit(scene, pin.layer, pin.unit);
  }

  return () => {
    const rect = tapped();
    // It stays there while the finger moves the pin on, and where one goes on from the panel.
    const wanted = rect ? view.taps : 0;
    if (wanted === at) return;
    at = wanted;
    place.classList.toggle("near", rect !== null);
    if (!rect) return;
    const { top } = stage.getBoundingClientRect();
    const height = panel.offsetHeight;
    const below = top + rect.y + rect.h + GAP;
    const fits = below + height <= window.innerHeight - FOOT || top + rect.y - GAP < height;
    const from = fits ? rect.y + rect.h + GAP : rect.y - GAP - height;
    panel.style.setProperty("--near", `${stage.offsetTop + from}px`);
  };
}
