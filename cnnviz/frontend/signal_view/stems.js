/**
 * Stems with their dots and numbers, as all rows have them.
 *
 * @typedef {import("./types.js").Scene} Scene
 * @typedef {import("./types.js").Colours} Colours
 * @typedef {import("./geometry.js").Row} Row
 * @typedef {CanvasRenderingContext2D} Context
 * @typedef {{n: number, value: number}} Stem
 */

import { radiusOf, yOf } from "./geometry.js";

/** Closer than this, in pixels, no stem has a number. */
const NUMBERED_FROM = 18;

/** Pixels between samples from which there is room for an arrow, and for a word, beside a stem. */
const HANDLE_FROM = 26;
const HANDLE_WORD_FROM = 56;

/** The colour of a sign.
 * @param {Colours} colours
 * @param {number} value
 */
export function colourOf(colours, value) {
  if (value > 0) return colours.positive;
  return value < 0 ? colours.negative : colours.muted;
}

/**
 * All stems of one row, in three strokes: one a colour.
 * @param {Context} context
 * @param {Scene} scene
 * @param {Row} row
 * @param {Stem[]} all
 * @param {string} name  of the row; "coming" for results that the filter hasn't come to
 */
export function stems(context, scene, row, all, name) {
  for (const sign of [0, 1, -1]) {
    context.strokeStyle = colourOf(scene.colours, sign);
    context.fillStyle = context.strokeStyle;
    const some = all.filter(({ value }) => Math.sign(value) === sign);
    lines(context, scene, row, some, name === "coming");
    dots(context, scene, row, some, name === "coming");
  }
  numbers(context, scene, row, all, name);
  ring(context, scene, row, all, name);
}

/**
 * @param {Context} context
 * @param {Scene} scene
 * @param {Row} row
 * @param {Stem[]} some
 * @param {boolean} coming
 */
function lines(context, { geometry }, row, some, coming) {
  context.lineWidth = Math.max(1, Math.min(3, geometry.pitch * 0.5));
  if (coming && geometry.pitch > 5) context.setLineDash([2, 3]);
  context.beginPath();
  for (const { n, value } of some) {
    context.moveTo(geometry.x(n), row.zero);
    context.lineTo(geometry.x(n), yOf(row, value));
  }
  context.stroke();
  context.setLineDash([]);
}

/**
 * Dots at the tips, hollow for what is coming.
 * @param {Context} context
 * @param {Scene} scene
 * @param {Row} row
 * @param {Stem[]} some
 * @param {boolean} coming
 */
