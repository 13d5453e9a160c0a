/** What is moved, in its field, and a map of a probability by shift. */

import { MINUS } from "../shared/numbers.js";
import { GUTTER } from "./geometry.js";
import { colourAt, inkAt } from "./picture.js";

/**
 * @typedef {import("./geometry.js").Field} Field
 * @typedef {import("./picture.js").Picture} Picture
 * @typedef {{colours: import("../shared/colormap.js").Colormap, text: string, muted: string,
 *   line: string, accent: string, mono: string, sans: string}} Theme
 */

const TICKS = 5;

/**
 * The picture in the middle of its field, ink on nothing: whoever shows it elsewhere moves it.
 * @param {CanvasRenderingContext2D} context
 * @param {Field} field
 * @param {Picture} picture unmoved
 * @param {Theme} theme
 */
export function paintPicture(context, { left, top, cell }, picture, theme) {
  const { rows, cols, light, values } = picture;
  context.fillStyle = theme.text;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < cols; column += 1) {
      const ink = values[row * cols + column];
      if (light) context.fillStyle = colourAt(picture, row, column);
      else if (ink <= 0) continue;
      else context.globalAlpha = ink;
      // A little over the edge, or the paper would shine through between neighbours.
      context.fillRect(left + column * cell, top + row * cell, cell + 0.3, cell + 0.3);
    }
  }
  context.globalAlpha = 1;
}

/**
 * The field's frame and, once the picture has `moved`, the border between its ink and the paper
 * where it stands in the middle, dashed.
 * @param {CanvasRenderingContext2D} context
 * @param {Field} field
 * @param {Picture} picture unmoved
 * @param {boolean} moved
 * @param {Theme} theme
 */
export function paintOutline(context, field, picture, moved, theme) {
  const { left, top, cell } = field;
  const { rows, cols } = picture;
  frame(context, field, theme.line, rows, cols);
  if (!moved) return;
  const ink = (/** @type {number} */ row, /** @type {number} */ column) =>
    row >= 0 && column >= 0 && row < rows && column < cols && inkAt(picture, row, column) > 0.4;
  context.beginPath();
  for (let row = 0; row <= rows; row += 1) {
    for (let column = 0; column <= cols; column += 1) {
      const [x, y] = [left + column * cell, top + row * cell];
      if (ink(row, column) !== ink(row - 1, column)) {
        context.moveTo(x, y);
        context.lineTo(x + cell, y);
      }
      if (ink(row, column) !== ink(row, column - 1)) {
        context.moveTo(x, y);
        context.lineTo(x, y + cell);
      }
    }
  }
  context.strokeStyle = theme.accent;
  context.lineWidth = 1;
  context.setLineDash([3, 2]);
  context.stroke();
  context.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Field} field
 * @param {{right: Float32Array, cut: Uint8Array}} map by row and column: the probability, and
 *   whether part of the digit has left the field
 * @param {Theme} theme
 */
export function paintMap(context, field, map, theme) {
  const { left, top, cell, count } = field;
  map.right.forEach((probability, index) => {
    const [row, column] = [Math.floor(index / count), index % count];
    const [x, y] = [left + column * cell, top + row * cell];
    context.fillStyle = theme.colours.css(probability, 1);
    context.fillRect(x, y, cell + 0.3, cell + 0.3);
    if (!map.cut[index]) return;
    context.fillStyle = theme.colours.on(probability, 1);
    context.globalAlpha = 0.6;
    context.beginPath();
    context.arc(x + cell / 2, y + cell / 2, Math.max(0.7, cell / 10), 0, 2 * Math.PI);
    context.fill();
    context.globalAlpha = 1;
  });
  frame(context, field, theme.line, count, count);
  axes(context, field, theme);
}

/**
 * Shifts in pixels, along the bottom and up the left side.
 * @param {CanvasRenderingContext2D} context
 * @param {Field} field
 * @param {Theme} theme
 */
function axes(context, { left, top, cell, count }, theme) {
  const limit = (count - 1) / 2;
  context.fillStyle = theme.muted;
  context.font = `12px ${theme.mono}`;
  const step = limit % TICKS ? limit : TICKS; // so that nought and both ends have one
  for (let shift = -limit; shift <= limit; shift += step) {
    const middle = (shift + limit + 0.5) * cell;
    const text = String(shift).replace("-", MINUS);
    context.textBaseline = "top";
    context.textAlign = shift === limit ? "right" : "center";
    const at = shift === limit ? cell * count : middle;
    context.fillText(text, left + at, top + cell * count + 5);
    context.textBaseline = "middle";
    context.textAlign = "right";
    context.fillText(text, GUTTER.left - 5, Math.max(6, top + middle));
  }
  const middle = (cell * count) / 2;
  context.font = `12px ${theme.sans}`;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillText("pixels to the right", left + middle, top + cell * count + GUTTER.bottom);
  context.save();
  context.translate(0, top + middle);
  context.rotate(-Math.PI / 2);
  context.textBaseline = "top";
  context.fillText("pixels down", 0, 1);
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Field} field
 * @param {string} stroke
 * @param {number} rows
 * @param {number} cols
 */
function frame(context, { left, top, cell }, stroke, rows, cols) {
  context.strokeStyle = stroke;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, cell * cols - 1, cell * rows - 1);
}
