/** The elements of the picture, and what they say. The only module that writes to the DOM. */

import { themeAt } from "../shared/dom.js";
import { PALETTE } from "../shared/palette.js";
import { paint, radiusOf } from "./paint.js";
import { yOf } from "./geometry.js";
import { csv } from "./maths.js";
import { show, spoken, sumOf } from "./words.js";

const MARKUP = `
<div class="picture">
  <canvas aria-hidden="true"></canvas>
  <div class="label" data-row="signal"><strong>signal f</strong><span>drag a stem</span></div>
  <div class="label" data-row="filter"><strong></strong><span></span></div>
  <div class="label" data-row="products"><strong>products</strong><span>multiply where they overlap</span></div>
  <div class="label" data-row="result"><strong></strong><span></span></div>
  <div class="label" data-row="other"><strong></strong><span></span></div>
  <div class="axis-name" aria-hidden="true">n</div>
  <div class="row" data-row="signal" tabindex="0" role="slider" aria-orientation="vertical" aria-describedby="how"></div>
  <div class="row" data-row="filter" tabindex="0" role="slider" aria-orientation="vertical" aria-describedby="how"></div>
  <div id="how" class="unseen">Left and right choose an entry, up and down change it, with Shift by tenfold.</div>
</div>
<div class="controls" role="group" aria-label="Slide the filter">
  <div class="buttons">
    <button class="icon play" type="button"></button>
    <button class="icon back" type="button" aria-label="One position back"><svg viewBox="0 0 14 14"><path d="M9.5 1.5 4 7l5.5 5.5 1.2-1.2L6.4 7l4.3-4.3z"/></svg></button>
    <button class="icon on" type="button" aria-label="One position on"><svg viewBox="0 0 14 14"><path d="M4.5 1.5 10 7l-5.5 5.5-1.2-1.2L7.6 7 3.3 2.7z"/></svg></button>
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
    <span class="badge" hidden>preview, computed in the browser</span>
    <span class="note outside-note">outside the signal there are zeros</span>
    <button type="button" class="csv">CSV</button>
  </span>
</div>
<p class="sentence" hidden></p>
<div class="unseen" aria-live="polite"></div>
<details><summary>All numbers</summary><div class="scroll" tabindex="0" role="region" aria-label="All numbers"></div></details>
`;

const PLAY = '<svg viewBox="0 0 14 14" aria-hidden="true"><path d="M3 1.5v11L12 7z"/></svg>';
const PAUSE =
  '<svg viewBox="0 0 14 14" aria-hidden="true"><path d="M3 2h3v10H3zm5 0h3v10H8z"/></svg>';

/** @param {ParentNode & Node} parent */
export function build(parent) {
  const root = document.createElement("div");
  root.className = "view";
  root.dataset.cnnviz = "signal-view";
  root.innerHTML = MARKUP;
  parent.appendChild(root);
  const one = (selector) => /** @type {any} */ (root.querySelector(selector));
  const labels = {};
  for (const label of root.querySelectorAll(".label")) labels[label.dataset.row] = label;
  return {
    root,
    canvas: one("canvas"),
    labels,
    rows: { signal: one('.row[data-row="signal"]'), filter: one('.row[data-row="filter"]') },
    picture: one(".picture"),
    axisName: one(".axis-name"),
    controls: one(".controls"),
    play: one(".play"),
    back: one(".back"),
    on: one(".on"),
    scrubber: one(".scrubber"),
    where: one(".where"),
    sum: one(".sum"),
    guess: one(".guess"),
    guessLabel: one(".guess label"),
    guessInput: one(".guess input"),
    reveal: one(".reveal"),
    verdict: one(".verdict"),
    next: one(".next"),
    badge: one(".badge"),
    outside: one(".outside-note"),
    csv: one(".csv"),
    sentence: one(".sentence"),
    live: one("[aria-live]"),
    details: one("details"),
    table: one(".scroll"),
  };
}

/** The theme's colours as the canvas needs them. @param {HTMLElement} root */
export function coloursOf(root) {
  const style = getComputedStyle(root);
  const { light } = PALETTE;
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  return {
    ...themeAt(root),
    line: read("--st-border-color", light.line),
    muted: read("--st-gray-text-color", light.muted),
    accent: read("--st-primary-color", light.accent),
    positive: read("--st-orange-color", light.positive[1]),
    negative: read("--st-blue-color", light.negative[1]),
    mono: read("--st-code-font", "ui-monospace, monospace"),
    sans: read("--st-font", "system-ui, sans-serif"),
  };
}

