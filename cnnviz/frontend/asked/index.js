/**
 * The sentence that says what is asked of the answer, and the score: of the view's own preview
 * while the pen moves, then of torch.
 * @module
 */
// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/numbers.js";
import "../shared/palette.js";
import { Following } from "../shared/answers.js";
import { float32 } from "../shared/decoding.js";
import { h, one, setText } from "../shared/dom.js";
import { renderer } from "../shared/renderer.js";
import { sentence } from "./words.js";

/**
 * What cnnviz/components/asked.py sends.
 * @typedef {import("./words.js").Asked & {view: string, logits: string}} Data
 * @typedef {import("../shared/answers.js").Answer} Answer
 */

class Sentence {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.score = h("b");
    this.text = document.createTextNode("");
    this.end = document.createTextNode("");
    element.replaceChildren(this.text, this.score, this.end);
    /** @type {Data | null} */ this.data = null;
    /** @type {Answer | null} later than the data */ this.later = null;
    this.following = new Following((answer) => {
      this.later = answer;
      this.#show();
    });
  }

  /** @param {import("../shared/component.js").Component<Data>} component */
  receive({ data }) {
    if (this.following.follow(data.view)) this.later = null;
    this.data = data;
    if (this.later?.source === "torch") this.later = null;
    this.#show();
  }

  close() {
    this.following.stop();
  }

  #show() {
    const { data, later } = this;
    if (!data) return;
    const { text, score, end } = sentence(later?.logits ?? float32(data.logits), data);
    this.element.dataset.source = later?.source ?? "torch";
    if (this.text.data !== text) this.text.data = text;
    setText(this.score, score);
    if (this.end.data !== end) this.end.data = end;
  }
}

export default renderer(({ parentElement }) => {
  return new Sentence(one(parentElement, "p", HTMLElement));
});
