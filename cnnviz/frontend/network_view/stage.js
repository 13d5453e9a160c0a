/**
 * The stage's elements: a column a layer, a canvas a map. Built once for a network and a width;
 * painting and pointing then only touch what is here.
 * @module
 */
import { h, pixelCanvas, svg } from "../shared/dom.js";

const COMPACT = 0.9; // the scale below which heads of columns are staggered, and shorter

/**
 * @typedef {{layer: number, channel: number, rows: number, cols: number, offset: number,
 *   vector: boolean, canvas: HTMLCanvasElement, box: HTMLElement, context: CanvasRenderingContext2D,
 *   image: ImageData, pixels: Uint32Array, numbers: HTMLCanvasElement|null,
 *   alive: HTMLElement|null}} Tile
 */

/** @param {HTMLElement} root @param {object} plan from layOut @param {object} network */
export function build(root, plan, network) {
  const stage = {
    root,
    plan,
    /** @type {Tile[]} */ tiles: [],
    kernels: [],
    weights: [],
    bars: [],
    heads: 0,
    answer: null,
    overlay: svg("svg", { class: "overlay", "aria-hidden": "true" }),
  };
  root.replaceChildren();
  root.classList.toggle("rows", plan.rows);
  root.classList.toggle("compact", !plan.rows && plan.scale < COMPACT);
  root.style.setProperty("--overhang", `${Math.ceil(plan.overhang)}px`);
  root.style.setProperty("--body", `${plan.body}px`);
  for (const column of plan.columns) root.append(BUILDERS[column.type](column, stage, network));
  root.append(stage.overlay);
  return stage;
}

function frame(column, stage, label, focusable = true) {
  const body = h("div.body", { style: `gap:${column.gap ?? 0}px` });
  const section = h(
    `div.column.${column.type}`,
    focusable
      ? {
          role: "group",
          tabindex: "0",
          "aria-label": label,
          "data-layer": column.layer,
          "data-type": column.type,
        }
      : { "aria-hidden": "true" },
    h(
      "header",
      { title: column.words },
      h("b", {}, column.name),
      h("span.shape", {}, column.shape),
      h("span.words", {}, column.words),
    ),
    body,
  );
  if (!stage.plan.rows && column.width) section.style.width = `${column.width}px`;
  if (column.name) section.classList.toggle("high", stage.heads++ % 2 === 1);
  return { section, body };
}

function labelOf(column) {
  const size = `${column.maps} ${column.maps === 1 ? "map" : "maps"} of ${column.rows} by ${column.cols}`;
  return `${column.name}: ${size}, ${column.words}`;
}

const BUILDERS = {
  maps(column, stage) {
    const { section, body } = frame(column, stage, labelOf(column));
    if (column.stacks > 1) body.classList.add("stacked");
    if (column.layer === -1) section.classList.add("input");
    const { w, h: height } = column.tile;
    for (let channel = 0; channel < column.maps; channel++) {
      const pixel = pixelCanvas(column.cols, column.rows, w, height);
      const alive = h("i.alive");
      const numbers = column.numbers ? h("canvas.numbers", { "aria-hidden": "true" }) : null;
      const box = h(
        "div.tile",
        { style: `width:${w.toFixed(2)}px;height:${height.toFixed(2)}px` },
        pixel.canvas,
        numbers,
        alive,
        h("span.dead"),
      );
      const tile = {
        layer: column.layer,
        channel,
        rows: column.rows,
        cols: column.cols,
        offset: channel * column.rows * column.cols,
        vector: false,
        box,
        numbers,
        alive,
        ...pixel,
      };
      pixel.canvas.tile = tile;
      stage.tiles.push(tile);
      body.append(box);
    }
    return section;
  },

  kernels(column, stage) {
    const { section, body } = frame(column, stage, "", false);
    for (let out = 0; out < column.out; out++) {
      const row = h("div.kernel-row", { style: `gap:${column.gap}px` });
      for (let input = 0; input < column.in; input++) {
        const pixel = pixelCanvas(column.kw, column.kh, column.cell.w, column.cell.h);
        const numbers = column.numbers ? h("canvas.numbers") : null;
        const box = h(
          "div.kernel",
          { style: `width:${column.cell.w.toFixed(2)}px;height:${column.cell.h.toFixed(2)}px` },
          pixel.canvas,
          numbers,
        );
        const kernel = {
          layer: column.layer,
          out,
          in: input,
          rows: column.kh,
          cols: column.kw,
          offset: (out * column.in + input) * column.kh * column.kw,
          box,
          numbers,
          ...pixel,
        };
        pixel.canvas.kernel = kernel;
        stage.kernels.push(kernel);
        row.append(box);
      }
      body.append(row);
    }
    return section;
  },

  strips(column, stage) {
    const { section, body } = frame(
      column,
      stage,
      `${column.name}: ${column.shape} values, ${column.words}`,
    );
    for (let group = 0; group < column.groups; group++) {
      const pixel = pixelCanvas(1, column.rows, column.tile.w, column.tile.h);
      const box = h("div.tile.strip", {}, pixel.canvas);
      const tile = {
        layer: column.layer,
        channel: group,
        rows: column.rows,
        cols: 1,
        offset: group * column.rows,
        vector: true,
        box,
        numbers: null,
        alive: null,
        ...pixel,
      };
      pixel.canvas.tile = tile;
      stage.tiles.push(tile);
      body.append(box);
    }
    return section;
  },

  weights(column, stage, network) {
    const { section, body } = frame(column, stage, "", false);
    for (let group = 0; group < column.groups; group++) {
      const pixel = pixelCanvas(column.cols, column.rows, column.tile.w, column.tile.h);
      const box = h("div.tile", {}, pixel.canvas);
      const tile = {
        layer: column.layer,
        group,
        rows: column.rows,
        cols: column.cols,
        inputs: network.layers[column.layer].inShape[0],
        box,
        ...pixel,
      };
      pixel.canvas.weights = tile;
      stage.weights.push(tile);
      body.append(box);
    }
    return section;
  },

  bars(column, stage) {
    const { section, body } = frame(
      column,
      stage,
      `${column.name}: ${column.n} values, ${column.words}`,
    );
    const items = [];
    for (let index = 0; index < column.n; index++) {
      const bar = h("i.bar");
      const text = h("span.value");
      const item = h("div.unit", { "data-index": index }, bar, text);
      item.unit = { layer: column.layer, index };
      items.push({ item, bar, text });
      body.append(item);
    }
    stage.bars.push({ layer: column.layer, items, body });
    return section;
  },

  answer(column, stage) {
    const { section, body } = frame(
      column,
      stage,
      `${column.name}: the probability of each of ${column.n} digits`,
    );
    const items = [];
    for (let index = 0; index < column.n; index++) {
      const bar = h("i.bar");
      const text = h("span.value");
      const digit = h("b.digit", {}, `${index}`);
      const item = h("div.unit", { "data-index": index }, digit, h("span.track", {}, bar), text);
      item.unit = { layer: column.layer, index };
      items.push({ item, digit, bar, text });
      body.append(item);
    }
    stage.answer = { layer: column.layer, items, section };
    return section;
  },
};
