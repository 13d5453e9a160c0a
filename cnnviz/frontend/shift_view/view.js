/**
 * A digit to drag, beside what networks make of it at every shift.
 *
 * Python has computed the answers at all shifts, so everything said here is of the very place that
 * the digit has now, while it is dragged too. Where else the page shows the shift is told, and
 * followed, by the event that `network_view/drag.js` describes.
 */

import { colormap } from "../shared/colormap.js";
import { bytes, float32 } from "../shared/decoding.js";
import { contextOf, h, setAttribute, setStyle, setText, themeAt } from "../shared/dom.js";
import { percent } from "../shared/numbers.js";
import { presentation, zoomOf } from "../shared/presentation.js";
import { cellAt, fieldOf, kept, placeOf } from "./geometry.js";
import { paintDigit, paintMap, paintOutline } from "./paint.js";
import { wipeButtons } from "./wipe.js";
import { answerInWords, capital, placeInWords } from "./words.js";

/**
 * @typedef {[number, number]} Shift  right and down, in pixels
 * @typedef {{kind: string, name: string, note: string, mean: string, right: string, sure: string,
 *   says: string, cut: string}} MapData  arrays as base64
 * @typedef {{image: string, label: number, limit: number, shift: Shift, maps: MapData[],
 *   sequence: number}} Data  what cnnviz/components/shift_view.py sends
 * @typedef {ReturnType<typeof panel>} Panel
 */

