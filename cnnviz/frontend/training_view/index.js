/**
 * The filmstrip under the curve, and the scrubber that runs through both.
 * @module
 */

import { colormap } from "../shared/colormap.js";
import { themeAt } from "../shared/dom.js";
import { count, percent } from "../shared/numbers.js";
import { MARGIN, nearest, place, roomFor } from "./axis.js";
import { Chart } from "./chart.js";
import { decode, paint, scaleOf, sizeOf } from "./kernels.js";

const PLAY_MS = 700;
const SEND_MS = 90;
/** Pixels between the top of the curve and the middle of the scrubber's handle. */
const HANDLE_ABOVE = 12;
const films = new WeakMap();

export default function render(component) {
  const { parentElement, data } = component;
  if (!data) return undefined;
  let film = films.get(parentElement);
  if (!film) {
    film = new Film(parentElement.querySelector(".film"), data.chart);
    films.set(parentElement, film);
  }
  film.send = (step) => component.setStateValue("step", step);
  film.cannotUpdate = () => component.setStateValue("redraw", true);
  film.receive(data);
  return () => {
    film.close();
    films.delete(parentElement);
  };
}

const make = (tag, className, text = "") => {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
};

class Film {
  constructor(root, chart) {
    this.root = root;
    this.chart = new Chart(
      chart,
      () => this.draw(),
      () => {
        if (!this.helpless) this.cannotUpdate();
        this.helpless = true;
      },
    );
    root.dataset.cnnviz = "training-view";
    this.play = make("button", "play", "▶ play");
    this.play.type = "button";
    this.head = make("div", "head");
    this.title = make("span", "title");
    this.head.append(this.play, this.title);
    this.track = make("div", "track");
    this.handle = make("div", "handle");
    this.handle.tabIndex = 0;
    this.handle.setAttribute("role", "slider");
    this.handle.setAttribute("aria-label", "Snapshot");
    this.label = make("div", "label");
    this.line = make("div", "line");
    this.frames = make("div", "frames");
    root.replaceChildren(this.head, this.frames, this.line, this.track, this.label, this.handle);
    this.index = 0;
    this.sentAt = 0;
    this.paints = 0;
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(root);
    this.play.addEventListener("click", () => this.toggle());
    this.handle.addEventListener("keydown", (event) => this.key(event));
    for (const area of [this.track, this.handle, this.frames]) {
      // Else the browser takes the focus back from the handle, and the arrow keys with it.
      area.addEventListener("mousedown", (event) => event.preventDefault());
      area.addEventListener("pointerdown", (event) => this.grab(event, area));
      area.addEventListener("pointermove", (event) => this.held === area && this.follow(event));
      area.addEventListener("pointerup", () => (this.held = null));
      area.addEventListener("pointercancel", () => (this.held = null));
    }
    // The curve may come later than the strip, and come anew: look for it now and then.
    this.watching = setInterval(() => this.watchChart(), 400);
  }

  close() {
    this.observer.disconnect();
    clearInterval(this.watching);
    clearInterval(this.playing);
    clearTimeout(this.sending);
  }

  receive(data) {
    const known = this.data;
    this.data = data;
    const at = data.frames.findIndex((frame) => frame.step === data.selected);
    // While somebody scrubs or plays, their place is newer than Python's.
    const mine = this.held || this.playing || performance.now() - this.sentAt < 700;
    const followed =
      known && this.index === known.frames.length - 1 && at === data.frames.length - 1;
    if (!mine || followed || !data.frames[this.index]) this.index = Math.max(0, at);
    const layers = data.frames.length ? Object.keys(data.frames[0].kernels) : [];
    this.layers = layers.map((name) => {
      const tensors = data.frames.map((frame) => decode(frame.kernels[name]));
      return { name, tensors, scale: scaleOf(tensors) };
    });
    this.watchChart();
    this.draw();
  }

  watchChart() {
    if (!this.data) return;
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
    const edge = this.chart.below(this.root.getBoundingClientRect().top);
    return edge === null ? 0 : Math.round(edge) - HANDLE_ABOVE;
  }

  // --- Painting --------------------------------------------------------------------------------

