/**
 * The signal view: a signal, a filter sliding along it, their products and the result.
 *
 * Python computes the results; while a stem is dragged they're computed here, and marked as a
 * preview until Python's come. An edit carries a number that Python sends back, so that an answer
 * to an older edit can't undo a newer one.
 */

import { float64 } from "../shared/decoding.js";
import { download } from "../shared/dom.js";
import { arrange, rangeOf } from "./geometry.js";
import * as maths from "./maths.js";
import { gripAt, outputAt, strokeOf } from "./pointer.js";
import { commitOnEnter } from "./enter.js";
import { build, coloursOf, draw, place, tell, tipOf } from "./view.js";
import { show } from "./words.js";

const SLIDE_MS = 170;
const views = new WeakMap();

export default function render(component) {
  const parent = component.parentElement;
  let view = views.get(parent);
  if (!view) {
    view = new View(parent);
    views.set(parent, view);
  }
  view.component = component;
  view.receive(component.data);
  return () => {
    view.close();
    views.delete(parent);
  };
}

class View {
  constructor(parent) {
    this.elements = build(parent);
    // For whoever measures or tests: where a stem's tip is, in the canvas.
    this.elements.root.tipOf = (row, index) => tipOf(this.last, row, index);
    this.state = {
      playing: false,
      predict: false,
      verdict: "",
      sentence: "",
      source: "numpy",
      tokens: {},
      chosen: { signal: 0, filter: 0 },
      limit: 1e6,
      announcing: 0,
    };
    this.setting = null;
    this.sequence = 0;
    this.edits = { signal: new Map(), filter: new Map() };
    this.drag = null;
    this.held = null;
    this.read = null;
    this.focused = null;
    this.current = 0;
    this.at = 0;
    this.slideFrom = null;
    this.revealed = new Set();
    this.asked = 0;
    this.score = { right: 0, asked: 0 };
    this.paints = 0;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.observer = new ResizeObserver(() => this.rearrange());
    this.observer.observe(this.elements.picture);
    this.listen();
    this.stopListening = commitOnEnter(["signal", "filter"]);
    // The canvas draws text: again, once the fonts have come.
    document.fonts?.ready.then(() => this.schedule());
  }

  close() {
    this.observer.disconnect();
    this.stopListening();
    this.pause();
    clearTimeout(this.sending);
    clearTimeout(this.movedTimer);
    cancelAnimationFrame(this.frame);
  }

  // --- Python's values -------------------------------------------------------------------------

  receive(data) {
    const first = this.setting === null;
    if (first) this.sequence = data.echo;
    this.colours = coloursOf(this.elements.root);
    if (this.drag || data.echo < this.sequence) {
      this.held = data;
      this.schedule();
      return;
    }
    this.held = null;
    this.edits = { signal: new Map(), filter: new Map() };
    const before = this.kept?.count;
    this.signal = float64(data.signal);
    this.filter = float64(data.filter);
    const result = float64(data.result);
    this.setting = {
      flip: data.flip,
      mode: data.mode,
      stride: data.stride,
      dilation: data.dilation,
    };
    this.span = maths.spanOf(this.filter.length, data.dilation);
    this.kept = { start: data.start, step: data.stride, count: result.length };
    this.result = this.shown(result, this.setting);
    this.other = data.flip ? null : this.shown(float64(data.other), this.flipped());
    const exercise = JSON.stringify([data.signal, data.filter, this.setting]);
    this.state.tokens = JSON.parse(data.tokens);
    this.state.limit = data.limit;
    this.state.sentence = data.sentence;
    this.state.source = "numpy";
    if (first && data.position !== null)
      this.go(Math.min(data.position, this.kept.count - 1), false);
    else if (before !== this.kept.count) this.go(Math.round(0.6 * (this.kept.count - 1)), false);
    else this.go(this.current, false);
    // Another signal or filter is another exercise; the results of its edits are hidden already.
    if (!first && this.state.predict && exercise !== this.exercise) this.startPredicting(true);
    this.exercise = exercise;
    if (data.predict !== this.state.predict) this.startPredicting(data.predict);
    this.rearrange();
  }

  /** The browser's own results, for as long as Python's are on their way. */
  preview() {
    this.kept = maths.keptPositions(this.signal.length, this.filter.length, this.setting);
    const slid = (setting) =>
      this.shown(maths.slide(this.signal, this.filter, setting, this.kept), setting);
    this.result = slid(this.setting);
    this.other = this.setting.flip ? null : slid(this.flipped());
    this.state.source = "preview";
    this.state.sentence = "";
    if (this.state.predict) this.forget();
    this.schedule();
  }

