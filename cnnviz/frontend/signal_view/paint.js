/**
 * The picture on its canvas: signal, flipped filter, products and result on one index axis.
 *
 * @typedef {import("./types.js").Scene} Scene
 * @typedef {import("./geometry.js").Row} Row
 * @typedef {CanvasRenderingContext2D} Context
 */

import { plain } from "../shared/numbers.js";
import { axisStep, radiusOf, yOf } from "./geometry.js";
import { placeOf } from "./pointer.js";
import { circle, guessed, handle, question, stems } from "./stems.js";

/** @param {Context} context @param {Scene} scene */
export function paint(context, scene) {
  const { geometry, colours } = scene;
  context.clearRect(0, 0, geometry.width, geometry.height);
  context.lineCap = "butt";
  context.textBaseline = "middle";
  context.font = `12px ${colours.mono}`;
  paintWindow(context, scene);
  paintLines(context, scene);
  paintSignal(context, scene);
  paintFilter(context, scene);
  paintProducts(context, scene);
  paintResult(context, scene);
  paintOther(context, scene);
  paintAxis(context, scene);
}

/**
 * Where the filter stands: from the signal's row down to the products, and on to the result.
 * @param {Context} context
 * @param {Scene} scene
 */
function paintWindow(context, { geometry, colours, span, at, current, kept }) {
  const { rows, pitch } = geometry;
  const margin = Math.min(0.38 * pitch, 40);
  const left = geometry.x(at - span + 1) - margin;
  const right = geometry.x(at) + margin;
  const bottom = rows.products.top + rows.products.height + 16;
  context.save();
  context.globalAlpha = 0.1;
  context.fillStyle = colours.accent;
  context.beginPath();
  context.roundRect(left, rows.signal.top - 4, right - left, bottom - rows.signal.top + 4, 10);
  context.fill();
  context.restore();

  const x = geometry.x(at);
  context.strokeStyle = colours.accent;
  context.lineWidth = 1.6;
  context.setLineDash([1.6, 4]);
  context.beginPath();
  context.moveTo(x, bottom + 2);
  context.lineTo(x, rows.result.top + 4);
  context.stroke();
  context.setLineDash([]);
  if (current < kept.count - 1 && right + 48 < geometry.right && pitch > 8) {
    const y = rows.filter.zero - 8;
    context.beginPath();
    context.moveTo(right + 6, y);
    context.lineTo(right + 40, y);
    context.moveTo(right + 32, y - 5);
    context.lineTo(right + 40, y);
    context.lineTo(right + 32, y + 5);
    context.stroke();
  }
}

/** @param {Context} context @param {Scene} scene */
function paintLines(context, { geometry, colours }) {
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.beginPath();
  for (const row of Object.values(geometry.rows)) {
    const y = Math.round(row.zero) + 0.5;
    context.moveTo(geometry.left, y);
    context.lineTo(geometry.right, y);
  }
  context.stroke();
}

/** @param {Context} context @param {Scene} scene */
function paintSignal(context, scene) {
  const { geometry, colours, signal, span } = scene;
  const row = geometry.rows.signal;
  if (geometry.pitch >= 14) {
    for (let n = geometry.first; n <= geometry.last; n += 1) {
      if (n >= 0 && n < signal.length) continue;
      circle(context, geometry.x(n), row.zero, Math.min(3.5, geometry.pitch / 6));
      context.fillStyle = colours.background;
      context.fill();
      context.strokeStyle = colours.muted;
      context.lineWidth = 1;
      context.stroke();
      const near = n > scene.at - span && n <= scene.at;
      if (geometry.pitch >= 26 && (near || span <= 8)) {
        context.fillStyle = colours.muted;
        context.textAlign = "center";
        context.fillText("0", geometry.x(n), row.zero + 15);
      }
    }
  }
  const all = Array.from(signal, (value, n) => ({ n, value }));
  stems(context, scene, row, all, "signal");
  if (scene.inviting) handle(context, scene, row, all);
}

/** @param {Context} context @param {Scene} scene */
function paintFilter(context, scene) {
  const taps = Array.from(scene.filter, (value, tap) => ({
    n: placeOf(scene, "filter", tap),
    value,
  }));
  const row = scene.geometry.rows.filter;
  stems(context, scene, row, taps, "filter");
  if (scene.inviting) handle(context, scene, row, taps);
}

