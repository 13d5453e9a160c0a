/** Strokes on a canvas: as wide as the drawing page's, in the theme's colour of text. @module */

/** In pixels of the 280×280 canvas. @typedef {[number, number][]} Stroke */

export const SIZE = 280;
const WIDTH = 20;
/** Shorter moves than this, in pixels, aren't seen. */
const STEP = 1.5;
const MOST_POINTS = 15_000;

/** @param {number} number  to a tenth */
const tenth = (number) => Math.round(number * 10) / 10;

export class Pen {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {CanvasRenderingContext2D} context  of it
   * @param {{down: () => void, up: () => void}} told
   */
  constructor(canvas, context, told) {
    this.canvas = canvas;
    this.context = context;
    this.told = told;
    /** @type {Stroke[]} */ this.strokes = [];
    /** @type {number | null} the pointer that draws */ this.pointer = null;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    canvas.width = SIZE * ratio;
    canvas.height = SIZE * ratio;
    context.scale(ratio, ratio);
    context.lineCap = "round";
    context.lineJoin = "round";
    context.lineWidth = WIDTH;
    this.listening = new AbortController();
    const { signal } = this.listening;
    canvas.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.#move(event), { signal });
    for (const lift of ["pointerup", "pointercancel"])
      canvas.addEventListener(lift, (event) => this.#up(/** @type {PointerEvent} */ (event)), {
        signal,
      });
  }

  get isDown() {
    return this.pointer !== null;
  }

  close() {
    this.listening.abort();
  }

  /** In place of all that is there, also of what the pen draws just now.
   * @param {Stroke[]} strokes
   */
  show(strokes) {
    this.pointer = null;
    this.strokes = strokes;
    this.paint();
  }

  empty() {
    this.show([]);
  }

  undo() {
    this.show(this.strokes.slice(0, -1));
  }

  paint() {
    this.context.clearRect(0, 0, SIZE, SIZE);
    this.context.strokeStyle = getComputedStyle(this.canvas).color;
    for (const stroke of this.strokes) this.#line(stroke);
  }

  /** @param {Stroke} points */
  #line(points) {
    this.context.beginPath();
    this.context.moveTo(...points[0]);
    // A line to where it begins is a dot.
    for (const point of points.length > 1 ? points.slice(1) : points) this.context.lineTo(...point);
    this.context.stroke();
  }

  #isFull() {
    return this.strokes.reduce((sum, stroke) => sum + stroke.length, 0) >= MOST_POINTS;
  }

  /** @param {PointerEvent} event @returns {[number, number]} */
  #place(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = SIZE / box.width;
    return [tenth((event.clientX - box.left) * scale), tenth((event.clientY - box.top) * scale)];
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (this.isDown || event.button !== 0) return;
    event.preventDefault();
    // A key that chooses a symbol is for the pad again, not for a field that was typed in before.
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement) activeElement.blur();
    this.canvas.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.strokes = [...this.strokes, [this.#place(event)]];
    this.told.down();
    this.paint();
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerId !== this.pointer) return;
    const stroke = this.strokes[this.strokes.length - 1];
    const last = stroke[stroke.length - 1];
    const place = this.#place(event);
    const far = Math.hypot(place[0] - last[0], place[1] - last[1]) >= STEP;
    if (!far || this.#isFull()) return;
    stroke.push(place);
    this.#line([last, place]);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    this.told.up();
  }
}
