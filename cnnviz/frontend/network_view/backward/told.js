/** What is said of a gradient besides its terms: names, words, where it goes on to. Pure. @module */

import { exactly } from "../../shared/numbers.js";
import { namesOf } from "../explained.js";
import { decimal, literal, tensor } from "../kinds/python.js";
import { kindOf, layerAt, shapeAt } from "../kinds.js";
import { indexOf, placeOf } from "../units.js";
import { showTerms } from "./display.js";
import { backwardTerms } from "./terms.js";

/**
 * @typedef {import("../types.js").Network} Network
 * @typedef {import("../types.js").Unit} Unit
 * @typedef {import("./terms.js").Back} Back
 */

/** What becomes of gradients on their way to the unit, in a sentence.
 * @param {Network} network
 * @param {number} layer
 */
export function wayWords(network, layer) {
  const last = network.layers.length;
  if (layer === last) return "The loss is −log of the true class's probability.";
  if (layer === last - 1)
    return "Softmax and loss together: the probability, less 1 for the true class.";
  const reading = layerAt(network, layer + 1);
  return `Back through ${reading.name}. ${kindOf(reading).backward.words(reading)}`;
}

/** What a gradient is multiplied by on its way to `layer`.
 * @param {Network} network
 * @param {number} layer
 */
export const factorOf = (network, layer) =>
  layer + 1 < network.layers.length ? kindOf(layerAt(network, layer + 1)).backward.factor : "slope";

/**
 * Where most of a unit's gradient goes on to: what it read with the largest slope. Null for the
 * input, and where all of it ends.
 * @param {Network} network
 * @param {Back} back
 * @param {number} layer
 * @param {Unit} unit
 * @returns {{layer: number, unit: Unit} | null}
 */
export function onwards(network, { values }, layer, unit) {
  if (layer < 0) return null;
  if (layer === network.layers.length) return { layer: layer - 1, unit };
  const described = layerAt(network, layer);
  const read = kindOf(described).inputs(described, described.inShape, unit, values[layer]);
  const most = read.reduce(
    (best, each) => (best && Math.abs(best.weight) >= Math.abs(each.weight) ? best : each),
    read[0],
  );
  return most?.weight ? { layer: layer - 1, unit: most.unit } : null;
}

/**
 * One unit's gradient and how it came about, in words.
 * @param {Network} network
 * @param {Back} back
 * @param {number} layer
 * @param {Unit} unit
 * @param {import("./display.js").Shown} [shown]  its terms, where they were spelled already
 */
export function backwardSentence(
  network,
  back,
  layer,
  unit,
  shown = showTerms(backwardTerms(network, back, layer, unit)),
) {
  const { title, place } = namesOf(network, layer, unit);
  const value = back.values[layer + 1][indexOf(shapeAt(network, layer), unit)];
  const what = layer === network.layers.length ? "" : "The gradient of the loss at ";
  return (
    `${what}${title}, ${place} is ${shown.value}${shown.power}: ${shown.sentence}` +
    `${shown.note ? " (numbers rounded)" : ""}. The value there is ${exactly(value)}.`
  );
}

/**
 * Python that gives a unit's gradient in torch, from the gradients of those that read it.
 * @param {Network} network
 * @param {Back} back
 * @param {number} layer
 * @param {Unit} unit
 */
export function backwardSnippet(network, back, layer, unit) {
  const terms = backwardTerms(network, back, layer, unit);
  const name = layer < 0 ? "input" : layerAt(network, layer).name;
  const head = [`# gradient of the loss at ${name} ${placeOf(unit)}`, "import torch", ""];
  if (terms.rule === "loss") {
    const own = `value = -torch.tensor(${literal(terms.probability)}).log()`;
    return [...head, terms.own ? own : "value = torch.tensor(0.0)", "print(value.item())", ""].join(
      "\n",
    );
  }
  if (terms.rule === "difference") {
    const logits = back.values[network.layers.length];
    return [
      ...head,
      `logits = ${tensor([...logits])}.requires_grad_()`,
      `loss = torch.nn.functional.cross_entropy(logits, torch.tensor(${back.target}))`,
      "loss.backward()",
      `value = logits.grad[${indexOf(shapeAt(network, layer), unit)}]`,
      "print(value.item())",
      "",
    ].join("\n");
  }
  const all = terms.groups.flatMap(({ cells }) => cells.flat());
  return [
    ...head,
    `gradients = ${tensor(all.map(({ gradient }) => gradient))}  # of what read it`,
    `weights = ${tensor(all.map(({ weight }) => Number(decimal(weight))))}`,
    "value = (gradients * weights).sum()",
    "print(value.item())",
    "",
  ].join("\n");
}
