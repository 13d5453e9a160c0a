/**
 * Follows the pen: samples the drawing canvas while it is being drawn on, at most once a frame,
 * in the very frame that delivered the event. The only module that looks outside the view's root.
 * @module
 */

/**
 * The two canvases of the drawing component under `.st-key-<key>`, wherever its shadow root is;
 * null if there is none, and the maps then follow torch alone.
 */
export function findCanvases(key) {
  const place = document.querySelector(`.st-key-${CSS.escape(key)}`);
  if (!place) return null;
  const roots = [place, ...[...place.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean)];
  for (const root of roots) {
    const upper = root.querySelector("canvas.upper-canvas");
    // Its sibling: the component has a second lower canvas, for a background picture.
    const lower = upper?.parentElement.querySelector("canvas.lower-canvas");
    if (lower && upper) return { lower, upper };
  }
  return null;
}

// After the pen is up the drawing component still moves the stroke to its lower canvas, and undo
// or clear repaint in a frame of their own: look again this long.
const SETTLE_MS = 150;

/**
 * @param {string} key of the drawing canvas
 * @param {(pixels: Uint8ClampedArray, width: number, height: number, start: number) => void} onInk
 * called with RGBA pixels whenever the ink has changed, and the time (ms) when the frame's work began
 * @returns {{stop: () => void, penDown: () => boolean}}
 */
export function followPen(key, onInk) {
  let down = false;
  let pending = 0;
  let settleUntil = 0;
  let seen = null; // checksum of the ink shown
  let scratch = null;

  function sample() {
    const found = findCanvases(key);
    if (!found) return null;
    const { lower, upper } = found;
    const width = Math.round(parseFloat(lower.style.width)) || lower.width;
    const height = Math.round(parseFloat(lower.style.height)) || lower.height;
    if (!width || !height) return null;
    if (!scratch || scratch.canvas.width !== width || scratch.canvas.height !== height) {
      const canvas = document.createElement("canvas");
      canvas.width = width;
      canvas.height = height;
      scratch = canvas.getContext("2d", { willReadFrequently: true });
    }
    scratch.clearRect(0, 0, width, height);
    scratch.drawImage(lower, 0, 0, width, height);
    scratch.drawImage(upper, 0, 0, width, height);
    return { pixels: scratch.getImageData(0, 0, width, height).data, width, height };
  }

  function checksum({ pixels }) {
    const words = new Uint32Array(pixels.buffer);
    let sum = 0;
    for (let i = 0; i < words.length; i++) sum = (Math.imul(sum, 31) + words[i]) | 0;
    return sum;
  }

  function frame() {
    pending = 0;
    const start = performance.now();
    const ink = sample();
    if (ink) {
      const sum = checksum(ink);
      if (sum !== seen) {
        seen = sum;
        onInk(ink.pixels, ink.width, ink.height, start);
      }
    }
    if (!down && performance.now() < settleUntil) schedule();
  }

  // Asked for anew at each event, so that it runs after the drawing component's own frame.
  function schedule() {
    if (pending) cancelAnimationFrame(pending);
    pending = requestAnimationFrame(frame);
  }

  const inside = (event) => event.composedPath().some((e) => e.classList?.contains(`st-key-${key}`));

  function onDown(event) {
    if (!inside(event)) return;
    const ink = sample();
    if (ink) seen = checksum(ink);
    down = true;
  }
  function onMove() {
    if (down) schedule();
  }
  function onUp(event) {
    if (!down && !(event.type === "click" || event.type === "keyup")) return;
    if (!down && !inside(event)) return;
    down = false;
    settleUntil = performance.now() + SETTLE_MS;
    schedule();
  }

  const listeners = [
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
  for (const [type, listener, capture] of listeners) window.addEventListener(type, listener, { capture, passive: true });

  return {
    penDown: () => down,
    stop() {
      if (pending) cancelAnimationFrame(pending);
      for (const [type, listener, capture] of listeners) window.removeEventListener(type, listener, { capture });
    },
  };
}

/** The page's URL: the pinned unit and the colour scope live there, so that they can be sent. */
export function readLink() {
  const query = new URLSearchParams(location.search);
  return { pin: query.get("pin"), scope: query.get("scope") };
}

/** @param {{pin?: string|null, scope?: string|null}} entries null takes an entry away */
export function writeLink(entries) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(entries)) {
    if (value === null || value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}

/** Put text on the clipboard; false where the browser forbids it. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Hand the person a file. */
export function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
