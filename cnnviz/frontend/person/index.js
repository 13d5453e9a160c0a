/**
 * Which person this browser's is: a secret that it keeps in its local storage and tells the server.
 *
 * The server offers one. A browser that has one already tells that; so do two tabs that open at the
 * same time. Where nothing can be stored, the offered one holds for as long as the page is open.
 * @module
 */
// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/storage.js";
import { renderer } from "../shared/renderer.js";
import { KEY, Secrets } from "./secrets.js";

/**
 * @typedef {{token: string, teacher: string|null}} Data  what cnnviz/components/person.py sends
 * @typedef {import("../shared/component.js").Component<Data>} Component
 */

const AGAIN_MS = 2000; // the first time; then twice as long each time
const SELDOM_MS = 60_000; // a longer wait than 24 days would be none

class Person {
  /** @param {Component} component */
  constructor({ setStateValue }) {
    this.send = setStateValue;
    this.secrets = new Secrets(() => localStorage);
    this.timer = 0;
    this.again = AGAIN_MS;
    /** @type {string|null} */ this.teacher = null;
    // Another tab has stored one at the same time as this one.
    /** @param {StorageEvent} event */
    this.changed = ({ key }) => {
      if (key === KEY && this.data) this.settle(this.data);
    };
    addEventListener("storage", this.changed);
  }

  /** @param {Component} component */
  receive({ data }) {
    this.data = data;
    this.settle(data);
  }

  /** @param {Data} data */
  settle(data) {
    clearTimeout(this.timer);
    const { token, teacher } = this.secrets.settle(data);
    if (teacher !== this.teacher) {
      this.teacher = teacher;
      this.send("teacher", teacher);
    }
    if (token === data.token) return;
    // Told again until the server says the same: what is told while a page runs can be lost.
    this.send("token", token);
    this.timer = window.setTimeout(() => this.settle(data), this.again);
    this.again = Math.min(2 * this.again, SELDOM_MS);
  }

  close() {
    clearTimeout(this.timer);
    removeEventListener("storage", this.changed);
  }
}

export default renderer((component) => new Person(component));
