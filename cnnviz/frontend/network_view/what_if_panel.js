/**
 * What if: what is pinned is switched off or set to a number, its kernel edited; all changes in a
 * list, each taken back by a click.
 *
 * @typedef {import("./view_types.js").View} View
 * @typedef {import("./changes.js").Change} Change
 */
import { h, setAttribute, setHidden, setText } from "../shared/dom.js";
import { createAnswers } from "./what_if_answers.js";
import { numberForm } from "./what_if_field.js";
import { createKernelEditor } from "./what_if_kernel.js";
import { targetsOf } from "./what_if_targets.js";
import { createWeightSetter } from "./what_if_weight.js";
import { targetWords, valuesWords, whatIfWords } from "./what_if_words.js";

const FACTS =
  "Set what is pinned to another number: all that comes after it follows, also while you draw. " +
  "Dashed: what is set. A bar over a map: how much of it differs. Outlined: the answer without.";
const NOTHING = "Pin a unit, a pixel of the input, or a score to set it.";

/**
 * @param {string} text
 * @param {() => void} onclick
 * @param {Record<string, string>} [props]
 */
const button = (text, onclick, props = {}) =>
  h("button", { type: "button", onclick, ...props }, text);

/**
 * A target with what it can be set to.
 * @param {View} view
 * @param {(text: string) => void} complain
 */
function createSetter(view, complain) {
  let target = "";
  const name = h("b");
  const off = button("off", () => view.actions.set(target, [0]));
  const full = button("ink", () => view.actions.set(target, [1]));
  const mean = button("mean", () => view.actions.set(target, "mean"), {
    title: "what it is on average over the test pictures",
  });
  const on = button("as it was", () => view.actions.set(target, null));
  const { field, form } = numberForm({
    set: (value) => view.actions.set(target, [value]),
    name: () => targetWords(view.network, target),
    complain,
  });
  const element = h("div.setter", {}, name, off, full, mean, form, on);
  return {
    element,
    /** @param {string | null} next  null: nothing to set here */
    update(next) {
      setHidden(element, next === null);
      if (next === null) return;
      target = next;
      const words = targetWords(view.network, target);
      setText(name, words);
      const pixel = target.startsWith("input.");
      setText(off, pixel ? "paper" : "off");
      setHidden(full, !pixel);
      setHidden(mean, pixel);
      setAttribute(field, "aria-label", `Set ${words} to`);
      const change = view.whatIf.changes.find((each) => each.target === target);
      on.disabled = !change;
      const isOff = Boolean(change && Number(change.values) === 0);
      setAttribute(off, "aria-pressed", String(isOff));
      setAttribute(mean, "aria-pressed", String(change?.values === "mean"));
      const said = change && valuesWords(change.values, view.whatIf.means[target]);
      field.placeholder = said ?? "a number";
    },
  };
}

/** @param {View} view */
function createList(view) {
  const element = h("ul.changes", { "aria-label": "Changes" });
  let shown = "";
  return {
    element,
    update() {
      const { changes, means } = view.whatIf;
      const rows = changes.map(({ target, values }) => ({
        target,
        words: `${targetWords(view.network, target)} is ${valuesWords(values, means[target])}`,
      }));
      const text = JSON.stringify(rows);
      if (text === shown) return;
      shown = text;
      element.replaceChildren(
        ...rows.map(({ target, words }) => {
          const label = `Take back: ${words}`;
          const back = button("✕", () => view.actions.set(target, null), { "aria-label": label });
          back.className = "icon";
          return h("li", {}, h("span", {}, words), back);
        }),
      );
    },
  };
}

/**
 * @param {View} view
 * @param {HTMLElement} close
 * @param {{undo: () => void, redo: () => void, can: () => {undo: boolean, redo: boolean}}} history
 * @returns {import("./view_types.js").Panel}
 */
export function whatIfPanel(view, close, history) {
  const answer = h("p.what-if-answer");
  const bars = createAnswers(view);
  const problem = h("p.what-if-problem", { role: "alert" });
  const complain = (/** @type {string} */ text) => setText(problem, text);
  const [whole, single] = [createSetter(view, complain), createSetter(view, complain)];
  const nothing = h("p.facts", {}, NOTHING);
  const kernel = createKernelEditor(view, complain);
  const weight = createWeightSetter(view, complain);
  const list = createList(view);
  const undo = button("undo change", history.undo);
  const redo = button("redo change", history.redo);
  const revert = button("revert all", () => view.actions.setAll([]));
  const keep = button("Keep as my weights", () => view.actions.keep(), {
    title: "Puts the changed network among the models to choose from",
  });
  let told = "";
  const element = h(
    "div.panel.what-if",
    { role: "region", "aria-label": "What if" },
    h("div.panel-head", {}, h("h3", {}, "What if"), h("p.facts", {}, FACTS), close),
    answer,
    bars.element,
    problem,
    nothing,
    whole.element,
    single.element,
    weight.element,
    kernel.element,
    list.element,
    h("div.buttons", {}, undo, redo, revert, keep),
  );
  return {
    element,
    lasting: true,
    update() {
      const { changes } = view.whatIf;
      setText(answer, whatIfWords(view) || "Nothing is changed.");
      bars.update();
      // Python's word on what it was asked last, once.
      const said = view.options.changes?.problem ?? "";
      if (said !== told) complain(said);
      told = said;
      const targets = targetsOf(view);
      setHidden(nothing, targets.whole !== null || targets.single !== null);
      whole.update(targets.whole);
      single.update(targets.single);
      weight.update();
      kernel.update();
      list.update();
      const can = history.can();
      undo.disabled = !can.undo;
      redo.disabled = !can.redo;
      revert.disabled = !changes.length;
      keep.disabled = !changes.some(({ target }) => !target.startsWith("input."));
    },
  };
}
