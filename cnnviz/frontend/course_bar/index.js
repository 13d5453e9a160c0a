/**
 * The strip of a lesson: a step's words, what to do or to answer, and the way on.
 * @module
 */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/arrows.js";
import "../shared/colormap.js";
import "../shared/numbers.js";
import "../shared/palette.js";
import "../shared/storage.js";
import "./places.js";
import { writeAddress } from "../shared/address.js";
import { h, one, setHidden, setText } from "../shared/dom.js";
import { follow, stateOf, tell } from "../shared/lesson_state.js";
import { onPresentation, presents } from "../shared/presentation.js";
import { renderer } from "../shared/renderer.js";
import { beginAnew } from "../shared/wishes.js";
import { numberIn } from "./answers.js";
import { forget, keep, kept } from "./before.js";
import { bringIntoView, forgetStep } from "./into_view.js";
import { marked, setSheet, sheetOf, takeSheet } from "./marks.js";
import { Picture } from "./picture.js";
import { PinTeller } from "./pin.js";

/**
 * What cnnviz/ui/lessons/bar.py sends. `labels` are the strip's own words in the lesson's language.
 * @typedef {object} Data
 * @property {string} at  names the lesson and the step
 * @property {string} lesson
 * @property {string} language  of the words, as "de"
 * @property {string} name  the lesson's
 * @property {Record<string, string>|null} had  before the lesson, as links have it; null where a
 *   session began with it
 * @property {number} begun  how often a step has set up its page
 * @property {number} step  from 1
 * @property {number} of
 * @property {string} kind
 * @property {string} words
 * @property {string} rules  of a question: how it is answered, and whether the app may be used
 * @property {string} task  what to do, or the question
 * @property {string[]} choices
 * @property {boolean} asks  whether an answer is wanted
 * @property {string} unit
 * @property {{values: number[][], ink: boolean}|null} picture  to answer in, row by row
 * @property {{right: boolean, said: string, given: number|[number, number]}|null} answered
 * @property {string} facts  of an answered question: what of the page it was about, as JSON
 * @property {import("../shared/lesson_state.js").State|null} state  of a task
 * @property {boolean} closed  whether the page is covered until there is an answer
 * @property {string} mark  a selector of the page
 * @property {string[]} parts  which parts of that component are meant; none where it is all of it
 * @property {string} pin  the unit that Python knows to be pinned, "" for none
 * @property {string} notes  the teacher's, "" for none
 * @property {Record<string, string>} labels
 * @typedef {import("../shared/component.js").Component<Data>} Component
 */

const LOOK_MS = 200;

// On another page the strip is another element, made anew as often as Streamlit likes.
/** Whether somebody has just gone on. */
let moved = false;
/** The step that was come to so. */
let arrived = "";
/** How often a page was set up, as far as it has been told. */
let begun = 0;

/** Whether the focus is nowhere, or in a strip: one that is about to go. */
function focusIsFree() {
  const active = document.activeElement;
  return active === document.body || Boolean(active?.shadowRoot?.querySelector(".course-bar"));
}

