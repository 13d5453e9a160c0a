/**
 * A list of layers as it is edited, and what undo brings back. Nothing is changed in place.
 * @module
 *
 * @typedef {import("./types.js").Layer} Layer
 * @typedef {import("./types.js").NumberOf} NumberOf
 */

export const MOST_LAYERS = 16;
const MOST_UNDOS = 100;

/** @param {Layer[]} layers @param {number} at @param {Layer} layer */
export function added(layers, at, layer) {
  return [...layers.slice(0, at), layer, ...layers.slice(at)];
}

/** @param {Layer[]} layers @param {number} at */
export function without(layers, at) {
  return layers.filter((_, place) => place !== at);
}

/** The layer at `from` is at `to` then; past either end it stays.
 * @param {Layer[]} layers @param {number} from @param {number} to
 */
export function moved(layers, from, to) {
  if (to < 0 || to >= layers.length) return layers;
  return added(without(layers, from), to, layers[from]);
}

/** @param {Layer[]} layers @param {number} at @param {string} name @param {string} text */
export function typed(layers, at, name, text) {
  return layers.map((layer, place) =>
    place === at ? { ...layer, numbers: { ...layer.numbers, [name]: text } } : layer,
  );
}

/**
 * Where a new layer goes that nobody has said a place for: before the maps become a vector.
 * @param {Layer[]} layers
 */
export function usualPlace(layers) {
  const flat = layers.findIndex(({ kind }) => kind === "flatten");
  return flat < 0 ? layers.length : flat;
}

/**
 * A number that an arrow key has moved by a step, within its range; what is no number starts anew.
 * @param {string} text @param {1 | -1} by @param {NumberOf} of
 */
export function stepped(text, by, { low, high, whole, start }) {
  const now = Number.parseFloat(text);
  if (Number.isNaN(now)) return start || String(low);
  const size = whole ? 1 : 10 ** Math.floor(Math.log10(Math.max(now / 2, (high - low) / 1000)));
  const next = Math.min(high, Math.max(low, now + by * size));
  return String(Number(next.toPrecision(6)));
}

/** @param {Layer[]} one @param {Layer[]} other */
function alike(one, other) {
  const listed = (/** @type {Layer[]} */ layers) =>
    JSON.stringify(layers.map(({ kind, numbers }) => [kind, Object.entries(numbers).sort()]));
  return listed(one) === listed(other);
}

/**
 * What undo brings back once a page that was left is come back to, and has these layers.
 * @param {History | null} kept  of the page as it was left
 * @param {Layer[]} layers
 */
export function resumed(kept, layers) {
  if (!kept) return new History(layers);
  kept.writing = "";
  if (!alike(kept.layers, layers)) kept.change(layers);
  return kept;
}

/** The list now, and those of before. */
export class History {
  /** @param {Layer[]} layers */
  constructor(layers) {
    this.layers = layers;
    /** @type {Layer[][]} */ this.before = [];
    this.writing = ""; // the field that is being typed in: its letters are one change
  }

  get undoable() {
    return this.before.length > 0;
  }

  /** @param {Layer[]} layers @param {string} [field] that it was typed in */
  change(layers, field = "") {
    if (layers === this.layers) return;
    if (!field || field !== this.writing)
      this.before = [...this.before, this.layers].slice(-MOST_UNDOS);
    this.writing = field;
    this.layers = layers;
  }

  undo() {
    const before = this.before.pop();
    if (before) this.layers = before;
    this.writing = "";
    return before !== undefined;
  }
}
