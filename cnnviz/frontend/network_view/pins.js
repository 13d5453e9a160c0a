/** Units as text, for the URL: "conv2.5.4.6" (map, row, column) or "fc.7". @module */
import { shapeAt } from "./kinds.js";
import { isUnit } from "./units.js";

const nameOf = (network, layer) =>
  layer === -1 ? "input" : layer === network.layers.length ? "softmax" : network.layers[layer].name;

export function writePin(network, layer, unit) {
  return [
    nameOf(network, layer),
    ...("index" in unit ? [unit.index] : [unit.channel, unit.row, unit.col]),
  ].join(".");
}

/** @returns {{layer: number, unit: object} | null} null for text that names no unit of this network */
export function readPin(network, text) {
  if (typeof text !== "string" || text.length > 80) return null;
  const [name, ...places] = text.split(".");
  if (!places.length || !places.every((p) => /^\d{1,5}$/.test(p))) return null;
  const ends = network.layers.length && network.layers.at(-1).shape.length === 1;
  let layer = name === "input" ? -1 : network.layers.findIndex((l) => l.name === name);
  if (name === "softmax" && ends) layer = network.layers.length;
  else if (layer === -1 && name !== "input") return null;
  const numbers = places.map(Number);
  const unit =
    numbers.length === 1
      ? { index: numbers[0] }
      : { channel: numbers[0], row: numbers[1], col: numbers[2] };
  if (numbers.length !== 1 && numbers.length !== 3) return null;
  return isUnit(shapeAt(network, layer), unit) ? { layer, unit } : null;
}
