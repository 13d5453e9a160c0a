/**
 * A picture to drag, a digit mostly, beside what networks make of it at every shift.
 *
 * Python has computed the answers at all shifts, so everything said here is of the very place that
 * it has now, while it is dragged too. Where else the page shows the shift is told, and
 * followed, by the event that `network_view/drag.js` describes.
 */

import { h, setAttribute, setStyle, setText, themeProbe } from "../shared/dom.js";
import { percent } from "../shared/numbers.js";
import { presentation } from "../shared/presentation.js";
import { decodeMap } from "./answers.js";
import { kept, same } from "./geometry.js";
import { listenToDigit, listenToMap } from "./hands.js";
import { lay, panel } from "./panel.js";
import { decodePicture } from "./picture.js";
import { createPictures } from "./pictures.js";
import { createRail } from "./rail.js";
import { wipeButtons } from "./wipe.js";
import { answerInWords, capital, placeInWords, thing, unbroken } from "./words.js";

/**
 * @typedef {import("./geometry.js").Shift} Shift
 * @typedef {import("./panel.js").Panel} Panel
 * @typedef {{image: {values: string, shape: [number, number, number], paper: number},
 *   label: number, names: string[] | null, limit: number, shift: Shift,
 *   sliders: [string, string], maps: import("./answers.js").MapData[], sequence: number}} Data
 *   what cnnviz/components/shift_view.py sends
 */

