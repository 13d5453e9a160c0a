/**
 * What the network sees of the drawing, and how it came to be: the ink's box, scaled, placed. From
 * torch's side as pictures; while the pen moves, from the view's own preview.
 * @module
 */
// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/palette.js";
import { subscribe } from "../shared/answers.js";
import { contextOf, h, setAttribute } from "../shared/dom.js";

const SIZE = 48; // px of a picture

/**
 * Three pictures, or the last alone where nothing is centred; `url` is a mask, null where there is
 * no ink.
 * @typedef {{name: string, how: string, url: string|null}} Picture
 * @typedef {{view: string, pictures: Picture[]}} Data
 * @typedef {import("../shared/answers.js").Drawn} Drawn
 */

/** One picture: a mask from torch's side, or a canvas while the pen moves. */
function figureOf() {
  const mask = h("i");
  const canvas = h("canvas", { width: SIZE, height: SIZE });
  const tile = h("span.tile", { role: "img" }, mask, canvas);
  const caption = h("figcaption");
  return { element: h("figure", {}, tile, caption), tile, mask, canvas, caption };
}

/**
 * The ink of an image, a pixel a value, in the colour of text, as a small canvas.
 * @param {ArrayLike<number>} image of which the first channel counts
 * @param {import("../network_view/preprocess.js").Frame} frame
 * @param {import("../network_view/preprocess.js").Box} part of it
 * @param {string} colour
 */
function inkOf(image, { shape: [, , columns], ground }, part, colour) {
  const canvas = h("canvas", { width: part.width, height: part.height });
  const context = contextOf(canvas);
  const made = context.createImageData(part.width, part.height);
  for (let row = 0, at = 3; row < part.height; row += 1) {
    const start = (part.top + row) * columns + part.left;
    for (let col = 0; col < part.width; col += 1, at += 4) {
      const value = image[start + col];
      made.data[at] = Math.round(255 * (ground === "white" ? 1 - value : value));
    }
  }
  context.putImageData(made, 0, 0);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = colour;
  context.fillRect(0, 0, part.width, part.height);
  return canvas;
}

class Seen {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.figures = [figureOf(), figureOf(), figureOf()];
    this.scratch = h("canvas");
    this.row = h("div.pictures", {}, ...this.figures.map((figure) => figure.element));
    element.replaceChildren(h("p", {}, "what the network sees"), this.row);
    /** @type {string|null} */
    this.view = null;
    this.stop = () => {};
  }

  /** @param {Data} data */
  receive(data) {
    if (data.view !== this.view) {
      this.stop();
      this.view = data.view;
      this.stop = subscribe(data.view, ({ source, drawn }) => {
        if (source === "preview" && drawn) this.draw(drawn);
        else this.element.dataset.source = "torch";
      });
    }
    const first = this.figures.length - data.pictures.length;
    this.figures.forEach(({ element, tile, mask, caption }, at) => {
      const picture = data.pictures[at - first];
      element.hidden = !picture;
      if (!picture) return;
      caption.textContent = picture.name;
      setAttribute(tile, "aria-label", `${picture.name} ${picture.how}`.trim());
      mask.style.display = picture.url ? "" : "none";
      mask.style.maskImage = picture.url ? `url(${picture.url})` : "";
    });
    this.element.dataset.source = "torch";
  }

  /** @param {Drawn} drawn */
  draw({ image, frame, pixels, width, height, from, to }) {
    this.element.dataset.source = "preview";
    const { color } = getComputedStyle(this.element);
    const [ink, scaled, placed] = this.figures.map(({ canvas }) => {
      const context = contextOf(canvas);
      context.clearRect(0, 0, SIZE, SIZE);
      context.imageSmoothingEnabled = false;
      return context;
    });
    if (!from || !to) return;
    const { scratch } = this;
    [scratch.width, scratch.height] = [width, height];
    const bytes = /** @type {Uint8ClampedArray<ArrayBuffer>} */ (pixels);
    contextOf(scratch).putImageData(new ImageData(bytes, width, height), 0, 0);
    const scale = SIZE / Math.max(from.width, from.height);
    const [w, tall] = [from.width * scale, from.height * scale];
    ink.imageSmoothingEnabled = true;
    ink.drawImage(
      scratch,
      ...[from.left, from.top, from.width, from.height],
      ...[(SIZE - w) / 2, (SIZE - tall) / 2, w, tall],
    );
    const field = frame.box ?? Math.min(frame.shape[1], frame.shape[2]);
    const cell = SIZE / field;
    scaled.drawImage(
      inkOf(image, frame, to, color),
      Math.floor((field - to.width) / 2) * cell,
      Math.floor((field - to.height) / 2) * cell,
      to.width * cell,
      to.height * cell,
    );
    const [, rows, columns] = frame.shape;
    const all = { top: 0, left: 0, width: columns, height: rows };
    const side = SIZE / Math.max(rows, columns);
    placed.drawImage(
      inkOf(image, frame, all, color),
      ...[(SIZE - columns * side) / 2, (SIZE - rows * side) / 2, columns * side, rows * side],
    );
  }
}

/** @type {WeakMap<object, Seen>} */
const made = new WeakMap();

/** @param {import("../shared/component.js").Component<Data>} component */
export default function render({ data, parentElement }) {
  let seen = made.get(parentElement);
  if (!seen) {
    seen = new Seen(/** @type {HTMLElement} */ (parentElement.querySelector(".steps")));
    made.set(parentElement, seen);
  }
  seen.receive(data);
  return () => {
    seen.stop();
    made.delete(parentElement);
  };
}
