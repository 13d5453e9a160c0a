/**
 * A digit to drag, beside what networks make of it at every shift.
 *
 * Python has computed the answers at all shifts, so everything said here is of the very place that
 * the digit has now, while it is dragged too. Where else the page shows the shift is told, and
 * followed, by the event that `network_view/drag.js` describes.
 */

import { isDark } from "../grid_editor/colours.js";
import { cellAt, fieldOf, kept } from "./geometry.js";
import { paintCursor, paintDigit, paintMap } from "./paint.js";
import { answerInWords, capital, percent, placeInWords } from "./words.js";

const MOVED = "cnnviz:shift";
const PACE = 150; // ms between two places sent while an arrow key is held
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
    this.heading = element("h2", "heading");
    this.row = element("div", "row");
    this.status = element("p", "status");
    this.legend = element("p", "legend");
    const foot = element("div", "foot");
    foot.append(this.status, this.legend);
    this.live = element("div", "unseen");
    this.live.setAttribute("aria-live", "polite");
    root.replaceChildren(this.heading, this.row, foot, this.live);
    this.digit = panel("digit");
    this.row.append(this.digit.element);
    /** @type {ReturnType<typeof panel>[]} */ this.maps = [];
    /** @type {any} */ this.data = null;
    /** @type {[number, number]} */ this.shift = [0, 0];
    /** @type {[number, number] | null} */ this.pointed = null;
    /** @type {{from: [number, number], x: number, y: number} | null} */ this.drag = null;
    this.sequence = 0;
    this.timer = 0;
    this.frame = 0;
    this.image = new Float32Array();
    /** @type {ReturnType<typeof decodeMap>[]} */ this.answers = [];
    this.follow = (/** @type {any} */ event) => {
      if (!event.composedPath().includes(root)) this.#show(event.detail.shift);
    };
    document.addEventListener(MOVED, this.follow);
    this.observer = new ResizeObserver(() => this.#request());
    this.observer.observe(this.row);
    document.fonts?.ready.then(() => this.#request());
    this.#listenToDigit();
  }

  close() {
    document.removeEventListener(MOVED, this.follow);
    this.observer.disconnect();
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
  }

  receive(data) {
    this.data = data;
    this.image = floats(data.image);
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
    // An answer to an older place must not undo a newer one.
    if (!this.drag && data.sequence >= this.sequence) this.shift = data.shift;
    this.#request();
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
      const { cell } = this.digit.field;
      const { from, x, y } = this.drag;
      this.#go([
        from[0] + Math.round((event.clientX - x) / cell),
        from[1] + Math.round((event.clientY - y) / cell),
      ]);
    });
    this.#listenToEnd(canvas);
  }

  #listenToMap(made) {
    const { canvas } = made;
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      const { limit } = this.data;
      const at = cellAt(made.field, event.clientX - box.left, event.clientY - box.top);
      return /** @type {[number, number]} */ ([at[0] - limit, at[1] - limit]);
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

  /** Move the digit, and tell whatever else shows it. */
  #go(to) {
    const shift = kept(to, this.data.limit);
    if (same(shift, this.shift)) return;
    this.#show(shift);
    const detail = { shift };
    this.root.dispatchEvent(new CustomEvent(MOVED, { detail, bubbles: true, composed: true }));
  }

  #show(shift) {
    this.shift = shift;
    this.pointed = null;
    this.#request();
  }

  #point(place) {
    if (this.pointed === place || (this.pointed && place && same(this.pointed, place))) return;
    this.pointed = place;
    this.#request();
  }

  #send(wait) {
    clearTimeout(this.timer);
    this.sequence = Math.max(this.sequence + 1, Date.now());
    this.timer = setTimeout(() => {
      this.send("shift", { shift: this.shift, sequence: this.sequence });
    }, wait);
  }

  // --- drawing ---------------------------------------------------------------------------------

  #request() {
    if (!this.frame && this.data) this.frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.frame = 0;
    const theme = themeOf(this.root);
    const [first] = this.answers;
    const answer = first.at(this.shift, this.data.limit);
    const { label } = this.data;
    const place = placeInWords(this.shift);
    setText(this.heading, `${capital(place)}: the ${first.kind} ${answerInWords(answer, label)}`);
    setText(this.digit.says, capital(place));
    const side = Math.round(Math.sqrt(this.image.length));
    this.#paint(this.digit, side, (context, field) =>
      paintDigit(context, field, this.image, this.shift, theme),
    );
    const count = 2 * this.data.limit + 1;
    this.answers.forEach((map, index) => {
      const made = this.maps[index];
      setText(made.says, answerInWords(map.at(this.shift, this.data.limit), label));
      this.#paint(made, count, (context, field) => {
        paintMap(context, field, map, theme);
        if (this.pointed) paintCursor(context, field, this.pointed, theme, true);
        paintCursor(context, field, this.shift, theme, false);
      });
    });
    for (const { canvas } of [this.digit, ...this.maps]) this.#describe(canvas, place);
    this.#tell(place);
    this.#drawLegend();
    this.root.dataset.shift = this.shift.join(",");
    this.root.dataset.revision = String(Number(this.root.dataset.revision) + 1);
  }

  /** Paint a panel's canvas, at the screen's own resolution. */
  #paint(made, count, paint) {
    const width = made.canvas.clientWidth;
    if (!width) return;
    const height = made.canvas.clientHeight;
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (made.canvas.width !== w) made.canvas.width = w;
    if (made.canvas.height !== h) made.canvas.height = h;
    made.field = fieldOf(width, count);
    const context = made.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    paint(context, made.field);
  }

  #describe(canvas, place) {
    const { limit } = this.data;
    const at = (this.shift[1] + limit) * (2 * limit + 1) + this.shift[0] + limit;
    canvas.setAttribute("aria-valuemin", "0");
    canvas.setAttribute("aria-valuemax", String((2 * limit + 1) ** 2 - 1));
    canvas.setAttribute("aria-valuenow", String(at));
    canvas.setAttribute("aria-valuetext", place);
  }

  /** The line under the maps: of the cell pointed at, else what its colours mean. */
  #tell(place) {
    const { label, limit } = this.data;
    if (!this.pointed) {
      setText(this.status, "Point at a cell, or click it: the digit goes there.");
      if (!this.drag) setText(this.live, `${place}: ${this.maps[0].says.textContent}`);
      return;
    }
    const right = this.answers.map((map) => percent(map.at(this.pointed, limit).right));
    setText(
      this.status,
      `${capital(placeInWords(this.pointed))}, the ${label} has ${right.join(" · ")}`,
    );
  }

  #drawLegend() {
    const words = `probability of ${this.data.label}: 0 %`;
    if (this.legend.firstChild?.textContent === words) return;
    const field = element("span", "field");
    field.append(element("i", "dot"), "part of it has left the field");
    this.legend.replaceChildren(words, element("i", "ramp"), "100 %", field);
  }
}

