/**
 * One paint a frame at most, of what has changed since the last.
 * @module
 */

const KEPT = 1200;

/** @typedef {"values"|"weights"|"pointing"} Part */

/**
 * @param {(dirty: Set<Part>) => void} paint
 * @param {(now: number) => boolean} tick moves on what plays; true if it goes on playing
 */
export function createFrames(paint, tick) {
  /** @type {Set<Part>} */
  const dirty = new Set();
  let pending = 0;
  /** For whoever measures: script milliseconds of the latest preview frames, sample to paint. */
  const times = /** @type {number[]} */ ([]);

  /** @param {number} now */
  function frame(now) {
    pending = 0;
    const plays = tick(now);
    flush();
    if (plays && !pending) pending = requestAnimationFrame(frame);
  }

  function flush() {
    if (!dirty.size) return;
    const parts = new Set(dirty);
    dirty.clear();
    paint(parts);
  }

  return {
    times,
    /** Ask for a frame. @param {...Part} parts that have changed */
    request(...parts) {
      for (const part of parts) dirty.add(part);
      if (!pending) pending = requestAnimationFrame(frame);
    },
    /** @param {...Part} parts */
    mark(...parts) {
      for (const part of parts) dirty.add(part);
    },
    flush,
    /** @param {number} milliseconds */
    note(milliseconds) {
      times.push(milliseconds);
      if (times.length > KEPT) times.shift();
    },
    stop: () => cancelAnimationFrame(pending),
  };
}