/** Paint the scene, at the screen's own resolution. */
export function draw(elements, scene) {
  const { canvas } = elements;
  const { width, height } = scene.geometry;
  const ratio = Math.min(window.devicePixelRatio || 1, 3);
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  paint(context, scene);
  if (!scene.geometry.compact) paintGiven(context, scene);
}

/** The filter as it was given, small, under the label of its row. */
function paintGiven(context, { geometry, colours, filter, setting }) {
  if (!setting.flip) return;
  const row = geometry.rows.filter;
  const top = row.top + 58;
  const height = row.height - 58;
  const largest = Math.max(...filter.map(Math.abs)) || 1;
  const low = Math.min(0, ...filter) < 0;
  const high = Math.max(0, ...filter) > 0 || !low;
  const zero = top + height * (high ? (low ? 0.5 : 1) : 0);
  const unit = (height / (high && low ? 2 : 1) - 3) / largest;
  const pitch = Math.min(12, 72 / filter.length);
  context.fillStyle = colours.muted;
  context.textAlign = "left";
  context.font = `12px ${colours.sans}`;
  context.fillText("as given", 4 + pitch * filter.length + 8, top + height / 2);
  for (let tap = 0; tap < filter.length; tap += 1) {
    const value = filter[tap];
    const x = 4 + (tap + 0.5) * pitch;
    const colour = value > 0 ? colours.positive : value < 0 ? colours.negative : colours.muted;
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.lineWidth = Math.min(2, Math.max(1, pitch / 3));
    context.beginPath();
    context.moveTo(x, zero);
    context.lineTo(x, zero - value * unit);
    context.stroke();
    context.beginPath();
    context.arc(x, zero - value * unit, Math.min(3, pitch / 3), 0, 2 * Math.PI);
    context.fill();
  }
}

/** Put the elements around the picture where its geometry wants them. */
export function place(elements, scene) {
  const { geometry, setting, kept } = scene;
  const { root, labels, rows, scrubber, axisName, controls } = elements;
  root.classList.toggle("compact", geometry.compact);
  for (const [name, label] of Object.entries(labels)) {
    const row = geometry.rows[name];
    label.hidden = !row;
    if (row) label.style.top = `${row.top + (geometry.compact ? -24 : 12)}px`;
  }
  for (const [name, element] of Object.entries(rows)) {
    const row = geometry.rows[name];
    element.style.left = `${geometry.left}px`;
    element.style.top = `${row.top - 2}px`;
    element.style.height = `${row.height + 4}px`;
  }
  axisName.style.top = `${geometry.axis}px`;
  const [name, detail] = labels.filter.children;
  name.textContent = setting.flip ? "filter h, flipped" : "filter h, not flipped";
  const n = kept.start + scene.current * kept.step;
  detail.textContent = `slid to n = ${show(n)}`;
  const said = {
    true: ["f ∗ h", "convolution: sum at each n"],
    false: ["f ⋆ h", "cross-correlation"],
  };
  const say = (label, [symbol, words]) => {
    label.firstElementChild.textContent = `result ${symbol}`;
    label.lastElementChild.textContent = words;
  };
  say(labels.result, said[setting.flip]);
  say(labels.other, ["f ∗ h", "convolution, for comparison"]);

  const thumb = 20;
  const from = geometry.x(kept.start);
  const to = geometry.x(kept.start + (kept.count - 1) * kept.step);
  if (geometry.compact) {
    scrubber.style.left = "0";
    scrubber.style.width = "100%";
  } else {
    scrubber.style.left = `${from - thumb / 2}px`;
    scrubber.style.width = `${Math.max(to - from, 0) + thumb}px`;
  }
  controls.classList.toggle("below", geometry.compact);
  scrubber.max = String(Math.max(kept.count - 1, 0));
  scrubber.disabled = kept.count < 2;
}

