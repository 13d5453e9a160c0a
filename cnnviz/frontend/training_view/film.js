/**
 * The filmstrip under the curve, and the scrubber that runs through both.
 *
 * @typedef {import("../shared/component.js").Component<import("./types.js").Data>} Component
 * @typedef {import("./types.js").Frame} Frame
 */

import { isOfThisPage, writeAddress } from "../shared/address.js";
import { colormap } from "../shared/colormap.js";
import { h, one, themeAt } from "../shared/dom.js";
import { count, percent } from "../shared/numbers.js";
import { zoomOf } from "../shared/presentation.js";
import { CURVES, isInside, MARGIN, nearest, place, roomFor } from "./axis.js";
import { Chart } from "./chart.js";
import { decode, scaleOf } from "./kernels.js";
import { Strip, widthOf } from "./strip.js";

const PLAY_MS = 700;
const SEND_MS = 90;
/** So long a place that somebody chose is newer than Python's. */
const MINE_MS = 700;
const WATCH_MS = 400;
/** Pixels between the top of the curve and the middle of the scrubber's handle. */
const HANDLE_ABOVE = 12;
const NARROWEST = 26; // px of a snapshot

/** @param {Frame[]} frames @returns {import("./types.js").Layer[]} */
function layersOf(frames) {
  return Object.keys(frames[0]?.kernels ?? {}).map((name) => {
    const tensors = frames.map((frame) => decode(frame.kernels[name]));
    return { name, tensors, scale: scaleOf(tensors) };
  });
}

export class Film {
  /** @param {Component} component */
  constructor({ data, parentElement }) {
    const root = one(parentElement, ".film", HTMLElement);
    this.root = root;
    this.data = data;
    /** @type {(step: number) => void} */
    this.send = () => {};
    this.cannotUpdate = () => {};
    this.helpless = false;
    this.chart = new Chart(
      data.chart,
      () => this.draw(),
      () => {
        if (!this.helpless) this.cannotUpdate();
        this.helpless = true;
      },
    );
    root.dataset.cnnviz = "training-view";
    this.play = h("button.play", { type: "button" }, "▶ play");
    this.title = h("span.title");
    this.track = h("div.track");
    this.handle = h("div.handle", { tabindex: "0", role: "slider", "aria-label": "Snapshot" });
    this.label = h("div.label");
    this.line = h("div.line");
    this.frames = h("div.frames");
    this.strip = new Strip(this.frames);
    const head = h("div.head", {}, this.play, this.title);
    root.replaceChildren(head, this.frames, this.line, this.track, this.label, this.handle);
    /** @type {import("./types.js").Layer[]} */
    this.layers = [];
    /** JSON of the frames that the layers were made of. */
    this.known = "";
    /** Of the snapshot under the scrubber. */
    this.index = 0;
    this.sentAt = -Infinity;
    this.paints = 0;
    this.sending = 0;
    this.playing = 0;
    /** What a pointer holds. @type {HTMLElement | null} */
    this.held = null;
    /** What the drawing depended on when it was made. */
    this.drawn = "";
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(root);
    this.listen();
    // The curve may come later than the strip, and come anew: look for it now and then.
    this.watching = setInterval(() => this.watchChart(), WATCH_MS);
  }

  listen() {
    this.play.addEventListener("click", () => this.toggle());
    this.handle.addEventListener("keydown", (event) => this.key(event));
    const letGo = () => {
      this.held = null;
    };
    for (const area of [this.track, this.handle, this.frames]) {
      // Else the browser takes the focus back from the handle, and the arrow keys with it.
      area.addEventListener("mousedown", (event) => event.preventDefault());
      area.addEventListener("pointerdown", (event) => this.grab(event, area));
      area.addEventListener("pointermove", (event) => {
        if (this.held === area) this.follow(event);
      });
      area.addEventListener("pointerup", letGo);
      area.addEventListener("pointercancel", letGo);
    }
  }

  close() {
    this.observer.disconnect();
    clearInterval(this.watching);
    clearInterval(this.playing);
    clearTimeout(this.sending);
  }

  /** @param {Component} component */
  receive({ data, setStateValue }) {
    this.send = (step) => setStateValue("step", step);
    this.cannotUpdate = () => setStateValue("redraw", true);
    if (data.linked && isOfThisPage(data.linked)) writeAddress(data.linked.entries);
    const known = this.data;
    this.data = data;
    const at = data.frames.findIndex((frame) => frame.step === data.selected);
    // While somebody scrubs or plays, their place is newer than Python's.
    const mine = this.held || this.playing || performance.now() - this.sentAt < MINE_MS;
    const followed = this.index === known.frames.length - 1 && at === data.frames.length - 1;
    if (!mine || followed || !data.frames[this.index]) this.index = Math.max(0, at);
    // The same frames are the same objects: what was made of them is kept.
    const sent = JSON.stringify(data.frames);
    if (sent === this.known) this.data = { ...data, frames: known.frames };
    else this.layers = layersOf(data.frames);
    this.known = sent;
    this.watchChart();
    this.draw();
  }

  watchChart() {
    this.chart.follow(this.data.curve);
    if (this.surroundings() !== this.drawn) this.draw();
  }

  range() {
    return this.chart.range(this.data.last);
  }

  /** What the drawing depends on besides its data: the axis, and where the curve lies. */
  surroundings() {
    return JSON.stringify([this.range(), this.above()]);
  }

