/** Tells whoever says it in words, elsewhere on the page, what the network says now. @module */
import { publish } from "../shared/answers.js";

/** @param {import("./view_types.js").View} view with its values and whose they are */
export function tell({ network, values, back, options, source, drawn }) {
  if (back) return;
  const probabilities = values[network.layers.length + 1];
  if (!probabilities) return;
  const blank = options.inputInk && values[0].every((pixel) => pixel === 0);
  publish(options.key, {
    probabilities,
    logits: values[network.layers.length],
    image: values[0],
    source,
    blank,
    drawn: source === "preview" ? drawn : null,
    valuesOf: (name) =>
      values[network.layers.findIndex((layer) => layer.name === name) + 1 || -1] ?? null,
  });
}
