/** Dropout: something in training alone; where a network is looked at, nothing. */

import { percent } from "../../shared/numbers.js";
import { pointwise } from "./pointwise.js";

export const dropout = pointwise({
  formula: (x) => `${x}, passed on`,
  short: "idle here",
  title: "Dropout",
  words: ({ share = 0.5 }) =>
    `In training ${percent(share, 0)} of the values, drawn anew for each picture, become 0, and ` +
    `the others are divided by ${Number((1 - share).toFixed(4))}: so none can be relied on alone. ` +
    "Idle here: a trained network is asked without it, and every value is passed on.",
  operation: (x) => x,
  derivative: () => 1,
  python: (x) => x,
  sentence: (input) =>
    `its input ${input}, passed on as it is: dropout acts in training and is idle here`,
});
