/**
 * What opens over the page: a layer's filters beside the maps they make, a snippet.
 * @module
 */
import { fill, magnitude } from "../shared/colormap.js";
import { h, pixelCanvas, setText } from "../shared/dom.js";
import { brief, exactly } from "../shared/numbers.js";
import { scaleOf } from "./paint.js";

/** The button that closes the open panel. */
export function closeButton(view) {
  return h(
    "button.close",
    { type: "button", "aria-label": "Close", onclick: () => view.actions.closePanel() },
    "✕",
  );
}

function paint(target, values, offset, scale, table) {
  fill(target.pixels, values, offset, target.pixels.length, scale, table);
  target.context.putImageData(target.image, 0, 0);
}

/** A kernel of a map as numbers, a table for each map that it reads. */
export function kernelTables(view, layer, channel) {
  const described = view.network.layers[layer];
  const [, inputs, kh, kw] = described.weightShape;
  const scale = magnitude(described.weight);
  return Array.from({ length: inputs }, (_, input) => {
    const body = h("tbody");
    for (let i = 0; i < kh; i++) {
      const row = h("tr");
      for (let j = 0; j < kw; j++) {
        const weight = described.weight[((channel * inputs + input) * kh + i) * kw + j];
        row.append(
          h(
            "td",
            {},
            h(
              "span.cell",
              {
                style: `background:${view.palette.css(weight, scale)};color:${view.palette.on(weight, scale)}`,
                onpointerenter: () => {
                  const { pin } = view;
                  // It shows what this weight multiplies for the pinned unit of this very map.
                  if (pin?.layer === layer && pin.unit.channel === channel)
                    view.actions.mark(pin, input, i, j);
                },
                onpointerleave: () => view.actions.mark(null),
              },
              brief(weight),
            ),
          ),
        );
      }
      body.append(row);
    }
    const name = layer === 0 ? "input" : view.network.layers[layer - 1].name;
    return h(
      "table.grid",
      {},
      h("caption", {}, inputs > 1 ? `for ${name} map ${input}` : `for the ${name}`),
      body,
    );
  });
}

/** Every kernel of a layer, all input channels, beside the map it makes. */
export function filtersPanel(view, layer) {
  const described = view.network.layers[layer];
  const [outputs, inputs, kh, kw] = described.weightShape;
  const [, rows, cols] = described.shape;
  const side = Math.max(30, Math.min(54, 420 / inputs));
  const longest = Math.max(kh, kw);
  const before = layer === 0 ? "input" : view.network.layers[layer - 1].name;
  const items = Array.from({ length: outputs }, (_, out) => {
    const map = pixelCanvas(
      cols,
      rows,
      (56 * cols) / Math.max(rows, cols),
      (56 * rows) / Math.max(rows, cols),
    );
    const kernels = Array.from({ length: inputs }, () =>
      pixelCanvas(kw, kh, (side * kw) / longest, (side * kh) / longest),
    );
    const open = h(
      "button.filter",
      {
        type: "button",
        "aria-label": `Enlarge ${described.name} map ${out}`,
        onclick: () => view.actions.enlarge(layer, out),
      },
      h("span.filter-name", {}, `map ${out}`),
      ...kernels.map((k) => k.canvas),
      h("i.sign", {}, "→"),
      map.canvas,
    );
    return { map, kernels, open };
  });
  return {
    element: h(
      "div.panel",
      { role: "region", "aria-label": `Filters of ${described.name}` },
      h(
        "div.panel-head",
        {},
        h("h3", {}, `Filters of ${described.name}`),
        h(
          "p.facts",
          {},
          `${outputs} × ${inputs} kernels of ${kh}×${kw}, a column to a map of ${before}; beside them the map they make. Choose one to read its numbers.`,
        ),
        closeButton(view),
      ),
      h("div.filters", {}, ...items.map((i) => i.open)),
    ),
    update() {
      const { palette, values, scales } = view;
      const scale = magnitude(described.weight);
      items.forEach(({ map, kernels }, out) => {
        kernels.forEach((kernel, input) =>
          paint(kernel, described.weight, (out * inputs + input) * kh * kw, scale, palette.signed),
        );
        const offset = out * rows * cols;
        paint(
          map,
          values[layer + 1],
          offset,
          scaleOf({ layer, offset, rows, cols }, values, scales, view.scope, false),
          palette.signed,
        );
      });
    },
  };
}

/** A snippet to read and to copy. */
export function snippetPanel(view, code, copied) {
  const state = h("span.facts", { role: "status" }, copied ? "copied" : "");
  const copy = h(
    "button",
    {
      type: "button",
      onclick: async () =>
        setText(
          state,
          (await view.actions.copy(code))
            ? "copied"
            : "the browser forbids copying: select the text",
        ),
    },
    "copy",
  );
  return {
    element: h(
      "div.panel",
      { role: "region", "aria-label": "As PyTorch" },
      h("div.panel-head", {}, h("h3", {}, "As PyTorch"), state, copy, close(view)),
      h("pre", { tabindex: "0" }, code),
    ),
    update() {},
  };
}
