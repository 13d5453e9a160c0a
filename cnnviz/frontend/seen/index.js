/**
 * What the network sees of the drawing, and how it came to be: the ink's box, scaled, placed. From
 * torch's side as pictures; while the pen moves, from the view's own preview.
 * @module
 */
// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/palette.js";
import { Following } from "../shared/answers.js";
import { contextOf, h, setAttribute } from "../shared/dom.js";
import { onceGone } from "../shared/renderer.js";

const SIZE = 48; // px of a picture

/**
 * Three pictures, or the last alone where nothing is centred; `url` is a mask, null where there is
 * no ink, and `light` a picture in its colours instead.
 * @typedef {{name: string, how: string, url: string|null, light: string|null}} Picture
 * @typedef {{view: string, pictures: Picture[]}} Data
 * @typedef {import("../shared/answers.js").Drawn} Drawn
 */

/** One picture: a mask from torch's side, or a canvas while the pen moves. */
function figureOf() {
  const mask = h("i");
  const canvas = h("canvas", { width: SIZE, height: SIZE });
  const tile = h("span.tile", { role: "img" }, mask, canvas);
  const caption = h("figcaption");
  const context = contextOf(canvas);
  return { element: h("figure", {}, tile, caption), tile, mask, context, caption };
}

/**
 * The ink of an image, a pixel a value, in the colour of text; or its colours. Its canvas is made
 * once for a size: one made anew in every frame is garbage, collected in the midst of a stroke.
 * @param {number} width
 * @param {number} height
 */
function inkOn(width, height) {
  const canvas = h("canvas", { width, height });
  const context = contextOf(canvas);
  const made = context.createImageData(width, height);
  return {
    canvas,
    /**
     * @param {ArrayLike<number>} image of which the first channel counts
     * @param {import("../network_view/preprocess.js").Frame} frame
     * @param {string} colour
     */
    paint(image, { ground }, colour) {
      for (let i = 0; i < width * height; i += 1) {
        made.data[4 * i + 3] = Math.round(255 * (ground === "white" ? 1 - image[i] : image[i]));
      }
      context.globalCompositeOperation = "source-over";
      context.putImageData(made, 0, 0);
      context.globalCompositeOperation = "source-in";
      context.fillStyle = colour;
      context.fillRect(0, 0, width, height);
    },
    /** @param {ArrayLike<number>} image of three channels, in its colours */
    paintColours(image) {
      const size = width * height;
      for (let i = 0; i < size; i += 1) {
        for (let channel = 0; channel < 3; channel += 1)
          made.data[4 * i + channel] = Math.round(255 * image[channel * size + i]);
        made.data[4 * i + 3] = 255;
      }
      context.putImageData(made, 0, 0);
    },
  };
}

/**
 * A canvas that is given its size is emptied, so only where it changes.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
function sized(canvas, width, height) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

class Seen {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.figures = [figureOf(), figureOf(), figureOf()];
    this.scratch = contextOf(h("canvas"));
    this.ink = inkOn(1, 1);
    this.colour = "";
    this.row = h("div.pictures", {}, ...this.figures.map((figure) => figure.element));
    element.replaceChildren(h("p", {}, "what the network sees"), this.row);
    this.following = new Following(({ source, drawn }) => {
      if (source === "preview" && drawn) this.draw(drawn);
      else this.element.dataset.source = "torch";
    });
  }

  /** @param {Data} data */
  receive(data) {
    this.following.follow(data.view);
    const first = this.figures.length - data.pictures.length;
    this.figures.forEach(({ element, tile, mask, caption }, at) => {
      const picture = data.pictures[at - first];
      element.hidden = !picture;
      if (!picture) return;
      caption.textContent = picture.name;
      setAttribute(tile, "aria-label", `${picture.name} ${picture.how}`.trim());
      mask.style.display = picture.url ? "" : "none";
      mask.style.maskImage = picture.url ? `url(${picture.url})` : "";
      tile.style.setProperty("--light", picture.light ? `url(${picture.light})` : "none");
    });
    this.element.dataset.source = "torch";
  }

  /** @param {Drawn} drawn */
  draw({ image, frame, pixels, width, height, from, to }) {
    // As a stroke begins: read in every frame, it would have the page laid out in the midst of it.
    if (this.element.dataset.source !== "preview")
      this.colour = getComputedStyle(this.element).color;
    this.element.dataset.source = "preview";
    const [ink, scaled, placed] = this.figures.map(({ context }) => {
      context.clearRect(0, 0, SIZE, SIZE);
      context.imageSmoothingEnabled = false;
      return context;
    });
    if (!from || !to) return;
    const { scratch } = this;
    sized(scratch.canvas, width, height);
    const bytes = /** @type {Uint8ClampedArray<ArrayBuffer>} */ (pixels);
    const drawing = new ImageData(bytes, width, height);
    scratch.putImageData(drawing, 0, 0, from.left, from.top, from.width, from.height);
    const scale = SIZE / Math.max(from.width, from.height);
    const [w, tall] = [from.width * scale, from.height * scale];
    ink.imageSmoothingEnabled = true;
    ink.drawImage(
      scratch.canvas,
      ...[from.left, from.top, from.width, from.height],
      ...[(SIZE - w) / 2, (SIZE - tall) / 2, w, tall],
    );
    const [, rows, columns] = frame.shape;
    const { width: inkWidth, height: inkHeight } = this.ink.canvas;
    if (inkWidth !== columns || inkHeight !== rows) this.ink = inkOn(columns, rows);
    this.ink.paint(image, frame, this.colour);
    const field = frame.box ?? Math.min(frame.shape[1], frame.shape[2]);
    const cell = SIZE / field;
    scaled.drawImage(
      this.ink.canvas,
      ...[to.left, to.top, to.width, to.height],
      Math.floor((field - to.width) / 2) * cell,
      Math.floor((field - to.height) / 2) * cell,
      to.width * cell,
      to.height * cell,
    );
    const side = SIZE / Math.max(rows, columns);
    if (frame.shape[0] === 3) this.ink.paintColours(image);
    placed.drawImage(
      this.ink.canvas,
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
  return onceGone(parentElement, () => {
    seen.following.stop();
    made.delete(parentElement);
  });
}