  flipped() {
    return { ...this.setting, flip: true };
  }

  shown(result, setting) {
    return maths.withoutDust(result, this.signal, this.filter, setting, this.kept);
  }

  /** @param {"signal"|"filter"} row @param {Map<number, number>} changes */
  edit(row, changes) {
    for (const [index, value] of changes) {
      this[row][index] = value;
      this.edits[row].set(index, value);
      const key = row === "signal" ? "signal" : "kernel";
      if (this.state.tokens[key]) this.state.tokens[key][index] = undefined;
      this.state.chosen[row] = index;
    }
    this.preview();
  }

  send() {
    clearTimeout(this.sending);
    if (!this.edits.signal.size && !this.edits.filter.size) return;
    this.sequence += 1;
    this.component.setTriggerValue("edit", {
      sequence: this.sequence,
      signal: [...this.edits.signal],
      filter: [...this.edits.filter],
    });
  }

  // --- The picture -----------------------------------------------------------------------------

  rearrange() {
    const width = this.elements.picture.clientWidth;
    if (!width || !this.setting) return;
    const { signal, filter, result, other } = this;
    const peak = rangeOf(signal).map(Math.abs);
    const tap = Math.max(...rangeOf(filter).map(Math.abs));
    const most = Math.max(...peak) * tap;
    // Products share the range of all that can occur, so that the scale rests while one slides.
    const products = /** @type {[number, number]} */ (this.productRange(most));
    const ranges = {
      signal: rangeOf(signal),
      filter: rangeOf(filter),
      products,
      result: rangeOf(result),
    };
    if (other) ranges.other = rangeOf(other);
    if (!this.drag)
      this.geometry = arrange({ width, samples: signal.length, span: this.span, ranges });
    this.schedule();
  }

  productRange(most) {
    const [f0, f1] = rangeOf(this.signal);
    const [h0, h1] = rangeOf(this.filter);
    const corners = [f0 * h0, f0 * h1, f1 * h0, f1 * h1];
    return most ? [Math.min(0, ...corners), Math.max(0, ...corners)] : [0, 0];
  }

  scene() {
    const current = this.current;
    const n = this.kept.start + current * this.kept.step;
    const secret = this.isHidden(current);
    const pointed = this.drag?.what === "stem" ? this.drag : (this.focused ?? null);
    const tokens = this.state.tokens;
    return {
      geometry: this.geometry,
      colours: this.colours,
      signal: this.signal,
      filter: this.filter,
      setting: this.setting,
      span: this.span,
      kept: this.kept,
      result: this.result,
      other: this.other,
      current,
      at: this.at,
      secret,
      read: this.read,
      pointed,
      terms: maths.termsAt(this.signal, this.filter, this.setting, n),
      hidden: (j) => this.isHidden(j),
      words: (row, index, value) => {
        const typed =
          row === "signal"
            ? tokens.signal?.[index]
            : row === "filter"
              ? tokens.kernel?.[index]
              : undefined;
        return typed?.includes("/") ? typed.replaceAll("-", "−") : show(value);
      },
    };
  }

  schedule() {
    if (this.frame || !this.setting || !this.geometry) return;
    this.frame = requestAnimationFrame((now) => {
      this.frame = 0;
      this.slideOn(now);
      const scene = this.scene();
      place(this.elements, scene);
      tell(this.elements, scene, this.state);
      draw(this.elements, scene);
      this.last = scene;
      this.paints += 1;
      this.elements.root.dataset.revision = String(this.paints);
      if (this.slideFrom) this.schedule();
    });
  }

  // --- Sliding ---------------------------------------------------------------------------------

  go(j, byHand = true) {
    const next = Math.max(0, Math.min(j, this.kept.count - 1));
    const to = this.kept.start + next * this.kept.step;
    const short =
      Math.abs(to - this.at) <= 3 * this.kept.step &&
      Math.abs(to - this.at) * (this.geometry?.pitch ?? 0) > 6;
    if (byHand && short && !this.calm.matches && !this.scrubbing) {
      this.slideFrom = { at: this.at, to, since: performance.now() };
    } else {
      this.slideFrom = null;
      this.at = to;
    }
    if (next !== this.current) this.state.verdict = "";
    this.current = next;
    if (byHand) {
      clearTimeout(this.movedTimer);
      this.movedTimer = setTimeout(() => {
        if (!this.state.playing) this.component.setTriggerValue("moved", this.current);
      }, 700);
    }
    this.schedule();
  }