const MOVED = "cnnviz:shift";
const PACE = 150; // ms between two places sent while an arrow key is held
/** @type {Record<string, Shift>} */
const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export class ShiftView {
  /**
   * @param {HTMLElement} root
   * @param {(name: string, value: unknown) => void} send a trigger to Python
   */
  constructor(root, send) {
    this.root = root;
    this.send = send;
    root.dataset.cnnviz = "shift-view";
    root.dataset.revision = "0";
    this.heading = h("h2.heading");
    this.row = h("div.row");
    this.status = h("p.status");
    this.legend = h("p.legend");
    this.ramp = h("i.ramp");
    const foot = h("div.foot");
    foot.append(this.status, this.legend);
    this.live = h("div.unseen");
    this.live.setAttribute("aria-live", "polite");
    // Streamlit changes the theme's variables in place; a colour that follows them tells.
    const probe = h("i.probe", { "aria-hidden": "true" });
    probe.addEventListener("transitionend", () => this.#repaint());
    this.wipe = wipeButtons(this.row);
    const stage = h("div.stage", {}, this.row, ...this.wipe.buttons);
    root.replaceChildren(probe, this.heading, stage, foot, this.live);
    this.digit = panel("digit");
    this.ink = h("canvas.ink", { "aria-hidden": "true" });
    this.digit.paper.prepend(h("div.within", {}, this.ink));
    this.row.append(this.digit.element);
    /** @type {Panel[]} */ this.maps = [];
    /** @type {Data | null} */ this.data = null;
    /** @type {Shift} */ this.shift = [0, 0];
    /** @type {Shift | null} */ this.pointed = null;
    /** @type {{from: Shift, x: number, y: number} | null} */ this.drag = null;
    this.sequence = 0;
    this.timer = 0;
    this.frame = 0;
    /** Whether the pictures must be painted anew: other answers, another size or theme. */
    this.stale = true;
    this.moved = false; // what the digit's picture was painted for
    this.ratio = 1;
    this.image = new Float32Array();
    /** @type {ReturnType<typeof decodeMap>[]} */ this.answers = [];
    this.follow = (/** @type {Event} */ event) => {
      if (!(event instanceof CustomEvent)) return;
      if (!event.composedPath().includes(root)) this.#show(event.detail.shift);
    };
    document.addEventListener(MOVED, this.follow);
    this.endPresentation = presentation(root);
    this.observer = new ResizeObserver(() => this.#repaint());
    this.observer.observe(this.row);
    document.fonts?.ready.then(() => this.#repaint());
    this.#listenToDigit();
  }

  close() {
    document.removeEventListener(MOVED, this.follow);
    this.observer.disconnect();
    this.endPresentation();
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
  }

  /** @param {Data} data */
  receive(data) {
    this.data = data;
    this.image = float32(data.image);
    this.answers = data.maps.map(decodeMap);
    while (this.maps.length > data.maps.length) this.maps.pop()?.element.remove();
    while (this.maps.length < data.maps.length) {
      const made = panel("map");
      this.#listenToMap(made);
      this.maps.push(made);
      this.row.append(made.element);
    }
    this.row.style.setProperty("--panels", String(1 + this.maps.length));
    setText(this.digit.name, `Drag the ${data.label}`);
    setText(this.digit.note, "Dashed: where it stands in the middle.");
    this.digit.canvas.setAttribute("aria-label", `The ${data.label}'s place`);
    data.maps.forEach((map, index) => {
      setText(this.maps[index].name, map.name);
      setText(this.maps[index].note, map.note);
      setText(this.maps[index].mean, map.mean);
      this.maps[index].canvas.setAttribute(
        "aria-label",
        `Probability of ${data.label} by shift, ${map.name}`,
      );
    });
    for (const { canvas } of [this.digit, ...this.maps]) {
      canvas.setAttribute("aria-valuemin", "0");
      canvas.setAttribute("aria-valuemax", String((2 * data.limit + 1) ** 2 - 1));
    }
    // An answer to an older place must not undo a newer one.
    if (!this.drag && data.sequence >= this.sequence) this.shift = data.shift;
    this.#repaint();
  }

  // --- hands -----------------------------------------------------------------------------------

  #listenToDigit() {
    const { canvas } = this.digit;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.drag = { from: this.shift, x: event.clientX, y: event.clientY };
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!this.drag) return;
      const side = this.digit.field.cell * zoomOf(canvas);
      const { from, x, y } = this.drag;
      this.#go([
        from[0] + Math.round((event.clientX - x) / side),
        from[1] + Math.round((event.clientY - y) / side),
      ]);
    });
    this.#listenToEnd(canvas);
  }

  /** @param {Panel} made */
  #listenToMap(made) {
    const { canvas } = made;
    const place = (/** @type {PointerEvent} */ event) => {
      const box = canvas.getBoundingClientRect();
      const limit = this.#limit;
      const zoom = zoomOf(canvas);
      const [x, y] = [(event.clientX - box.left) / zoom, (event.clientY - box.top) / zoom];
      const at = cellAt(made.field, x, y);
      return /** @type {Shift} */ ([at[0] - limit, at[1] - limit]);
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      if (event.pointerType !== "touch") canvas.setPointerCapture(event.pointerId);
      this.drag = { from: this.shift, x: event.clientX, y: event.clientY };
      this.#go(place(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.drag) this.#go(place(event));
      else this.#point(place(event));
    });
    canvas.addEventListener("pointerleave", () => this.#point(null));
    this.#listenToEnd(canvas);
  }

  /** @param {HTMLCanvasElement} canvas */
  #listenToEnd(canvas) {
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        const moved = this.drag && !same(this.drag.from, this.shift);
        this.drag = null;
        if (moved) this.#send(0);
      });
    }
    canvas.addEventListener("keydown", (event) => {
      const by = ARROWS[event.key];
      if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.#go([this.shift[0] + by[0], this.shift[1] + by[1]]);
      this.#send(PACE);
    });
  }

  /** Furthest shift, in pixels. */
  get #limit() {
    return this.data?.limit ?? 0;
  }

  /** Move the digit, and tell whatever else shows it. @param {Shift} to */
  #go(to) {
    const shift = kept(to, this.#limit);
    if (same(shift, this.shift)) return;
    this.#show(shift);
    const detail = { shift };
    this.root.dispatchEvent(new CustomEvent(MOVED, { detail, bubbles: true, composed: true }));
  }

  /** @param {Shift} shift */
  #show(shift) {
    this.shift = shift;
    this.pointed = null;
    this.#request();
  }

  /** @param {Shift | null} place */
  #point(place) {
    if (this.pointed === place || (this.pointed && place && same(this.pointed, place))) return;
    this.pointed = place;
    this.#request();
  }

  /** @param {number} wait ms */
  #send(wait) {
    clearTimeout(this.timer);
    this.sequence = Math.max(this.sequence + 1, Date.now());
    this.timer = setTimeout(() => {
      this.send("shift", { shift: this.shift, sequence: this.sequence });
    }, wait);
  }

  // --- drawing ---------------------------------------------------------------------------------

  /** Paint all pictures anew in the next frame. */
  #repaint() {
    this.stale = true;
    this.wipe.look();
    this.#request();
  }

  #request() {
    if (!this.frame && this.data) this.frame = requestAnimationFrame(() => this.#draw());
  }

  /** In a frame of a drag only words change, and what lies over the pictures is moved. */
  #draw() {
    this.frame = 0;
    if (!this.data) return;
    const { label, limit } = this.data;
    const moved = this.shift[0] !== 0 || this.shift[1] !== 0;
    if (this.stale) this.#paintAll(this.data, moved);
    else if (moved !== this.moved) this.#paintDigit(themeOf(this.root), moved);
    const [first] = this.answers;
    const answer = first.at(this.shift, limit);
    const place = placeInWords(this.shift);
    setText(this.heading, `${capital(place)}: the ${first.kind} ${answerInWords(answer, label)}`);
    setText(this.digit.says, capital(place));
    const { cell } = this.digit.field;
    const device = (/** @type {number} */ at) => Math.round(at * cell * this.ratio) / this.ratio;
    const [right, down] = this.shift.map(device);
    setStyle(this.ink, "transform", `translate(${right}px, ${down}px)`);
    this.answers.forEach((map, index) => {
      const made = this.maps[index];
      setText(made.says, answerInWords(map.at(this.shift, limit), label));
      lay(made.cursor, made.field, this.shift);
      lay(made.pointed, made.field, this.pointed);
    });
    const at = (this.shift[1] + limit) * (2 * limit + 1) + this.shift[0] + limit;
    for (const { canvas } of [this.digit, ...this.maps]) {
      setAttribute(canvas, "aria-valuenow", String(at));
      setAttribute(canvas, "aria-valuetext", place);
    }
    this.#tell(place, label);
    this.root.dataset.shift = this.shift.join(",");
    this.root.dataset.revision = String(Number(this.root.dataset.revision) + 1);
  }

  /** @param {Data} data @param {boolean} moved whether the digit has left the middle */
  #paintAll({ label, limit }, moved) {
    const theme = themeOf(this.root);
    this.stale = false;
    this.ratio = Math.min((window.devicePixelRatio || 1) * zoomOf(this.root), 3);
    // All sizes are read before anything is written: then the page is laid out once.
    const panels = [this.digit, ...this.maps];
    const sizes = panels.map(({ canvas }) => [canvas.clientWidth, canvas.clientHeight]);
    panels.forEach((made, index) => {
      const [width, height] = sizes[index];
      const count = index ? 2 * limit + 1 : Math.round(Math.sqrt(this.image.length));
      made.field = fieldOf(width, count);
      made.width = width;
      made.height = height;
    });
    this.#paintDigit(theme, moved);
    this.#paint(this.ink, this.digit, (context, { field }) => {
      // In a box of its own, without the axes' gutters.
      paintDigit(context, { ...field, left: 0 }, this.image, theme);
    });
    this.answers.forEach((map, index) => {
      const made = this.maps[index];
      this.#paint(made.canvas, made, (context, { field }) => paintMap(context, field, map, theme));
      for (const cursor of [made.cursor, made.pointed]) {
        cursor.style.width = `${made.field.cell}px`;
        cursor.style.height = `${made.field.cell}px`;
      }
    });
    this.#drawLegend(label, theme.colours.gradientPositive);
  }

  /** @param {import("./paint.js").Theme} theme @param {boolean} moved */
  #paintDigit(theme, moved) {
    this.moved = moved;
    this.#paint(this.digit.canvas, this.digit, (context, { field }) =>
      paintOutline(context, field, this.image, moved, theme),
    );
  }

  /**
   * Paint a canvas as large as a panel's picture, at the screen's own resolution.
   * @param {HTMLCanvasElement} canvas
   * @param {Panel} made
   * @param {(context: CanvasRenderingContext2D, made: Panel) => void} paint
   */
  #paint(canvas, made, paint) {
    const { width, height } = made;
    if (!width) return;
    const { ratio } = this;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== w) canvas.width = w;
    if (canvas.height !== h) canvas.height = h;
    const context = contextOf(canvas);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    paint(context, made);
  }

  /**
   * The line under the maps: of the cell pointed at, else what can be done.
   * @param {string} place
   * @param {number} label
   */
  #tell(place, label) {
    const { pointed } = this;
    if (!pointed) {
      setText(this.status, "Point at a cell, or click it: the digit goes there.");
      if (!this.drag) setText(this.live, `${place}: ${this.maps[0].says.textContent}`);
      return;
    }
    const right = this.answers.map((map) => percent(map.at(pointed, this.#limit).right));
    setText(
      this.status,
      `${capital(placeInWords(pointed))}, the ${label} has ${right.join(" · ")}`,
    );
  }

  /** @param {number} label @param {string} gradient */
  #drawLegend(label, gradient) {
    this.ramp.style.background = gradient;
    const field = h("span.field");
    field.append(h("i.dot"), "part of it has left the field");
    this.legend.replaceChildren(`probability of ${label}: 0 %`, this.ramp, "100 %", field);
  }
}

