/**
 * Sees to it that a part of a page is run again and again: one element in the part says each time
 * that it has been, another outside of it asks for the whole page when that hasn't been said for too
 * long. It asks ever more seldom, for each time runs the page.
 * @module
 */
// Every module below, so that a browser asks for all at once; a test holds the list complete.
import { renderer } from "../shared/renderer.js";

/**
 * @typedef {{part: string, patience?: number, beat?: number}} Data  what components/awake.py sends:
 *   a patience in milliseconds, or a beat
 * @typedef {import("../shared/component.js").Component<Data>} Component
 */

const BEAT = "cnnviz-beat";

class Beat {
  last = -1;

  /** @param {Data} data */
  receive({ part, beat = 0 }) {
    if (beat === this.last) return;
    this.last = beat;
    dispatchEvent(new CustomEvent(BEAT, { detail: part }));
  }

  close() {}
}

class Watch {
  /** @param {Component["setTriggerValue"]} send */
  constructor(send) {
    this.send = send;
    this.timer = 0;
    this.times = 1;
    /** @type {Data} */ this.data = { part: "" };
    /** @param {Event} event */
    this.heard = (event) => {
      if (/** @type {CustomEvent} */ (event).detail !== this.data.part) return;
      this.times = 1;
      this.#wait();
    };
    addEventListener(BEAT, this.heard);
  }

  /** @param {Data} data */
  receive(data) {
    this.data = data;
    if (!this.timer) this.#wait();
  }

  close() {
    clearTimeout(this.timer);
    removeEventListener(BEAT, this.heard);
  }

  #wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), this.times * (this.data.patience ?? 0));
  }

  #ask() {
    this.send("asleep", true);
    this.times *= 2;
    this.#wait();
  }
}

class Awake {
  /** @param {Component} component */
  constructor({ data, setTriggerValue }) {
    this.role = data.beat === undefined ? new Watch(setTriggerValue) : new Beat();
  }

  /** @param {Component} component */
  receive({ data }) {
    this.role.receive(data);
  }

  close() {
    this.role.close();
  }
}

export default renderer((component) => new Awake(component));
