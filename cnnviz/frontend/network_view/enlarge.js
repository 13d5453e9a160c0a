/**
 * One map, large: with its numbers (around one place, where the cells are too small for all), the
 * pinned unit and its window marked, and the kernels that made it. One points and pins in it as on the stage.
 * @module
 */
import { lightCss, lightTable } from "../shared/colormap.js";
import { contextOf, h, setText } from "../shared/dom.js";
import { brief, exactly } from "../shared/numbers.js";
import { createAtlas } from "./atlas.js";
import { drawNumbers } from "./cells.js";
import { formAt, kindOf, shapeAt } from "./kinds.js";
import { drawLens, lensAt } from "./lens.js";
import { lightOf, scaleOf } from "./paint.js";
import { kernelTables } from "./panels.js";
import { receptiveField, windowOf } from "./receptive_field.js";
import { box } from "./scene.js";
import { drawShapes } from "./shapes.js";
import { planeName, planeWord } from "./units.js";

const NUMBER = 38; // px of a cell that holds its number
const LEAST = 260; // px of the longer side
const HEAD = 150; // px of the panel around the map

/**
 * The side of a cell, in px: so that numbers fit, where the window has room for that.
 * @param {number} rows
 * @param {number} cols
 * @param {number} room
 */
function cellFor(rows, cols, room) {
  const longest = Math.max(rows, cols);
  const most = Math.max(LEAST, room - HEAD);
  return Math.max(1, Math.min(NUMBER, Math.floor(most / longest)));
}

/**
 * What of the units that are pinned and pointed at lies in this map: boxes by kind.
 * @param {import("./view_types.js").View} view
 * @param {number} layer
 * @param {number} channel
 * @param {Parameters<typeof box>[0]} tile
 * @returns {import("./overlay.js").Shape[]}
 */
function marksIn(view, layer, channel, tile) {
  /** @type {import("./overlay.js").Shape[]} */
  const shapes = [];
  const add = (
    /** @type {string} */ kind,
    /** @type {number} */ r0,
    /** @type {number} */ r1,
    /** @type {number} */ c0,
    /** @type {number} */ c1,
  ) => shapes.push({ shape: "box", kind, rect: box(tile, r0, r1, c0, c1) });
  for (const focus of [view.held(), view.hover ?? view.cursor]) {
    if (!focus) continue;
    const { unit } = focus;
    if (focus.layer === layer && "channel" in unit && unit.channel === channel)
      add("unit", unit.row, unit.row + 1, unit.col, unit.col + 1);
    if (focus.layer <= layer || focus.layer >= view.network.layers.length) continue;
    if (formAt(view.network, focus.layer) === "contributions") continue;
    if (focus.layer === layer + 1) {
      const read = windowOf(view.network, focus.layer, unit);
      if ("rows" in read && channel >= read.channels[0] && channel < read.channels[1]) {
        const { rows, cols } = read;
        add("window", rows[0], rows[rows.length - 1] + 1, cols[0], cols[cols.length - 1] + 1);
      }
      continue;
    }
    const field = receptiveField(view.network, focus.layer, unit).find(
      ({ layerIndex }) => layerIndex === layer,
    );
    if (field && "channels" in field && channel >= field.channels[0] && channel < field.channels[1])
      add("field", field.r0, field.r1, field.c0, field.c1);
  }
  return shapes;
}

/**
 * Returns {element, update}.
 * @param {import("./view_types.js").View} view
 * @param {number} layer
 * @param {number} channel
 * @param {HTMLElement} close
 */