/** A picture with words around it that have their room before they are filled.
 * @param {"digit" | "map"} kind
 */
function panel(kind) {
  const canvas = h("canvas.picture");
  const [cursor, pointed] = [h("i.cursor", { hidden: true }), h("i.pointed", { hidden: true })];
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "slider");
  const made = {
    element: h(`section.panel.${kind}`),
    name: h("h3.name"),
    note: h("p.note"),
    says: h("p.says"),
    mean: h("p.note.mean"),
    canvas,
    paper: h("div.paper", {}, canvas, cursor, pointed),
    cursor,
    pointed,
    field: fieldOf(0, 1),
    width: 0,
    height: 0,
  };
  made.element.append(made.name, made.note, made.paper, made.says, made.mean);
  return made;
}

/**
 * Put a frame around the cell of a shift; away with it where there is none.
 * @param {HTMLElement} frame
 * @param {import("./geometry.js").Field} field
 * @param {Shift | null} shift
 */
function lay(frame, field, shift) {
  if (frame.hidden !== !shift) frame.hidden = !shift;
  if (!shift) return;
  const { x, y } = placeOf(field, shift);
  setStyle(frame, "transform", `translate(${x}px, ${y}px)`);
}

/** @param {MapData} map */
function decodeMap(map) {
  const [right, sure] = [float32(map.right), float32(map.sure)];
  return {
    kind: map.kind,
    right,
    cut: bytes(map.cut),
    says: bytes(map.says),
    /** The answer at a shift. @param {Shift} shift @param {number} limit */
    at([x, y], limit) {
      const index = (y + limit) * (2 * limit + 1) + x + limit;
      return { says: this.says[index], sure: sure[index], right: right[index] };
    },
  };
}

/** @param {HTMLElement} root @returns {import("./paint.js").Theme} */
function themeOf(root) {
  const style = getComputedStyle(root);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    colours: colormap(themeAt(root)),
    text: read("--st-text-color"),
    muted: read("--st-gray-text-color"),
    line: read("--st-border-color"),
    accent: read("--st-primary-color"),
    mono: read("--st-code-font"),
    sans: read("--st-font"),
  };
}

/** @param {Shift} a @param {Shift} b */
function same(a, b) {
  return a[0] === b[0] && a[1] === b[1];
}
