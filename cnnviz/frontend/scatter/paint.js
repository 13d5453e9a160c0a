/** Paints points as their classes' signs, and what is meant among them. @module */

import { contextOf, h } from "../shared/dom.js";
import { pixelOf, within } from "./geometry.js";

/** @typedef {import("./geometry.js").Fit} Fit */

export const MARGIN = 16;
const FAINT = 0.12;
const MANY = 3000; // points, from which on the signs are smaller

/**
 * The sign of each class: its name where all of them are short, else its number.
 * @param {readonly string[]} classes
 */
export const signs = (classes) =>
  classes.every((name) => name.length <= 2) ? [...classes] : classes.map((_, at) => String(at));

/**
 * @param {CanvasRenderingContext2D} context
 * @param {object} of
 * @param {Float32Array} of.points @param {Uint8Array} of.labels @param {Fit} of.to
 * @param {string[]} of.signs @param {readonly string[]} of.colours
 * @param {number|null} of.only the class that stands out
 */
export function paintPoints(context, { points, labels, to, signs, colours, only }) {
  const size = labels.length > MANY ? 9 : 11;
  const side = size * 2;
  const ratio = window.devicePixelRatio || 1;
  const sprites = signs.map((sign, at) => sprite(sign, colours[at % colours.length], size, ratio));
  for (const front of only === null ? [true] : [false, true]) {
    context.globalAlpha = front ? 0.85 : FAINT;
    for (let index = 0; index < labels.length; index += 1) {
      if (only !== null && (labels[index] === only) !== front) continue;
      const [x, y] = pixelOf(to, points[2 * index], points[2 * index + 1]);
      context.drawImage(sprites[labels[index]], x - side / 2, y - side / 2, side, side);
    }
  }
  context.globalAlpha = 1;
}

/** @param {string} sign @param {string} colour @param {number} size @param {number} ratio */
function sprite(sign, colour, size, ratio) {
  const side = size * 2 * ratio;
  const canvas = h("canvas", { width: side, height: side });
  const context = contextOf(canvas);
  context.font = `600 ${size * ratio}px sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = colour;
  context.fillText(sign, side / 2, side / 2);
  return canvas;
}

/**
 * A ring around each of these points, and the drawing's own place.
 * @param {CanvasRenderingContext2D} context
 * @param {object} of
 * @param {Float32Array} of.points @param {Fit} of.to
 * @param {number[]} of.near joined to one's own
 * @param {(number|null)[]} of.meant picked, pointed at
 * @param {[number, number]|null} of.own
 * @param {{accent: string, text: string, background: string}} of.colours
 * @param {[number, number]} of.sides width and height
 */
export function paintMarks(context, { points, to, near, meant, own, colours, sides }) {
  const at = (/** @type {number} */ index) => pixelOf(to, points[2 * index], points[2 * index + 1]);
  const mine = own && within(pixelOf(to, ...own), ...sides, MARGIN / 2);
  context.strokeStyle = colours.accent;
  context.lineWidth = 1;
  for (const index of near) {
    const [x, y] = at(index);
    if (mine)
      stroke(context, (path) => {
        path.moveTo(...mine);
        path.lineTo(x, y);
      });
    stroke(context, (path) => path.arc(x, y, 8, 0, 2 * Math.PI));
  }
  context.strokeStyle = colours.text;
  context.lineWidth = 2;
  for (const index of meant) {
    if (index === null) continue;
    const [x, y] = at(index);
    stroke(context, (path) => path.arc(x, y, 10, 0, 2 * Math.PI));
  }
  if (!mine) return;
  context.beginPath();
  context.arc(...mine, 7, 0, 2 * Math.PI);
  context.fillStyle = colours.accent;
  context.fill();
  context.strokeStyle = colours.background;
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {(path: CanvasRenderingContext2D) => void} draw */
function stroke(context, draw) {
  context.beginPath();
  draw(context);
  context.stroke();
}