/** @param {Context} context @param {Scene} scene */
function paintProducts(context, scene) {
  const { geometry, colours, terms, at, setting, secret } = scene;
  const row = geometry.rows.products;
  // While the filter slides between positions there is nothing to multiply.
  if (Math.abs(at - (scene.kept.start + scene.current * scene.kept.step)) > 0.01) return;
  if (secret) {
    question(context, scene, geometry.x(at - (scene.span - 1) / 2), row.zero - 16);
    return;
  }
  const inside = terms.filter((term) => term.inside);
  const products = inside.map(({ sample, product }) => ({ n: sample, value: product }));
  stems(context, scene, row, products, "products");
  if (geometry.pitch * setting.dilation < 56) return;
  context.fillStyle = colours.muted;
  context.textAlign = "center";
  for (const term of inside) {
    const sample = scene.words("signal", term.sample, term.value);
    const factors = `${sample} × ${scene.words("filter", term.tap, term.weight)}`;
    if (context.measureText(factors).width < geometry.pitch * setting.dilation - 4) {
      context.fillText(factors, geometry.x(term.sample), row.top + row.height + 4);
    }
  }
}

/** @param {Context} context @param {Scene} scene */
function paintResult(context, scene) {
  const { geometry, colours, result, kept, current } = scene;
  const row = geometry.rows.result;
  paintDropped(context, scene, row);
  const seen = stemsSeen(scene, result);
  stems(
    context,
    scene,
    row,
    seen.filter(({ j }) => j <= current),
    "result",
  );
  context.save();
  context.globalAlpha = 0.45;
  stems(
    context,
    scene,
    row,
    seen.filter(({ j }) => j > current),
    "coming",
  );
  context.restore();

  for (const [j, guess] of scene.guesses) {
    const x = geometry.x(kept.start + j * kept.step);
    if (guess !== null) guessed(context, scene, row, x, guess);
  }
  const x = geometry.x(kept.start + current * kept.step);
  if (scene.hidden(current)) {
    question(context, scene, x, row.zero - 16);
    return;
  }
  context.strokeStyle = colours.accent;
  context.lineWidth = 2;
  circle(context, x, yOf(row, result[current]), Math.max(5, radiusOf(geometry.pitch) + 3.5));
  context.stroke();
}

/**
 * The results that aren't hidden.
 * @param {Scene} scene
 * @param {Float64Array} values
 */
function stemsSeen({ kept, hidden }, values) {
  return Array.from(values, (value, j) => ({ j, n: kept.start + j * kept.step, value })).filter(
    ({ j }) => !hidden(j),
  );
}

/**
 * Positions that the mode or the stride leaves out.
 * @param {Context} context
 * @param {Scene} scene
 * @param {Row} row
 */
function paintDropped(context, { geometry, colours, kept }, row) {
  if (geometry.pitch < 10) return;
  context.strokeStyle = colours.muted;
  context.lineWidth = 1;
  context.globalAlpha = 0.6;
  context.beginPath();
  for (let n = 0; n <= geometry.last; n += 1) {
    const j = (n - kept.start) / kept.step;
    if (Number.isInteger(j) && j >= 0 && j < kept.count) continue;
    const x = geometry.x(n);
    context.moveTo(x - 3, row.zero - 3);
    context.lineTo(x + 3, row.zero + 3);
    context.moveTo(x + 3, row.zero - 3);
    context.lineTo(x - 3, row.zero + 3);
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** @param {Context} context @param {Scene} scene */
function paintOther(context, scene) {
  const { geometry, other } = scene;
  if (other) stems(context, scene, geometry.rows.other, stemsSeen(scene, other), "other");
}

/** @param {Context} context @param {Scene} scene */
function paintAxis(context, { geometry, colours, at }) {
  const step = axisStep(geometry.pitch);
  context.textAlign = "center";
  const present = Math.round(at);
  for (let n = Math.ceil(geometry.first / step) * step; n <= geometry.last; n += step) {
    if (n !== present && Math.abs(n - present) * geometry.pitch < 24) continue;
    if (n === present) continue;
    context.fillStyle = colours.muted;
    context.fillText(plain(n), geometry.x(n), geometry.axis);
  }
  context.fillStyle = colours.accent;
  context.font = `600 12px ${colours.mono}`;
  context.fillText(plain(present), geometry.x(at), geometry.axis);
  context.font = `12px ${colours.mono}`;
}