  slideOn(now) {
    if (!this.slideFrom) return;
    const part = Math.min(1, Math.max(0, (now - this.slideFrom.since) / SLIDE_MS));
    const eased = 1 - (1 - part) ** 3;
    this.at = this.slideFrom.at + eased * (this.slideFrom.to - this.slideFrom.at);
    if (part === 1) {
      this.at = this.slideFrom.to;
      this.slideFrom = null;
    }
  }

  play() {
    if (this.state.playing) {
      this.pause();
      this.go(this.current);
      return;
    }
    this.state.playing = true;
    if (this.current >= this.kept.count - 1) this.go(0);
    const every = Math.max(30, Math.min(750, 12000 / this.kept.count));
    this.player = setInterval(() => {
      if (this.current >= this.kept.count - 1) {
        this.pause();
        this.go(this.current);
      } else this.go(this.current + 1);
    }, every);
    this.schedule();
  }

  pause() {
    clearInterval(this.player);
    this.state.playing = false;
    this.schedule();
  }

  // --- Predict, then reveal --------------------------------------------------------------------

  startPredicting(on) {
    this.state.predict = on;
    this.state.verdict = "";
    this.score = { right: 0, asked: 0 };
    this.pause();
    if (on) {
      this.go(0, false);
      this.forget();
    }
  }

  forget() {
    this.asked = this.current;
    this.revealed.clear();
    this.state.verdict = "";
  }

  isHidden(j) {
    return this.state.predict && j >= this.asked && !this.revealed.has(j);
  }

  check(guess) {
    const value = this.result[this.current];
    const largest = Math.max(...rangeOf(this.result).map(Math.abs));
    const right = guess !== null && maths.isRight(guess, value, largest);
    this.score.asked += 1;
    if (right) this.score.right += 1;
    this.revealed.add(this.current);
    const said = right ? "Right" : guess === null ? "Here it is" : "Not quite";
    this.state.verdict = `<span class="${right ? "right" : ""}">${said}</span> <span class="muted">${this.score.right} of ${this.score.asked}</span>`;
    this.schedule();
  }

  // --- Hands -----------------------------------------------------------------------------------

  listen() {
    const { canvas, play, back, on, scrubber, guess, guessInput, reveal, next, details, rows } =
      this.elements;
    play.onclick = () => this.play();
    back.onclick = () => this.step(-1);
    on.onclick = () => this.step(1);
    scrubber.oninput = () => {
      this.pause();
      this.go(Number(scrubber.value));
    };
    guess.onsubmit = (event) => {
      event.preventDefault();
      const value = maths.parseGuess(guessInput.value);
      if (value === null) {
        this.state.verdict = "Type a number, such as −2 or 1/3";
        this.schedule();
        return;
      }
      guessInput.value = "";
      this.check(value);
      next.hidden = this.current >= this.kept.count - 1;
      if (!next.hidden) next.focus();
    };
    reveal.onclick = () => this.check(null);
    next.onclick = () => {
      this.go(this.current + 1);
      guess.hidden = false;
      guessInput.focus();
    };
    details.ontoggle = () => this.schedule();
    this.elements.csv.onclick = () => this.download();

    canvas.onpointerdown = (event) => this.down(event);
    canvas.onpointermove = (event) => this.move(event);
    canvas.onpointerup = (event) => this.up(event);
    canvas.onpointercancel = (event) => this.up(event);
    canvas.onpointerleave = () => {
      if (this.drag || !this.read) return;
      this.read = null;
      this.schedule();
    };
    // A finger on a stem drags it; anywhere else it scrolls the page.
    canvas.addEventListener(
      "touchstart",
      (event) => {
        const touch = event.touches[0];
        const grip =
          this.last && event.touches.length === 1 && gripAt(this.last, ...this.spot(touch));
        if (grip?.what === "stem") event.preventDefault();
      },
      { passive: false },
    );
    canvas.style.touchAction = "pan-y";
    for (const row of /** @type {const} */ (["signal", "filter"])) {
      rows[row].onkeydown = (event) => this.key(event, row);
      rows[row].onfocus = () => {
        this.focused = { row, index: Math.min(this.state.chosen[row], this[row].length - 1) };
        this.schedule();
      };
      rows[row].onblur = () => {
        this.focused = null;
        this.schedule();
      };
    }
    this.elements.root.addEventListener("keydown", (event) => {
      if (event.target instanceof HTMLInputElement || event.target.closest("details, .row")) return;
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      this.step(by);
    });
  }

  step(by) {
    this.pause();
    this.go(this.current + by);
  }

