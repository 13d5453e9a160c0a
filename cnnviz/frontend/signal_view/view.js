/**
 * The view itself: what Python sends and what hands do, once a frame onto the page.
 *
 * @typedef {import("./types.js").Data} Data
 * @typedef {import("../shared/component.js").Component<Data>} Component
 */

import { presentation } from "../shared/presentation.js";
import { listenToButtons } from "./buttons.js";
import { draw } from "./canvas.js";
import { build, coloursOf } from "./elements.js";
import { commitOnEnter } from "./enter.js";
import { arrange, productRange, rangeOf } from "./geometry.js";
import { Hands } from "./hands.js";
import { parseGuess } from "./maths.js";
import { Model } from "./model.js";
import { place } from "./place.js";
import { tipOf } from "./pointer.js";
import { Prediction } from "./prediction.js";
import { Sliding } from "./sliding.js";
import { tell } from "./tell.js";

export class View {
  /** @param {Component} component */
  constructor(component) {
    this.component = component;
    this.elements = build(component.parentElement);
    this.colours = coloursOf(this.elements.root);
    this.model = new Model(component.data);
    this.sliding = new Sliding(this);
    this.prediction = new Prediction();
    this.dragged = false;
    /** @type {import("./geometry.js").Geometry | null} */
    this.geometry = null;
    /** @type {import("./types.js").Scene | null} */
    this.last = null;
    /** Values that came while a stem was held. @type {Data | null} */
    this.held = null;
    this.frame = 0;
    this.sending = 0;
    this.paints = 0;
    this.hands = new Hands(this);
    // For whoever measures or tests: where a stem's tip is, in the canvas.
    Object.assign(this.elements.root, {
      tipOf: (/** @type {import("./types.js").EditableRow} */ row, /** @type {number} */ index) =>
        this.last && tipOf(this.last, row, index),
    });
    this.endPresentation = presentation(this.elements.root);
    this.observer = new ResizeObserver(() => this.rearrange());
    this.observer.observe(this.elements.picture);
    listenToButtons(this);
    this.stopListening = commitOnEnter(["signal", "filter"]);
    // The canvas draws text: again, once the fonts have come.
    document.fonts?.ready.then(() => this.schedule());
    this.open(component.data);
  }

  close() {
    this.observer.disconnect();
    this.endPresentation();
    this.stopListening();
    this.sliding.close();
    clearTimeout(this.sending);
    cancelAnimationFrame(this.frame);
  }

  // --- Python's values -------------------------------------------------------------------------

  /** @param {Data} data */
  open({ position, predict }) {
    const { count } = this.model.numbers.kept;
    this.sliding.open(position, middle(count));
    if (predict) this.predict(true);
    this.rearrange();
  }

  /** @param {Component} component */
  receive(component) {
    this.component = component;
    this.colours = coloursOf(this.elements.root);
    this.take(component.data);
  }

  /** @param {Data} data */
  take(data) {
    if (this.hands.drag || !this.model.isFresh(data)) {
      this.held = data;
      this.schedule();
      return;
    }
    this.held = null;
    const { exercise, numbers } = this.model;
    this.model.take(data);
    const { count } = this.model.numbers.kept;
    this.sliding.usual = middle(count);
    this.sliding.go(
      count === numbers.kept.count ? this.sliding.position.current : middle(count),
      false,
    );
    // The results of an edit are hidden already.
    if (this.prediction.on && exercise !== this.model.exercise) this.predict(true);
    if (data.predict !== this.prediction.on) this.predict(data.predict);
    this.rearrange();
  }

  /** What waited while a stem was held, if it is still the newest. */
  takeHeld() {
    if (this.held && this.model.isFresh(this.held)) this.take(this.held);
  }

  /**
   * @param {import("./types.js").EditableRow} row
   * @param {Map<number, number>} changes
   */
  edit(row, changes) {
    this.dragged = true;
    this.model.edit(row, changes);
    if (this.prediction.on) this.prediction.forget(this.sliding.position.current);
    this.schedule();
  }

  /** Send the edits to Python. */
  send() {
    clearTimeout(this.sending);
    const message = this.model.message();
    if (message) this.component.setTriggerValue("edit", message);
  }

  /** @param {number} ms */
  sendAfter(ms) {
    clearTimeout(this.sending);
    this.sending = setTimeout(() => this.send(), ms);
  }

  // --- The picture -----------------------------------------------------------------------------

  rearrange() {
    const width = this.elements.picture.clientWidth;
    if (!width) return;
    const { signal, filter, result, other, span } = this.model.numbers;
    /** @type {Record<string, [number, number]>} */
    const ranges = {
      signal: rangeOf(signal),
      filter: rangeOf(filter),
      products: productRange(signal, filter),
      result: rangeOf(result),
    };
    if (other) ranges.other = rangeOf(other);
    if (!this.hands.drag) this.geometry = arrange({ width, samples: signal.length, span, ranges });
    this.schedule();
  }

  /**
   * @param {import("./geometry.js").Geometry} geometry
   * @returns {import("./types.js").Scene}
   */
  scene(geometry) {
    const { model, prediction, hands } = this;
    const { position } = this.sliding;
    return {
      ...model.numbers,
      geometry,
      colours: this.colours,
      terms: model.termsOf(position.current),
      current: position.current,
      at: position.at,
      secret: prediction.hides(position.current),
      hidden: (j) => prediction.hides(j),
      guesses: prediction.guesses,
      inviting: !this.dragged && !this.hands.drag,
      pointed: hands.pointed(),
      read: hands.read,
      words: (row, index, value) => model.wordOf(row, index, value),
    };
  }

  schedule() {
    if (this.frame || !this.geometry) return;
    this.frame = requestAnimationFrame((now) => {
      this.frame = 0;
      this.sliding.position.advance(now);
      if (this.geometry) this.show(this.scene(this.geometry));
      if (this.sliding.position.slide) this.schedule();
    });
  }

  /** @param {import("./types.js").Scene} scene */
  show(scene) {
    const { alone, limit, sentence, source, tokens } = this.model;
    place(this.elements, scene);
    tell(this.elements, scene, {
      ...{ alone, limit, sentence, source, tokens },
      playing: this.sliding.playing,
      predicting: this.prediction.on,
      verdict: this.prediction.verdictOf(this.sliding.position.current),
      chosen: this.hands.chosen,
    });
    draw(this.elements.canvas, scene);
    this.last = scene;
    this.paints += 1;
    this.elements.root.dataset.revision = String(this.paints);
  }

  // --- Predict, then reveal --------------------------------------------------------------------

  /** As if the page had just been opened. */
  begin() {
    this.predict(this.prediction.on);
  }

  /** From the first result on; where none is hidden, from where one usually begins. @param {boolean} on */
  predict(on) {
    this.sliding.pause();
    if (on) this.sliding.go(0, false);
    else if (this.sliding.isUntouched) this.sliding.go(this.sliding.usual, false);
    this.prediction.start(on);
  }

  /** @param {number | null} guess */
  check(guess) {
    this.prediction.check(guess, this.sliding.position.current, this.model.numbers.result);
    this.schedule();
  }

  guess() {
    const { guessInput, next } = this.elements;
    const value = parseGuess(guessInput.value);
    if (value === null) {
      this.prediction.refuse();
      this.schedule();
      return;
    }
    guessInput.value = "";
    this.check(value);
    next.hidden = this.sliding.isAtEnd;
    if (!next.hidden) next.focus();
  }
}

/** Where a view opens: past the middle, with something behind it and something to come.
 * @param {number} count
 */
const middle = (count) => Math.round(0.6 * (count - 1));
