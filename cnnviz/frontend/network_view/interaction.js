/**
 * Pointer, touch and keyboard on the stage. Says which unit is meant; the view decides what that
 * does.
 * @module
 */
import { spotAt } from "./hit.js";
import { shapeAt } from "./kinds.js";
import { isMap, unitAt } from "./units.js";

/**
 * Rows and columns that a key goes on.
 * @type {Record<string, [number, number]>}
 */
const ARROWS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/**
 * The unit one step further, kept inside its layer.
 * @param {import("./types.js").Network} network
 * @param {number} layer
 * @param {any} unit
 * @param {number} down
 * @param {number} right
 * @param {number} maps
 */
export function stepped(network, layer, unit, down, right, maps) {
  const shape = shapeAt(network, layer);
  const clamp = (/** @type {number} */ value, /** @type {number} */ count) =>
    Math.max(0, Math.min(count - 1, value));
  if (!isMap(shape)) return { index: clamp(unit.index + down + right + maps, shape[0]) };
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

/**
 * @param {HTMLElement} root of the stage
 * @param {any} view with `scene`, `network`, `values`, `pin`, `hover` and `actions`
 * @param {any} drag of the input
 * @returns {() => void} takes the listeners away
 */
export function listen(root, view, drag) {
  const { actions } = view;
  /** @type {{x: number, y: number}|null} */
  let dragging = null;

  /** What is painted under the pointer. @param {any} event @returns {any} */
  function under(event) {
    if (!view.scene) return null;
    const { left, top } = root.getBoundingClientRect();
    return spotAt(view.scene, event.clientX - left, event.clientY - top);
  }

  function cursorFor(/** @type {any} */ spot) {
    if (spot?.kernel) return "pointer";
    if (view.options.drag && spot?.layer === -1) return dragging ? "grabbing" : "grab";
    return spot ? "crosshair" : "";
  }

  function onMove(/** @type {any} */ event) {
    if (dragging) {
      // Captured at the first movement: a plain click should still reach the pixel under it.
      if (!root.hasPointerCapture(event.pointerId)) root.setPointerCapture(event.pointerId);
      drag.to(event.clientX - dragging.x, event.clientY - dragging.y);
      return;
    }
    // A finger moves the pin while it lies on the map; the mouse only points.
    const spot = under(event);
    if (event.pointerType === "touch") {
      if (spot?.unit && view.pin?.layer === spot.layer && event.buttons)
        actions.pin(spot.layer, spot.unit, { remember: false });
      return;
    }
    const cursor = cursorFor(spot);
    if (root.style.cursor !== cursor) root.style.cursor = cursor;
    actions.point(spot, event.clientX, event.clientY);
  }

  function onLeave() {
    if (!dragging) actions.point(null);
  }

  function onDown(/** @type {any} */ event) {
    const spot = under(event);
    if (view.options.drag && spot?.layer === -1 && event.button === 0) {
      dragging = { x: event.clientX, y: event.clientY };
      drag.start();
    }
  }

  function onUp(/** @type {any} */ event) {
    if (!dragging) return;
    if (root.hasPointerCapture(event.pointerId)) root.releasePointerCapture(event.pointerId);
    dragging = null;
    drag.end();
  }

  function onClick(/** @type {any} */ event) {
    if (drag.moved()) return;
    const header = event.composedPath().find((/** @type {any} */ e) => e.tagName === "HEADER");
    const section = header?.closest("[data-layer]");
    if (section) return actions.openLayer(Number(section.dataset.layer));
    const spot = under(event);
    // A finger hasn't pointed before: its number appears where it tapped.
    if (event.pointerType === "touch") actions.tell(spot, event.clientX, event.clientY);
    if (spot?.unit) actions.pin(spot.layer, spot.unit);
    else if (spot?.kernel) actions.openLayer(spot.kernel.layer);
  }

  function onDouble(/** @type {any} */ event) {
    const spot = under(event);
    if (spot?.unit && isMap(shapeAt(view.network, spot.layer)))
      actions.enlarge(spot.layer, spot.unit.channel);
  }

  function onKey(/** @type {any} */ event) {
    const section = event
      .composedPath()
      .find((/** @type {any} */ e) => e.dataset?.layer !== undefined);
    if (!section || event.altKey || event.ctrlKey || event.metaKey) return;
    const layer = Number(section.dataset.layer);
    const here =
      view.pin?.layer === layer ? view.pin : view.cursor?.layer === layer ? view.cursor : null;
    const [down, right] = ARROWS[event.key] ?? [0, 0];
    if (down || right) {
      event.preventDefault();
      const maps = event.shiftKey ? down + right : 0;
      const from = here?.unit ?? salient(view.network, view.values, layer);
      const to = here
        ? stepped(
            view.network,
            layer,
            from,
            event.shiftKey ? 0 : down,
            event.shiftKey ? 0 : right,
            maps,
          )
        : from;
      if (view.pin?.layer === layer) actions.pin(layer, to, { remember: false });
      else actions.setCursor(layer, to);
    } else if (event.key === "Enter") {
      event.preventDefault();
      actions.pin(layer, here?.unit ?? salient(view.network, view.values, layer));
    } else if (event.key === "f" && layer >= 0) {
      actions.openLayer(layer);
    }
  }

  function onFocus(/** @type {any} */ event) {
    const section = event.target.closest?.("[data-layer]");
    if (!section || !section.matches(":focus-visible")) return;
    const layer = Number(section.dataset.layer);
    actions.setCursor(
      layer,
      view.pin?.layer === layer
        ? view.pin.unit
        : view.cursor?.layer === layer
          ? view.cursor.unit
          : salient(view.network, view.values, layer),
    );
  }

  function onBlur() {
    actions.setCursor(null);
  }

  /** @type {[string, (event: any) => void][]} */
  const listeners = [
    ["pointermove", onMove],
    ["pointerleave", onLeave],
    ["pointerdown", onDown],
    ["pointerup", onUp],
    ["pointercancel", onUp],
    ["click", onClick],
    ["dblclick", onDouble],
    ["keydown", onKey],
    ["focusin", onFocus],
    ["focusout", onBlur],
  ];
  for (const [type, listener] of listeners) root.addEventListener(type, listener);
  return () => listeners.forEach(([type, listener]) => root.removeEventListener(type, listener));
}