  /** @returns {[number, number]} */
  spot(event) {
    const box = this.elements.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  down(event) {
    if (event.button !== 0 || !this.last) return;
    const [x, y] = this.spot(event);
    const grip = gripAt(this.last, x, y);
    if (!grip) return;
    this.elements.canvas.setPointerCapture(event.pointerId);
    this.pause();
    this.slideFrom = null;
    this.at = this.kept.start + this.current * this.kept.step;
    this.drag = { ...grip, from: { x, y }, pointer: event.pointerId, moved: false };
    if (grip.what === "stem") {
      clearTimeout(this.sending);
      this.state.chosen[grip.row] = grip.index;
      this.elements.rows[grip.row].focus({ preventScroll: true });
      const row = this.geometry.rows[grip.row];
      this.drag.grow = maths.roundStep(row.hi - row.lo);
      // One takes hold of a stem wherever one touches it; its tip then follows the pointer's moves.
      this.drag.offset =
        this.geometry.pitch >= 10 ? tipOf(this.last, grip.row, grip.index).y - y : 0;
    } else {
      this.scrubbing = true;
      this.go(outputAt(this.last, x));
    }
    this.schedule();
  }

  move(event) {
    if (!this.last) return;
    const [x, y] = this.spot(event);
    const { drag } = this;
    if (!drag) {
      this.hover(x, y);
      return;
    }
    if (event.pointerId !== drag.pointer) return;
    if (drag.what === "slide") {
      this.go(outputAt(this.last, x));
      return;
    }
    if (!drag.moved && Math.hypot(x - drag.from.x, y - drag.from.y) < 2) return;
    drag.moved = true;
    const to = { x, y: y + drag.offset };
    const from = { x: drag.from.x, y: drag.from.y + drag.offset };
    const changes = strokeOf(this.last, drag, from, to, drag.grow);
    drag.from = { x, y };
    if (!changes.size) return;
    drag.index = [...changes.keys()].at(-1);
    this.edit(drag.row, changes);
  }

  up(event) {
    const { drag } = this;
    if (!drag || event.pointerId !== drag.pointer) return;
    this.drag = null;
    this.scrubbing = false;
    if (drag.what === "stem") {
      this.focused = { row: drag.row, index: drag.index };
      if (drag.moved) this.send();
      else if (this.held && this.held.echo >= this.sequence) this.receive(this.held);
    } else if (this.held && this.held.echo >= this.sequence) this.receive(this.held);
    this.rearrange();
  }

  hover(x, y) {
    const grip = gripAt(this.last, x, y);
    const { canvas } = this.elements;
    canvas.style.cursor = grip?.what === "stem" ? "ns-resize" : grip ? "ew-resize" : "default";
    const before = this.read;
    const rows = Object.entries(this.geometry.rows).filter(([, row]) => y >= row.top - 6);
    const name = rows.length ? rows[rows.length - 1][0] : null;
    this.read = grip && name ? { row: name, n: Math.round(this.geometry.n(x)) } : null;
    if (before?.row !== this.read?.row || before?.n !== this.read?.n) this.schedule();
  }

  /** @param {KeyboardEvent} event @param {"signal"|"filter"} row */
  key(event, row) {
    const values = this[row];
    const index = Math.min(this.state.chosen[row], values.length - 1);
    // The flipped filter's first tap stands at the right: keys go as the picture does.
    const onwards = row === "filter" && this.setting.flip ? -1 : 1;
    const scale = this.geometry.rows[row];
    const step = maths.roundStep(scale.hi - scale.lo) * (event.shiftKey ? 10 : 1);
    const choose = {
      ArrowLeft: index - onwards,
      ArrowRight: index + onwards,
      Home: 0,
      End: values.length - 1,
    }[event.key];
    const by = { ArrowUp: step, ArrowDown: -step, PageUp: 10 * step, PageDown: -10 * step }[
      event.key
    ];
    if (choose === undefined && by === undefined) return;
    event.preventDefault();
    if (choose !== undefined) {
      this.state.chosen[row] = Math.max(0, Math.min(choose, values.length - 1));
    } else {
      const limit = this.state.limit;
      const value = Math.max(-limit, Math.min(limit, maths.snap(values[index] + by, Math.abs(by))));
      this.edit(row, new Map([[index, value]]));
      clearTimeout(this.sending);
      this.sending = setTimeout(() => this.send(), 350);
    }
    this.focused = { row, index: this.state.chosen[row] };
    this.rearrange();
  }

  download() {
    const text = maths.csv(this.signal, this.filter, this.result, this.kept, this.span);
    const name = this.setting.flip ? "convolution.csv" : "cross-correlation.csv";
    download(name, text, "text/csv");
  }
}
