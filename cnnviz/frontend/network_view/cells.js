/** Numbers in cells, and the padding around a map. @module */
import { lightCss } from "../shared/colormap.js";
import { alike } from "../shared/numbers.js";
import { sourceOf } from "./kinds/sliding.js";
import { lightOf, scaleOf } from "./paint.js";

/**
 * @param {CanvasRenderingContext2D} context in CSS pixels of the stage
 * @param {{rect: import("./scene.js").Rect, rows: number, cols: number, offset: number,
 *   layer: number, channel?: number}} tile
 * @param {Float32Array} values
 * @param {Pick<import("./surface.js").Shown, "theme"|"text"|"slide">} shown
 * @param {(value: number) => string} colourOf of the text on a value's cell
 */
export function drawNumbers(context, tile, values, shown, colourOf) {
  const { rect, rows, cols, offset } = tile;
  const [w, h] = [rect.w / cols, rect.h / rows];
  const least = 11 * shown.text;
  context.font = `${Math.max(least, Math.min(15 * shown.text, w / 3.2))}px ${shown.theme.mono}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const { slide } = shown;
  const sliding = slide && slide.layer === tile.layer && slide.channel === tile.channel;
  const count = sliding ? Math.min(rows * cols, slide.position + 1) : rows * cols;
  const spell = alike(values.subarray(offset, offset + rows * cols));
  for (let i = 0; i < count; i += 1) {
    const value = values[offset + i];
    context.fillStyle = colourOf(value);
    context.fillText(
      spell(value),
      rect.x + ((i % cols) + 0.5) * w,
      rect.y + (Math.floor(i / cols) + 0.5) * h,
    );
  }
}

/**
 * The padding that the next layer reads around a map: paler, with the values that it stands for;
 * hatched where it stands for zeros (or, for a max pooling, for nothing).
 * @param {CanvasRenderingContext2D} context in device pixels
 * @param {import("./scene.js").Tile} tile
 * @param {(rect: import("./scene.js").Rect) => import("./scene.js").Rect} device
 * @param {import("./surface.js").Shown} shown
 */
export function drawRim(context, tile, device, shown) {
  const { theme, network, values } = shown;
  const outer = device(tile.outer);
  context.fillStyle = theme.surface;
  context.fillRect(outer.x, outer.y, outer.w, outer.h);
  const mode = network.layers[tile.layer + 1].hyper.padding_mode ?? "zeros";
  if (mode === "zeros") hatch(context, outer, theme.line);
  else drawMirrored(context, tile, device, shown, mode, values[tile.layer + 1]);
  // Where the map itself ends.
  const { x, y, w, h } = device(tile.rect);
  context.fillStyle = theme.muted;
  context.fillRect(x - 1, y - 1, w + 2, h + 2);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./scene.js").Rect} rect
 * @param {string} colour
 */
function hatch(context, { x, y, w, h }, colour) {
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  context.beginPath();
  for (let at = -h; at < w; at += 6) {
    context.moveTo(x + at, y + h);
    context.lineTo(x + at + h, y);
  }
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.stroke();
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./scene.js").Tile} tile
 * @param {(rect: import("./scene.js").Rect) => import("./scene.js").Rect} device
 * @param {import("./surface.js").Shown} shown
 * @param {string} mode
 * @param {Float32Array} values
 */
function drawMirrored(context, tile, device, shown, mode, values) {
  const { rim, rows, cols, rect, offset } = tile;
  if (!rim) return;
  const { palette } = shown.theme;
  const ink = tile.layer === -1 && shown.options.inputInk;
  const light = lightOf(tile, shown.options);
  const scale = scaleOf(tile, shown.values, shown.scales, shown.scope, shown.options.inputInk);
  const [w, h] = [rect.w / cols, rect.h / rows];
  context.globalAlpha = 0.45;
  for (let row = -rim.top; row < rows + rim.bottom; row += 1) {
    for (let col = -rim.left; col < cols + rim.right; col += 1) {
      if (row >= 0 && row < rows && col >= 0 && col < cols) continue;
      const [r, c] = [sourceOf(row, rows, mode), sourceOf(col, cols, mode)];
      const value = values[offset + r * cols + c];
      const at = device({ x: rect.x + col * w, y: rect.y + row * h, w, h });
      const signed = ink ? palette.inkCss(value) : palette.css(value, scale);
      context.fillStyle = light ? lightCss(light, value) : signed;
      context.fillRect(at.x, at.y, at.w, at.h);
    }
  }
  context.globalAlpha = 1;
}
