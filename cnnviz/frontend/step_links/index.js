/**
 * The link to any step of a lesson, and its QR code.
 * @module
 */
// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/address.js";
import "../page/share_words.js";
import "../shared/clipboard.js";
import "../shared/numbers.js";
import "../shared/palette.js";
import { Share } from "../page/share.js";
import { h } from "../shared/dom.js";
import { renderer } from "../shared/renderer.js";

/**
 * What cnnviz/components/step_links.py sends: a lesson's name, and its steps in words.
 * @typedef {{name: string, language: string, label: string, steps: string[]}} Data
 * @typedef {import("../shared/component.js").Component<Data>} Component
 */

class StepLinks {
  /** @param {Component} component */
  constructor({ parentElement, data }) {
    this.data = data;
    this.choice = h("select", {});
    this.buttons = h("div");
    this.share = this.#share(data.language);
    this.row = h("div.cnnviz-step-links", { role: "group" }, this.choice, this.buttons);
    parentElement.replaceChildren(this.row);
  }

  /** @param {string} language */
  #share(language) {
    return new Share(this.buttons, () => ({ link: this.#link(), lacking: "" }), "step", language);
  }

  /** @param {Component} component */
  receive({ data }) {
    if (data.language !== this.data.language) {
      this.share.close();
      this.share = this.#share(data.language);
    }
    this.data = data;
    this.row.lang = data.language;
    const place = Math.max(0, this.choice.selectedIndex);
    this.row.setAttribute("aria-label", data.label);
    this.choice.setAttribute("aria-label", data.label);
    this.choice.replaceChildren(...data.steps.map((words) => h("option", {}, words)));
    this.choice.selectedIndex = place;
  }

  close() {
    this.share.close();
  }

  #link() {
    const link = new URL("./lessons", location.href);
    link.search = "";
    link.searchParams.set("course", `${this.data.name}.${this.choice.selectedIndex + 1}`);
    link.searchParams.set("language", this.data.language);
    return link.href;
  }
}

export default renderer((component) => new StepLinks(component));
