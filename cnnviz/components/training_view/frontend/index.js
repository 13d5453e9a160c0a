/**
 * The filmstrip under the curve, and the scrubber that runs through both.
 *
 * The curve is Plotly's, drawn by Streamlit; the strip reads the range of its step axis, so that
 * zooming the curve zooms the strip. Without a curve it shows the whole run.
 */

import { MARGIN, nearest, place, roomFor, wholeRange } from "./axis.js";
import { decode, paint, ramp, scaleOf, sizeOf } from "./kernels.js";

const PLAY_MS = 700;
const SEND_MS = 90;
const films = new WeakMap();

export default function render(component) {
  const { parentElement, data } = component;
  if (!data) return undefined;
  let film = films.get(parentElement);
  if (!film) {
    film = new Film(parentElement.querySelector(".film"));
    films.set(parentElement, film);
  }
  film.send = (step) => component.setStateValue("step", step);
  film.receive(data);
  return () => {
    film.close();
    films.delete(parentElement);
  };
}

const near = (a, b) => a.every((value, index) => Math.abs(value - b[index]) < 1e-6);

const make = (tag, className, text = "") => {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
};

class Film {
  constructor(root) {
    this.root = root;
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
    this.line = make("div", "line");
    this.frames = make("div", "frames");
    this.track.append(this.line, this.handle);
    root.replaceChildren(this.head, this.track, this.frames);
    this.cells = new Map();
    this.index = 0;
    this.sentAt = 0;
    this.paints = 0;
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(root);
    this.play.addEventListener("click", () => this.toggle());
    this.handle.addEventListener("keydown", (event) => this.key(event));
    for (const area of [this.track, this.frames]) {
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
    const followed = known && this.index === known.frames.length - 1 && at === data.frames.length - 1;
    if (!mine || followed || !data.frames[this.index]) this.index = Math.max(0, at);
    const layers = data.frames.length ? Object.keys(data.frames[0].kernels) : [];
    this.layers = layers.map((name) => {
      const tensors = data.frames.map((frame) => decode(frame.kernels[name]));
      return { name, tensors, scale: scaleOf(tensors) };
    });
    this.watchChart();
    this.draw();
  }

  // --- The curve's axis ------------------------------------------------------------------------

  watchChart() {
    if (!this.data) return;
    const host = document.querySelector(`.st-key-${CSS.escape(this.data.chart)}`);
    const plot = host?.querySelector(".js-plotly-plot") ?? null;
    if (plot !== this.plot) {
      this.plot = plot;
      plot?.on?.("plotly_relayout", (change) => {
        this.zoomed(change ?? {});
        this.draw();
      });
      this.draw();
    }
    this.updateChart();
    const key = JSON.stringify([this.range(), this.chartBox()?.height ?? 0]);
    if (key !== this.drawn) this.draw();
  }

  /** Remember the ranges that somebody has chosen: Streamlit, drawing again, forgets them. */
  zoomed(change) {
    if (!Object.keys(change).some((key) => /^[xy]axis\.(range|autorange)/.test(key))) return;
    const { xaxis, yaxis } = this.plot._fullLayout;
    const whole = [xaxis._rangeInitial0, xaxis._rangeInitial1];
    const back = change["xaxis.autorange"] || near(xaxis.range, whole);
    this.zoom = back ? null : [[...xaxis.range], [...yaxis.range]];
    this.shownCurve = null;
  }

  /** Give Plotly's chart what has come since Streamlit drew it, where it stands. */
  updateChart() {
    const plot = this.plot;
    const plotly = window.Plotly;
    if (!plotly?.update || !plot?.data?.length || !plot._fullLayout?.xaxis) return;
    // Not in the middle of a drag: Plotly would forget where it began.
    if (document.querySelector(".dragcover")) return;
    const curve = this.data.curve;
    // Streamlit draws its own figure again when the theme or the width changes.
    const current = plot.data[0].x?.length === this.points && plot.data[1]?.x?.length === this.tests;
    const kept = !this.zoom || near(plot._fullLayout.xaxis.range, this.zoom[0]);
    if (current && kept && curve === this.shownCurve && plot === this.updated) return;
    const { run, x, y, customdata, shapes, annotations, xrange, yrange } = JSON.parse(curve);
    if (run !== this.run) this.zoom = null;
    this.run = run;
    const [across, up] = this.zoom ?? [xrange, yrange];
    const layout = { shapes, annotations, "xaxis.range": across, "yaxis.range": up };
    this.shownCurve = curve;
    this.updated = plot;
    [this.points, this.tests] = [x[0].length, x[1].length];
    plotly.update(plot, { x, y, customdata }, layout, x.map((_, index) => index));
  }

  range() {
    const range = this.plot?._fullLayout?.xaxis?.range;
    return range?.every(Number.isFinite) ? range : wholeRange(this.data.last);
  }

  chartBox() {
    return this.plot?.querySelector(".xy .bg, .bglayer .bg")?.getBoundingClientRect()
      ?? this.plot?.getBoundingClientRect();
  }

  // --- Painting --------------------------------------------------------------------------------

  draw() {
    const width = this.root.clientWidth;
    if (!this.data || !width) return;
    const style = getComputedStyle(this.root);
    const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
    const colour = ramp(
      read("--st-secondary-background-color", "#f6f7f9"), read("--st-background-color", "#ffffff"),
    );
    const range = this.range();
    const { frames } = this.data;
    this.drawn = JSON.stringify([range, this.chartBox()?.height ?? 0]);

    const rows = this.layers.map((layer) => {
      const [, inputs, , kernelWidth] = layer.tensors[0].shape;
      const cell = inputs > 1 ? Math.max(1, Math.min(3, Math.floor(30 / (inputs * kernelWidth)))) : 5;
      const small = layer.tensors[0].shape[0] * layer.tensors[0].shape[2] * cell > 110;
      return { layer, cell: small ? Math.max(1, Math.floor(cell / 2)) : cell };
    });
    const widest = Math.max(26, ...rows.map(({ layer, cell }) => sizeOf(layer.tensors[0].shape, cell).width));
    const shown = roomFor(frames, this.index, range, width, widest + 6);

    const children = [];
    const put = (element, index, className) => {
      element.className = `cell ${className}${index === this.index ? " chosen" : ""}`;
      element.style.left = `${place(frames[index].step, range, width)}px`;
      element.dataset.step = frames[index].step;
      return element;
    };
    for (const { layer, cell } of rows) {
      const [outputs, inputs] = layer.tensors[0].shape;
      const words = inputs > 1 ? `${layer.name} kernels, a column an input map` : `${layer.name} kernels`;
      children.push(make("div", "name", words));
      const row = make("div", "row");
      row.style.height = `${sizeOf(layer.tensors[0].shape, cell).height}px`;
      row.setAttribute("role", "img");
      row.setAttribute("aria-label", `${outputs} by ${inputs} ${layer.name} kernels at each snapshot`);
      for (const index of shown) {
        const canvas = document.createElement("canvas");
        paint(canvas, layer.tensors[index], layer.scale, cell, colour);
        row.append(put(canvas, index, "kernels"));
      }
      children.push(row);
    }
    children.push(make("div", "name", "your drawing: digit read, and how sure (green: as at the last step)"));
    const final = frames.at(-1)?.digit;
    const reading = make("div", "row reading");
    for (const index of shown) {
      const frame = frames[index];
      const cell = put(make("div", ""), index, frame.digit === final ? "same" : "other");
      const bar = make("span", "bar");
      const fill = make("span", "fill");
      fill.style.height = `${Math.max(4, 100 * frame.confidence)}%`;
      bar.append(fill);
      cell.append(make("span", "digit", String(frame.digit)), bar);
      cell.title = `step ${frame.step}: ${frame.digit}, ${(100 * frame.confidence).toFixed(1)} %`;
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
    this.track.hidden = this.play.hidden = !frame;
    if (!frame) {
      this.title.textContent = "Snapshots appear here when training starts.";
      return;
    }
    const x = place(frame.step, range, width);
    const visible = x >= MARGIN.left - 1 && x <= width - MARGIN.right + 1;
    this.handle.style.left = `${x}px`;
    this.line.style.left = `${x}px`;
    this.line.hidden = !visible;
    const box = this.chartBox();
    const above = box ? Math.max(0, this.track.getBoundingClientRect().top - box.top) : 0;
    this.line.style.top = `${-above}px`;
    this.line.style.height = `${above + this.track.offsetHeight + this.frames.offsetHeight}px`;
    const share = `${(100 * frame.accuracy).toFixed(1)} % of ${frame.tested.toLocaleString("en")}`;
    this.title.textContent = `step ${frame.step}`;
    this.title.append(make("span", "muted", ` reads ${share} test images; your drawing: `
      + `${frame.digit}, ${(100 * frame.confidence).toFixed(0)} % sure`));
    this.handle.setAttribute("aria-valuemin", String(frames[0].step));
    this.handle.setAttribute("aria-valuemax", String(frames.at(-1).step));
    this.handle.setAttribute("aria-valuenow", String(frame.step));
    this.handle.setAttribute("aria-valuetext",
      `step ${frame.step}, your drawing is read as ${frame.digit}`);
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
      ArrowLeft: this.index - 1, ArrowDown: this.index - 1, ArrowRight: this.index + 1,
      ArrowUp: this.index + 1, Home: 0, End: last, PageDown: this.index - 5, PageUp: this.index + 5,
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
