/**
 * What a network's probabilities say, in words.
 * @module
 */
import { percent } from "../shared/numbers.js";

const UNSURE_BELOW = 0.5;
const UNSURE_WITHIN = 0.2;

/**
 * The likeliest class and the one after it; of equals the first comes first.
 * @param {ArrayLike<number>} probabilities two or more
 */
export function read(probabilities) {
  let first = 0;
  let second = -1;
  for (let index = 1; index < probabilities.length; index += 1) {
    if (probabilities[index] > probabilities[first]) [first, second] = [index, first];
    else if (second < 0 || probabilities[index] > probabilities[second]) second = index;
  }
  return { first, second };
}

/**
 * Whether no class has more than half of the vote, or the first two are within 20 points.
 * @param {number} most @param {number} next
 */
export const unsure = (most, next) => most <= UNSURE_BELOW || most - next <= UNSURE_WITHIN;

/**
 * Two or three lines; what is in `strong` stands out.
 * @typedef {{strong: string, text: string}} Line
 *
 * @param {object} of
 * @param {ArrayLike<number>} of.probabilities
 * @param {boolean} of.blank  nothing was drawn
 * @param {string|null} of.unlike  why it can't be one of the classes; null where it may, or where
 * that isn't known yet
 * @param {string|null} of.truth  what it truly is
 * @param {readonly string[]} of.classes
 * @returns {Line[]}
 */
export function sentences({ probabilities, blank, unlike, truth, classes }) {
  if (blank) return [{ strong: "", text: `Nothing drawn yet: ${invitation(classes)}.` }];
  const { first, second } = read(probabilities);
  const [most, next] = [probabilities[first], probabilities[second]];
  const must = `It must name one of its ${classes.length}.`;
  const guess = {
    strong: `Best guess ${classes[first]}`,
    text: `, with ${percent(most)} of the vote.`,
  };
  const then = `Next: ${classes[second]}, ${percent(next)}.`;
  const told = truth === null ? "" : ` ${outcome(truth, classes[first])}`;
  if (unlike !== null)
    return [
      { strong: unlike, text: "" },
      guess,
      { strong: "", text: `${then}${told || ` ${must}`}` },
    ];
  const last = { strong: "", text: then + told };
  return unsure(most, next)
    ? [{ strong: "Unsure.", text: ` ${must}` }, guess, last]
    : [guess, last];
}

/** @param {readonly string[]} classes */
const invitation = (classes) =>
  classes.every((name, place) => name === String(place))
    ? "draw a digit, or pick one below"
    : `draw one of its ${classes.length}, ${classes[0]} say`;

/** @param {string} truth @param {string} guess */
const outcome = (truth, guess) =>
  truth === guess ? `Truly a ${truth}.` : `Truly a ${truth}: misread.`;
