/** BatchNorm2d as it is when a network is used: each map moved and scaled by four numbers. */

import { format, parse } from "../../shared/numbers.js";
import { joinNotes, resultNote, sumNote } from "../../shared/sums.js";
import { indexOf } from "../units.js";
import { readerInPlace, samePlace } from "./pointwise.js";
import { parameters, tensor } from "./python.js";

/**
 * @typedef {import("../types.js").Layer} Layer
 * @typedef {import("../types.js").NormalisationShown} Shown
 */

/** @param {Layer} layer @param {string} key */
function bufferOf({ name, buffers }, key) {
  const values = buffers?.[key];
  if (!values) throw new Error(`layer ${name} has no ${key}`);
  return values;
}

/** The four numbers of a channel, and what keeps its variance from being 0.
 * @param {Layer} layer
 * @param {number} channel
 */
function numbersOf(layer, channel) {
  const { weight, bias, hyper } = layer;
  return {
    mean: bufferOf(layer, "running_mean")[channel],
    variance: bufferOf(layer, "running_var")[channel],
    eps: hyper.eps ?? 1e-5,
    weight: weight ? weight[channel] : 1,
    bias: bias ? bias[channel] : 0,
  };
}

/** What an input is multiplied by.
 * @param {{variance: number, eps: number, weight: number}} numbers
 */
const factorOf = ({ variance, eps, weight }) => weight / Math.sqrt(variance + eps);

/**
 * @type {import("../types.js").KindOf<import("../types.js").MapUnit,
 *   import("../types.js").NormalisationTerms, Shown>}
 */
export const batchnorm2d = {
  form: "normalisation",
  short: () => "normalised",
  title: () => "Batch normalisation",
  words: () =>
    "Moves and scales each map by four numbers of its own: minus the mean, divided by the standard " +
    "deviation, times a weight, plus a bias. Mean and variance were counted over the batches of " +
    "training; in training itself they are the batch's own.",
  outShape(layer, inShape) {
    const channels = bufferOf(layer, "running_mean").length;
    if (inShape.length !== 3 || inShape[0] !== channels) {
      throw new Error(`layer ${layer.name} takes ${channels} maps, got [${inShape}]`);
    }
    return [...inShape];
  },
  forward(layer, input, [channels, height, width], out) {
    const size = height * width;
    for (let channel = 0, at = 0; channel < channels; channel += 1) {
      const numbers = numbersOf(layer, channel);
      const factor = factorOf(numbers);
      const { mean, bias } = numbers;
      for (const end = at + size; at < end; at += 1) out[at] = (input[at] - mean) * factor + bias;
    }
  },
  window: (_layer, _inShape, unit) => samePlace(unit),
  inputs(layer, inShape, unit, input) {
    const index = indexOf(inShape, unit);
    const weight = factorOf(numbersOf(layer, unit.channel));
    const contribution = weight * (input ? input[index] : 1);
    return [{ index, unit: { ...unit }, weight, contribution }];
  },
  arithmetic(layer, input, inShape, output, unit) {
    const numbers = numbersOf(layer, unit.channel);
    const index = indexOf(inShape, unit);
    const deviation = Math.sqrt(numbers.variance + numbers.eps);
    const centred = input[index] - numbers.mean;
    const normalised = centred / deviation;
    const scaled = normalised * numbers.weight;
    const { weight, bias, mean, variance, eps } = numbers;
    return {
      from: { ...unit },
      input: input[index],
      mean,
      variance,
      eps,
      deviation,
      centred,
      normalised,
      weight,
      scaled,
      bias,
      value: output[index],
    };
  },
  display(terms, digits) {
    const show = (/** @type {number} */ value) => format(value, digits.sums);
    const shown = {
      from: terms.from,
      eps: String(terms.eps),
      input: show(terms.input),
      mean: show(terms.mean),
      centred: show(terms.centred),
      variance: show(terms.variance),
      deviation: show(terms.deviation),
      normalised: show(terms.normalised),
      weight: show(terms.weight),
      scaled: show(terms.scaled),
      bias: show(terms.bias),
      value: show(terms.value),
    };
    const number = (/** @type {keyof typeof shown & string} */ key) => parse(String(shown[key]));
    const notes = [
      resultNote(
        number("input") - number("mean"),
        shown.centred,
        `${shown.input} less ${shown.mean} is`,
      ),
      resultNote(
        Math.sqrt(number("variance") + terms.eps),
        shown.deviation,
        `the root of ${shown.variance} + ${shown.eps} is`,
      ),
      resultNote(
        number("centred") / number("deviation"),
        shown.normalised,
        `${shown.centred} / ${shown.deviation} is`,
      ),
      resultNote(
        number("normalised") * number("weight"),
        shown.scaled,
        `${shown.normalised} × ${shown.weight} is`,
      ),
      sumNote([shown.scaled, shown.bias], shown.value, terms.scaled + terms.bias),
    ];
    return { ...shown, notes, roundingNote: joinNotes(notes) };
  },
  sentence: (shown) =>
    `its input ${shown.input} minus the mean ${shown.mean}, divided by the deviation ` +
    `${shown.deviation}, is ${shown.normalised}; times the weight ${shown.weight}, plus the ` +
    `bias ${shown.bias}`,
  snippet(layer, input, inShape, unit, source) {
    const { channel } = unit;
    const rows = /** @type {import("../types.js").Range} */ ([channel, channel + 1]);
    const buffers = ["running_mean", "running_var"].map((key) =>
      source.checkpoint
        ? `${key} = state[${JSON.stringify(`${layer.name}.${key}`)}][${rows.join(":")}]`
        : `${key} = ${tensor([bufferOf(layer, key)[channel]])}`,
    );
    const more = layer.weight ? ", weight, bias" : "";
    const load = `state = load_file(${JSON.stringify(source.checkpoint)})`;
    const own = layer.weight ? parameters(layer, source, rows) : [];
    const loaded = source.checkpoint && !layer.weight ? [load] : own;
    const eps = layer.hyper.eps ?? 1e-5;
    return [
      `inputs = ${tensor([[[[input[indexOf(inShape, unit)]]]]])}`,
      ...loaded,
      ...buffers,
      `value = F.batch_norm(inputs, running_mean, running_var${more}, eps=${eps})`,
    ];
  },
  backward: {
    readers: readerInPlace((layer, unit) => factorOf(numbersOf(layer, unit.channel))),
    words: () =>
      "Times what the value was multiplied by: the weight divided by the standard deviation. Mean and " +
      "variance are taken as they are, as in a network in use.",
    factor: "slope",
  },
};