/** A picture with words around it that have their room before they are filled. */
function panel(kind) {
  const canvas = /** @type {HTMLCanvasElement} */ (element("canvas", "picture"));
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "slider");
  const made = {
    element: element("section", `panel ${kind}`),
    name: element("h3", "name"),
    note: element("p", "note"),
    says: element("p", "says"),
    mean: element("p", "note mean"),
    canvas,
    field: fieldOf(0, 1),
  };
  made.element.append(made.name, made.note, canvas, made.says, made.mean);
  return made;
}

function decodeMap(map) {
  const [right, sure] = [floats(map.right), floats(map.sure)];
  return {
    kind: map.kind,
    right,
    cut: bytes(map.cut),
    says: bytes(map.says),
    /** The answer at a shift. */
    at([x, y], limit) {
      const index = (y + limit) * (2 * limit + 1) + x + limit;
      return { says: this.says[index], sure: sure[index], right: right[index] };
    },
  };
}

function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function floats(text) {
  return new Float32Array(bytes(text).buffer);
}

function themeOf(root) {
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    dark: isDark(root),
    text: read("--st-text-color"),
    muted: read("--st-gray-text-color"),
    line: read("--st-border-color"),
    surface: read("--st-secondary-background-color"),
    background: read("--st-background-color"),
    accent: read("--st-primary-color"),
    mono: read("--st-code-font"),
    sans: read("--st-font"),
  };
}

function same(a, b) {
  return a[0] === b[0] && a[1] === b[1];
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function element(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}