function dots(context, { geometry, colours }, row, some, coming) {
  const radius = radiusOf(geometry.pitch);
  if (radius < 1.2) return;
  context.beginPath();
  for (const { n, value } of some) {
    const [x, y] = [geometry.x(n), yOf(row, value)];
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  if (coming) {
    context.fillStyle = colours.background;
    context.lineWidth = Math.min(2, radius);
    context.fill();
    context.stroke();
  } else context.fill();
}

/**
 * Pixels between neighbours of a row.
 * @param {Scene} scene
 * @param {string} name
 */
function gapOf({ geometry, setting, kept }, name) {
  if (name === "signal") return geometry.pitch;
  const apart = name === "filter" || name === "products" ? setting.dilation : kept.step;
  return geometry.pitch * apart;
}

/**
 * Numbers beside or over the dots, if there's room for them all; else that of the one in question.
 * @param {Context} context
 * @param {Scene} scene
 * @param {Row} row
 * @param {Stem[]} all
 * @param {string} name
 */
function numbers(context, scene, row, all, name) {
  const { geometry, colours } = scene;
  const radius = radiusOf(geometry.pitch);
  const gap = gapOf(scene, name);
  const beside = radius + 5;
  const texts =
    gap < NUMBERED_FROM ? [] : all.map(({ value }, index) => scene.words(name, index, value));
  const widest = Math.max(0, ...texts.map((text) => context.measureText(text).width));
  context.fillStyle = colours.text;
  if (texts.length && gap >= beside + radius + widest + 4) {
    context.textAlign = "left";
    for (const [i, { n, value }] of all.entries()) {
      const y = yOf(row, value) + (value < 0 ? 4 : 0);
      context.fillText(texts[i], geometry.x(n) + beside, y);
    }
    return;
  }
  context.textAlign = "center";
  const over = (/** @type {Stem} */ { value }) => {
    const y = yOf(row, value) + (value < 0 ? 1 : -1) * (radius + 9);
    return Math.min(y, row.top + row.height - 2);
  };
  if (texts.length && gap >= widest + 3) {
    for (const [i, stem] of all.entries()) {
      context.fillText(texts[i], geometry.x(stem.n), over(stem));
    }
    return;
  }
  const wanted = askedFor(scene, name);
  if (wanted === null) return;
  for (const [index, stem] of all.entries()) {
    if (Math.abs(stem.n - wanted) >= 0.5) continue;
    tag(context, scene, scene.words(name, index, stem.value), geometry.x(stem.n), over(stem));
  }
}

/**
 * The position whose number a crowded row shows.
 * @param {Scene} scene
 * @param {string} name
 */
function askedFor({ read, at }, name) {
  if (read?.row === name) return read.n;
  return name === "result" ? at : null;
}

/**
 * A label on a ground of its own, kept inside the picture.
 * @param {Context} context
 * @param {Scene} scene
 * @param {string} text
 * @param {number} x
 * @param {number} y
 */
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

/**
 * Around the stem that is pointed at.
 * @param {Context} context
 * @param {Scene} scene
 * @param {Row} row
 * @param {Stem[]} all
 * @param {string} name
 */
function ring(context, { geometry, colours, pointed }, row, all, name) {
  if (pointed?.row !== name) return;
  const { n, value } = all[pointed.index];
  context.strokeStyle = colours.accent;
  context.lineWidth = 2;
  circle(context, geometry.x(n), yOf(row, value), Math.max(5, radiusOf(geometry.pitch) + 3));
  context.stroke();
}

/**
 * An arrow up and down beside the longest stem: it can be dragged.
 * @param {Context} context
 * @param {Scene} scene
 * @param {Row} row
 * @param {Stem[]} all
 */
export function handle(context, { geometry, colours }, row, all) {
  if (geometry.pitch < HANDLE_FROM || !all.length) return;
  const longest = all.reduce((a, b) => (Math.abs(b.value) > Math.abs(a.value) ? b : a));
  const x = geometry.x(longest.n) - radiusOf(geometry.pitch) - 10;
  const y = Math.max(row.top + 10, Math.min(yOf(row, longest.value), row.top + row.height - 10));
  context.strokeStyle = colours.accent;
  context.lineWidth = 2;
  context.beginPath();
  for (const way of [-1, 1]) {
    context.moveTo(x, y);
    context.lineTo(x, y + way * 9);
    context.moveTo(x - 4, y + way * 5);
    context.lineTo(x, y + way * 9);
    context.lineTo(x + 4, y + way * 5);
  }
  context.stroke();
  if (geometry.pitch < HANDLE_WORD_FROM) return;
  context.fillStyle = colours.accent;
  context.textAlign = "right";
  context.font = `600 12px ${colours.sans}`;
  context.fillText("drag", x - 9, y);
  context.font = `12px ${colours.mono}`;
}

/**
 * What somebody guessed, as a cross beside the true result's dot; at the edge where it lies outside.
 * @param {Context} context
 * @param {Scene} scene
 * @param {Row} row
 * @param {number} x
 * @param {number} guess
 */
export function guessed(context, { colours }, row, x, guess) {
  const y = Math.max(row.top + 5, Math.min(yOf(row, guess), row.top + row.height - 5));
  context.strokeStyle = colours.text;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x - 5, y - 5);
  context.lineTo(x + 5, y + 5);
  context.moveTo(x + 5, y - 5);
  context.lineTo(x - 5, y + 5);
  context.stroke();
}

/**
 * In place of what is to be guessed.
 * @param {Context} context
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 */
export function question(context, { colours }, x, y) {
  context.fillStyle = colours.accent;
  context.textAlign = "center";
  context.font = `600 18px ${colours.mono}`;
  context.fillText("?", x, y);
  context.font = `12px ${colours.mono}`;
}

/**
 * @param {Context} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
export function circle(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}