export function mapPanel(view, layer, channel, close) {
  const [maps, rows, cols] = shapeAt(view.network, layer);
  // In presentation size the whole panel is zoomed.
  const cell = cellFor(rows, cols, window.innerHeight / view.text);
  const count = rows * cols;
  const tile = {
    layer,
    channel,
    rows,
    cols,
    offset: channel * count,
    vector: false,
    rect: { x: 0, y: 0, w: cell * cols, h: cell * rows },
  };
  const ratio = (window.devicePixelRatio || 1) * view.text;
  const canvas = h("canvas.big-map", {
    width: Math.round(tile.rect.w * ratio),
    height: Math.round(tile.rect.h * ratio),
    "aria-hidden": "true",
    style: `width:${tile.rect.w}px;height:${tile.rect.h}px`,
  });
  const context = contextOf(canvas, { alpha: false });
  const atlas = createAtlas([tile]);
  const value = h("p.readout", {}, "\u00a0");
  const facts = h("p.facts");
  const described = layer === -1 ? null : view.network.layers[layer];
  const name = described?.name ?? "input";
  /** @type {{channel: number, row: number, col: number}|null} */
  let pointed = null;
  const place = (/** @type {MouseEvent} */ event) => {
    const frame = canvas.getBoundingClientRect();
    const at = (/** @type {number} */ from, /** @type {number} */ side, /** @type {number} */ of) =>
      Math.max(0, Math.min(of - 1, Math.floor((from / side) * of)));
    return {
      channel,
      row: at(event.clientY - frame.top, frame.height, rows),
      col: at(event.clientX - frame.left, frame.width, cols),
    };
  };
  /** The unit of this map that is pointed at, else held. */
  const focused = () => {
    const held = view.held();
    const unit = pointed ?? (held?.layer === layer ? held.unit : null);
    return unit && "channel" in unit && unit.channel === channel ? unit : null;
  };
  const say = () => {
    const unit = focused();
    if (!unit) return setText(value, "\u00a0");
    const shown = view.values[layer + 1][tile.offset + unit.row * cols + unit.col];
    return setText(value, `row ${unit.row}, column ${unit.col}: ${exactly(shown)}`);
  };
  canvas.addEventListener("pointermove", (event) => {
    pointed = place(event);
    view.actions.point({ layer, unit: pointed }, null, null);
  });
  canvas.addEventListener("pointerleave", () => {
    pointed = null;
    view.actions.point(null);
  });
  canvas.addEventListener("click", (event) => view.actions.pin(layer, place(event)));

  const kernels =
    described && formAt(view.network, layer) === "patches" && described.weight
      ? kernelTables(view, layer, channel)
      : [];
  const of =
    kernels.length > 1
      ? `Its ${kernels.length} kernels, one for each ${planeWord(layer - 1)} that it reads, and`
      : "Its kernel and";
  const beside = kernels.length
    ? h(
        "div.kernel-tables",
        {},
        h(
          "p",
          {},
          `${of} the bias `,
          h("b", {}, described?.bias ? exactly(described.bias[channel]) : "none"),
        ),
        h("div.blocks", {}, ...kernels),
      )
    : h("p", {}, described ? kindOf(described).words(described) : "");
  const plane = planeName(layer, channel);
  const element = h(
    "div.panel.map-panel",
    { role: "region", "aria-label": `${name} ${plane}, enlarged` },
    h(
      "div.panel-head",
      {},
      h("h3", {}, maps > 1 ? `${name} · ${plane}` : name),
      facts,
      h("button", { type: "button", onclick: () => view.actions.csv(layer, channel) }, "CSV"),
      close,
    ),
    h("div.panel-body", {}, h("div", {}, canvas, value), beside),
  );
  return {
    element,
    shows: { layer, channel },
    update() {
      const { values, palette } = view;
      const all = values[layer + 1];
      const ink = layer === -1 && view.options.inputInk;
      const light = lightOf({ layer, channel }, view.options);
      const { scales, scope, options } = view;
      const scale = light ? 1 : scaleOf(tile, values, scales, scope, options.inputInk);
      const signed = ink ? palette.ink : palette.signed;
      const table = light ? lightTable(light) : signed;
      atlas.fill(0, all, tile.offset, count, scale, table, palette.surface);
      atlas.upload();
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.imageSmoothingEnabled = false;
      context.drawImage(atlas.canvas, 0, 0, cols, rows, 0, 0, canvas.width, canvas.height);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const { theme, slide } = view;
      const colours = {
        css(/** @type {number} */ each) {
          if (light) return lightCss(light, each);
          return ink ? palette.inkCss(each) : palette.css(each, scale);
        },
        on(/** @type {number} */ each) {
          if (light) return each > 0.5 ? "#000000" : "#ffffff";
          return ink ? palette.onInk(each) : palette.on(each, scale);
        },
      };
      if (cell >= NUMBER) drawNumbers(context, tile, all, { theme, slide, text: 1 }, colours.on);
      drawShapes(context, marksIn(view, layer, channel, tile), theme.accent, 1);
      const unit = cell < NUMBER ? focused() : null;
      if (unit) {
        const valueAt = (/** @type {number} */ row, /** @type {number} */ col) =>
          all[tile.offset + row * cols + col];
        drawLens(context, lensAt(tile, unit), valueAt, colours, { theme, unit });
      }
      say();
      let [low, high, zeros] = [Infinity, -Infinity, 0];
      for (let i = tile.offset; i < tile.offset + count; i += 1) {
        low = Math.min(low, all[i]);
        high = Math.max(high, all[i]);
        if (all[i] === 0) zeros += 1;
      }
      const share = Math.round((100 * zeros) / count);
      setText(facts, `${rows}×${cols} · from ${brief(low)} to ${brief(high)} · ${share} % zero`);
    },
  };
}
