/**
 * The field in which one cell is typed.
 *
 * @typedef {object} Ending
 * @property {string | null} text  null where nothing was typed, or it was given up
 * @property {[number, number] | null} move  rows and columns to go on by; null for a plain leaving
 *
 * @typedef {object} Reactions
 * @property {(ending: Ending) => void} finish  called once
 * @property {(event: ClipboardEvent) => void} pasteBlock  what was pasted is more than a number
 */

import { h } from "../shared/dom.js";

const DOWN = new Map([
  ["ArrowUp", -1],
  ["ArrowDown", 1],
  ["Enter", 1],
]);
const RIGHT = new Map([
  ["ArrowLeft", -1],
  ["ArrowRight", 1],
]);

/**
 * @param {string} label
 * @param {string} present  the cell's value
 * @param {string | null} typed  what the entry begins with, or null for the present value
 * @param {Reactions} reactions
 * @returns {HTMLInputElement}
 */
export function entry(label, present, typed, { finish, pasteBlock }) {
  const input = h("input.entry", { "aria-label": label, inputmode: "text" });
  input.value = typed ?? present;
  let untouched = typed === null;
  let done = false;

  /** @param {boolean} keep @param {Ending["move"]} move */
  function end(keep, move) {
    if (done) return;
    done = true;
    input.remove();
    finish({ text: keep && !untouched ? input.value : null, move });
  }

  input.addEventListener("input", () => {
    untouched = false;
  });
  input.addEventListener("blur", () => end(true, null));
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const down = DOWN.get(event.key) ?? 0;
    // In an entry that is being written the arrows move its caret.
    const right = untouched ? (RIGHT.get(event.key) ?? 0) : 0;
    if (event.key === "Escape") end(false, [0, 0]);
    else if (down || right) end(true, [down, right]);
    else return;
    event.preventDefault();
  });
  input.addEventListener("paste", (event) => {
    event.stopPropagation();
    if (!/[\t\n]/.test(event.clipboardData?.getData("text/plain").trim() ?? "")) return;
    // A block goes into the grid, not into this one cell.
    end(false, [0, 0]);
    pasteBlock(event);
  });
  return input;
}
