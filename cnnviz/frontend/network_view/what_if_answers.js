/** The answer without the changes and with them, side by side. @module */
import { h, setHidden, setStyle, setText } from "../shared/dom.js";

/** @param {import("./view_types.js").View} view */
export function createAnswers(view) {
  // The sentence above says it in words.
  const element = h("div.answers-beside", { "aria-hidden": "true" });
  /** @type {{before: HTMLElement, after: HTMLElement, name: HTMLElement}[]} */
  let items = [];

  /** @param {number} count */
  function build(count) {
    items = Array.from({ length: count }, () => {
      const [before, after] = [h("i.before"), h("i.after")];
      return { before, after, name: h("span", {}, "") };
    });
    const made = items.map(({ before, after, name }) =>
      h("div", {}, h("div.pair", {}, before, after), name),
    );
    element.replaceChildren(...made);
  }

  return {
    element,
    update() {
      const at = view.network.layers.length + 1;
      const after = view.values[at];
      setHidden(element, !after);
      if (!after) return;
      const before = view.before?.values[at] ?? after;
      if (items.length !== after.length) build(after.length);
      for (const [i, item] of items.entries()) {
        setStyle(item.before, "height", `${(100 * before[i]).toFixed(1)}%`);
        setStyle(item.after, "height", `${(100 * after[i]).toFixed(1)}%`);
        setText(item.name, view.options.classes?.[i] ?? String(i));
      }
    },
  };
}
