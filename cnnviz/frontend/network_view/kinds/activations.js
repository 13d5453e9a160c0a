/** ReLU, LeakyReLU, tanh, sigmoid; and dropout, which here passes on what it gets. */

import { percent, plain } from "../../shared/numbers.js";
import { pointwise } from "./pointwise.js";
import { literal } from "./python.js";

export const relu = pointwise({
  formula: (x) => `max(0, ${x})`,
  title: "ReLU",
  words: "Keeps what is positive and sets the rest to zero: max(0, x).",
  // Not Math.max(0, x): NaN passes through, as in torch, and no -0 comes out.
  operation: (x) => (x > 0 || Number.isNaN(x) ? x : 0),
  derivative: (x) => (x > 0 ? 1 : 0),
  python: (x) => `F.relu(${x})`,
  sentence: (input) => `the larger of 0 and its input ${input}`,
  back: "A gate: where the value was above 0 its gradient passes, elsewhere nothing does.",
});

/** What is left of a number below 0.
 * @param {import("../types.js").Hyper} hyper
 */
const slopeOf = ({ slope }) => slope ?? 0.01;

export const leakyrelu = pointwise({
  formula: (x, hyper) => `${x} if above 0, else ${slopeOf(hyper)} × ${x}`,
  short: "leaky",
  title: "Leaky ReLU",
  words: (hyper) =>
    `Keeps what is positive and makes the rest small: ${slopeOf(hyper)} times the value.`,
  operation: (x, hyper) => (x > 0 ? x : x * slopeOf(hyper)),
  derivative: (x, hyper) => (x > 0 ? 1 : slopeOf(hyper)),
  python: (x, hyper) => `F.leaky_relu(${x}, ${literal(slopeOf(hyper))})`,
  sentence: (input, hyper) =>
    `its input ${input} where that is above 0, else ${slopeOf(hyper)} times it`,
  back: "Where the value was above 0 its gradient passes, elsewhere a small share of it.",
});

export const tanh = pointwise({
  formula: (x) => `tanh(${x})`,
  title: "tanh",
  words: "Squeezes each value to between −1 and 1.",
  operation: Math.tanh,
  derivative: (x) => 1 - Math.tanh(x) ** 2,
  python: (x) => `torch.tanh(${x})`,
  sentence: (input) => `the hyperbolic tangent of its input ${input}`,
  back: "Times the slope of the curve at the value, 1 − tanh²(x): little where it is flat.",
});

const logistic = (/** @type {number} */ x) => 1 / (1 + Math.exp(-x));

export const sigmoid = pointwise({
  formula: (x) => `σ(${x})`,
  title: "Sigmoid",
  words: "Squeezes each value to between 0 and 1: σ(x) = 1 / (1 + exp(−x)).",
  operation: logistic,
  derivative: (x) => logistic(x) * (1 - logistic(x)),
  python: (x) => `torch.sigmoid(${x})`,
  sentence: (input) => `1 over 1 plus the exponential of minus its input ${input}`,
  back: "Times the slope of the curve at the value, σ(x) · (1 − σ(x)): a quarter at most.",
});

/** Something in training alone; where a network is looked at, nothing. */
export const dropout = pointwise({
  formula: (x) => `${x}, passed on`,
  short: "idle here",
  title: "Dropout",
  words: ({ share = 0.5 }) =>
    `In training ${percent(share, 0)} of the values, drawn anew for each picture, become 0, and ` +
    `the others are divided by ${plain(1 - share)}: so none can be relied on alone. ` +
    "Idle here: a trained network is asked without it, and every value is passed on.",
  operation: (x) => x,
  derivative: () => 1,
  python: (x) => x,
  sentence: (input) =>
    `its input ${input}, passed on as it is: dropout acts in training and is idle here`,
  back: "Idle here: every gradient passes as it is.",
});
