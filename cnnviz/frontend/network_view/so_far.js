/** The answer so far, where columns are rows and the last one is far below. @module */
import { h, setHidden, setText } from "../shared/dom.js";
import { percent } from "../shared/numbers.js";
import { winnerOf } from "./vectors.js";

/** @param {import("./view_types.js").View} view */
export function createSoFar(view) {
  const text = h("span");
  const element = h("div.so-far", { "aria-hidden": "true", hidden: true }, text);
  return {
    element,
    update() {
      const { scene, values, options } = view;
      const answer = scene?.plan.rows ? scene.answer : null;
      const probabilities = answer && values[answer.layer + 1];
      const blank = options.inputInk && values[0].every((ink) => ink === 0);
      setHidden(element, !probabilities || blank);
      if (!probabilities || blank) return;
      const winner = winnerOf(probabilities, false);
      const name = options.classes?.[winner] ?? winner;
      setText(text, `${name} · ${percent(probabilities[winner])}`);
    },
  };
}