  draw() {
    const width = this.root.clientWidth;
    if (!this.data || !width) return;
    const colours = colormap(themeAt(this.root));
    const range = this.range();
    const { frames } = this.data;
    this.drawn = this.surroundings();

    const rows = this.layers.map((layer) => {
      const [, inputs, , kernelWidth] = layer.tensors[0].shape;
      const cell =
        inputs > 1 ? Math.max(1, Math.min(3, Math.floor(30 / (inputs * kernelWidth)))) : 5;
      const small = layer.tensors[0].shape[0] * layer.tensors[0].shape[2] * cell > 110;
      return { layer, cell: small ? Math.max(1, Math.floor(cell / 2)) : cell };
    });
    const widest = Math.max(
      26,
      ...rows.map(({ layer, cell }) => sizeOf(layer.tensors[0].shape, cell).width),
    );
    const shown = roomFor(frames, this.index, range, width, widest + 6);

    const children = [];
    const put = (element, index, className) => {
      element.className = `cell ${className}${index === this.index ? " chosen" : ""}`;
      element.style.left = `${place(frames[index].step, range, width)}px`;
      element.dataset.step = frames[index].step;
      return element;
    };
    for (const { layer, cell } of rows) {
      const {
        shape: [outputs, inputs],
        of,
      } = layer.tensors[0];
      const words =
        `${layer.name} kernels${outputs < of[0] ? `, the first ${outputs} of ${of[0]}` : ""}` +
        (of[1] > 1
          ? `, a column an input map${inputs < of[1] ? `, ${inputs} of ${of[1]}` : ""}`
          : "");
      children.push(make("div", "name", words));
      const row = make("div", "row");
      row.style.height = `${sizeOf(layer.tensors[0].shape, cell).height}px`;
      row.setAttribute("role", "img");
      row.setAttribute(
        "aria-label",
        `${outputs} by ${inputs} ${layer.name} kernels at each snapshot`,
      );
      for (const index of shown) {
        const canvas = document.createElement("canvas");
        paint(canvas, layer.tensors[index], layer.scale, cell, colours);
        row.append(put(canvas, index, "kernels"));
      }
      children.push(row);
    }
    if (!frames.length) {
      this.frames.replaceChildren();
      this.mark(range, width);
      return;
    }
    const { truth } = this.data;
    const expected = truth ?? frames.at(-1).digit;
    children.push(
      make(
        "div",
        "name",
        truth === null || truth === undefined
          ? "your drawing: digit read, and how sure (grey: not what the last step reads)"
          : `your drawing, a ${truth}: digit read, and how sure (grey: misread)`,
      ),
    );
    const reading = make("div", "row reading");
    for (const index of shown) {
      const frame = frames[index];
      const cell = put(make("div", ""), index, frame.digit === expected ? "same" : "other");
      const bar = make("span", "bar");
      const fill = make("span", "fill");
      fill.style.height = `${Math.max(4, 100 * frame.confidence)}%`;
      bar.append(fill);
      cell.append(make("span", "digit", String(frame.digit)), bar);
      cell.title = `step ${count(frame.step)}: ${frame.digit}, ${percent(frame.confidence)}`;
      reading.append(cell);
    }
    children.push(reading);
    this.frames.replaceChildren(...children);
    this.mark(range, width);
    this.paints += 1;
    this.root.dataset.revision = String(this.paints);
  }

  mark(range, width) {
    const { frames } = this.data;
    const frame = frames[this.index];
    const parts = [this.play, this.track, this.handle, this.label, this.line];
    for (const part of parts) part.hidden = !frame;
    if (!frame) {
      this.title.textContent = "Snapshots appear here when training starts.";
      return;
    }
    const x = place(frame.step, range, width);
    const visible = x >= MARGIN.left - 1 && x <= width - MARGIN.right + 1;
    this.handle.hidden = this.label.hidden = this.line.hidden = !visible;
    const top = this.above();
    this.track.style.top = this.handle.style.top = this.label.style.top = `${top}px`;
    this.line.style.top = `${top}px`;
    this.line.style.height = `${this.root.offsetHeight - top}px`;
    this.handle.style.left = this.line.style.left = `${x}px`;
    this.label.textContent = `step ${count(frame.step)}`;
    const left = x + 14 + this.label.offsetWidth > width - MARGIN.right + 44;
    this.label.style.left = `${left ? x - 14 - this.label.offsetWidth : x + 14}px`;
    const share = `${percent(frame.accuracy)} of ${count(frame.tested)}`;
    this.title.replaceChildren(
      make("span", "step", `step ${count(frame.step)}`),
      ` reads ${share} test images; your drawing: ${frame.digit}, ${percent(frame.confidence)} sure`,
    );
    this.handle.setAttribute("aria-valuemin", String(frames[0].step));
    this.handle.setAttribute("aria-valuemax", String(frames.at(-1).step));
    this.handle.setAttribute("aria-valuenow", String(frame.step));
    this.handle.setAttribute(
      "aria-valuetext",
      `step ${frame.step}, your drawing is read as ${frame.digit}`,
    );
    this.root.dataset.step = String(frame.step);
  }

  // --- Choosing --------------------------------------------------------------------------------

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

  grab(event, area) {
    this.pause();
    this.held = area;
    area.setPointerCapture?.(event.pointerId);
    this.follow(event);
    this.handle.focus({ preventScroll: true });
  }

  follow(event) {
    const x = event.clientX - this.root.getBoundingClientRect().left;
    this.choose(nearest(this.data.frames, x, this.range(), this.root.clientWidth));
  }

  key(event) {
    const last = this.data.frames.length - 1;
    const to = {
      ArrowLeft: this.index - 1,
      ArrowDown: this.index - 1,
      ArrowRight: this.index + 1,
      ArrowUp: this.index + 1,
      Home: 0,
      End: last,
      PageDown: this.index - 5,
      PageUp: this.index + 5,
    }[event.key];
    if (event.key === " ") this.toggle();
    else if (to !== undefined) {
      this.pause();
      this.choose(to);
    } else return;
    event.preventDefault();
  }

  toggle() {
    if (this.playing) {
      this.pause();
      return;
    }
    if (this.index === this.data.frames.length - 1) this.choose(0);
    this.play.textContent = "❚❚ pause";
    this.playing = setInterval(() => {
      if (this.index >= this.data.frames.length - 1) this.pause();
      else this.choose(this.index + 1);
    }, PLAY_MS);
  }

  pause() {
    clearInterval(this.playing);
    this.playing = null;
    this.play.textContent = "▶ play";
  }
}
