/**
 * The drawing canvas without Streamlit, lent to the network view (shared/canvas.js): a pen over
 * what it began with, undo, clear, and samples.
 * @module
 */
import { CLEARED, lendCanvas, paintInk } from "../shared/canvas.js";
import { contextOf, h } from "../shared/dom.js";
import { Pen, SIZE } from "../shared/pen.js";

/**
 * `ink` is a picture whose opacity is the ink. It `stays` beneath strokes, or goes when the first
 * one comes, as a sample does. `samples` are strokes by name.
 * @typedef {{ink: string | null, stays: boolean,
 *   samples: {name: string, strokes: import("../shared/pen.js").Stroke[]}[]}} Start
 *
 * `restored` is told when undo has brought back what it began with, `changed` when the hand is up
 * and the drawing is another.
 * @typedef {{restored: () => void, changed: () => void}} Told
 */

const PAPER = `position: relative; width: ${SIZE}px; height: ${SIZE}px; max-width: 100%;`;
// In pixels, as whoever samples it reads them.
const SIZED = `position: absolute; inset: 0; width: ${SIZE}px; height: ${SIZE}px; max-width: 100%;`;
const FILLS = "position: absolute; inset: 0; width: 100%; height: 100%;";
const TAKES_PEN = "touch-action: none; cursor: crosshair; color: var(--st-text-color);";

/**
 * @param {HTMLElement} place
 * @param {string} key  under which the view finds the canvas
 * @param {Start} start
 * @param {Told} told
 */
export function createPad(place, key, start, told) {
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
  const root = host.attachShadow({ mode: "open" });
  root.append(paper);
  const undo = h("button.undo", { type: "button", onclick: back }, "↶ undo");
  const clear = h("button.clear", { type: "button", onclick: () => draw([]) }, "✕ clear");
  const samples = start.samples.map(({ name, strokes }) =>
    h("button.sample", { type: "button", onclick: () => draw(strokes) }, name),
  );
  place.classList.add(`st-key-${key}`);
  place.replaceChildren(
    host,
    h("div.tools", {}, undo, clear),
    h("div.samples", { role: "group", "aria-label": "Samples" }, ...samples),
  );
  const takeBack = lendCanvas(key, { root, lower, upper });

  // What it began with: still there, lifted by a stroke that undo may take back, or gone.
  /** @type {"there" | "lifted" | "gone"} */
  let begun = start.ink ? "there" : "gone";
  // Whether that is ink on the canvas, which is sampled with the strokes, or lies upon it.
  let { stays } = start;
  const pen = new Pen(upper, contextOf(upper), {
    down: pressed,
    up() {
      label();
      told.changed();
    },
  });

  function pressed() {
    if (begun === "there" && !start.stays) begun = "lifted";
    if (begun === "lifted") stays = false;
    paintBegun();
    label();
  }

  function label() {
    cover.hidden = begun !== "there" || stays;
    lower.hidden = begun !== "there";
    undo.disabled = !pen.strokes.length;
    clear.disabled = !pen.strokes.length && begun !== "there";
  }

  /** Whatever was there, these strokes are now. @param {import("../shared/pen.js").Stroke[]} strokes */
  function draw(strokes) {
    pen.show(strokes);
    begun = "gone";
    paintBegun();
    changed();
  }

  function back() {
    pen.undo();
    const returns = !pen.strokes.length && begun === "lifted";
    if (returns) begun = "there";
    changed();
    // Once the view has sampled the canvas, which has no ink.
    if (returns) requestAnimationFrame(() => requestAnimationFrame(told.restored));
  }

  function changed() {
    label();
    told.changed();
    window.dispatchEvent(new Event(CLEARED));
  }

  const picture = new Image();
  function paintBegun() {
    const context = contextOf(lower);
    context.clearRect(0, 0, SIZE, SIZE);
    if (!stays || begun !== "there" || !picture.complete) return;
    paintInk(context, picture, getComputedStyle(upper).color);
  }
  if (start.ink) {
    picture.onload = paintBegun;
    picture.src = start.ink;
  }
  label();
  return {
    /** The drawing as a picture whose opacity is the ink; "" is what it began with. */
    ink() {
      if (begun === "there" && !start.stays && !pen.strokes.length) return "";
      const canvas = h("canvas", { width: SIZE, height: SIZE });
      const context = contextOf(canvas);
      for (const layer of [lower, upper]) context.drawImage(layer, 0, 0, SIZE, SIZE);
      return canvas.toDataURL("image/png");
    },
    /** Have the view look at the ink itself, also of what it began with. */
    lay() {
      if (begun === "there") stays = true;
      else if (!pen.strokes.length) return;
      paintBegun();
      changed();
    },
    repaint() {
      pen.paint();
      paintBegun();
    },
    close() {
      pen.close();
      takeBack();
    },
  };
}
