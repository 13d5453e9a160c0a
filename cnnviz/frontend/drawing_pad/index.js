/**
 * Undo and clear for a drawing canvas, and the picture that lies on it until the pen comes down.
 *
 * The canvas is another component with an open shadow root. Its own toolbar covers the page's
 * heading, so these buttons press that toolbar's and hide it. Where the canvas can't be found
 * (another version of it, say) they stay disabled and its own toolbar stays as it is.
 *
 * `undoable` says that Python can take something back that the canvas itself can't, `empties` that
 * the canvas's own reset leaves it empty: it began with no strokes.
 * `light` is a picture in colours in the backdrop's place: it stays beneath the strokes.
 * @typedef {{canvasKey: string, backdrop: string|null, light: string|null, undoable: boolean,
 *   empties: boolean, linked: import("../shared/address.js").Linked}} Data
 */

import { linkedWriter } from "../shared/address.js";
import { CLEARED, COVERS, findCanvas } from "../shared/canvas.js";
import { onceGone } from "../shared/renderer.js";

const HIDDEN_TOOLBAR = ".dc-toolbar { display: none !important; }";
const LOOKING_FOR_MS = 15_000;

/** One canvas: found again when Streamlit has made it anew. */
class Pad {
  /** @param {HTMLElement} tools */
  constructor(tools) {
    this.undo = /** @type {HTMLButtonElement} */ (tools.querySelector(".undo"));
    this.clear = /** @type {HTMLButtonElement} */ (tools.querySelector(".clear"));
    this.undo.onclick = () => {
      // What the canvas can't take back itself, Python can: a clear, a stroke of before a visit.
      if (this.canUndo()) this.press("Undo");
      else this.undone();
    };
    this.clear.onclick = () => {
      this.liftBackdrop();
      this.light = null;
      this.show();
      // First: to Python, a reset canvas alone would look like an undone stroke.
      this.cleared();
      // Where it began with strokes, its reset would bring those back: there Python empties it.
      if (this.empties) this.press("Reset");
      // At once, whoever empties it.
      for (const canvas of this.root?.querySelectorAll("canvas") ?? [])
        canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
      window.dispatchEvent(new Event(CLEARED));
    };
    this.cleared = () => {};
    this.undone = () => {};
    this.undoable = false;
    this.empties = false;
    this.drawing = false;
    /** @type {string | null} */
    this.backdrop = null;
    /** @type {string | null} */
    this.light = null;
    this.lifted = false;
    this.writeLinked = linkedWriter();
    /** @type {ShadowRoot | null} */
    this.root = null;
    this.observer = new MutationObserver(() => this.mirror());
    this.onPointerDown = (/** @type {Event} */ event) => {
      if (!(event instanceof PointerEvent) || event.button !== 0) return;
      this.drawing = event.composedPath().some((at) => at instanceof HTMLCanvasElement);
      if (this.drawing) this.liftBackdrop();
    };
    // The canvas keeps a stroke for a while before it sends it. Whatever is chosen until then
    // would look to Python as if it had come first, and the stroke would take its place.
    this.onLift = () => {
      if (!this.drawing) return;
      this.drawing = false;
      setTimeout(() => this.press("Update the app"));
    };
    this.listening = new AbortController();
  }

  /** @param {Data} data */
  update(data) {
    this.writeLinked(data.linked);
    if (data.backdrop !== this.backdrop) {
      this.backdrop = data.backdrop;
      this.lifted = false;
    }
    this.light = data.light;
    this.undoable = data.undoable;
    this.empties = data.empties;
    this.mirror();
    this.find(data.canvasKey, performance.now() + LOOKING_FOR_MS);
  }

  /** @param {string} key @param {number} until */
  find(key, until) {
    cancelAnimationFrame(this.search ?? 0);
    const canvas = findCanvas(key);
    if (canvas && canvas.root !== this.root) this.adopt(canvas);
    if (canvas) this.show();
    else if (performance.now() < until) {
      this.search = requestAnimationFrame(() => this.find(key, until));
    }
  }

  /** @param {import("../shared/canvas.js").DrawingCanvas} canvas */
  adopt({ root, upper }) {
    this.leave();
    this.root = root;
    const style = document.createElement("style");
    style.textContent = HIDDEN_TOOLBAR;
    root.append(style);
    upper.setAttribute("aria-label", "Drawing canvas");
    upper.setAttribute("role", "img");
    this.listening = new AbortController();
    const { signal } = this.listening;
    root.addEventListener("pointerdown", this.onPointerDown, { capture: true, signal });
    // What the canvas itself listens to: after it, the stroke is finished.
    for (const lift of ["mouseup", "touchend"])
      window.addEventListener(lift, this.onLift, { signal });
    const undo = this.button("Undo");
    if (undo) this.observer.observe(undo, { attributes: true, attributeFilter: ["disabled"] });
    this.mirror();
  }

  leave() {
    cancelAnimationFrame(this.search ?? 0);
    this.observer.disconnect();
    this.listening.abort();
    this.root = null;
  }

  /** @param {string} label */
  button(label) {
    return /** @type {HTMLButtonElement | null} */ (
      this.root?.querySelector(`button[aria-label^="${label}"]`) ?? null
    );
  }

  canUndo() {
    return this.button("Undo")?.disabled === false;
  }

  /** @param {string} label */
  press(label) {
    this.button(label)?.click();
  }

  mirror() {
    this.undo.disabled = !this.canUndo() && !this.undoable;
    this.clear.disabled = this.button("Reset") === null;
  }

  show() {
    const paper = this.root?.querySelector(".dc-container");
    if (!paper) return;
    let picture = /** @type {HTMLElement | null} */ (paper.querySelector(".cnnviz-backdrop"));
    if (!this.light && (!this.backdrop || this.lifted)) {
      picture?.remove();
      return;
    }
    if (!picture) {
      picture = document.createElement("div");
      picture.className = "cnnviz-backdrop";
      paper.append(picture);
    }
    picture.toggleAttribute(COVERS, !this.light);
    if (this.light) {
      paper.prepend(picture);
      picture.style.cssText = `position: absolute; inset: 0; pointer-events: none;
        background: url(${this.light}) center / 100% 100% no-repeat;`;
      return;
    }
    // A mask, so that it takes the theme's own ink.
    const mask = `url(${this.backdrop}) center / 100% 100% no-repeat`;
    picture.style.cssText = `position: absolute; inset: 0; z-index: 5; pointer-events: none;
      background: var(--st-text-color, currentColor); -webkit-mask: ${mask}; mask: ${mask};`;
  }

  liftBackdrop() {
    this.lifted = true;
    this.show();
  }
}

/** @type {WeakMap<object, Pad>} */
const pads = new WeakMap();

/** @param {{data: Data, parentElement: HTMLElement | ShadowRoot, setTriggerValue: Function}} component */
export default function ({ data, parentElement, setTriggerValue }) {
  let pad = pads.get(parentElement);
  if (!pad) {
    pad = new Pad(/** @type {HTMLElement} */ (parentElement.querySelector(".tools")));
    pads.set(parentElement, pad);
  }
  pad.cleared = () => setTriggerValue("cleared", true);
  pad.undone = () => setTriggerValue("undone", true);
  pad.update(data);
  return onceGone(parentElement, () => {
    pad.leave();
    pads.delete(parentElement);
  });
}