  /** Where the scrubber's handle runs, in pixels from the strip's own top: on top of the curve. */
  above() {
    const edge = this.chart.below(this.root);
    return edge === null ? 0 : Math.round(edge) - HANDLE_ABOVE;
  }

  // --- Painting --------------------------------------------------------------------------------

  draw() {
    const width = this.root.clientWidth;
    if (!width) return;
    const colours = colormap(themeAt(this.root));
    const range = this.range();
    const { frames, truth } = this.data;
    this.drawn = this.surroundings();
    if (!frames.length) {
      this.strip.clear();
      this.mark(undefined, 0, width);
      return;
    }
    const need = Math.max(NARROWEST, ...this.layers.map(widthOf)) + 6;
    const steps = frames.map((frame) => frame.step);
    const indices = roomFor(steps, this.index, range, width, need);
    this.strip.show({ frames, layers: this.layers, truth, colours, indices, chosen: this.index });
    const x = (/** @type {number} */ step) => place(step, range, width);
    this.strip.place(x);
    const frame = frames[this.index];
    this.mark(frame, x(frame.step), width);
    this.paints += 1;
    this.root.dataset.revision = String(this.paints);
  }

  /**
   * The scrubber's place, and what is under it in words.
   * @param {Frame | undefined} frame
   * @param {number} x
   * @param {number} width
   */
  mark(frame, x, width) {
    for (const part of [this.play, this.track, this.handle, this.label, this.line]) {
      part.hidden = !frame;
    }
    if (!frame) {
      this.title.textContent = "Snapshots appear here when training starts.";
      return;
    }
    const top = this.above();
    for (const part of [this.handle, this.label, this.line]) part.hidden = !isInside(x, width);
    for (const part of [this.track, this.handle, this.label, this.line]) {
      part.style.top = `${top}px`;
    }
    // By what the browser needs no layout for.
    this.handle.style.translate = `${x}px`;
    this.line.style.translate = `${x}px`;
    // To the foot of the curves: below are the axis's words and the strip's.
    this.line.style.height = `${HANDLE_ABOVE + CURVES}px`;
    this.label.textContent = `step ${count(frame.step)}`;
    const wide = this.label.offsetWidth;
    const left = x + 14 + wide > width - MARGIN.right + 44;
    this.label.style.translate = `${left ? x - 14 - wide : x + 14}px`;
    this.say(frame);
  }

  /** @param {Frame} frame */
  say({ step, accuracy, tested, read, confidence }) {
    const { frames } = this.data;
    const share = `${percent(accuracy)} of ${count(tested)}`;
    this.title.replaceChildren(
      h("span.step", {}, `step ${count(step)}`),
      ` reads ${share} test images; your drawing: ${read}, with ${percent(confidence)} of the vote`,
    );
    const values = {
      valuemin: frames[0].step,
      valuemax: frames[frames.length - 1].step,
      valuenow: step,
      valuetext: `step ${step}, your drawing is read as ${read}`,
    };
    for (const [name, value] of Object.entries(values)) {
      this.handle.setAttribute(`aria-${name}`, String(value));
    }
    this.root.dataset.step = String(step);
  }

  // --- Choosing --------------------------------------------------------------------------------

  /** @param {number} index */
  choose(index) {
    const to = Math.max(0, Math.min(this.data.frames.length - 1, index));
    if (to === this.index) return;
    this.index = to;
    this.draw();
    this.sentAt = performance.now();
    clearTimeout(this.sending);
    this.sending = setTimeout(() => {
      this.sentAt = performance.now();
      this.send(this.data.frames[this.index].step);
    }, SEND_MS);
  }

  /** @param {PointerEvent} event @param {HTMLElement} area */
  grab(event, area) {
    this.pause();
    this.held = area;
    area.setPointerCapture(event.pointerId);
    this.follow(event);
    this.handle.focus({ preventScroll: true });
  }

  /** @param {PointerEvent} event */
  follow(event) {
    const x = (event.clientX - this.root.getBoundingClientRect().left) / zoomOf(this.root);
    const steps = this.data.frames.map((frame) => frame.step);
    this.choose(nearest(steps, x, this.range(), this.root.clientWidth));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const to = new Map([
      ["ArrowLeft", this.index - 1],
      ["ArrowDown", this.index - 1],
      ["ArrowRight", this.index + 1],
      ["ArrowUp", this.index + 1],
      ["Home", 0],
      ["End", this.data.frames.length - 1],
      ["PageDown", this.index - 5],
      ["PageUp", this.index + 5],
    ]).get(event.key);
    if (event.key === " ") this.toggle();
    else if (to !== undefined) {
      this.pause();
      this.choose(to);
    } else return;
    event.preventDefault();
  }

  get isAtEnd() {
    return this.index >= this.data.frames.length - 1;
  }

  toggle() {
    if (this.playing) {
      this.pause();
      return;
    }
    if (this.isAtEnd) this.choose(0);
    this.play.textContent = "❚❚ pause";
    this.playing = setInterval(() => {
      if (this.isAtEnd) this.pause();
      else this.choose(this.index + 1);
    }, PLAY_MS);
  }

  pause() {
    clearInterval(this.playing);
    this.playing = 0;
    this.play.textContent = "▶ play";
  }
}
