/**
 * The elements around the picture, by name.
 *
 * @typedef {ReturnType<typeof build>} Elements
 */

import { one, setText, themeAt } from "../shared/dom.js";
import { PALETTE } from "../shared/palette.js";

const MARKUP = `
<div class="picture">
  <canvas aria-hidden="true"></canvas>
  <div class="label" data-row="signal"><strong>signal f</strong><span>drag a stem</span></div>
  <div class="label" data-row="filter"><strong></strong><span></span></div>
  <div class="label" data-row="products">
    <strong>products</strong><span>multiply where they overlap</span>
  </div>
  <div class="label" data-row="result"><strong></strong><span></span></div>
  <div class="label" data-row="other"><strong></strong><span></span></div>
  <div class="axis-name" aria-hidden="true">n</div>
  <div class="row" data-row="signal" tabindex="0" role="slider" aria-orientation="vertical"
    aria-describedby="how"></div>
  <div class="row" data-row="filter" tabindex="0" role="slider" aria-orientation="vertical"
    aria-describedby="how"></div>
  <div id="how" class="unseen">
    Left and right choose an entry, up and down change it, with Shift by tenfold.
  </div>
</div>
<div class="controls" role="group" aria-label="Slide the filter">
  <div class="buttons">
    <button class="icon play" type="button"></button>
    <button class="icon back" type="button" aria-label="One position back">
      <svg viewBox="0 0 14 14"><path d="M9.5 1.5 4 7l5.5 5.5 1.2-1.2L6.4 7l4.3-4.3z"/></svg>
    </button>
    <button class="icon on" type="button" aria-label="One position on">
      <svg viewBox="0 0 14 14"><path d="M4.5 1.5 10 7l-5.5 5.5-1.2-1.2L7.6 7 3.3 2.7z"/></svg>
    </button>
  </div>
  <input class="scrubber" type="range" min="0" step="1" aria-label="Position n of the filter">
</div>
<div class="bar">
  <span class="where"></span>
  <span class="sum"></span>
  <form class="guess" hidden>
    <label></label>
    <input autocomplete="off" inputmode="text" placeholder="?">
    <button type="submit">Check</button>
    <button type="button" class="reveal">Show me</button>
  </form>
  <span class="verdict" role="status"></span>
  <button type="button" class="next" hidden>Next</button>
  <span class="side">
    <span class="notes">
      <span class="badge" hidden>preview, computed in the browser</span>
      <span class="note outside-note">outside the signal there are zeros</span>
    </span>
    <button type="button" class="csv">CSV</button>
  </span>
</div>
<p class="sentence" hidden></p>
<div class="unseen" aria-live="polite"></div>
<details>
  <summary>All numbers</summary>
  <div class="scroll" tabindex="0" role="region" aria-label="All numbers"></div>
</details>
`;

export const PLAY = '<svg viewBox="0 0 14 14" aria-hidden="true"><path d="M3 1.5v11L12 7z"/></svg>';
export const PAUSE =
  '<svg viewBox="0 0 14 14" aria-hidden="true"><path d="M3 2h3v10H3zm5 0h3v10H8z"/></svg>';

// How long one must have stopped before the sum is spoken.
const HUSH_MS = 400;

/** @param {HTMLElement | ShadowRoot} parent */
export function build(parent) {
  const root = document.createElement("div");
  root.className = "view";
  root.dataset.cnnviz = "signal-view";
  root.innerHTML = MARKUP;
  parent.appendChild(root);
  const label = (/** @type {string} */ row) => {
    const element = one(root, `.label[data-row="${row}"]`, HTMLElement);
    return {
      element,
      name: one(element, "strong", HTMLElement),
      detail: one(element, "span", HTMLElement),
    };
  };
  return {
    root,
    canvas: one(root, "canvas", HTMLCanvasElement),
    labels: {
      signal: label("signal"),
      filter: label("filter"),
      products: label("products"),
      result: label("result"),
      other: label("other"),
    },
    rows: {
      signal: one(root, '.row[data-row="signal"]', HTMLElement),
      filter: one(root, '.row[data-row="filter"]', HTMLElement),
    },
    picture: one(root, ".picture", HTMLElement),
    axisName: one(root, ".axis-name", HTMLElement),
    controls: one(root, ".controls", HTMLElement),
    play: one(root, ".play", HTMLButtonElement),
    back: one(root, ".back", HTMLButtonElement),
    on: one(root, ".on", HTMLButtonElement),
    scrubber: one(root, ".scrubber", HTMLInputElement),
    where: one(root, ".where", HTMLElement),
    sum: one(root, ".sum", HTMLElement),
    guess: one(root, ".guess", HTMLFormElement),
    guessLabel: one(root, ".guess label", HTMLLabelElement),
    guessInput: one(root, ".guess input", HTMLInputElement),
    reveal: one(root, ".reveal", HTMLButtonElement),
    verdict: one(root, ".verdict", HTMLElement),
    next: one(root, ".next", HTMLButtonElement),
    badge: one(root, ".badge", HTMLElement),
    outside: one(root, ".outside-note", HTMLElement),
    csv: one(root, ".csv", HTMLButtonElement),
    sentence: one(root, ".sentence", HTMLElement),
    announcer: announcerOf(one(root, "[aria-live]", HTMLElement)),
    details: one(root, "details", HTMLDetailsElement),
    table: one(root, ".scroll", HTMLElement),
  };
}

/** Speaks to a screen reader what has stood for a while. @param {HTMLElement} live */
function announcerOf(live) {
  let timer = 0;
  return {
    hush: () => clearTimeout(timer),
    say: (/** @type {string} */ text) => {
      clearTimeout(timer);
      timer = setTimeout(() => setText(live, text), HUSH_MS);
    },
  };
}

/**
 * The theme's colours as the canvas needs them.
 * @param {HTMLElement} root
 * @returns {import("./types.js").Colours}
 */
export function coloursOf(root) {
  const style = getComputedStyle(root);
  const { light } = PALETTE;
  const read = (/** @type {string} */ name, /** @type {string} */ otherwise) =>
    style.getPropertyValue(name).trim() || otherwise;
  return {
    ...themeAt(root),
    line: read("--st-border-color", light.line),
    muted: read("--st-gray-text-color", light.muted),
    positive: read("--st-orange-color", light.positive[1]),
    negative: read("--st-blue-color", light.negative[1]),
    mono: read("--st-code-font", "ui-monospace, monospace"),
    sans: read("--st-font", "system-ui, sans-serif"),
  };
}

/** @type {WeakMap<Element, string>} */
const written = new WeakMap();

/** Set markup, unless it's there already.
 * @param {Element} element
 * @param {string} markup
 */
export function setMarkup(element, markup) {
  if (written.get(element) === markup) return;
  written.set(element, markup);
  element.innerHTML = markup;
}
