/** Single weights of what is pinned, where no kernel makes it: of a linear layer, a normalisation. @module */
import { h, setAttribute, setHidden, setText } from "../shared/dom.js";
import { brief } from "../shared/numbers.js";
import { numberForm } from "./what_if_field.js";
import { weighedBy } from "./what_if_targets.js";
import { targetWords } from "./what_if_words.js";

/**
 * A number of a tensor, with what it is, a field to set it and a way back.
 * @param {import("./view_types.js").View} view
 * @param {(text: string) => void} complain
 * @param {HTMLElement[]} before  what stands between the name and the field
 */
function createNumber(view, complain, before = []) {
  let target = "";
  const name = h("b");
  const onclick = () => view.actions.set(target, null);
  const trained = h("button", { type: "button", onclick }, "as trained");
  const { field, form } = numberForm({
    set: (value) => view.actions.set(target, [value]),
    name: () => targetWords(view.network, target),
    complain,
  });
  return {
    element: h("div.setter", {}, name, ...before, form, trained),
    /** @param {string} next @param {string} title @param {number | undefined} value */
    update(next, title, value) {
      target = next;
      setText(name, title);
      setAttribute(field, "aria-label", `Set ${targetWords(view.network, target)} to`);
      field.placeholder = value === undefined ? "a number" : brief(value);
      trained.disabled = !view.whatIf.changes.some((change) => change.target === target);
    },
  };
}

/**
 * @param {import("./view_types.js").View} view
 * @param {(text: string) => void} complain
 */
export function createWeightSetter(view, complain) {
  let input = 0;
  let shown = "";
  const which = h("input", { type: "number", min: 0, step: 1, "aria-label": "Which input" });
  which.addEventListener("input", () => {
    const asked = Number(which.value);
    const most = Number(which.max);
    if (which.value === "" || !Number.isInteger(asked) || asked < 0 || asked > most) {
      complain(`The input must be a whole number from 0 to ${most}, got “${which.value}”.`);
      return;
    }
    complain("");
    input = asked;
    update();
  });
  const from = h("label", {}, h("span", {}, "for input"), which);
  const [weight, bias] = [createNumber(view, complain, [from]), createNumber(view, complain)];
  const element = h("div.weights", {}, weight.element, bias.element);

  function update() {
    const made = weighedBy(view.network, view.pin);
    setHidden(element, made === null);
    if (!made) return;
    const { layer, out, inputs } = made;
    const { name, weight: weights, bias: biases } = view.network.layers[layer];
    const key = `${name}.${out}.${inputs}`;
    if (key !== shown) {
      shown = key;
      input = inputs === null || !weights ? 0 : strongest(view.values[layer], weights, out, inputs);
      which.max = String((inputs ?? 1) - 1);
      which.value = String(input);
    }
    setHidden(from, inputs === null);
    const place = inputs === null ? `${out}` : `${out}.${input}`;
    const at = inputs === null ? out : out * inputs + input;
    const what = inputs === null ? `map ${out}` : `unit ${out}`;
    weight.update(`${name}.weight.${place}`, `${name} weight of ${what}`, weights?.[at]);
    setHidden(bias.element, biases === null);
    bias.update(`${name}.bias.${out}`, `${name} bias of ${what}`, biases?.[out]);
  }

  return { element, update };
}

/**
 * The input that counts most for a unit now.
 * @param {Float32Array} values that the layer reads
 * @param {Float32Array} weights
 * @param {number} out
 * @param {number} inputs
 */
function strongest(values, weights, out, inputs) {
  let [best, most] = [0, -1];
  for (let i = 0; i < inputs; i += 1) {
    const size = Math.abs(values[i] * weights[out * inputs + i]);
    if (size > most) [best, most] = [i, size];
  }
  return best;
}
