/** Small helpers to build elements. @module */

/** @param {string} tag like "div.tile.wide" @param {object} [props] @param {...(Node|string|null)} children */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "style") element.style.cssText = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** Set text only where it changed: an untouched node costs no layout. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** What was written last, since a browser reads a colour back in another spelling. */
const written = new WeakMap();

export function setStyle(element, property, value) {
  let styles = written.get(element);
  if (!styles) written.set(element, (styles = {}));
  if (styles[property] === value) return;
  styles[property] = value;
  element.style[property] = value;
}

export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** A canvas with a pixel a value, shown at `width` × `height` px. */
export function pixelCanvas(cols, rows, width, height) {
  const canvas = h("canvas", {
    width: cols,
    height: rows,
    "aria-hidden": "true",
    style: `width:${width.toFixed(2)}px;height:${height.toFixed(2)}px`,
  });
  const context = canvas.getContext("2d", { alpha: false });
  const image = context.createImageData(cols, rows);
  return { canvas, context, image, pixels: new Uint32Array(image.data.buffer) };
}