const MOVED = "cnnviz:shift";
const AT_REST = 300; // ms without a move

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
    const probe = themeProbe(() => this.#repaint());
    this.wipe = wipeButtons(this.row);
    const stage = h("div.stage", {}, this.row, ...this.wipe.buttons);
    root.replaceChildren(probe, this.heading, stage, foot, this.live);
    this.digit = panel("digit");
    this.pictures = createPictures(root, this.digit);
    this.rail = createRail(root);
    this.row.append(this.digit.element);
    /** @type {Panel[]} */ this.maps = [];
    /** @type {Data | null} */ this.data = null;
    /** @type {Shift} */ this.shift = [0, 0];
    /** @type {Shift | null} */ this.pointed = null;
    /** @type {{from: Shift, x: number, y: number} | null} */ this.drag = null;
    this.sequence = 0;
    this.timer = 0;
    this.resting = 0;
    this.frame = 0;
    /** Whether the pictures must be painted anew: other answers, another size or theme. */
    this.stale = true;
    this.moved = false; // what the digit's picture was painted for
    this.picture = decodePicture({ values: "", shape: [1, 0, 0], paper: 0 });
    /** @type {import("./answers.js").Answers[]} */ this.answers = [];
    this.follow = (/** @type {Event} */ event) => {
      if (!(event instanceof CustomEvent)) return;
      if (!event.composedPath().includes(root)) this.#show(event.detail.shift);
    };
    document.addEventListener(MOVED, this.follow);
    this.endPresentation = presentation(root);
    this.observer = new ResizeObserver(() => this.#repaint());
    this.observer.observe(this.row);
    document.fonts?.ready.then(() => this.#repaint());
    listenToDigit(this);
  }

  close() {
    document.removeEventListener(MOVED, this.follow);
    this.observer.disconnect();
    this.endPresentation();
    this.rail.close();
    clearTimeout(this.timer);
    clearTimeout(this.resting);
    cancelAnimationFrame(this.frame);
  }

  /** @param {Data} data */
  receive(data) {
    this.data = data;
    this.picture = decodePicture(data.image);
    this.answers = data.maps.map(decodeMap);
    while (this.maps.length > data.maps.length) this.maps.pop()?.element.remove();
    while (this.maps.length < data.maps.length) {
      const made = panel("map");
      listenToMap(this, made);
      this.maps.push(made);
      this.row.append(made.element);
    }
    this.row.style.setProperty("--panels", String(1 + this.maps.length));
    const named = thing(data.label, data.names);
    setText(this.digit.name, `Drag ${named}`);
    setText(this.digit.note, "Dashed: where it stands in the middle.");
    this.digit.canvas.setAttribute("aria-label", `The place of ${named}`);
    data.maps.forEach((map, index) => {
      setText(this.maps[index].name, map.name);
      setText(this.maps[index].note, unbroken(map.note));
      setText(this.maps[index].mean, unbroken(map.mean));
      this.maps[index].canvas.setAttribute(
        "aria-label",
        `Probability of ${className(data)} by shift, ${map.name}`,
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

  /** Furthest shift, in pixels. */
  get limit() {
    return this.data?.limit ?? 0;
  }

  /** Move the digit, and tell whatever else shows it. @param {Shift} to */
  go(to) {
    const shift = kept(to, this.limit);
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
  point(place) {
    if (this.pointed === place || (this.pointed && place && same(this.pointed, place))) return;
    this.pointed = place;
    this.#request();
  }

  /** @param {number} wait ms */
  sendAfter(wait) {
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
    const { label, names, limit, shift, sliders } = this.data;
    const moved = this.shift[0] !== 0 || this.shift[1] !== 0;
    if (this.stale) this.#paintAll(this.data, moved);
    else if (moved !== this.moved) this.pictures.outline(this.picture, moved);
    this.moved = moved;
    const [first] = this.answers;
    const answer = first.at(this.shift, limit);
    const place = placeInWords(this.shift);
    setText(
      this.heading,
      `${capital(place)}: the ${first.kind} ${answerInWords(answer, label, names)}`,
    );
    setText(this.digit.says, capital(place));
    const { cell } = this.digit.field;
    const ratio = this.pictures.ratio();
    const device = (/** @type {number} */ at) => Math.round(at * cell * ratio) / ratio;
    const [right, down] = this.shift.map(device);
    setStyle(this.pictures.ink, "transform", `translate(${right}px, ${down}px)`);
    this.answers.forEach((map, index) => {
      const made = this.maps[index];
      setText(made.says, answerInWords(map.at(this.shift, limit), label, names));
      lay(made.cursor, made.field, this.shift);
      lay(made.pointed, made.field, this.pointed);
    });
    const at = (this.shift[1] + limit) * (2 * limit + 1) + this.shift[0] + limit;
    for (const { canvas } of [this.digit, ...this.maps]) {
      setAttribute(canvas, "aria-valuenow", String(at));
      setAttribute(canvas, "aria-valuetext", place);
    }
    this.rail.show(sliders, this.shift, shift);
    this.#tell(place, thing(label, names));
    this.root.dataset.shift = this.shift.join(",");
    this.root.dataset.revision = String(Number(this.root.dataset.revision) + 1);
  }

  /** @param {Data} data @param {boolean} moved */
  #paintAll(data, moved) {
    this.stale = false;
    const theme = this.pictures.paint(this.maps, this.answers, this.picture, data.limit, moved);
    this.#drawLegend(className(data), theme.colours.gradientPositive);
  }

  /**
   * The line under the maps: of the cell pointed at, else what can be done.
   * @param {string} place
   * @param {string} named
   */
  #tell(place, named) {
    const { pointed } = this;
    if (!pointed) {
      setText(this.status, "Point at a cell, or click it: the picture goes there.");
      this.#say(`${place}: ${this.maps[0].says.textContent}`);
      return;
    }
    const right = this.answers.map((map) => percent(map.at(pointed, this.limit).right));
    const said = `${capital(placeInWords(pointed))}, ${named} has ${right.join(" · ")}`;
    setText(this.status, unbroken(said));
  }

  /** What a screen reader is told, once the digit has come to rest. @param {string} words */
  #say(words) {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => setText(this.live, words), AT_REST);
  }

  /** @param {string} named @param {string} gradient */
  #drawLegend(named, gradient) {
    this.ramp.style.background = gradient;
    const field = h("span.field");
    field.append(h("i.dot"), "part of it has left the field");
    this.legend.replaceChildren(`probability of ${named}: 0 %`, this.ramp, "100 %", field);
  }
}

/** @param {Data} data @returns {string} */
function className({ label, names }) {
  return names ? `“${names[label]}”` : String(label);
}
