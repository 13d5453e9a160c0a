/**
 * The terms of a sum, largest first, and what they add up to: a click on one pins, in a network view
 * of the page, the unit where it happened.
 */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/palette.js";
import { writeAddress } from "../shared/address.js";
import { h, one } from "../shared/dom.js";
import { renderer } from "../shared/renderer.js";
import { pinIn } from "../shared/wishes.js";

/**
 * What cnnviz/components/terms.py sends. A row's `picture` is its place in the batch; `shown` the one
 * in the view, null where there is only one.
 * @typedef {{unit: string, words: string, picture: number, numbers: string[]}} Row
 * @typedef {{view: string, label: string, head: string[], rows: Row[], rest: [string, string] | null,
 *   total: [string, string], shown: number | null}} Data
 * @typedef {import("../shared/component.js").Component<Data>} Component
 */

class Terms {
  /** @param {Component} component */
  constructor({ parentElement, setTriggerValue }) {
    this.send = setTriggerValue;
    this.root = one(parentElement, ".terms", HTMLElement);
    this.told = "";
  }

  close() {}

  /** @param {Component} component */
  receive({ data }) {
    const told = JSON.stringify(data);
    if (told === this.told) return;
    this.told = told;
    const { head, rows, rest, total, label } = data;
    const heads = head.map((text) => h("th", { scope: "col" }, text));
    const lines = rows.map((row) => this.#line(data, row));
    if (rest) lines.push(sumLine(rest, head.length, "tr"));
    lines.push(sumLine(total, head.length, "tr.total"));
    // The same button again: whoever pressed it has the keyboard there still.
    const buttons = [...this.root.querySelectorAll("button")];
    const at = buttons.findIndex((button) => button.matches(":focus"));
    this.root.replaceChildren(
      h(
        "table",
        { "aria-label": label },
        h("thead", {}, h("tr", {}, ...heads)),
        h("tbody", {}, ...lines),
      ),
    );
    if (at >= 0) this.root.querySelectorAll("button")[at]?.focus();
  }

  /** @param {Data} data @param {Row} row */
  #line({ view, shown }, { unit, words, picture, numbers }) {
    const onclick = () => {
      pinIn(view, unit);
      // At once, before Python hears of the picture: it would put back an address without the pin.
      writeAddress({ pin: unit });
      if (shown !== null && picture !== shown) this.send("picture", picture);
    };
    const title = "Pin it in the network";
    const to = h("th", { scope: "row" }, h("button", { type: "button", title, onclick }, words));
    return h("tr", {}, to, ...numbers.map((text) => h("td", {}, text)));
  }
}

/**
 * @param {[string, string]} sum  words and number
 * @param {number} columns
 * @param {"tr" | "tr.total"} tag
 */
function sumLine([words, number], columns, tag) {
  return h(tag, {}, h("th", { scope: "row", colspan: columns - 1 }, words), h("td", {}, number));
}

export default renderer((component) => new Terms(component));
