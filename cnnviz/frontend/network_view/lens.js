/**
 * The numbers around one cell of an enlarged map, where the map's own cells are too small for
 * them: a few cells, large enough to read, over the place that they belong to.
 * @module
 */
import { brief } from "../shared/numbers.js";

const CELL = 40; // px: five characters of 11 px
const REACH = 2; // cells on either side

/**
 * `first` is the lens's first row and column in the map, `rect` where it lies: around the cell,
 * and within the map where that is large enough. Pure.
 * @typedef {{row: number, col: number, rows: number, cols: number,
 *   rect: import("./scene.js").Rect}} Lens
 *
 * @param {{rows: number, cols: number, rect: import("./scene.js").Rect}} map
 * @param {{row: number, col: number}} unit
 * @returns {Lens}
 */
export function lensAt({ rows, cols, rect }, unit) {
  const down = along(unit.row, rows, rect.y, rect.h);
  const across = along(unit.col, cols, rect.x, rect.w);
  return {
    row: down.first,
    col: across.first,
    rows: down.count,
    cols: across.count,
    rect: { x: across.at, y: down.at, w: across.count * CELL, h: down.count * CELL },
  };
}

/**
 * One axis of it.
 * @param {number} place @param {number} count of the map's cells
 * @param {number} from px @param {number} length px
 */
function along(place, count, from, length) {
  const first = Math.max(0, place - REACH);
  const shown = Math.min(count, place + REACH + 1) - first;
  const middle = from + ((place + 0.5) * length) / count;
  const wanted = middle - (place - first + 0.5) * CELL;
  const at = Math.max(from, Math.min(wanted, from + length - shown * CELL));
  return { first, count: shown, at };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Lens} lens
 * @param {(row: number, col: number) => number} valueAt
 * @param {{css: (value: number) => string, on: (value: number) => string}} colours
 * @param {{theme: import("./theme.js").Theme, unit: {row: number, col: number}}} shown
 */
export function drawLens(context, lens, valueAt, colours, { theme, unit }) {
  const { x, y, w, h } = lens.rect;
  context.font = `12px ${theme.mono}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let i = 0; i < lens.rows; i += 1) {
    for (let j = 0; j < lens.cols; j += 1) {
      const value = valueAt(lens.row + i, lens.col + j);
      const [left, top] = [x + j * CELL, y + i * CELL];
      context.fillStyle = colours.css(value);
      context.fillRect(left, top, CELL, CELL);
      context.fillStyle = colours.on(value);
      context.fillText(brief(value), left + CELL / 2, top + CELL / 2);
    }
  }
  context.strokeStyle = theme.text;
  context.lineWidth = 1;
  context.strokeRect(x, y, w, h);
  context.strokeStyle = theme.accent;
  context.lineWidth = 2;
  const [row, col] = [unit.row - lens.row, unit.col - lens.col];
  context.strokeRect(x + col * CELL, y + row * CELL, CELL, CELL);
}
