/**
 * Paint kernels: orange positive, blue negative, the surface's own colour for zero.
 * @module
 */

const RAMPS = {
  light: [
    ["#fdc38d", "#e6550d", "#7f2704"],
    ["#9ecae8", "#3182bd", "#08306b"],
  ],
  dark: [
    ["#7a3b12", "#f08c4a", "#ffe3c9"],
    ["#1f4e79", "#4aa3df", "#c6e6ff"],
  ],
};

const rgb = (text) => {
  const hex = /^#([0-9a-f]{6})/i.exec(text.trim());
  if (hex) return [1, 3, 5].map((i) => parseInt(text.trim().slice(i, i + 2), 16));
  return (text.match(/[\d.]+/g) ?? [128, 128, 128]).slice(0, 3).map(Number);
};

/** A function from [-1, 1] to a CSS colour, of the theme whose surface and background are given. */
export function ramp(surface, background) {
  const [r, g, b] = rgb(background);
  const sides = RAMPS[0.2126 * r + 0.7152 * g + 0.0722 * b < 128 ? "dark" : "light"];
  const stops = sides.map((side) => [surface, ...side].map(rgb));
  return (value) => {
    const side = stops[value < 0 ? 1 : 0];
    const at = Math.min(1, Math.abs(value)) * (side.length - 1);
    const i = Math.min(Math.floor(at), side.length - 2);
    return `rgb(${side[i].map((c, k) => Math.round(c + (side[i + 1][k] - c) * (at - i))).join(" ")})`;
  };
}

/** @returns {{shape: number[], of: number[], values: Float32Array}} */
export function decode({ shape, of, values }) {
  const bytes = Uint8Array.from(atob(values), (c) => c.charCodeAt(0));
  return { shape, of, values: new Float32Array(bytes.buffer) };
}

/** The largest absolute value of a layer's kernels over all frames: one scale for the strip. */
export function scaleOf(tensors) {
  let most = 0;
  for (const { values } of tensors) for (const v of values) most = Math.max(most, Math.abs(v));
  return most || 1;
}

/** Width and height in CSS pixels of kernels painted with cells of `cell` pixels. */
export function sizeOf([outputs, inputs, height, width], cell) {
  return {
    width: inputs * width * cell + (inputs - 1) * 2,
    height: outputs * height * cell + (outputs - 1) * 2,
  };
}

/** One row a kernel, one column an input channel. */
export function paint(canvas, { shape, values }, scale, cell, colour) {
  const [outputs, inputs, height, width] = shape;
  const size = sizeOf(shape, cell);
  const ratio = Math.min(window.devicePixelRatio || 1, 3);
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  canvas.style.width = `${size.width}px`;
  canvas.style.height = `${size.height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  let at = 0;
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          context.fillStyle = colour(values[at++] / scale);
          context.fillRect(
            i * (width * cell + 2) + x * cell,
            o * (height * cell + 2) + y * cell,
            cell,
            cell,
          );
        }
      }
    }
  }
}
