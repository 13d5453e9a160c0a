/**
 * The drawing canvas of a page without Streamlit, as the network view looks for it
 * (shared/canvas.js): a pen over what the page began with, undo, clear, and samples.
 * @module
 */
import { CLEARED } from "../shared/canvas.js";
import { contextOf, h } from "../shared/dom.js";
import { Pen, SIZE } from "../shared/pen.js";

/**
 * `ink` is a picture whose opacity is the ink. It `stays` beneath strokes, or goes when the first
 * one comes, as a sample does. `samples` are strokes by name.
 * @typedef {{ink: string | null, stays: boolean,
 *   samples: {name: string, strokes: import("../shared/pen.js").Stroke[]}[]}} Start
 */

const PAPER = `position: relative; width: ${SIZE}px; height: ${SIZE}px; max-width: 100%;`;
// In pixels, as whoever samples it reads them.
const SIZED = `position: absolute; inset: 0; width: ${SIZE}px; height: ${SIZE}px; max-width: 100%;`;
const FILLS = "position: absolute; inset: 0; width: 100%; height: 100%;";
const TAKES_PEN = "touch-action: none; cursor: crosshair; color: var(--st-text-color);";

/**
 * @param {HTMLElement} place  which has the class by which the view finds it
 * @param {Start} start
 * @param {() => void} restored  told when undo has brought back what the page began with
 * @returns {{repaint: () => void}} for when the theme has changed
 */
export function createPad(place, start, restored) {
  const lower = h("canvas.lower-canvas", { width: SIZE, height: SIZE, style: SIZED });
  const upper = h("canvas.upper-canvas", {
    role: "img",
    "aria-label": "Drawing canvas",
    style: FILLS + TAKES_PEN,
  });
  const cover = h("div", { style: `${FILLS} pointer-events: none;` });
  if (start.ink) {
    const mask = `url(${start.ink}) center / 100% 100% no-repeat`;
    cover.style.cssText += `background: var(--st-text-color); mask: ${mask};`;
  }
  const host = h("div.paper");
  const paper = h("div", { style: PAPER }, lower, upper, cover);
  host.attachShadow({ mode: "open" }).append(paper);
  const undo = h("button.undo", { type: "button", onclick: back }, "↶ undo");
  const clear = h("button.clear", { type: "button", onclick: () => draw([]) }, "✕ clear");
  const samples = start.samples.map(({ name, strokes }) =>
    h("button.sample", { type: "button", onclick: () => draw(strokes) }, name),
  );
  place.replaceChildren(
    host,
    h("div.tools", {}, undo, clear),
    h("div.samples", { role: "group", "aria-label": "Samples" }, ...samples),
  );

  // What the page began with: still there, lifted by a stroke that undo may take back, or gone.
  /** @type {"there" | "lifted" | "gone"} */
  let begun = start.ink ? "there" : "gone";
  const pen = new Pen(upper, contextOf(upper), { down: pressed, up: label });

  function pressed() {
    if (begun === "there" && !start.stays) begun = "lifted";
    label();
  }

  function label() {
    cover.hidden = begun !== "there" || start.stays;
    lower.hidden = begun !== "there";
    undo.disabled = !pen.strokes.length;
    clear.disabled = !pen.strokes.length && begun !== "there";
  }

  /** Whatever was there, these strokes are now. @param {import("../shared/pen.js").Stroke[]} strokes */
  function draw(strokes) {
    pen.show(strokes);
    begun = "gone";
    paintInk();
    changed();
  }

  function back() {
    pen.undo();
    if (!pen.strokes.length && begun === "lifted") {
      begun = "there";
      // Once the view has sampled the canvas, which has no ink.
      requestAnimationFrame(() => requestAnimationFrame(restored));
    }
    changed();
  }

  function changed() {
    label();
    window.dispatchEvent(new Event(CLEARED));
  }

  // Ink that stays is sampled with the strokes, so it is on a canvas.
  const picture = new Image();
  function paintInk() {
    const context = contextOf(lower);
    context.clearRect(0, 0, SIZE, SIZE);
    if (!start.stays || begun !== "there" || !picture.complete) return;
    context.globalCompositeOperation = "source-over";
    context.drawImage(picture, 0, 0, SIZE, SIZE);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = getComputedStyle(upper).color;
    context.fillRect(0, 0, SIZE, SIZE);
    context.globalCompositeOperation = "source-over";
  }
  if (start.ink && start.stays) {
    picture.onload = paintInk;
    picture.src = start.ink;
  }
  label();
  return {
    repaint() {
      pen.paint();
      paintInk();
    },
  };
}