/** Everything said in words for the present position. */
export function tell(elements, scene, state) {
  const { kept, setting, current, terms, result, signal, filter } = scene;
  const n = kept.start + current * kept.step;
  const { scrubber } = elements;
  if (Number(scrubber.value) !== current) scrubber.value = String(current);
  scrubber.style.setProperty(
    "--done",
    `${kept.count > 1 ? (100 * current) / (kept.count - 1) : 100}%`,
  );
  scrubber.setAttribute("aria-valuetext", `n = ${n}`);
  elements.back.disabled = current <= 0;
  elements.on.disabled = current >= kept.count - 1;
  set(elements.play, state.playing ? PAUSE : PLAY);
  elements.play.setAttribute(
    "aria-label",
    state.playing ? "Pause" : "Play: slide the filter across",
  );
  elements.play.setAttribute("aria-pressed", String(state.playing));

  const name = `${setting.flip ? "y" : "z"}[${current}]`;
  elements.where.textContent = `n = ${show(n)}`;
  const sum = sumOf(terms, result[current], state.tokens);
  elements.sum.hidden = scene.secret;
  elements.guess.hidden = !scene.secret;
  elements.guessLabel.textContent = `${name} =`;
  elements.guessInput.setAttribute("aria-label", `Your guess for ${name}`);
  if (!scene.secret) {
    elements.sum.classList.toggle("long", terms.length > 6);
    set(elements.sum, sumMarkup(name, sum, state.predict));
    announce(elements, state, spoken(name, sum));
  } else announce(elements, state, `n = ${n}. What is ${name}?`);
  set(elements.verdict, state.verdict);
  elements.next.hidden = !(state.predict && !scene.secret && current < kept.count - 1);
  elements.outside.hidden = scene.secret || terms.every((term) => term.inside);
  elements.badge.hidden = state.source !== "preview";
  elements.csv.disabled = state.source === "preview" || state.predict;
  elements.root.dataset.source = state.source;

  for (const row of /** @type {const} */ (["signal", "filter"])) {
    const values = row === "signal" ? signal : filter;
    const index = Math.min(state.chosen[row], values.length - 1);
    const slider = elements.rows[row];
    slider.setAttribute("aria-label", row === "signal" ? "Signal f" : "Filter h");
    slider.setAttribute("aria-valuenow", String(values[index]));
    slider.setAttribute("aria-valuemin", String(Math.min(-state.limit, values[index])));
    slider.setAttribute("aria-valuemax", String(Math.max(state.limit, values[index])));
    slider.setAttribute(
      "aria-valuetext",
      `${row === "signal" ? "f" : "h"}[${index}] = ${show(values[index])}`,
    );
  }
  elements.sentence.hidden = !state.sentence;
  elements.sentence.textContent = state.sentence;
  if (elements.details.open) fillTable(elements, scene);
}

/** Spoken only when one stops: not at every step of a drag or of the play button. */
function announce(elements, state, text) {
  clearTimeout(state.announcing);
  if (state.playing) return;
  state.announcing = setTimeout(() => {
    if (elements.live.textContent !== text) elements.live.textContent = text;
  }, 400);
}

function sumMarkup(name, { parts, restCount, rest, sign, result }) {
  const colour = (value) => (value > 0 ? "positive" : value < 0 ? "negative" : "");
  const terms = parts.map(({ term, sample, weight }) => {
    const kind = term.inside ? colour(term.value) : "outside";
    return `<span class="term"><span class="${kind}">${sample}</span>·<span class="${colour(term.weight)}">${weight}</span></span>`;
  });
  if (restCount) terms.push(`<span class="term muted">${rest} (${restCount} more)</span>`);
  return `${name} = ${terms.join(" + ")} <span class="value">${sign} ${result}</span>`;
}

function fillTable(elements, scene) {
  const { signal, filter, result, kept, span } = scene;
  const lines = csv(signal, filter, result, kept, span).trim().split("\n").slice(1);
  const rows = lines.map((line) => {
    const [n, f, h, y] = line.split(",");
    const cell = (text) => `<td>${text === "" ? "" : show(Number(text))}</td>`;
    const j = (Number(n) - kept.start) / kept.step;
    const seen = !(Number.isInteger(j) && scene.hidden(j));
    return `<tr>${cell(n)}${cell(f)}${cell(h)}${seen ? cell(y) : "<td>?</td>"}</tr>`;
  });
  set(
    elements.table,
    `<table><thead><tr><th scope="col">n</th><th scope="col">f[n]</th><th scope="col">h[n]</th><th scope="col">result</th></tr></thead><tbody>${rows.join("")}</tbody></table>`,
  );
}

const written = new WeakMap();

/** Set markup, unless it's there already. */
function set(element, markup) {
  if (written.get(element) === markup) return;
  written.set(element, markup);
  element.innerHTML = markup;
}

/** Where a stem's tip is, in the canvas. */
export function tipOf(scene, row, index) {
  const { geometry, at, setting, filter } = scene;
  const n =
    row === "signal"
      ? index
      : at - (setting.flip ? index : filter.length - 1 - index) * setting.dilation;
  return {
    x: geometry.x(n),
    y: yOf(geometry.rows[row], scene[row][index]),
    radius: radiusOf(geometry.pitch),
  };
}
