/**
 * Everything said in words for the present position.
 *
 * @typedef {import("./types.js").Scene} Scene
 * @typedef {import("./elements.js").Elements} Elements
 *
 * @typedef {object} Told
 * @property {boolean} playing
 * @property {boolean} predicting
 * @property {import("./prediction.js").Verdict | null} verdict
 * @property {{signal: number, filter: number}} chosen  of each row, the entry that keys act on
 * @property {number} limit  of an entry's magnitude
 * @property {"numpy" | "preview"} source
 * @property {boolean} alone  whether this page's results are the last word
 * @property {string} sentence
 * @property {import("./types.js").Tokens} tokens
 */

import { plain } from "../shared/numbers.js";
import { PAUSE, PLAY, setMarkup } from "./elements.js";
import { csv } from "./maths.js";
import { spoken, sumOf } from "./words.js";

const ROWS = /** @type {const} */ ([
  ["signal", "Signal f", "f"],
  ["filter", "Filter h", "h"],
]);

/** @param {Elements} elements @param {Scene} scene @param {Told} told */
export function tell(elements, scene, told) {
  const { kept, current, terms, secret } = scene;
  const ended = current >= kept.count - 1;
  tellControls(elements, scene, told);
  elements.back.disabled = current <= 0;
  elements.on.disabled = ended;
  tellSum(elements, scene, told);
  setMarkup(elements.verdict, told.verdict ? verdictMarkup(told.verdict) : "");
  elements.next.hidden = secret || ended || !told.predicting;
  elements.outside.hidden = secret || terms.every((term) => term.inside);
  elements.badge.hidden = told.source !== "preview";
  if (told.alone) elements.badge.textContent = "computed by this page";
  elements.csv.disabled = (told.source === "preview" && !told.alone) || told.predicting;
  elements.root.dataset.source = told.source;
  tellRows(elements, scene, told);
  elements.sentence.hidden = !told.sentence;
  elements.sentence.textContent = told.sentence;
  if (elements.details.open) setMarkup(elements.table, tableMarkup(scene));
}

/** @param {Elements} elements @param {Scene} scene @param {Told} told */
function tellControls({ scrubber, play, where }, { kept, current }, { playing }) {
  const n = kept.start + current * kept.step;
  if (Number(scrubber.value) !== current) scrubber.value = String(current);
  const done = kept.count > 1 ? (100 * current) / (kept.count - 1) : 100;
  scrubber.style.setProperty("--done", `${done}%`);
  scrubber.setAttribute("aria-valuetext", `n = ${n}`);
  setMarkup(play, playing ? PAUSE : PLAY);
  play.setAttribute("aria-label", playing ? "Pause" : "Play: slide the filter across");
  play.setAttribute("aria-pressed", String(playing));
  where.textContent = `n = ${plain(n)}`;
}

/** The sum, or the question for it. @param {Elements} elements @param {Scene} scene @param {Told} told */
function tellSum(elements, scene, { playing, tokens }) {
  const { setting, current, terms, result, secret, kept } = scene;
  const n = kept.start + current * kept.step;
  const name = `${setting.flip ? "y" : "z"}[${n}]`;
  elements.sum.hidden = secret;
  elements.guess.hidden = !secret;
  elements.guessLabel.textContent = `${name} =`;
  elements.guessInput.setAttribute("aria-label", `Your guess for ${name}`);
  const sum = sumOf(terms, result[current], tokens);
  if (!secret) {
    elements.sum.classList.toggle("long", terms.length > 6);
    setMarkup(elements.sum, sumMarkup(name, sum));
  }
  const said = secret ? `n = ${n}. What is ${name}?` : spoken(name, sum);
  // Spoken only when one stops: not at every step of a drag or of the play button.
  if (playing) elements.announcer.hush();
  else elements.announcer.say(said);
}

/** @param {Elements} elements @param {Scene} scene @param {Told} told */
function tellRows({ rows }, scene, { chosen, limit }) {
  for (const [row, label, symbol] of ROWS) {
    const values = scene[row];
    const index = Math.min(chosen[row], values.length - 1);
    const value = values[index];
    const said = `${symbol}[${index}] = ${plain(value)}`;
    rows[row].setAttribute("aria-label", label);
    rows[row].setAttribute("aria-valuenow", String(value));
    rows[row].setAttribute("aria-valuemin", String(Math.min(-limit, value)));
    rows[row].setAttribute("aria-valuemax", String(Math.max(limit, value)));
    rows[row].setAttribute("aria-valuetext", said);
  }
}

/** @param {import("./prediction.js").Verdict} verdict */
function verdictMarkup({ said, right, score }) {
  return `<span${right ? ' class="right"' : ""}>${said}</span> <span class="muted">${score}</span>`;
}

/** @param {number} value */
function signOf(value) {
  if (value > 0) return "positive";
  return value < 0 ? "negative" : "";
}

/** @param {string} name @param {import("./words.js").Sum} sum */
function sumMarkup(name, { parts, restCount, rest, sign, result }) {
  const terms = parts.map(({ term, sample, weight }) => {
    const kind = term.inside ? signOf(term.value) : "outside";
    const factors = [
      `<span class="${kind}">${sample}</span>`,
      `<span class="${signOf(term.weight)}">${weight}</span>`,
    ];
    return `<span class="term">${factors.join("·")}</span>`;
  });
  if (restCount) terms.push(`<span class="term muted">${rest} (${restCount} more)</span>`);
  return `${name} = ${terms.join(" + ")} <span class="value">${sign} ${result}</span>`;
}

/** @param {Scene} scene */
function tableMarkup({ signal, filter, result, kept, span, hidden }) {
  const lines = csv(signal, filter, result, kept, span).trim().split("\n").slice(1);
  const cell = (/** @type {string} */ text) => `<td>${text === "" ? "" : plain(Number(text))}</td>`;
  const rows = lines.map((line) => {
    const [n, f, h, y] = line.split(",");
    const j = (Number(n) - kept.start) / kept.step;
    const seen = !(Number.isInteger(j) && hidden(j));
    return `<tr>${cell(n)}${cell(f)}${cell(h)}${seen ? cell(y) : "<td>?</td>"}</tr>`;
  });
  const heads = ["n", "f[n]", "h[n]", "result"].map((head) => `<th scope="col">${head}</th>`);
  return `<table><thead><tr>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}
