/**
 * What opens over the page: a layer's kernels beside the maps they make, a snippet.
 *
 * @typedef {import("./view_types.js").Readable} Readable
 * @typedef {{element: HTMLElement, update: () => void}} Panel
 * @typedef {ReturnType<typeof pixelCanvas>} PixelCanvas
 */
import { fill, magnitude } from "../shared/colormap.js";
import { h, pixelCanvas, setText } from "../shared/dom.js";
import { brief } from "../shared/numbers.js";
import { nameBefore, paintCell, table } from "./forms/tables.js";
import { weightOf, weightShapeOf } from "./kinds/weights.js";
import { scaleOf } from "./paint.js";
import { planeName, planeWord } from "./units.js";

const MAP = 56; // px of a map's longer side

/** The button that closes the open panel.
 * @param {Pick<Readable, "actions">} view
 */
export function closeButton({ actions }) {
  const onclick = () => actions.closePanel();
  return h("button.close", { type: "button", "aria-label": "Close", onclick }, "✕");
}

/**
 * @param {PixelCanvas} target
 * @param {Float32Array} values
 * @param {number} offset
 * @param {number} scale
 * @param {Uint32Array} colours
 */
function paint(target, values, offset, scale, colours) {
  fill(target.pixels, values, offset, target.pixels.length, scale, colours);
  target.context.putImageData(target.image, 0, 0);
}

/**
 * One map of a layer, in the colours that the stage has for it.
 * @param {PixelCanvas} target
 * @param {Readable} view
 * @param {number} layer
 * @param {number} channel
 */
function paintMap(target, { network, values, scales, scope, palette }, layer, channel) {
  const [, rows, cols] = network.layers[layer].shape;
  const tile = { layer, offset: channel * rows * cols, rows, cols };
  const scale = scaleOf(tile, values, scales, scope, false);
  paint(target, values[layer + 1], tile.offset, scale, palette.signed);
}

/** A kernel of a map as numbers, a table for each map that it reads.
 * @param {Readable} view
 * @param {number} layer
 * @param {number} channel
 */
export function kernelTables(view, layer, channel) {
  const { network, palette, actions } = view;
  const described = network.layers[layer];
  const weight = weightOf(described);
  const [, inputs, rows, cols] = weightShapeOf(described);
  const scale = magnitude(weight);
  const name = nameBefore(network, layer);
  return Array.from({ length: inputs }, (_, input) => {
    const caption = inputs > 1 ? `for ${name} ${planeName(layer - 1, input)}` : `for the ${name}`;
    const { element } = table(caption, rows, cols, (i, j) => {
      const value = weight[((channel * inputs + input) * rows + i) * cols + j];
      const cell = h("span.cell", {
        onpointerenter: () => {
          const { pin } = view;
          // It shows what this weight multiplies for the pinned unit of this very map.
          const ofThisMap = pin && "channel" in pin.unit && pin.unit.channel === channel;
          if (ofThisMap && pin.layer === layer) actions.mark(pin, input, i, j);
        },
        onpointerleave: () => actions.mark(null),
      });
      paintCell(cell, brief(value), value, scale, palette);
      return cell;
    });
    return element;
  });
}

/**
 * Every kernel of a layer, all input channels, beside the map it makes.
 * @param {Readable} view
 * @param {number} layer
 * @returns {Panel}
 */
export function filtersPanel(view, layer) {
  const described = view.network.layers[layer];
  const weight = weightOf(described);
  const [outputs, inputs, kh, kw] = weightShapeOf(described);
  const [, rows, cols] = described.shape;
  const cell = Math.max(30, Math.min(54, 420 / inputs)) / Math.max(kh, kw);
  const pixel = MAP / Math.max(rows, cols);
  const firstKernels = view.network.layers.findIndex((each) => each.weightShape?.length === 4);
  const items = Array.from({ length: outputs }, (_, out) => {
    const map = pixelCanvas(cols, rows, pixel * cols, pixel * rows);
    const kernels = Array.from({ length: inputs }, () => pixelCanvas(kw, kh, cell * kw, cell * kh));
    const label = `Enlarge ${described.name} map ${out}`;
    const onclick = () => view.actions.enlarge(layer, out);
    const said = layer === firstKernels ? view.options.looksFor?.kernels[out].words : "";
    const open = h(
      "button.filter",
      { type: "button", "aria-label": label, onclick },
      h("span.filter-name", {}, `map ${out}`),
      ...kernels.map((kernel) => kernel.canvas),
      h("i.sign", {}, "→"),
      map.canvas,
      said ? h("span.filter-words", {}, said) : "",
    );
    return { map, kernels, open };
  });
  const title = `Kernels of ${described.name}`;
  const facts =
    `${outputs} × ${inputs} kernels of ${kh}×${kw}, one column for each ${planeWord(layer - 1)} of ` +
    `${nameBefore(view.network, layer)}; beside them the map they make. ` +
    "Choose one to read its numbers.";
  return {
    element: h(
      "div.panel",
      { role: "region", "aria-label": title },
      h("div.panel-head", {}, h("h3", {}, title), h("p.facts", {}, facts), closeButton(view)),
      h("div.filters", {}, ...items.map((item) => item.open)),
    ),
    update() {
      const { palette } = view;
      const scale = magnitude(weight);
      for (const [out, { map, kernels }] of items.entries()) {
        for (const [input, kernel] of kernels.entries()) {
          paint(kernel, weight, (out * inputs + input) * kh * kw, scale, palette.signed);
        }
        paintMap(map, view, layer, out);
      }
    },
  };
}

/**
 * All maps of a layer that has too many for the stage.
 * @param {Readable} view
 * @param {number} layer
 * @returns {Panel}
 */
export function mapsPanel(view, layer) {
  const { name, shape } = view.network.layers[layer];
  const [count, rows, cols] = shape;
  const pixel = MAP / Math.max(rows, cols);
  const maps = Array.from({ length: count }, () =>
    pixelCanvas(cols, rows, pixel * cols, pixel * rows),
  );
  const buttons = maps.map(({ canvas }, map) => {
    const label = `Enlarge ${name} map ${map}`;
    const onclick = () => view.actions.enlarge(layer, map);
    const said = h("span.filter-name", {}, `${map}`);
    return h("button.filter", { type: "button", "aria-label": label, onclick }, said, canvas);
  });
  const title = `All maps of ${name}`;
  const facts =
    `${count} of ${rows}×${cols}; the stage shows those with the largest values on average. ` +
    "Choose one to read its numbers, and to pin a pixel of it.";
  return {
    element: h(
      "div.panel",
      { role: "region", "aria-label": title },
      h("div.panel-head", {}, h("h3", {}, title), h("p.facts", {}, facts), closeButton(view)),
      h("div.filters.maps", {}, ...buttons),
    ),
    update() {
      for (const [map, target] of maps.entries()) paintMap(target, view, layer, map);
    },
  };
}

/**
 * A snippet to read and to copy.
 * @param {Pick<Readable, "actions">} view
 * @param {string} code
 * @returns {Panel}
 */
export function snippetPanel(view, code) {
  const state = h("span.facts", { role: "status" });
  const onclick = async () => {
    const done = await view.actions.copy(code);
    setText(state, done ? "copied" : "the browser forbids copying: select the text");
  };
  const copy = h("button", { type: "button", onclick }, "Copy");
  return {
    element: h(
      "div.panel",
      { role: "region", "aria-label": "As PyTorch" },
      h("div.panel-head", {}, h("h3", {}, "As PyTorch"), state, copy, closeButton(view)),
      h("pre", { tabindex: "0" }, code),
    ),
    update() {},
  };
}
