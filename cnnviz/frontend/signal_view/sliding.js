/**
 * The filter's way from result to result: by hand, in steps, or playing.
 * @module
 */

import { onBeginAnew } from "../shared/wishes.js";
import { Position } from "./position.js";

// How long somebody rests at a result before the page is told.
const REST_MS = 700;

/**
 * Where a hand was last on each page, by its path, of how many results: one may go to another page
 * before it has come to rest, and Python knows nothing of it.
 * @type {Map<string, {position: number, count: number}>}
 */
const left = new Map();
onBeginAnew(() => left.clear());

export class Sliding {
  /** @param {import("./view.js").View} view */
  constructor(view) {
    this.view = view;
    this.position = new Position();
    this.playing = false;
    this.player = 0;
    this.resting = 0;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    /** Where to begin. */
    this.usual = 0;
    /** Whether nobody has said where to stand: no hand, and no link. */
    this.isUntouched = true;
    this.stopAnew = onBeginAnew(() => {
      this.#stay();
      this.isUntouched = true;
      view.begin();
    });
  }

  /**
   * Stand where a hand was last on this page, or else at `position`, or else at `usual`; Python is
   * told where it knows another.
   * @param {number | null} position  Python's word
   * @param {number} usual
   */
  open(position, usual) {
    this.usual = usual;
    const last = left.get(location.pathname);
    const known = last?.count === this.view.model.numbers.kept.count ? last.position : position;
    this.isUntouched = known === null;
    this.go(known ?? usual, known !== position);
  }

  close() {
    this.stopAnew();
    this.#stay();
  }

  /** Wherever it is, without a word of it to Python. */
  #stay() {
    this.pause();
    clearTimeout(this.resting);
  }

  /** @param {number} j @param {boolean} [byHand] */
  go(j, byHand = true) {
    const { position, view } = this;
    const { model } = view;
    const { kept } = model.numbers;
    const next = Math.max(0, Math.min(j, kept.count - 1));
    const far = Math.abs(model.positionOf(next) - position.at);
    const short = far <= 3 * kept.step && far * (view.geometry?.pitch ?? 0) > 6;
    const slides = byHand && short && !this.calm.matches && !view.hands.scrubbing;
    if (position.go(next, kept, slides ? performance.now() : null)) view.prediction.moved();
    if (byHand) {
      this.isUntouched = false;
      left.set(location.pathname, { position: next, count: kept.count });
      this.#rest();
    }
    this.view.schedule();
  }

  /** Tell Python where the hand came to rest. */
  #rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      const { component, model } = this.view;
      // An edit is on its way: told now, Python would take the text field's old text for typed.
      if (model.source === "preview" && !model.alone) this.#rest();
      else if (!this.playing) component.setTriggerValue("moved", this.position.current);
    }, REST_MS);
  }

  /** @param {number} by */
  step(by) {
    this.pause();
    this.go(this.position.current + by);
  }

  get isAtEnd() {
    return this.position.current >= this.view.model.numbers.kept.count - 1;
  }

  play() {
    if (this.playing) {
      this.stop();
      return;
    }
    this.playing = true;
    if (this.isAtEnd) this.go(0);
    const every = Math.max(30, Math.min(750, 12000 / this.view.model.numbers.kept.count));
    this.player = setInterval(() => {
      if (this.isAtEnd) this.stop();
      else this.go(this.position.current + 1);
    }, every);
    this.view.schedule();
  }

  /** End playing, and tell the page where. */
  stop() {
    this.pause();
    this.go(this.position.current);
  }

  pause() {
    clearInterval(this.player);
    this.playing = false;
    this.view.schedule();
  }
}
