/**
 * The picture on its canvas: signal, flipped filter, products and result on one index axis.
 *
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {{background: string, surface: string, line: string, text: string, muted: string,
 *   accent: string, positive: string, negative: string, mono: string, sans: string}} Colours
 * @typedef {{
 *   geometry: Geometry, colours: Colours, signal: Float64Array, filter: Float64Array,
 *   setting: import("./maths.js").Setting, span: number, kept: import("./maths.js").Kept,
 *   terms: import("./maths.js").Term[], result: Float64Array, other: Float64Array | null,
 *   current: number, at: number, hidden: (j: number) => boolean, secret: boolean,
 *   pointed: {row: "signal"|"filter", index: number} | null,
 *   read: {row: string, n: number} | null, words: (row: string, index: number, value: number) => string
 * }} Scene
 *   current: the number of the present result; at: where the filter is drawn (between positions
 *   while it moves); secret: the present products are not shown yet; read: a stem to be labelled
 */

import { axisStep, yOf } from "./geometry.js";
import { show } from "./words.js";

/** @param {CanvasRenderingContext2D} context @param {Scene} scene */
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
  if (scene.other) paintOther(context, scene);
  paintAxis(context, scene);
}

/** Where the filter stands: from the signal's row down to the products, and on to the result. */
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
  stems(
    context,
    scene,
    row,
    signal.length,
    (at) => at,
    (at) => signal[at],
    "signal",
  );
}

function paintFilter(context, scene) {
  const { geometry, filter, setting, at } = scene;
  const place = (tap) => at - (setting.flip ? tap : filter.length - 1 - tap) * setting.dilation;
  stems(context, scene, geometry.rows.filter, filter.length, place, (tap) => filter[tap], "filter");
}

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
  stems(
    context,
    scene,
    row,
    inside.length,
    (i) => inside[i].sample,
    (i) => inside[i].product,
    "products",
  );
  if (geometry.pitch * setting.dilation < 56) return;
  context.fillStyle = colours.muted;
  context.textAlign = "center";
  for (const term of inside) {
    const factors = `${scene.words("signal", term.sample, term.value)} × ${scene.words("filter", term.tap, term.weight)}`;
    if (context.measureText(factors).width < geometry.pitch * setting.dilation - 4) {
      context.fillText(factors, geometry.x(term.sample), row.top + row.height + 4);
    }
  }
}

function paintResult(context, scene) {
  const { geometry, colours, result, kept, current } = scene;
  const row = geometry.rows.result;
  const place = (j) => kept.start + j * kept.step;
  const known = Math.min(current + 1, kept.count);
  paintDropped(context, scene, row);
  const sofar = [];
  for (let j = 0; j < known; j += 1) if (!scene.hidden(j)) sofar.push(j);
  stems(
    context,
    scene,
    row,
    sofar.length,
    (i) => place(sofar[i]),
    (i) => result[sofar[i]],
    "result",
  );
  const coming = [];
  for (let j = known; j < kept.count; j += 1) if (!scene.hidden(j)) coming.push(j);
  context.save();
  context.globalAlpha = 0.45;
  stems(
    context,
    scene,
    row,
    coming.length,
    (i) => place(coming[i]),
    (i) => result[coming[i]],
    "coming",
  );
  context.restore();

  const x = geometry.x(place(current));
  if (scene.hidden(current)) {
    question(context, scene, x, row.zero - 16);
    return;
  }
  context.strokeStyle = colours.accent;
  context.lineWidth = 2;
  circle(context, x, yOf(row, result[current]), Math.max(5, radiusOf(geometry.pitch) + 3.5));
  context.stroke();
}

/** Positions that the mode or the stride leaves out. */
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

function paintOther(context, scene) {
  const { geometry, other, kept } = scene;
  const seen = [];
  for (let j = 0; j < kept.count; j += 1) if (!scene.hidden(j)) seen.push(j);
  const place = (i) => kept.start + seen[i] * kept.step;
  stems(context, scene, geometry.rows.other, seen.length, place, (i) => other[seen[i]], "other");
}

function paintAxis(context, { geometry, colours, at }) {
  const step = axisStep(geometry.pitch);
  context.textAlign = "center";
  const present = Math.round(at);
  for (let n = Math.ceil(geometry.first / step) * step; n <= geometry.last; n += step) {
    if (n !== present && Math.abs(n - present) * geometry.pitch < 24) continue;
    if (n === present) continue;
    context.fillStyle = colours.muted;
    context.fillText(show(n), geometry.x(n), geometry.axis);
  }
  context.fillStyle = colours.accent;
  context.font = `600 12px ${colours.mono}`;
  context.fillText(show(present), geometry.x(at), geometry.axis);
  context.font = `12px ${colours.mono}`;
}

