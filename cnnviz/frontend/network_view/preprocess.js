/**
 * From the drawing to what the network reads, as MNIST's digits were made: crop to the ink, scale to
 * 20×20 by area, place by centre of mass in 28×28; or into another frame. The recipe is that of
 * cnnviz/drawing/preprocessing.py, step by step; a test holds the two together.
 */

/**
 * What pictures look like (cnnviz/drawing/frames.py): their `shape` (C, H, W), how long the ink's
 * longer side becomes, where its middle is, and the ground that it lies on.
 * @typedef {{shape: number[], box: number|null, middle: "mass"|"box",
 *   ground: "black"|"white"}} Frame
 */

/** @type {Frame} */
export const MNIST = { shape: [1, 28, 28], box: 20, middle: "mass", ground: "black" };
/** In steps of 8-bit alpha: ink is 9 or more. */
const INK_THRESHOLD = 8.5;

// Reused from frame to frame. No picture has sides longer than this.
const LARGEST_SIDE = 64;
const scaled = new Float64Array(LARGEST_SIDE * LARGEST_SIDE);
const line = new Float64Array(LARGEST_SIDE);

/**
 * @typedef {{top: number, left: number, height: number, width: number}} Box
 *
 * `image` is of the frame's shape, in [0, 1]. `from` is the part of the drawing that was scaled (for a
 * picture that was padded to a square it may reach outside), `to` where it lies in the image; null
 * when empty.
 * @typedef {{image: Float32Array, empty: boolean, from: Box|null, to: Box|null}} Prepared
 *
 * Where the ink lies in the numbers: every `step`th from `first` on, `full` for full ink.
 * @typedef {object} Picture
 * @property {Pixels} pixels
 * @property {number} width
 * @property {number} height
 * @property {number} step
 * @property {number} first
 * @property {number} full
 * @typedef {Uint8ClampedArray | Uint8Array | Float32Array | Float64Array} Pixels
 */

/**
 * @param {Pixels} pixels  RGBA bytes, of which the
 *   alpha counts, or ink in [0, 1]
 * @param {number} width
 * @param {number} height
 * @param {{centre?: boolean, frame?: Frame, beneath?: Float32Array|null}} [options] `beneath` is the
 *   picture that is drawn upon, of the frame's shape: ink takes its light away
 * @param {Float32Array} [out]  for the image, C · H · W long
 * @returns {Prepared}
 */
export function prepare(
  pixels,
  width,
  height,
  { centre = true, frame = MNIST, beneath = null } = {},
  out = new Float32Array(frame.shape[0] * frame.shape[1] * frame.shape[2]),
) {
  const bytes = pixels instanceof Uint8ClampedArray || pixels instanceof Uint8Array;
  if (width < 1 || height < 1 || pixels.length !== width * height * (bytes ? 4 : 1)) {
    throw new Error(`a drawing of ${width}×${height} doesn't have ${pixels.length} values`);
  }
  const picture = {
    pixels,
    width,
    height,
    step: bytes ? 4 : 1,
    first: bytes ? 3 : 0,
    full: bytes ? 255 : 1,
  };
  const [, rows, columns] = frame.shape;
  out.fill(0, 0, rows * columns);
  const found = inkBox(picture);
  if (!found) {
    toLight(out, frame);
    return { image: out, empty: true, from: null, to: null };
  }
  const box = centre && !beneath ? frame.box : null;
  const from = box === null ? square(width, height) : found;
  const longest = Math.max(from.height, from.width);
  const side = (/** @type {number} */ length) =>
    box === null
      ? Math.min(rows, columns)
      : Math.max(1, Math.floor((2 * box * length + longest) / (2 * longest)));
  const to = { top: 0, left: 0, height: side(from.height), width: side(from.width) };
  resample(picture, from, to);
  if (box !== null && frame.middle === "mass") place(to, rows, columns);
  else {
    to.top = Math.floor((rows - to.height) / 2);
    to.left = Math.floor((columns - to.width) / 2);
  }
  for (let row = 0, at = 0; row < to.height; row += 1) {
    const start = (to.top + row) * columns + to.left;
    for (let col = 0; col < to.width; col += 1, at += 1) out[start + col] = scaled[at];
  }
  if (beneath) takeLight(out, beneath, rows * columns);
  else toLight(out, frame);
  return { image: out, empty: false, from, to };
}

/** The ink of the first channel as light: dark on a white ground, the same in every channel.
 * @param {Float32Array} out
 * @param {Frame} frame
 */
function toLight(out, { shape: [channels, rows, columns], ground }) {
  const size = rows * columns;
  if (ground === "white") for (let at = 0; at < size; at += 1) out[at] = 1 - out[at];
  for (let channel = 1; channel < channels; channel += 1) out.copyWithin(channel * size, 0, size);
}

