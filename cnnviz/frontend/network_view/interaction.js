/**
 * Pointer, touch and keyboard on the stage. Says which unit is meant; the view decides what that
 * does.
 *
 * @typedef {import("./types.js").Unit} Unit
 * @typedef {import("./hit.js").Spot} Spot
 */
import { ARROWS } from "../shared/arrows.js";
import { foldedAt, spotAt } from "./hit.js";
import { shapeAt } from "./kinds.js";
import { writeWeight } from "./pins.js";
import { unitAt } from "./units.js";

/**
 * The unit one step further, kept inside its layer.
 * @param {import("./types.js").Network} network
 * @param {number} layer
 * @param {Unit} unit
 * @param {number} down
 * @param {number} right
 * @param {number} maps
 * @returns {Unit}
 */
export function stepped(network, layer, unit, down, right, maps) {
  const shape = shapeAt(network, layer);
  const clamp = (/** @type {number} */ value, /** @type {number} */ count) =>
    Math.max(0, Math.min(count - 1, value));
  if ("index" in unit) return { index: clamp(unit.index + down + right + maps, shape[0]) };
  return {
    channel: clamp(unit.channel + maps, shape[0]),
    row: clamp(unit.row + down, shape[1]),
    col: clamp(unit.col + right, shape[2]),
  };
}

/**
 * A unit to begin with: the largest of the layer, since it says most.
 * @param {import("./types.js").Network} network
 * @param {Float32Array[]} values
 * @param {number} layer
 */
export function salient(network, values, layer) {
  const shape = shapeAt(network, layer);
  const all = values[layer + 1];
  let best = 0;
  for (let i = 1; i < all.length; i++) if (all[i] > all[best]) best = i;
  return unitAt(shape, best);
}

/** The part of the stage that holds the keyboard's focus, or was clicked.
 * @param {Event} event
 * @returns {HTMLElement | null}
 */
function sectionOf(event) {
  const [target] = event.composedPath();
  return target instanceof Element ? target.closest("[data-layer]") : null;
}

const LINGER = 120; // ms

/** @typedef {{clientX: number, clientY: number}} Pointer */

/**
 * @param {HTMLElement} root of the stage
 * @param {import("./view_types.js").View} view
 * @param {ReturnType<typeof import("./drag.js").createDrag>} drag of the input
 * @returns {() => void} takes the listeners away
 */