export function radiusOf(pitch) {
  return Math.min(7, pitch * 0.3);
}

/** Stems of one row, in three strokes: one a colour. */
function stems(context, scene, row, count, place, value, name) {
  const { geometry, colours } = scene;
  const radius = radiusOf(geometry.pitch);
  const coming = name === "coming";
  const signs = [
    [colours.muted, (v) => v === 0],
    [colours.positive, (v) => v > 0],
    [colours.negative, (v) => v < 0],
  ];
  for (const [colour, has] of signs) {
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.lineWidth = Math.max(1, Math.min(3, geometry.pitch * 0.5));
    if (coming && geometry.pitch > 5) context.setLineDash([2, 3]);
    context.beginPath();
    for (let i = 0; i < count; i += 1) {
      const v = value(i);
      if (!has(v)) continue;
      const x = geometry.x(place(i));
      context.moveTo(x, row.zero);
      context.lineTo(x, yOf(row, v));
    }
    context.stroke();
    context.setLineDash([]);
    if (radius < 1.2) continue;
    context.beginPath();
    for (let i = 0; i < count; i += 1) {
      const v = value(i);
      if (!has(v)) continue;
      const x = geometry.x(place(i));
      const y = yOf(row, v);
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    if (coming) {
      context.fillStyle = colours.background;
      context.fill();
      context.lineWidth = Math.min(2, radius);
      context.stroke();
    } else context.fill();
  }
  labels(context, scene, row, count, place, value, name);
  ring(context, scene, row, place, value, name);
}

/** Numbers beside the dots, if there's room for them all. */
function labels(context, scene, row, count, place, value, name) {
  const { geometry, colours } = scene;
  const { pitch } = geometry;
  const gap =
    name === "filter" || name === "products"
      ? pitch * scene.setting.dilation
      : name === "signal"
        ? pitch
        : pitch * scene.kept.step;
  const beside = radiusOf(pitch) + 5;
  const texts = Array.from({ length: gap < 18 ? 0 : count }, (_, i) =>
    scene.words(name, i, value(i)),
  );
  const widest = Math.max(0, ...texts.map((text) => context.measureText(text).width));
  context.fillStyle = colours.text;
  if (texts.length && gap >= beside + radiusOf(pitch) + widest + 4) {
    context.textAlign = "left";
    texts.forEach((text, i) => {
      context.fillText(
        text,
        geometry.x(place(i)) + beside,
        yOf(row, value(i)) + (value(i) < 0 ? 4 : 0),
      );
    });
    return;
  }
  context.textAlign = "center";
  const above = (i) => {
    const y = yOf(row, value(i)) + (value(i) < 0 ? 1 : -1) * (radiusOf(pitch) + 9);
    return Math.min(y, row.top + row.height - 2);
  };
  if (texts.length && gap >= widest + 3) {
    texts.forEach((text, i) => context.fillText(text, geometry.x(place(i)), above(i)));
    return;
  }
  const wanted = scene.read?.row === name ? scene.read.n : name === "result" ? scene.at : null;
  if (wanted === null) return;
  for (let i = 0; i < count; i += 1) {
    if (Math.abs(place(i) - wanted) < 0.5) {
      tag(context, scene, scene.words(name, i, value(i)), geometry.x(place(i)), above(i));
    }
  }
}

/** A label on a ground of its own, kept inside the picture. */
function tag(context, { geometry, colours }, text, x, y) {
  const width = context.measureText(text).width + 8;
  const centre = Math.min(Math.max(x, geometry.left + width / 2), geometry.right - width / 2);
  context.save();
  context.globalAlpha = 0.85;
  context.fillStyle = colours.background;
  context.fillRect(centre - width / 2, y - 8, width, 16);
  context.restore();
  context.fillStyle = colours.text;
  context.fillText(text, centre, y);
}

function ring(context, scene, row, place, value, name) {
  if (scene.pointed?.row !== name) return;
  context.strokeStyle = scene.colours.accent;
  context.lineWidth = 2;
  const i = scene.pointed.index;
  circle(
    context,
    scene.geometry.x(place(i)),
    yOf(row, value(i)),
    Math.max(5, radiusOf(scene.geometry.pitch) + 3),
  );
  context.stroke();
}

function question(context, { colours }, x, y) {
  context.fillStyle = colours.accent;
  context.textAlign = "center";
  context.font = `600 18px ${colours.mono}`;
  context.fillText("?", x, y);
  context.font = `12px ${colours.mono}`;
}

function circle(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}
