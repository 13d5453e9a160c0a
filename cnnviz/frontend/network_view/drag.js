/**
 * Dragging the input: it moves by whole pixels, and the maps follow in the browser.
 *
 * Each move is told to the page as an event, and one that another component tells is followed: so
 * whatever shows the shift stays at one place while the pointer moves.
 * @module
 */
import { decodeTensor } from "./payload.js";

/** @typedef {[number, number]} Shift right, down, in pixels */

/** The event's name; its detail is `{shift: [right, down]}`, in pixels. */
const MOVED = "cnnviz:shift";

/**
 * `base` (C, H, W) moved; what leaves the field is lost, what comes in is `paper`.
 * @param {Float32Array} base
 * @param {[number, number]} by right, down
 * @param {number[]} shape
 * @param {number} [paper]
 */
export function shifted(base, [right, down], [channels, rows, cols], paper = 0) {
  const moved = new Float32Array(base.length).fill(paper);
  for (let line = 0; line < channels * rows; line++) {
    // Rows of one channel after those of the other: none comes over from its neighbour.
    const row = (line % rows) - down;
    if (row < 0 || row >= rows) continue;
    for (let col = Math.max(0, right); col < Math.min(cols, cols + right); col++)
      moved[line * cols + col] = base[(line - down) * cols + col - right];
  }
  return moved;
}

/**
 * @param {import("./view_types.js").View} view
 * @param {{preview: (image: Float32Array) => void, down: () => void, up: () => void}} intake
 * @param {(shift: [number, number]) => void} send
 */
export function createDrag(view, intake, send) {
  /** @type {{base: Float32Array, from: Shift, to: Shift}|null} */
  let drag = null;
  let moved = false;
  /** @type {Shift|null} */
  let unanswered = null; // the drop that Python hasn't answered yet
  /** @type {{base: Float32Array, to: Shift}|null} */
  let waiting = null;
  let frame = 0;

  /** However many moves a frame brings, the network is run once for it. */
  function preview() {
    cancelAnimationFrame(frame);
    frame = 0;
    if (waiting) {
      const { shape } = view.network.image;
      intake.preview(shifted(waiting.base, waiting.to, shape, view.options.drag?.paper));
    }
    waiting = null;
  }

  /** @param {Float32Array} base @param {Shift} to */
  function previewSoon(base, to) {
    waiting = { base, to };
    frame ||= requestAnimationFrame(preview);
  }

  /** @param {Event} event */
  function follow(event) {
    if (!(event instanceof CustomEvent)) return;
    const mine = event.composedPath().includes(view.root);
    if (mine || drag || !view.options.drag || !view.network) return;
    const shift = /** @type {Shift} */ (event.detail.shift);
    unanswered = shift;
    previewSoon(decodeTensor(view.options.drag.base).values, shift);
  }
  document.addEventListener(MOVED, follow);

  return {
    stop() {
      document.removeEventListener(MOVED, follow);
      cancelAnimationFrame(frame);
    },
    /** Python has said where the input lies. */
    settled() {
      unanswered = null;
    },
    start() {
      if (!view.options.drag) return;
      const { base, shift } = view.options.drag;
      const from = unanswered ?? shift;
      drag = { base: decodeTensor(base).values, from, to: from };
      moved = false;
      intake.down();
    },
    /** @param {number} x @param {number} y px from where the drag began */
    to(x, y) {
      const tile = view.scene?.tileOf.get("-1,0");
      if (!drag || !tile || !view.options.drag) return;
      const { limit } = view.options.drag;
      const place = (
        /** @type {number} */ from,
        /** @type {number} */ length,
        /** @type {number} */ side,
        /** @type {number} */ count,
      ) => Math.max(-limit, Math.min(limit, from + Math.round((length / side) * count)));
      /** @type {Shift} */
      const to = [
        place(drag.from[0], x, tile.rect.w, tile.cols),
        place(drag.from[1], y, tile.rect.h, tile.rows),
      ];
      if (to[0] === drag.to[0] && to[1] === drag.to[1]) return;
      drag.to = to;
      moved = true;
      const detail = { shift: to };
      view.root.dispatchEvent(new CustomEvent(MOVED, { detail, bubbles: true, composed: true }));
      previewSoon(drag.base, to);
    },
    end() {
      preview();
      if (drag && moved) {
        unanswered = drag.to;
        send(unanswered);
      }
      if (drag) intake.up();
      drag = null;
      // The click that ends a drag comes after this, and pins nothing.
      setTimeout(() => {
        moved = false;
      });
    },
    moved: () => moved,
  };
}
