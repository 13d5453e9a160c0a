/** What a layer does in two or three words, for the head of a narrow column. @module */
import { KINDS } from "./kinds.js";

const SHORT = {
  conv2d: ({ hyper }) => `${hyper.kernel.join("×")} conv`,
  relu: () => "max(0, x)",
  tanh: () => "tanh(x)",
  maxpool2d: ({ hyper }) => `${hyper.kernel.join("×")} max`,
  avgpool2d: ({ hyper }) => `${hyper.kernel.join("×")} mean`,
  flatten: () => "in a row",
  linear: () => "weights",
};

/** @param {import("./types.js").Layer} layer */
export const shortWords = (layer) => SHORT[layer.kind]?.(layer) ?? KINDS[layer.kind].title(layer);
