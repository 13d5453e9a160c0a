/** What is asked of a network's answer, in words. @module */
import { format } from "../shared/numbers.js";

/**
 * `target` is the class asked about, null where that is the likeliest; `other` the one that it is
 * held against, null for none.
 * @typedef {{target: number | null, other: number | null, classes: readonly string[]}} Asked
 * @typedef {{text: string, score: string, end: string}} Sentence  of which the score stands out
 *
 * @param {ArrayLike<number>} logits  one a class
 * @param {Asked} asked
 * @returns {Sentence}
 */
export function sentence(logits, { target, other, classes }) {
  const why = target ?? likeliest(logits);
  const name = classes[why];
  if (why === other) {
    const text = `Why ${name} and not ${name} is no question: choose another class at one of them.`;
    return { text, score: "", end: "" };
  }
  const against = other === null ? "" : ` less that of ${classes[other]}`;
  const score = Math.fround(logits[why] - (other === null ? 0 : logits[other]));
  return {
    text: `Asked about the logit of ${name}${against}, `,
    score: format(score, 2),
    end: ".",
  };
}

/** Of equals the first. @param {ArrayLike<number>} logits */
function likeliest(logits) {
  let most = 0;
  for (let at = 1; at < logits.length; at += 1) if (logits[at] > logits[most]) most = at;
  return most;
}
