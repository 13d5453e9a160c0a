/**
 * What a person has answered, rated and played of the course stays in their browser's local storage
 * and nowhere else: it is told to the session that shows it.
 * @module
 */
// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/storage.js";
import { renderer } from "../shared/renderer.js";
import { KEY } from "./record.js";
import { CourseStorage } from "./storage.js";

/**
 * @typedef {import("./storage.js").Known} Data  what cnnviz/components/course_kept.py sends
 * @typedef {import("../shared/component.js").Component<Data>} Component
 */

const AGAIN_MS = 2000; // the first time; then twice as long each time
const SELDOM_MS = 60_000;

// Outlives the element, which goes and comes with its page: the session is the document's.
/** @type {CourseStorage|null} */
let storage = null;

class Kept {
  /** @param {Component} component */
  constructor({ setStateValue }) {
    this.send = setStateValue;
    storage ??= new CourseStorage(() => localStorage);
    this.timer = 0;
    this.again = AGAIN_MS;
    // Another tab has answered, or erased.
    /** @param {StorageEvent} event */
    this.changed = ({ key }) => {
      if (key === KEY || key === null) this.settle();
    };
    addEventListener("storage", this.changed);
  }

  /** @param {Component} component */
  receive({ data }) {
    this.data = data;
    this.again = AGAIN_MS;
    this.settle();
  }

  settle() {
    clearTimeout(this.timer);
    const message = this.data && storage?.settle(this.data);
    if (!message) return;
    // Told again until the server says the same: what is told while a page runs can be lost.
    this.send("told", message);
    this.timer = window.setTimeout(() => this.settle(), this.again);
    this.again = Math.min(2 * this.again, SELDOM_MS);
  }

  close() {
    clearTimeout(this.timer);
    removeEventListener("storage", this.changed);
  }
}

export default renderer((component) => new Kept(component));