class CourseBar {
  /** @param {Component} component */
  constructor({ parentElement, setTriggerValue }) {
    this.send = setTriggerValue;
    this.isFolded = false;
    /** Whether the lesson has been left. */
    this.goes = false;
    /** @type {Data|null} */ this.data = null;
    this.name = h("h2");
    this.place = h("p.place");
    this.progress = h("progress", { max: 1 });
    this.leave = h("button.leave", { type: "button", onclick: () => this.#move("leave") });
    // On a telephone the strip is a sheet over the page.
    this.fold = h("button.fold", { type: "button", onclick: () => this.#fold(!this.isFolded) });
    this.words = h("p.words");
    this.task = h("p.task");
    this.form = h("form", { onsubmit: (/** @type {Event} */ event) => this.#typed(event) });
    this.picture = new Picture((place) => this.send("answer", place));
    this.said = h("p.said", { role: "status" });
    this.notes = h("p.notes");
    // Read out as a step comes; the eye has the same words in their places.
    this.heard = h("p.heard", { "aria-live": "polite" });
    this.asks = h("div.asks", {}, this.words, this.task, this.form, this.picture.root, this.notes);
    this.rules = h("p.rules");
    this.says = h("div.says", {}, this.said, this.rules);
    this.back = h("button", { type: "button", onclick: () => this.#move("back") });
    this.next = h("button.next", { type: "button", onclick: () => this.#move("next") });
    this.region = h(
      "section",
      {},
      h("div.head", {}, this.name, this.place, this.progress, this.leave, this.fold),
      this.asks,
      this.says,
      this.heard,
      h("div.ways", {}, this.back, this.next),
    );
    one(parentElement, ".course-bar", HTMLElement).replaceChildren(this.region);
    this.listening = new AbortController();
    const { signal } = this.listening;
    follow(() => this.#show(), signal);
    const apply = () => {
      this.region.classList.toggle("large", presents());
      this.#reachable();
    };
    addEventListener("resize", apply, { signal });
    this.endPresentation = onPresentation(apply);
    apply();
    this.pin = new PinTeller();
    // The address is the one place where every view writes what is pinned.
    this.timer = setInterval(() => this.#lookAtPin(), LOOK_MS);
  }

  close() {
    this.listening.abort();
    this.endPresentation();
    clearInterval(this.timer);
    takeSheet(this);
  }

  /** @param {Component} component */
  receive({ data }) {
    const other = this.data?.at !== data.at;
    this.data = data;
    if (data.state) tell(data.state);
    this.#keepBefore(data);
    if (data.begun !== begun) {
      begun = data.begun;
      // What was pinned by hand, or came to rest, would be taken for done at this step.
      writeAddress({ pin: null });
      beginAnew();
    }
    if (other) {
      this.#keepFocus(data.step === 1);
      this.#build(data);
      setText(
        this.heard,
        [`${data.step} / ${data.of}.`, data.words, data.task, data.rules].join(" ").trim(),
      );
    }
    this.#show();
    if (other && moved) arrived = data.at;
    if (other) moved = false;
    if (other && arrived === data.at && !this.region.matches(":focus-within") && focusIsFree())
      this.next.focus({ preventScroll: true });
  }

  /** @param {Data} data */
  #keepBefore({ name, had }) {
    if (this.goes) return;
    if (had) {
      keep(name, had);
      return;
    }
    const before = kept(name);
    if (before) this.send("before", before);
  }

  /** @param {Data} data */
  #build({ asks, choices, labels, unit, task, picture }) {
    const give = (/** @type {number} */ place) => () => this.send("answer", place);
    const buttons = choices.map((text, place) =>
      h("button.choice", { type: "button", onclick: give(place) }, text),
    );
    this.field = h("input", { inputmode: "text", autocomplete: "off", "aria-label": task });
    const typed = [this.field, unit, h("button", { type: "submit" }, labels.say)];
    this.form.replaceChildren(...(choices.length ? buttons : typed));
    this.form.hidden = !asks || picture !== null;
    this.asks.scrollTop = 0;
    this.says.scrollTop = 0;
    this.#fold(false);
  }

  /**
   * Where the focus would be lost with what has it, it goes on to *Next*.
   * @param {boolean} first  whether this is the first step, which has no way back
   */
  #keepFocus(first) {
    const goes = [this.form, this.picture.root, ...(first ? [this.back] : [])];
    if (goes.some((each) => each.matches(":focus-within"))) this.next.focus();
  }

  #show() {
    const { data } = this;
    if (!data) return;
    const { labels, answered } = data;
    const state = stateOf(data.at);
    const done = data.kind === "do" && state !== null && state.left === null;
    const { words, task } = state?.said ?? data;
    this.region.setAttribute("aria-label", data.lesson);
    this.region.dataset.at = data.at;
    // For whoever checks lessons (cnnviz/commands/lesson_player.py); not before there is an answer.
    this.region.dataset.facts = data.facts;
    this.region.lang = data.language;
    setText(this.name, data.lesson);
    setText(this.place, `${data.step} / ${data.of}`);
    this.progress.value = data.step / data.of;
    setText(this.leave, labels.leave);
    setText(this.words, words);
    setHidden(this.words, !words);
    setText(this.rules, data.rules);
    setHidden(this.rules, !data.rules || answered !== null);
    setText(this.task, task);
    setHidden(this.task, !task);
    if (data.asks) this.field?.setAttribute("aria-label", task);
    setText(this.notes, data.notes);
    setHidden(this.notes, !data.notes);
    setText(this.said, this.#saying(state));
    this.said.classList.toggle("right", done || answered?.right === true);
    this.said.classList.toggle("wrong", answered?.right === false);
    setText(this.back, labels.back);
    this.back.disabled = data.step === 1;
    const open = (data.kind === "do" && !done) || (data.asks && !answered);
    setText(this.next, this.#onwards(open));
    this.next.classList.toggle("open", open);
    this.#markGiven(answered);
    this.#showPicture(data);
    this.#reachable();
    const isCovered = data.closed && !answered;
    setSheet(this, sheetOf(data.mark, data.parts, isCovered));
    const isMarked = data.mark !== "" && !isCovered;
    bringIntoView(this.region, data.at, isMarked ? () => marked(data.mark, data.parts) : null);
  }

  /**
   * Which choice was given, and whether it or a typed number is wrong, stays to be seen.
   * @param {Data["answered"]} answered
   */
  #markGiven(answered) {
    const buttons = /** @type {NodeListOf<HTMLElement>} */ (this.form.querySelectorAll(".choice"));
    buttons.forEach((button, place) => {
      const given = answered?.given === place;
      button.setAttribute("aria-pressed", String(given));
      button.classList.toggle("right", given && answered.right);
      button.classList.toggle("wrong", given && !answered.right);
    });
    this.field?.setAttribute("aria-invalid", String(answered?.right === false));
  }

  /** Until the right place was found: then the page itself is there to be looked at. @param {Data} data */
  #showPicture({ picture, answered, task, labels }) {
    const { row, column } = labels;
    const given = Array.isArray(answered?.given) ? answered.given : null;
    const wanted = picture !== null && answered?.right !== true;
    if (!wanted && this.picture.root.matches(":focus-within")) this.next.focus();
    this.picture.show(wanted ? { ...picture, label: task, given } : null, { row, column });
  }

  /** What has to be scrolled can be, by keys. */
  #reachable() {
    for (const part of [this.asks, this.says])
      part.toggleAttribute("data-long", part.scrollHeight > part.clientHeight + 1);
    for (const part of [this.asks, this.says])
      if (part.hasAttribute("data-long")) part.tabIndex = 0;
      else part.removeAttribute("tabindex");
  }

  /** @param {boolean} isFolded */
  #fold(isFolded) {
    this.isFolded = isFolded;
    const { labels } = /** @type {Data} */ (this.data);
    this.region.classList.toggle("folded", isFolded);
    this.fold.setAttribute("aria-expanded", String(!isFolded));
    setText(this.fold, isFolded ? labels.unfold : labels.fold);
    this.#reachable();
  }

  /** @param {boolean} open  whether something is left to do here */
  #onwards(open) {
    const { step, of, labels } = /** @type {Data} */ (this.data);
    if (open) return labels.skip;
    return step === of ? labels.finish : labels.next;
  }

  /** @param {import("../shared/lesson_state.js").State|null} state */
  #saying(state) {
    const { kind, answered } = /** @type {Data} */ (this.data);
    if (answered) return answered.said;
    return kind === "do" && state ? (state.left ?? state.done) : "";
  }

  /** @param {string} way */
  #move(way) {
    moved = way !== "leave";
    this.goes = way === "leave" || (way === "next" && this.data?.step === this.data?.of);
    if (this.goes) {
      forget();
      forgetStep();
    }
    this.send("move", way);
  }

  /** @param {Event} event */
  #typed(event) {
    event.preventDefault();
    const value = numberIn(this.field?.value ?? "", this.region.lang);
    if (value === null) setText(this.said, this.data?.labels.number ?? "");
    else this.send("answer", value);
  }

  #lookAtPin() {
    if (!this.data) return;
    const pin = new URLSearchParams(location.search).get("pin") ?? "";
    const told = this.pin.next(pin, this.data.pin, performance.now());
    if (told !== null) this.send("pin", told);
  }
}

export default renderer((component) => new CourseBar(component));
