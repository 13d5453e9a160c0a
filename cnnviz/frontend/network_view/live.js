/**
 * Follows the pen: samples the drawing canvas while it is being drawn on, at most once a frame,
 * in the very frame that delivered the event.
 * @module
 */

import { CLEARED, COVERS, findCanvas } from "../shared/canvas.js";
import { contextOf } from "../shared/dom.js";

// After the pen is up the drawing component still moves the stroke to its lower canvas, and undo
// or clear repaint in a frame of their own: look again this long.
const SETTLE_MS = 150;

/**
 * Tells pictures apart. Four sums at once: none waits for the multiplication before it.
 * @param {Uint8ClampedArray} pixels RGBA
 */
export function checksum(pixels) {
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
  let [a, b, c, d] = [1, 2, 3, 4];
  const last = words.length - (words.length % 4);
  for (let i = 0; i < last; i += 4) {
    a = (Math.imul(a, 31) + words[i]) | 0;
    b = (Math.imul(b, 31) + words[i + 1]) | 0;
    c = (Math.imul(c, 31) + words[i + 2]) | 0;
    d = (Math.imul(d, 31) + words[i + 3]) | 0;
  }
  for (let i = last; i < words.length; i += 1) a = (Math.imul(a, 31) + words[i]) | 0;
  return (Math.imul(Math.imul(Math.imul(a, 37) + b, 37) + c, 37) + d) | 0;
}

/**
 * @param {string} key of the drawing canvas
 * @param {(pixels: Uint8ClampedArray, width: number, height: number, start: number) => void} onInk
 * called with RGBA pixels whenever the ink has changed, and the time (ms) when the frame's work began
 * @param {{down: () => void, up: () => void}} hand told when the pen goes down, and when it is up and
 * the drawing component has had time to settle
 * @returns {{stop: () => void, penDown: () => boolean}}
 */
export function followPen(key, onInk, hand) {
  let down = false;
  let pointer = 0;
  let pending = 0;
  let settleUntil = 0;
  /** @type {number|null} */
  let seen = null; // checksum of the ink shown
  /** @type {CanvasRenderingContext2D|null} */
  let scratch = null;
  /** @type {import("../shared/canvas.js").DrawingCanvas|null} */
  let found = null;

  function canvas() {
    // Streamlit may have made it anew, so what was found holds while it is in the page.
    if (!found?.upper.isConnected || !found.lower.isConnected) found = findCanvas(key);
    return found;
  }

  function sample() {
    const here = canvas();
    if (!here) return null;
    const { lower, upper } = here;
    const width = Math.round(parseFloat(lower.style.width)) || lower.width;
    const height = Math.round(parseFloat(lower.style.height)) || lower.height;
    if (!width || !height) return null;
    if (!scratch || scratch.canvas.width !== width || scratch.canvas.height !== height) {
      const copy = document.createElement("canvas");
      copy.width = width;
      copy.height = height;
      scratch = contextOf(copy, { willReadFrequently: true });
    }
    scratch.clearRect(0, 0, width, height);
    scratch.drawImage(lower, 0, 0, width, height);
    scratch.drawImage(upper, 0, 0, width, height);
    return { pixels: scratch.getImageData(0, 0, width, height).data, width, height };
  }

  /**
   * Whether a picture lies on the canvas: that is what Python answers. Whatever becomes of the ink
   * beneath (it goes a while later, on a busy machine) would be a preview that nobody answers.
   */
  const isCovered = () => Boolean(canvas()?.root.querySelector(`[${COVERS}]`));

  function frame() {
    pending = 0;
    const start = performance.now();
    const ink = isCovered() ? null : sample();
    if (ink) {
      const sum = checksum(ink.pixels);
      if (sum !== seen) {
        seen = sum;
        onInk(ink.pixels, ink.width, ink.height, start);
      }
    }
    if (down) return;
    if (performance.now() < settleUntil) schedule();
    else hand.up();
  }

  // Asked for anew at each event, so that it runs after the drawing component's own frame.
  function schedule() {
    if (pending) cancelAnimationFrame(pending);
    pending = requestAnimationFrame(frame);
  }

  const inside = (/** @type {Event} */ event) =>
    event.composedPath().some((e) => e instanceof Element && e.classList.contains(`st-key-${key}`));

  function onDown(/** @type {Event} */ event) {
    if (!(event instanceof PointerEvent) || event.button !== 0 || !inside(event)) return;
    const ink = sample();
    if (ink) seen = checksum(ink.pixels);
    down = true;
    pointer = event.pointerId;
    hand.down();
  }
  function onMove() {
    if (down) schedule();
  }
  function onUp(/** @type {Event} */ event) {
    const lifts = event.type !== "click" && event.type !== "keyup";
    // Undo and clear come as clicks and keys; a key or a second finger doesn't lift the pen.
    const by = event instanceof PointerEvent ? event.pointerId : pointer;
    if (down ? !lifts || by !== pointer : lifts || !inside(event)) return;
    down = false;
    settleUntil = performance.now() + SETTLE_MS;
    schedule();
  }

  /** A picture may have lain over a canvas that was empty already: it is told all the same. */
  function onCleared() {
    seen = null;
    settleUntil = performance.now() + SETTLE_MS;
    schedule();
  }

  /** @type {[string, EventListener, boolean][]} */
  const listeners = [
    [CLEARED, onCleared, false],
    ["pointerdown", onDown, true],
    ["pointermove", onMove, false],
    ["mousemove", onMove, false],
    ["touchmove", onMove, false],
    ["pointerup", onUp, false],
    ["pointercancel", onUp, false],
    ["mouseup", onUp, false],
    ["touchend", onUp, false],
    ["click", onUp, false],
    ["keyup", onUp, false],
  ];
  for (const [type, listener, capture] of listeners)
    window.addEventListener(type, listener, { capture, passive: true });

  return {
    penDown: () => down,
    stop() {
      if (pending) cancelAnimationFrame(pending);
      for (const [type, listener, capture] of listeners)
        window.removeEventListener(type, listener, { capture });
    },
  };
}
