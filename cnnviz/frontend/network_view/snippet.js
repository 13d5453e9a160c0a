/** A number of the view as a short Python program, and a map as CSV. */

import { decimal } from "./kinds/python.js";
import { kindOf, layerAt } from "./kinds.js";
import { placeOf } from "./units.js";

/**
 * Python that prints the value of one unit, in torch, from the numbers that it reads.
 * @param {import("./types.js").Network} network
 * @param {Float32Array[]} values
 * @param {number} layerIndex
 * @param {import("./types.js").Unit} unit
 * @param {{checkpoint?: string|null, set?: number|null}} [options]  path of a safetensors file from
 *   where the snippet will run; without it the weights are written out. `set`: what the unit is set
 *   to, whatever it would be
 * @returns {string}
 */
export function pytorch(network, values, layerIndex, unit, { checkpoint = null, set = null } = {}) {
  const layer = layerAt(network, layerIndex);
  const body = kindOf(layer).snippet(layer, values[layerIndex], layer.inShape, unit, {
    checkpoint,
  });
  const code = body.join("\n");
  const imports = ["import torch"];
  if (code.includes("F.")) imports.push("import torch.nn.functional as F");
  if (code.includes("load_file(")) imports.push("from safetensors.torch import load_file");
  return [
    `# ${layer.name} ${placeOf(unit)}`,
    ...imports,
    "",
    ...body,
    ...(set === null ? [] : [`value = torch.tensor(${decimal(set)})  # what if: set by hand`]),
    "print(value.item())",
    "",
  ].join("\n");
}

/**
 * A map as comma-separated values, one line a row; a vector as one column.
 * Each number is the shortest that reads back as the same float32.
 * @param {ArrayLike<number>} values
 * @param {number[]} shape  [H, W] or [N]
 * @returns {string}
 */
export function csv(values, shape) {
  const width = shape.length === 2 ? shape[1] : 1;
  const numbers = Array.from(values, decimal);
  /** @type {string[]} */
  const lines = [];
  for (let start = 0; start < numbers.length; start += width)
    lines.push(numbers.slice(start, start + width).join(","));
  return `${lines.join("\n")}\n`;
}
