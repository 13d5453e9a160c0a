/** What a screen reader is told: once things have come to rest, so that it isn't flooded. @module */
import { h, setText } from "../shared/dom.js";
import { backwardSentence } from "./backward/told.js";
import { sentenceOf } from "./explained.js";
import { whatIfWords } from "./what_if_words.js";

const AFTER = 400; // ms without a change

/**
 * @param {import("./view_types.js").View} view
 * @param {() => boolean} busy whether the pen is down or a slide plays
 */
export function createAnnouncer(view, busy) {
  const element = h("div.hidden", { "aria-live": "polite" });
  let timer = 0;
  let due = 0;

  function wake() {
    // While frames follow one another the timer stays, and only what it waits for is moved on.
    const left = due - performance.now();
    timer = left > 0 ? window.setTimeout(wake, left) : 0;
    if (timer || busy()) return;
    view.stage.describe(view.values, view.options.classes);
    const unit = view.cursor ?? view.held();
    const said = [whatIfWords(view), unit && wordsOf(unit)].filter(Boolean).join(" ");
    if (said) setText(element, said);
  }

  /** @param {import("./view_types.js").At} unit */
  function wordsOf({ layer, unit }) {
    const { back, network } = view;
    return back ? backwardSentence(network, back, layer, unit) : sentenceOf(view, layer, unit);
  }

  return {
    element,
    /** The unit that the keyboard is at, else the pinned one, in a sentence. */
    update() {
      due = performance.now() + AFTER;
      timer ||= window.setTimeout(wake, AFTER);
    },
    stop: () => clearTimeout(timer),
  };
}
