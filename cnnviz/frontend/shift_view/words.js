/** What is said of a place and of an answer, without a DOM. */

import { percent } from "../shared/numbers.js";

/**
 * A shift in words, as `cnnviz.labs.translation.in_words` has it.
 * @param {[number, number]} shift right and down, in pixels
 */
export function placeInWords([right, down]) {
  const across = right ? `${Math.abs(right)} to the ${right > 0 ? "right" : "left"}` : "";
  const along = down ? `${Math.abs(down)} ${down > 0 ? "down" : "up"}` : "";
  return [across, along].filter(Boolean).join(" and ") || "in the middle";
}

/**
 * What a network says of a digit: the class it names, and, where that is wrong, what is left.
 * @param {{says: number, sure: number, right: number}} answer probabilities in [0, 1]
 * @param {number} label what the digit is
 */
export function answerInWords({ says, sure, right }, label) {
  const said = `reads a ${says}, ${percent(sure)}`;
  return says === label ? said : `${said}; the ${label} has ${percent(right)}`;
}

/** @param {string} text with a letter in front */
export function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
