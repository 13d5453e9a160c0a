/**
 * The canvas that the scene is painted on, and the filter as it was given, small, beside it.
 *
 * @typedef {import("./types.js").Scene} Scene
 * @typedef {CanvasRenderingContext2D} Context
 */

import { magnitude } from "../shared/colormap.js";
import { contextOf } from "../shared/dom.js";
import { zoomOf } from "../shared/presentation.js";
import { paint } from "./paint.js";
import { circle, colourOf } from "./stems.js";

/**
 * Paint the scene, at the screen's own resolution.
 * @param {HTMLCanvasElement} canvas
 * @param {Scene} scene
 */
export function draw(canvas, scene) {
  const { width, height } = scene.geometry;
  const ratio = Math.min((window.devicePixelRatio || 1) * zoomOf(canvas), 3);
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
  }
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  paint(context, scene);
  if (!scene.geometry.compact) paintGiven(context, scene);
}

/**
 * The filter as it was given, small, under the label of its row.
 * @param {Context} context
 * @param {Scene} scene
 */
function paintGiven(context, { geometry, colours, filter, setting }) {
  if (!setting.flip) return;
  const row = geometry.rows.filter;
  const top = row.top + 58;
  const height = row.height - 58;
  const largest = magnitude(filter) || 1;
  const low = filter.some((value) => value < 0);
  const high = filter.some((value) => value > 0) || !low;
  const sides = Number(high) + Number(low);
  const zero = top + (height * Number(high)) / sides;
  const unit = (height / sides - 3) / largest;
  const pitch = Math.min(12, 72 / filter.length);
  context.fillStyle = colours.muted;
  context.textAlign = "left";
  context.font = `12px ${colours.sans}`;
  context.fillText("as given", 4 + pitch * filter.length + 8, top + height / 2);
  for (let tap = 0; tap < filter.length; tap += 1) {
    const value = filter[tap];
    const x = 4 + (tap + 0.5) * pitch;
    context.strokeStyle = colourOf(colours, value);
    context.fillStyle = context.strokeStyle;
    context.lineWidth = Math.min(2, Math.max(1, pitch / 3));
    context.beginPath();
    context.moveTo(x, zero);
    context.lineTo(x, zero - value * unit);
    context.stroke();
    circle(context, x, zero - value * unit, Math.min(3, pitch / 3));
    context.fill();
  }
}