/** The ink of the first channel takes the light of a picture away, in each channel.
 * @param {Float32Array} out
 * @param {Float32Array} beneath
 * @param {number} size of a channel
 */
function takeLight(out, beneath, size) {
  // The first channel has the ink itself, so it is the last to go.
  for (let at = out.length - 1; at >= 0; at -= 1) out[at] = beneath[at] * (1 - out[at % size]);
}

/** The rows and columns from the first to the last with ink; null without any.
 * @param {Picture} picture
 * @returns {Box|null}
 */
function inkBox({ pixels, width, step, first, full }) {
  const threshold = (INK_THRESHOLD / 255) * full;
  const row = width * step;
  let at = first;
  while (at < pixels.length && !(pixels[at] > threshold)) at += step;
  if (at >= pixels.length) return null;
  const top = Math.floor(at / row);
  for (at = pixels.length - step + first; !(pixels[at] > threshold); ) at -= step;
  const bottom = Math.floor(at / row);
  // Each row needs a look only where it could move an edge outwards.
  let [left, right] = [width, -1];
  for (let start = top * row + first; start <= bottom * row + first; start += row) {
    let col = 0;
    while (col < left && !(pixels[start + col * step] > threshold)) col += 1;
    left = col;
    for (col = width - 1; col > right && !(pixels[start + col * step] > threshold); ) col -= 1;
    right = col;
  }
  return { top, left, height: bottom - top + 1, width: right - left + 1 };
}

/** The whole picture, the shorter side padded to a square.
 * @param {number} width
 * @param {number} height
 * @returns {Box}
 */
function square(width, height) {
  const side = Math.max(width, height);
  return {
    top: -Math.floor((side - height) / 2),
    left: -Math.floor((side - width) / 2),
    height: side,
    width: side,
  };
}

/**
 * Area averaging of `from` into `scaled`, to.height × to.width: each new cell is the mean of the old
 * ones, weighted by how much of each it covers. Columns first, then rows.
 * @param {Picture} picture
 * @param {Box} from
 * @param {Box} to
 */
function resample({ pixels, width, height, step, first, full }, from, to) {
  scaled.fill(0);
  const across = from.width / to.width;
  const area = across * (from.height / to.height) * full;
  const [rowEnd, colEnd] = [
    Math.min(from.height, height - from.top),
    Math.min(from.width, width - from.left),
  ];
  for (let y = Math.max(0, -from.top); y < rowEnd; y += 1) {
    const start = ((from.top + y) * width + from.left) * step + first;
    for (let col = 0; col < to.width; col += 1) {
      const begin = Math.max((col * from.width) / to.width, -from.left);
      const end = Math.min(((col + 1) * from.width) / to.width, colEnd);
      const last = Math.ceil(end) - 1;
      let x = Math.floor(begin);
      let sum = 0;
      if (x <= last) {
        // The first and the last old cell are covered in part, those between them as a whole.
        sum = pixels[start + x * step] * (Math.min(end, x + 1) - begin);
        for (x += 1; x < last; x += 1) sum += pixels[start + x * step];
        if (x === last) sum += pixels[start + x * step] * (end - x);
      }
      line[col] = sum;
    }
    for (let row = Math.floor((y * to.height) / from.height); row < to.height; row += 1) {
      const begin = (row * from.height) / to.height;
      if (begin >= y + 1) break;
      const share = Math.min(((row + 1) * from.height) / to.height, y + 1) - Math.max(begin, y);
      if (share <= 0) continue;
      for (let col = 0, at = row * to.width; col < to.width; col += 1, at += 1)
        scaled[at] += share * line[col];
    }
  }
  // A weighted mean of numbers in [0, 1] may come out a rounding error above 1.
  for (let at = 0; at < to.height * to.width; at += 1) scaled[at] = Math.min(1, scaled[at] / area);
}

/** Moves `to` so that the centre of mass of `scaled` lies where it does in MNIST: in the middle.
 * @param {Box} to
 * @param {number} rows of the picture
 * @param {number} columns
 */
function place(to, rows, columns) {
  let [mass, down, across] = [0, 0, 0];
  for (let row = 0, at = 0; row < to.height; row += 1) {
    for (let col = 0; col < to.width; col += 1, at += 1) {
      mass += scaled[at];
      down += scaled[at] * row;
      across += scaled[at] * col;
    }
  }
  to.top = offset(down / mass, to.height, rows);
  to.left = offset(across / mass, to.width, columns);
}

/** The small number lets a tie fall the same way whatever the order of summing.
 * @param {number} centreOfMass
 * @param {number} size
 * @param {number} of so many
 */
function offset(centreOfMass, size, of) {
  const wanted = Math.ceil((of - 1) / 2 - centreOfMass - 1e-6);
  return Math.min(Math.max(wanted, 0), of - size);
}