export function listen(root, view, drag) {
  const { actions } = view;
  /** Where the drag of the input began. @type {{x: number, y: number} | null} */
  let dragging = null;
  /** Where the mouse was last, and the folded layer that it is on. @type {Pointer | null} */
  let pointer = null;
  let lingering = 0;
  /** @type {number | null} */
  let lingersOn = null;

  /** @param {number} layer the unit of a layer that keys start from; null: none yet */
  function placeIn(layer) {
    if (view.pin?.layer === layer) return view.pin.unit;
    return view.cursor?.layer === layer ? view.cursor.unit : null;
  }

  /** What is painted under the pointer. @param {Pointer} event */
  const under = (event) => at(spotAt, event);

  /** The folded layer under it. @param {Pointer} event */
  const foldedUnder = (event) => at(foldedAt, event);

  /**
   * @template Found
   * @param {(scene: import("./scene.js").Scene, x: number, y: number) => Found | null} find
   * @param {Pointer} event
   */
  function at(find, { clientX, clientY }) {
    if (!view.scene) return null;
    const { left, top } = root.getBoundingClientRect();
    return find(view.scene, clientX - left, clientY - top);
  }

  /** A folded layer opens once the pointer has stayed on it for a moment: passing over many opens
   * none of them.
   * @param {Pointer} event
   */
  function linger(event) {
    pointer = { clientX: event.clientX, clientY: event.clientY };
    const layer = foldedUnder(event);
    if (layer === lingersOn) return;
    clearTimeout(lingering);
    lingersOn = layer;
    if (layer !== null) lingering = window.setTimeout(() => unfoldUnder(layer), LINGER);
  }

  /** @param {number} layer */
  function unfoldUnder(layer) {
    clearTimeout(lingering);
    lingersOn = null;
    actions.unfold(layer);
    // It stands under the pointer still, but not the same part of it.
    if (pointer) actions.point(under(pointer), pointer.clientX, pointer.clientY);
  }

  /** Whether `spot` is the input, and that can be dragged. @param {Spot | null} spot */
  function isDraggable(spot) {
    return Boolean(view.options.drag && spot && "unit" in spot && spot.layer === -1);
  }

  /** The weight that a click there chooses, as Python writes it. @param {Spot | null} spot */
  const chosenBy = (spot) => (view.options.choosesWeight ? writeWeight(view.network, spot) : null);

  /** @param {Spot | null} spot */
  function cursorFor(spot) {
    if (!spot) return "";
    if ("kernel" in spot || "rose" in spot || chosenBy(spot)) return "pointer";
    if (isDraggable(spot)) return dragging ? "grabbing" : "grab";
    return "crosshair";
  }

  /** @param {PointerEvent} event */
  function onMove(event) {
    if (dragging) {
      // Captured at the first movement: a plain click should still reach the pixel under it.
      if (!root.hasPointerCapture(event.pointerId)) root.setPointerCapture(event.pointerId);
      drag.to(event.clientX - dragging.x, event.clientY - dragging.y);
      return;
    }
    // A finger moves the pin while it lies on the map; the mouse only points.
    const spot = under(event);
    if (event.pointerType === "touch") {
      if (spot && "unit" in spot && view.pin?.layer === spot.layer && event.buttons)
        actions.pin(spot.layer, spot.unit, { remember: false });
      return;
    }
    // Before anything is written: it asks where the stage is, as `under` does.
    linger(event);
    const cursor = cursorFor(spot);
    if (root.style.cursor !== cursor) root.style.cursor = cursor;
    actions.point(spot, event.clientX, event.clientY);
  }

  function onLeave() {
    pointer = null;
    lingersOn = null;
    clearTimeout(lingering);
    if (!dragging) actions.point(null);
  }

  /** @param {PointerEvent} event */
  function onDown(event) {
    if (isDraggable(under(event)) && event.button === 0) {
      dragging = { x: event.clientX, y: event.clientY };
      drag.start();
    }
  }

  /** @param {PointerEvent} event */
  function onUp(event) {
    if (!dragging) return;
    if (root.hasPointerCapture(event.pointerId)) root.releasePointerCapture(event.pointerId);
    dragging = null;
    drag.end();
  }

  /** @param {MouseEvent} event */
  function onClick(event) {
    if (drag.moved()) return;
    const [target] = event.composedPath();
    const section = target instanceof Element && target.closest("header") && sectionOf(event);
    const folded = foldedUnder(event);
    if (section && folded === null) {
      actions.openLayer(Number(section.dataset.layer));
      return;
    }
    const spot = under(event);
    // A finger hasn't pointed before: its number appears where it tapped.
    const touched = event instanceof PointerEvent && event.pointerType === "touch";
    if (folded !== null && (touched || !spot)) {
      unfoldUnder(folded);
      return;
    }
    if (touched) actions.tell(spot, event.clientX, event.clientY);
    if (!touched) view.taps = 0;
    else if (spot && "unit" in spot) view.taps += 1;
    const weight = chosenBy(spot);
    if (weight) actions.chooseWeight(weight);
    else if (spot && "unit" in spot) actions.pin(spot.layer, spot.unit);
    else if (spot && "kernel" in spot) actions.openLayer(spot.kernel.layer);
    else if (spot && "rose" in spot) actions.openLayer(spot.rose.layer);
  }

  /** @param {MouseEvent} event */
  function onDouble(event) {
    const spot = under(event);
    if (spot && "unit" in spot && "channel" in spot.unit) {
      actions.enlarge(spot.layer, spot.unit.channel);
    }
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const section = sectionOf(event);
    if (event.composedPath()[0] instanceof HTMLButtonElement) return;
    if (!section || event.altKey || event.ctrlKey || event.metaKey) return;
    const layer = Number(section.dataset.layer);
    const step = ARROWS.get(event.key);
    if (step) {
      event.preventDefault();
      const to = walked(layer, step, event.shiftKey);
      if (view.pin?.layer === layer) actions.pin(layer, to, { remember: false });
      else actions.setCursor(layer, to);
    } else if (event.key === "Enter") {
      event.preventDefault();
      actions.pin(layer, placeIn(layer) ?? salient(view.network, view.values, layer));
    } else if (event.key === "f" && layer >= 0) {
      actions.openLayer(layer);
    }
  }

  /** Where an arrow leads: with Shift to another map; at first to where the layer says most.
   * @param {number} layer
   * @param {[number, number]} step
   * @param {boolean} toOtherMap
   */
  function walked(layer, [down, right], toOtherMap) {
    const here = placeIn(layer);
    if (!here) return salient(view.network, view.values, layer);
    return toOtherMap
      ? stepped(view.network, layer, here, 0, 0, down + right)
      : stepped(view.network, layer, here, down, right, 0);
  }

  /** @param {FocusEvent} event */
  function onFocus(event) {
    const section = sectionOf(event);
    if (!section?.matches(":focus-visible")) return;
    const layer = Number(section.dataset.layer);
    actions.unfold(layer);
    actions.setCursor(layer, placeIn(layer) ?? salient(view.network, view.values, layer));
  }

  function onBlur() {
    actions.setCursor(null);
  }

  const ended = new AbortController();
  const { signal } = ended;
  root.addEventListener("pointermove", onMove, { signal });
  root.addEventListener("pointerleave", onLeave, { signal });
  root.addEventListener("pointerdown", onDown, { signal });
  root.addEventListener("pointerup", onUp, { signal });
  root.addEventListener("pointercancel", onUp, { signal });
  root.addEventListener("click", onClick, { signal });
  root.addEventListener("dblclick", onDouble, { signal });
  root.addEventListener("keydown", onKey, { signal });
  root.addEventListener("focusin", onFocus, { signal });
  root.addEventListener("focusout", onBlur, { signal });
  return () => {
    clearTimeout(lingering);
    ended.abort();
  };
}
