/**
 * The course, offered once: to whoever opens the app for the first time in a browser, and by a plain
 * address. One who follows a link to something specific has come for that.
 * @module
 */
import { h, setHidden } from "../shared/dom.js";
import { writeTo } from "../shared/storage.js";

/** What a browser keeps once the course was taken or declined, or something was drawn. */
export const KEY = "cnnviz.met";
const DRAWN_ON = ".st-key-draw, .st-key-teach_try";
const COURSE = "lessons";

/**
 * Whether it is offered.
 * @param {object} visit
 * @param {boolean} visit.met  whether the browser knows the app
 * @param {string} visit.opened  the address that the document was opened with
 * @param {string} visit.path  of the page
 * @param {boolean} visit.plays  whether a lesson is played
 */
export function isOffered({ met, opened, path, plays }) {
  return !met && !plays && !new URL(opened).search && !isCourse(path);
}

/** @param {string} path */
function isCourse(path) {
  return path.replace(/\/$/, "").endsWith(`/${COURSE}`);
}

function openedWith() {
  const [visit] = performance.getEntriesByType("navigation");
  return visit?.name ?? location.href;
}

/** Where nothing can be kept it isn't offered: it would be again and again. */
function isMet() {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return true;
  }
}

export class Offer {
  /**
   * @param {HTMLElement} place  that it stands beside, and never moves
   * @param {HTMLElement} after  what has the focus once it has gone
   */
  constructor(place, after) {
    this.after = after;
    this.plays = false;
    const decline = h("button", { type: "button", onclick: () => this.#settle() }, "no, thanks");
    const take = h("a", { href: COURSE, onclick: () => this.#settle() }, "Start with the lessons");
    const words = h("p", {}, h("span.ask", {}, "New here? "), take);
    this.offer = h(
      "div.cnnviz-offer",
      { role: "group", "aria-label": "New here?" },
      words,
      decline,
    );
    this.offer.hidden = true;
    place.append(this.offer);
    this.listening = new AbortController();
    const { signal } = this.listening;
    const pressed = (/** @type {Event} */ { target }) => {
      if (target instanceof Element && target.closest(DRAWN_ON)) this.#settle();
    };
    document.addEventListener("pointerdown", pressed, { capture: true, signal });
    // Settled in another tab.
    addEventListener("storage", ({ key }) => key === KEY && this.#show(), { signal });
  }

  /** @param {boolean} plays  whether a lesson is played */
  receive(plays) {
    this.plays = plays;
    if (plays || isCourse(location.pathname)) this.#settle();
    else this.#show();
  }

  close() {
    this.listening.abort();
  }

  #show() {
    const visit = { met: isMet(), opened: openedWith(), path: location.pathname };
    const shown = isOffered({ ...visit, plays: this.plays });
    const focused = this.offer.contains(document.activeElement);
    setHidden(this.offer, !shown);
    // Not before: what has the focus then may have been hidden to make room.
    if (!shown && focused) this.after.focus();
  }

  #settle() {
    if (!isMet()) writeTo(() => localStorage, KEY, "1");
    this.#show();
  }
}
