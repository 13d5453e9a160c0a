/**
 * Pieces of Python and of English that the kinds share.
 *
 * @typedef {number | Nested[]} Nested  numbers, nested to any depth
 */

import { shortest } from "../../shared/numbers.js";
import { weightOf, weightShapeOf } from "./weights.js";

/** "a, b and c"
 * @param {string[]} parts
 */
export function listing(parts) {
  return parts.length < 2
    ? parts.join("")
    : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
}

/**
 * A float32 as the shortest decimal that reads back as the same float32.
 * @param {number} value
 */
export function literal(value) {
  if (!Number.isFinite(value)) return `float("${decimal(value)}")`;
  const short = decimal(value);
  return /[.e]/.test(short) ? short : `${short}.0`;
}

/** The same without Python's syntax, for CSV.
 * @param {number} value
 */
export function decimal(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  return String(shortest(value));
}

/**
 * A nested list of Python floats; one innermost list to a line.
 * @param {Nested} values
 * @returns {string}
 */
function nested(values, indent = "    ") {
  if (typeof values === "number") return literal(values);
  if (values.every((part) => typeof part === "number")) return wrapped(values.map(literal), indent);
  const inner = values.map((part) => `${indent}${nested(part, `${indent}    `)},\n`).join("");
  return `[\n${inner}${indent.slice(4)}]`;
}

/** A flat list, broken into lines where it would be longer than 90 characters.
 * @param {string[]} parts
 * @param {string} indent
 */
function wrapped(parts, indent) {
  const flat = `[${parts.join(", ")}]`;
  if (flat.length <= 90) return flat;
  const lines = [""];
  for (const part of parts) {
    if (lines[lines.length - 1].length + part.length > 86) lines.push("");
    lines[lines.length - 1] += `${part}, `;
  }
  return `[\n${lines.map((line) => `${indent}${line.trimEnd()}\n`).join("")}${indent.slice(4)}]`;
}

/** @param {Nested} values */
export const tensor = (values) => `torch.tensor(${nested(values)})`;

/**
 * Lines that give `weight` and `bias` for the output rows `from` to `to` - 1: from the checkpoint
 * where there is one, else as numbers.
 * @param {import("../types.js").Layer} layer
 * @param {import("../types.js").Source} source
 * @param {import("../types.js").Range} rows
 */
export function parameters(layer, source, [from, to]) {
  const { name, bias } = layer;
  const [weight, weightShape] = [weightOf(layer), weightShapeOf(layer)];
  if (source.checkpoint) {
    const lines = [
      `state = load_file(${JSON.stringify(source.checkpoint)})`,
      `weight = state[${JSON.stringify(`${name}.weight`)}][${from}:${to}]`,
    ];
    return bias
      ? [...lines, `bias = state[${JSON.stringify(`${name}.bias`)}][${from}:${to}]`]
      : lines;
  }
  const size = weight.length / weightShape[0];
  const rows = [];
  for (let row = from; row < to; row += 1) {
    const own = weight.subarray(row * size, (row + 1) * size);
    rows.push(weightShape.length > 1 ? shaped(own, weightShape.slice(1)) : own[0]);
  }
  const lines = [`weight = ${tensor(rows)}`];
  return bias ? [...lines, `bias = ${tensor([...bias.subarray(from, to)])}`] : lines;
}

/** A flat array as nested lists.
 * @param {Float32Array} values
 * @param {number[]} shape
 * @returns {Nested[]}
 */
function shaped(values, shape) {
  if (shape.length === 1) return Array.from(values);
  const size = values.length / shape[0];
  return Array.from({ length: shape[0] }, (_, i) =>
    shaped(values.subarray(i * size, (i + 1) * size), shape.slice(1)),
  );
}
