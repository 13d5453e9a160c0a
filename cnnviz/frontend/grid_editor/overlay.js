/**
 * A place for a grid's cells over a picture of another component: the input or a kernel that a
 * network view shows (`network_view/asked.js` says where). It goes where the picture goes.
 *
 * @typedef {{view: string, box: "input" | "kernel", at: number[], others: number[][]}} Place
 *   view: the component's key in Streamlit; at: the input's channel, or the kernel's output map and
 *   input channel; others: those to be chosen instead
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 * @typedef {HTMLElement & {inputBox: (channel: number) => Box | null,
 *   kernelBox: (out: number, input: number) => Box | null}} ViewRoot
 */

import { h, VIEWS_CHANGED } from "../shared/dom.js";

const RETRY = 60; // ms until the view is looked for again
const ELSEWHERE = ["focusin", "pointerdown"];

/** The network view under `.st-key-<key>`, wherever its shadow root is.
 * @param {string} key
 */
function findView(key) {
  const place = document.querySelector(`.st-key-${CSS.escape(key)}`);
  for (const element of place?.querySelectorAll("*") ?? []) {
    const found = element.shadowRoot?.querySelector("[data-cnnviz=network-view]");
    if (found) return /** @type {ViewRoot} */ (found);
  }
  return null;
}

export class Overlay {
  /**
   * @param {HTMLElement} source  whose style sheets hold here, too
   * @param {{choose: (at: number[]) => void, repainted: () => void}} reactions
   */
  constructor(source, { choose, repainted }) {
    this.choose = choose;
    this.repainted = repainted;
    this.host = h("div", { style: "position:absolute;inset:0;pointer-events:none;z-index:2" });
    const root = this.host.attachShadow({ mode: "open" });
    const styled = /** @type {ShadowRoot} */ (source.getRootNode());
    root.adoptedStyleSheets = styled.adoptedStyleSheets ?? [];
    for (const sheet of styled.querySelectorAll("style, link[rel=stylesheet]"))
      root.append(sheet.cloneNode(true));
    this.element = h("div.root.editor.over");
    root.append(this.element);
    /** What a person has focused here, until they focus or press something else: an element that is
     * moved, or whose picture goes, is focused no more, and the keys meant for it would be lost.
     * @type {HTMLElement | null} */
    this.focused = null;
    root.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLElement) this.focused = target;
    });
    this.elsewhere = (/** @type {Event} */ event) => {
      if (!event.composedPath().includes(this.host)) this.focused = null;
    };
    this.look = () => this.#look();
    for (const event of ELSEWHERE) document.addEventListener(event, this.elsewhere, true);
    document.addEventListener(VIEWS_CHANGED, this.look);
    /** @type {Map<string, HTMLButtonElement>} */
    this.buttons = new Map();
    /** @type {ViewRoot | null} */
    this.view = null;
    /** @type {Place | null} */
    this.place = null;
    this.timer = 0;
    this.sizes = new ResizeObserver(() => this.#follow());
    this.paints = new MutationObserver(() => {
      this.#follow();
      this.repainted();
    });
  }

  /** @param {Place} place */
  show(place) {
    this.place = place;
    const keys = new Set(place.others.map(String));
    for (const [key, button] of this.buttons) {
      if (keys.has(key)) continue;
      button.remove();
      this.buttons.delete(key);
    }
    for (const at of place.others) {
      if (this.buttons.has(String(at))) continue;
      const [first, second] = at;
      const name = place.box === "input" ? `channel ${first}` : `map ${first}, channel ${second}`;
      const button = h("button.other", {
        type: "button",
        "aria-label": `Edit the ${place.box} of ${name}`,
        onclick: () => this.choose(at),
      });
      this.buttons.set(String(at), button);
      this.element.after(button);
    }
    this.#look();
  }

  /** Find the view, now or as soon as it's there. */
  #look() {
    clearTimeout(this.timer);
    if (!this.place) return;
    const view = findView(this.place.view);
    if (view !== this.view || !this.host.isConnected) {
      this.sizes.disconnect();
      this.paints.disconnect();
      this.view = view;
      view?.append(this.host);
      if (view) {
        this.sizes.observe(view);
        this.paints.observe(view, { attributeFilter: ["data-revision"] });
      }
    }
    if (!view) this.timer = setTimeout(() => this.#look(), RETRY);
    else this.#follow();
  }

  #refocus() {
    const { focused } = this;
    if (!focused || focused.matches(":focus")) return;
    // A cell that was made anew meanwhile: that which the Tab key would come to.
    const to = focused.isConnected ? focused : this.element.querySelector("[tabindex='0']");
    if (to instanceof HTMLElement) to.focus({ preventScroll: true });
  }

  #follow() {
    const { view, place } = this;
    if (!view || !place) return;
    this.#put(this.element, place.at);
    for (const at of place.others) {
      const button = this.buttons.get(String(at));
      if (button) this.#put(button, at);
    }
    // Not before the picture has its place: what is hidden can't be focused.
    if (!this.element.hidden) this.#refocus();
  }

  /** @param {HTMLElement} element @param {number[]} at */
  #put(element, [first, second]) {
    const { view, place } = this;
    if (!view || !place) return;
    const box = place.box === "input" ? view.inputBox(first) : view.kernelBox(first, second);
    element.hidden = !box;
    if (!box) return;
    const origin = view.getBoundingClientRect();
    element.style.left = `${box.x - origin.left}px`;
    element.style.top = `${box.y - origin.top}px`;
    element.style.width = `${box.width}px`;
    element.style.height = `${box.height}px`;
  }

  destroy() {
    clearTimeout(this.timer);
    for (const event of ELSEWHERE) document.removeEventListener(event, this.elsewhere, true);
    document.removeEventListener(VIEWS_CHANGED, this.look);
    this.sizes.disconnect();
    this.paints.disconnect();
    this.host.remove();
  }
}
