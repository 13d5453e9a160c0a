/** Small helpers to build and change elements. @module */

import { PALETTE } from "./palette.js";

/** What the document hears when a network view is made or given up. */
export const VIEWS_CHANGED = "cnnviz:views";

/** @typedef {string | number | boolean | null | undefined | ((event: never) => unknown)} Prop */

/**
 * An element: `h("button.close", {type: "button", onclick: close}, "✕")`. A prop whose name begins
 * with "on" is a listener; null, undefined and false leave an attribute out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag | `${Tag}.${string}`} tag  its name and its classes
 * @param {Record<string, Prop>} [props]
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(/** @type {Tag} */ (name));
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function")
      element.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
    else if (key === "style") element.style.cssText = String(value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} name
 * @param {Record<string, string | number>} [attributes]
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(name, attributes = {}) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/**
 * The element that `selector` finds, of the class that it must have.
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} kind  HTMLButtonElement, say
 * @returns {Kind}
 * @throws {Error} where there is none of that class
 */
export function one(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`no ${kind.name} at ${selector}`);
  return found;
}

/** Set text only where it changed, in the text node that is there: that costs the least layout.
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  const { firstChild } = node;
  if (firstChild instanceof Text && firstChild === node.lastChild) {
    if (firstChild.data !== text) firstChild.data = text;
  } else if (node.textContent !== text) node.textContent = text;
}

/**
 * What was written last, since a browser reads a colour back in another spelling.
 * @type {WeakMap<Element, Record<string, string>>}
 */
const written = new WeakMap();

/**
 * @param {HTMLElement | SVGElement} element
 * @param {string} property  as CSS writes it
 * @param {string} value
 */
export function setStyle(element, property, value) {
  const styles = written.get(element) ?? {};
  if (styles[property] === value) return;
  styles[property] = value;
  written.set(element, styles);
  element.style.setProperty(property, value);
}

/**
 * Hide or show only where that changes something: a browser styles an element anew that is hidden
 * once more.
 * @param {HTMLElement} element
 * @param {boolean} hidden
 */
export function setHidden(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/**
 * The colours of Streamlit's theme at an element, as CSS; the light palette where there is none.
 * @param {Element} element
 * @returns {import("./palette.js").Theme & {accent: string}}
 */
export function themeAt(element) {
  const style = getComputedStyle(element);
  const { background, surface, text, accent } = PALETTE.light;
  const read = (/** @type {string} */ name, /** @type {string} */ otherwise) =>
    style.getPropertyValue(name).trim() || otherwise;
  return {
    background: read("--st-background-color", background),
    surface: read("--st-secondary-background-color", surface),
    text: read("--st-text-color", text),
    accent: read("--st-primary-color", accent),
  };
}

/**
 * An element, of no size, to be put among a component's own. Streamlit changes the theme's
 * variables in place; a colour that follows them tells.
 * @param {() => void} changed  told when the theme is another
 */
export function themeProbe(changed) {
  const follows = "color: var(--st-background-color); transition: color 1ms;";
  return h("i", {
    "aria-hidden": "true",
    style: `position: absolute; width: 0; height: 0; ${follows}`,
    ontransitionend: changed,
  });
}

/** A canvas with a pixel a value, shown at `width` × `height` CSS pixels.
 * @param {number} cols
 * @param {number} rows
 * @param {number} width
 * @param {number} height
 */
export function pixelCanvas(cols, rows, width, height) {
  const canvas = h("canvas", {
    width: cols,
    height: rows,
    "aria-hidden": "true",
    style: `width:${width.toFixed(2)}px;height:${height.toFixed(2)}px`,
  });
  const context = contextOf(canvas, { alpha: false });
  const image = context.createImageData(cols, rows);
  return { canvas, context, image, pixels: new Uint32Array(image.data.buffer) };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function contextOf(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("this browser can't paint on a canvas");
  return context;
}

/**
 * The context of a canvas that is shown at `width` × `height` CSS pixels: in those, and empty.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {number} ratio  device pixels of a CSS pixel
 */
export function cleared(canvas, width, height, ratio) {
  const [w, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== tall) canvas.height = tall;
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Hand the person a file.
 * @param {string} name
 * @param {string} text
 * @param {string} type
 */
export function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
