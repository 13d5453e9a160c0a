/**
 * Values onto canvases and bars. Called once a frame while the pen moves, so it allocates
 * nothing that lasts and touches only what changed.
 * @module
 */
import { entry, fill, magnitude } from "../shared/colormap.js";
import { setStyle, setText } from "../shared/dom.js";
import { brief, percent } from "../shared/numbers.js";

export const SCOPES = ["layer", "map", "all"];

/** Full-colour magnitudes: of each layer's values, and of all maps together. */
export function scales(network, values) {
  const layers = values.map((v) => magnitude(v));
  let all = 0;
  network.layers.forEach((layer, l) => {
    if (layer.shape.length === 3) all = Math.max(all, layers[l + 1]);
  });
  return { layers, all: all || Math.max(...layers) };
}

/** The scale of one tile under the scope in force. */
export function scaleOf(tile, values, scale, scope, inputInk) {
  if (tile.layer === -1 && inputInk) return 1;
  if (scope === "map" && !tile.vector)
    return magnitude(values[tile.layer + 1], tile.offset, tile.rows * tile.cols);
  return scope === "all" && tile.layer >= 0 && !tile.vector
    ? scale.all
    : scale.layers[tile.layer + 1];
}

/**
 * @param {object} stage from build() @param {object} network @param {Float32Array[]} values
 * @param {{palette: object, scope: string, inputInk: boolean, scale: object,
 *   slide: {layer: number, channel: number, position: number}|null}} how
 */
export function paintMaps(stage, network, values, how) {
  const { palette, scope, scale, slide } = how;
  for (const tile of stage.tiles) {
    const ink = tile.layer === -1 && how.inputInk;
    const count = tile.rows * tile.cols;
    const all = values[tile.layer + 1];
    const magnitudeOfTile = scaleOf(tile, values, scale, scope, how.inputInk);
    const sliding =
      slide && slide.layer === tile.layer && slide.channel === tile.channel && !tile.vector;
    const shown = sliding ? Math.min(count, slide.position + 1) : count;
    fill(tile.pixels, all, tile.offset, shown, magnitudeOfTile, ink ? palette.ink : palette.signed);
    if (shown < count) tile.pixels.fill(palette.surface, shown);
    tile.context.putImageData(tile.image, 0, 0);
    if (tile.numbers) paintNumbers(tile, all, tile.offset, shown, magnitudeOfTile, palette, ink);
    const kind = tile.layer >= 0 ? network.layers[tile.layer].kind : "";
    if (tile.alive && kind && !network.layers[tile.layer].weight) paintLife(tile, all, count, kind);
  }
}

/** How much of a map is above zero, as a thin bar beside it; a map with nothing is marked. */
function paintLife(tile, values, count, kind) {
  let zeros = 0;
  for (let i = tile.offset; i < tile.offset + count; i++) if (values[i] === 0) zeros++;
  const share = 1 - zeros / count;
  if (kind === "relu") {
    const text = `${Math.round(share * 100)}%`;
    if (tile.alive.dataset.share !== text) {
      tile.alive.dataset.share = text;
      tile.alive.classList.add("on");
      tile.alive.style.setProperty("--share", text);
    }
  }
  const state = zeros === count ? "dead" : "";
  if (tile.box.dataset.state !== state) {
    tile.box.dataset.state = state;
    tile.box.querySelector(".dead").textContent = state && "all 0";
    tile.box.title = state && "dead for this picture: every value is 0";
  }
}

function paintNumbers(tile, values, offset, count, scale, palette, ink) {
  const { clientWidth: w, clientHeight: height } = tile.box;
  if (!w) return;
  const ratio = window.devicePixelRatio || 1;
  const canvas = tile.numbers;
  if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(w * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, w, height);
  const [cw, ch] = [w / tile.cols, height / tile.rows];
  context.font = `${Math.max(11, Math.min(15, cw / 3.2))}px ${getComputedStyle(canvas).fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let i = 0; i < count; i++) {
    const value = values[offset + i];
    context.fillStyle = ink ? palette.onInk(value) : palette.on(value, scale);
    context.fillText(
      brief(value),
      ((i % tile.cols) + 0.5) * cw,
      (Math.floor(i / tile.cols) + 0.5) * ch,
    );
  }
}

/** Kernels and linear weights change only with the model, so they are painted apart. */
export function paintWeights(stage, network, { palette, scope }) {
  const scaleOfLayer = network.layers.map((l) => (l.weight ? magnitude(l.weight) : 0));
  const convolutions = network.layers.map((l, i) =>
    l.weightShape?.length === 4 ? scaleOfLayer[i] : 0,
  );
  const all = Math.max(0, ...convolutions);
  for (const kernel of stage.kernels) {
    const { weight } = network.layers[kernel.layer];
    if (!weight) continue;
    const count = kernel.rows * kernel.cols;
    const scale =
      scope === "map"
        ? magnitude(weight, kernel.offset, count)
        : scope === "all"
          ? all
          : scaleOfLayer[kernel.layer];
    fill(kernel.pixels, weight, kernel.offset, count, scale, palette.signed);
    kernel.context.putImageData(kernel.image, 0, 0);
    if (kernel.numbers) paintNumbers(kernel, weight, kernel.offset, count, scale, palette, false);
  }
  for (const tile of stage.weights) {
    const { weight } = network.layers[tile.layer];
    if (!weight) continue;
    const scale = scaleOfLayer[tile.layer];
    for (let row = 0; row < tile.rows; row++) {
      for (let col = 0; col < tile.cols; col++) {
        const value = weight[col * tile.inputs + tile.group * tile.rows + row];
        tile.pixels[row * tile.cols + col] = palette.signed[entry(value, scale)];
      }
    }
    tile.context.putImageData(tile.image, 0, 0);
  }
}

/** Bars of vectors: from a middle axis where values may be negative. */
export function paintBars(stage, values, palette) {
  for (const { layer, items } of stage.bars) {
    const all = values[layer + 1];
    const most = magnitude(all) || 1;
    items.forEach(({ item, bar, text }, index) => {
      const value = all[index];
      const side = value < 0 ? "negative" : "positive";
      if (bar.dataset.side !== side) bar.dataset.side = side;
      setStyle(bar, "transform", `scaleX(${(Math.abs(value) / most).toFixed(3)})`);
      setStyle(bar, "background", palette.css(value, most));
      setText(text, brief(value));
      if (item.dataset.side !== side) item.dataset.side = side;
    });
  }
}

/** The answer: every digit's probability, the winner large. */
export function paintAnswer(stage, probabilities, blank) {
  if (!stage.answer || !probabilities) return;
  // Without ink there is nothing to read, whatever the biases add up to.
  let winner = blank ? -1 : 0;
  if (!blank)
    for (let i = 1; i < probabilities.length; i++)
      if (probabilities[i] > probabilities[winner]) winner = i;
  stage.answer.items.forEach(({ item, bar, text }, index) => {
    const p = probabilities[index];
    setStyle(bar, "transform", `scaleX(${p.toFixed(4)})`);
    setText(text, p >= 0.005 || index === winner ? percent(p) : "");
    const state = index === winner ? "winner" : "";
    if (item.dataset.state !== state) item.dataset.state = state;
  });
}
