/**
 * A slider that tells its value while it moves: what it moves follows the hand, as fast as Python
 * answers and no faster.
 */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/numbers.js";
import "../shared/palette.js";
import { h, one, setText } from "../shared/dom.js";
import { format } from "../shared/numbers.js";
import { Paced } from "../shared/paced.js";
import { renderer } from "../shared/renderer.js";

/**
 * @typedef {{label: string, least: number, most: number, step: number, value: number,
 *   digits: number, unit: string, sequence: number}} Data  what cnnviz/components/live_slider.py
 *   sends
 * @typedef {import("../shared/component.js").Component<Data>} Component
 */

class Slider {
  /** @param {Component} component */
  constructor({ parentElement, setTriggerValue }) {
    const root = one(parentElement, ".live-slider", HTMLElement);
    this.paced = new Paced((sequence) =>
      setTriggerValue("value", { value: Number(this.input.value), sequence }),
    );
    this.held = false;
    this.name = h("span.name");
    this.shown = h("output");
    this.input = h("input", { type: "range" });
    root.replaceChildren(h("label", {}, h("span.words", {}, this.name, this.shown), this.input));
    this.input.addEventListener("pointerdown", () => {
      this.held = true;
    });
    for (const end of ["pointerup", "pointercancel", "blur"]) {
      this.input.addEventListener(end, () => {
        this.held = false;
      });
    }
    this.input.addEventListener("input", () => {
      this.#show();
      this.paced.changed();
    });
  }

  close() {
    this.paced.close();
  }

  /** @param {Component} component */
  receive({ data }) {
    this.data = data;
    this.paced.receive(data.sequence);
    setText(this.name, data.label);
    this.input.setAttribute("aria-label", data.label);
    this.input.min = String(data.least);
    this.input.max = String(data.most);
    this.input.step = String(data.step);
    // An answer to an older value must not move the thumb back.
    if (!this.held && this.paced.settled(data.sequence)) this.input.value = String(data.value);
    this.#show();
    this.paced.go();
  }

  #show() {
    if (!this.data) return;
    const { digits, unit, most, least } = this.data;
    const value = Number(this.input.value);
    const text = `${format(value, digits)}${unit}`;
    setText(this.shown, text);
    this.input.setAttribute("aria-valuetext", text);
    this.input.style.setProperty("--done", `${(100 * (value - least)) / (most - least)}%`);
  }
}

export default renderer((component) => new Slider(component));
