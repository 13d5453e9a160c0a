/** What is said of a place and of an answer, without a DOM. */

import { percent } from "../shared/numbers.js";

/**
 * A shift in words.
 * @param {[number, number]} shift right and down, in pixels
 */
export function placeInWords([right, down]) {
  const across = right ? `${Math.abs(right)} to the ${right > 0 ? "right" : "left"}` : "";
  const along = down ? `${Math.abs(down)} ${down > 0 ? "down" : "up"}` : "";
  return [across, along].filter(Boolean).join(" and ") || "in the middle";
}

/**
 * What a network says of the picture: the class it names, and, where that is wrong, what is left.
 * @param {{says: number, sure: number, right: number}} answer probabilities in [0, 1]
 * @param {number} label what the picture is
 * @param {string[] | null} names of the classes, where they aren't just the numbers from 0
 */
export function answerInWords({ says, sure, right }, label, names = null) {
  const reads = names ? `reads “${names[says]}”` : `reads a ${says}`;
  const said = `${reads}, ${percent(sure)}`;
  return unbroken(says === label ? said : `${said}; ${thing(label, names)} has ${percent(right)}`);
}

/**
 * With shares that no line's end parts: "< 0.1 %".
 * @param {string} text
 */
export function unbroken(text) {
  return text.replace(/(?<=[<>]) (?=\d)|(?<=\d) (?=%)/g, "\u00a0");
}

/**
 * What is moved, in a sentence.
 * @param {number} label
 * @param {string[] | null} names
 */
export function thing(label, names) {
  return names ? `“${names[label]}”` : `the ${label}`;
}

/** @param {string} text with a letter in front */
export function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
