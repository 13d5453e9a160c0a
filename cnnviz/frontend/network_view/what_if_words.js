/** What the changes do to the answer, in a sentence. @module */
import { brief } from "../shared/numbers.js";
import { planeName } from "./units.js";
import { winnerWords } from "./vectors.js";

/**
 * "3 with 61 %", or "" where there are no probabilities.
 * @param {import("./view_types.js").View} view
 * @param {Float32Array[]} values
 */
function answerOf({ network, options }, values) {
  const probabilities = values[network.layers.length + 1];
  return probabilities ? winnerWords(probabilities, options.classes) : "";
}

/** @param {import("./view_types.js").View} view @returns {string} "" where nothing is changed */
export function whatIfWords(view) {
  const count = view.whatIf.changes.length;
  if (!count || !view.before) return "";
  const [now, before] = [answerOf(view, view.values), answerOf(view, view.before.values)];
  const many = count === 1 ? "With 1 change" : `With ${count} changes`;
  const maps = view.before.maps.size;
  const differ = `${maps} ${maps === 1 ? "map differs" : "maps differ"}`;
  return now ? `${many}: ${now}; without, ${before}. ${differ}.` : `${many} ${differ}.`;
}

/**
 * "conv2 map 5", "conv2 map 5, row 4, column 6", "conv2 kernel of map 3 for map 0".
 * @param {import("./types.js").Network} network
 * @param {string} target
 */
export function targetWords({ layers }, target) {
  const [name, ...rest] = target.split(".");
  const at = layers.findIndex((each) => each.name === name);
  if (name === "input") {
    const [channel, row, col] = rest;
    return `pixel row ${row}, column ${col}${channel === "0" ? "" : ` of channel ${channel}`}`;
  }
  const maps = layers[at]?.shape.length === 3;
  if (rest[0] === "bias") return `${name} bias of ${maps ? "map " : "unit "}${rest[1]}`;
  if (rest[0] === "weight") return weightWords(name, rest.slice(1), maps, at);
  const [first, row, col] = rest;
  const whole = `${name} ${maps ? "map" : "unit"} ${first}`;
  return row === undefined ? whole : `${whole}, row ${row}, column ${col}`;
}

/** @param {string} name @param {string[]} place @param {boolean} maps @param {number} layer */
function weightWords(name, [out, input, ...cell], maps, layer) {
  if (input === undefined) return `${name} weight of map ${out}`;
  if (!maps) return `${name} weight of unit ${out} for ${input}`;
  const read = planeName(layer - 1, Number(input));
  if (!cell.length) return `${name} kernel of map ${out} for ${read}`;
  return `${name} weight of map ${out} for ${read}, row ${cell[0]}, column ${cell[1]}`;
}

/** @param {import("./changes.js").Change["values"]} values @param {number | undefined} mean */
export function valuesWords(values, mean) {
  if (values === "mean") return mean === undefined ? "its mean" : `its mean, ${brief(mean)}`;
  if (values.length > 1) return "other numbers";
  return values[0] === 0 ? "0 (off)" : brief(values[0]);
}
