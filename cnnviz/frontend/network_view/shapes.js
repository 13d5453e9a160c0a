/** Draws what `overlay.js` and `marks.js` give, in CSS pixels of the stage. @module */

const SMALLEST = 5; // px: a one-pixel unit must still be seen
/** @type {Record<string, number>} width in px */
const LINE = { unit: 2, window: 1.5, tap: 1, field: 1, used: 1.5, marked: 2, set: 2 };
const DASHES = [4, 3];
/** @type {Record<string, number>} */
const FAINT = { field: 0.55 };

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./overlay.js").Shape[]} shapes
 * @param {string} accent
 * @param {number} opacity of all of them
 */
export function drawShapes(context, shapes, accent, opacity) {
  context.lineCap = "butt";
  for (const shape of shapes) {
    if (shape.shape === "box") drawBox(context, shape, accent, opacity);
    else if (shape.shape === "edge") drawEdge(context, shape, opacity);
    else if (shape.shape === "tick") drawTick(context, shape, opacity);
    else drawRing(context, shape, accent, opacity);
  }
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./overlay.js").Box} box
 * @param {string} accent
 * @param {number} opacity
 */
function drawBox(context, { kind, rect }, accent, opacity) {
  const [w, h] = [Math.max(rect.w, SMALLEST) + 1, Math.max(rect.h, SMALLEST) + 1];
  context.beginPath();
  context.roundRect(rect.x - (w - rect.w) / 2, rect.y - (h - rect.h) / 2, w, h, 1.5);
  context.strokeStyle = accent;
  context.lineWidth = LINE[kind];
  if (kind === "marked") {
    context.fillStyle = accent;
    context.globalAlpha = 0.35 * opacity;
    context.fill();
  }
  context.globalAlpha = opacity * (FAINT[kind] ?? 1);
  if (kind === "set") context.setLineDash(DASHES);
  context.stroke();
  if (kind === "set") context.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./overlay.js").Edge} edge
 * @param {number} opacity
 */
function drawEdge(context, { points: [start, ...rest], down, strength, colour }, opacity) {
  context.beginPath();
  context.moveTo(...start);
  let [x0, y0] = start;
  for (const [x1, y1] of rest) {
    if (down) {
      const bend = (y1 - y0) / 2;
      context.bezierCurveTo(x0, y0 + bend, x1, y1 - bend, x1, y1);
    } else {
      const bend = Math.max(14, (x1 - x0) / 2);
      context.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
    }
    [x0, y0] = [x1, y1];
  }
  context.strokeStyle = colour;
  context.lineWidth = 1 + 3.5 * strength;
  context.globalAlpha = opacity * (0.4 + 0.6 * strength);
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./overlay.js").Tick} tick
 * @param {number} opacity
 */
function drawTick(context, { x, y, length, thickness, colour }, opacity) {
  context.globalAlpha = opacity;
  context.fillStyle = colour;
  context.fillRect(x, y - thickness / 2, length, thickness);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./overlay.js").Ring} ring
 * @param {string} accent
 * @param {number} opacity
 */
function drawRing(context, { x, y, radius }, accent, opacity) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.strokeStyle = accent;
  context.lineWidth = 1.5;
  context.globalAlpha = opacity;
  context.stroke();
}
