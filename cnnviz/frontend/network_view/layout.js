/**
 * Where everything stands: a network and a width in, sizes in CSS pixels out. Pure.
 *
 * Columns run from the input to the answer; kernels have a column of their own before the map
 * they make. On narrow screens the same columns become rows.
 * @module
 */
import { formAt } from "./kinds.js";

const BODY = 440; // height of all columns, in px, at full width
const FULL = 1064; // the width at which nothing is scaled
const NARROW = 560; // below it, columns become rows
const NARROWEST = 340; // likewise for a layer or two
const GAP = 8;
const COLUMN_GAP = 12;
const BARS = 24; // the most values that are shown as bars with their numbers
const NUMBERS_FROM = 27; // px a cell, from where numbers fit into it

/** @typedef {{type: "maps"|"kernels"|"strips"|"weights"|"bars"|"answer", layer: number,
 *   name: string, shape: string, words: string, [more: string]: any}} Column */

/**
 * @param {object} network @param {number} width of the stage in px
 * @param {(layer: object) => string} wordsOf what a layer does, in a few words
 * @param {string|null} inputWords likewise for the input, where it is special
 */
export function layOut(network, width, wordsOf, inputWords = null) {
  const columns = describe(network, wordsOf);
  if (inputWords) columns[0].words = inputWords;
  const roomy = network.layers.length <= 2;
  const rows = width < (roomy ? NARROWEST : NARROW);
  const scale = rows || roomy ? 1 : Math.max(0.55, Math.min(1, width / FULL));
  const body = Math.round(BODY * scale);
  if (rows) sizeRows(columns, width);
  else sizeColumns(columns, width, body, scale, roomy);
  for (const column of columns) {
    if (column.type !== "maps") continue;
    column.numbers =
      Math.min(column.tile.w / column.cols, column.tile.h / column.rows) >= NUMBERS_FROM;
  }
  return {
    rows,
    overhang: rows ? 0 : overhang(network, columns),
    body: rows ? body : Math.min(body, tallest(columns)),
    scale,
    columns,
  };
}

/** How far the windows of padded layers reach beyond the maps they read, in px. */
function overhang(network, columns) {
  const maps = new Map(columns.filter((c) => c.type === "maps").map((c) => [c.layer, c]));
  return Math.max(
    0,
    ...network.layers.map(({ hyper }, l) => {
      const read = maps.get(l - 1);
      return read && hyper.padding
        ? Math.max(
            hyper.padding[0] * (read.tile.h / read.rows),
            hyper.padding[1] * (read.tile.w / read.cols),
          )
        : 0;
    }),
  );
}

/** What the columns need: a layer or two may be less high than the whole network. */
function tallest(columns) {
  return Math.ceil(
    Math.max(
      ...columns.map((column) => {
        if (column.type === "maps") {
          const each = Math.ceil(column.maps / column.stacks);
          return each * column.tile.h + (each - 1) * column.gap;
        }
        if (column.type === "kernels")
          return column.out * (column.cell.h * Math.ceil(column.in / 8) + column.gap);
        return BODY;
      }),
    ),
  );
}

function describe(network, wordsOf) {
  const [C, H, W] = network.image.shape;
  const ends = network.layers.at(-1)?.shape.length === 1;
  /** @type {Column[]} */
  const columns = [
    {
      type: "maps",
      layer: -1,
      name: "input",
      shape: shapeText(network.image.shape),
      words: ends ? "what the network sees" : "what it reads",
      maps: C,
      rows: H,
      cols: W,
    },
  ];
  let groups = C; // how many maps a vector was made of, to set its strips beside them
  network.layers.forEach((layer, l) => {
    const common = {
      layer: l,
      name: layer.name,
      shape: shapeText(layer.shape),
      words: wordsOf(layer),
    };
    const form = formAt(network, l);
    if (form === "patches") {
      const [out, channelsIn, kh, kw] = layer.weightShape ?? [
        layer.shape[0],
        layer.inShape[0],
        ...layer.hyper.kernel,
      ];
      columns.push({
        type: "kernels",
        layer: l,
        name: "",
        shape: "",
        words: "",
        out,
        in: channelsIn,
        kh,
        kw,
      });
    }
    if (layer.shape.length === 3) {
      groups = layer.shape[0];
      columns.push({
        type: "maps",
        ...common,
        maps: layer.shape[0],
        rows: layer.shape[1],
        cols: layer.shape[2],
      });
      return;
    }
    const n = layer.shape[0];
    if (form === "contributions") {
      const inputs = layer.inShape[0];
      const parts = inputs % groups === 0 && inputs > groups ? groups : 1;
      columns.push({
        type: "weights",
        ...common,
        shape: `${n}×${inputs}`,
        groups: parts,
        rows: inputs / parts,
        cols: n,
      });
      groups = 1;
      const last = l === network.layers.length - 1;
      const out = {
        layer: l,
        name: last ? "logits" : `${layer.name} out`,
        shape: `${n}`,
        words: last ? "scores" : "sums",
      };
      columns.push(
        n <= BARS ? { type: "bars", ...out, n } : { type: "strips", ...out, groups: 1, rows: n },
      );
    } else if (form === "place") {
      const parts = n % groups === 0 ? groups : 1;
      columns.push({ type: "strips", ...common, groups: parts, rows: n / parts });
    } else if (n <= BARS) {
      columns.push({ type: "bars", ...common, n });
    } else {
      columns.push({ type: "strips", ...common, groups: 1, rows: n });
    }
  });
  if (ends) {
    const last = network.layers.at(-1);
    columns.push({
      type: "answer",
      layer: network.layers.length,
      name: "softmax",
      shape: `${last.shape[0]}`,
      words: "probabilities",
      n: last.shape[0],
    });
  }
  return columns;
}

/** 8×11² for square maps is short enough for a 48 px column. */
export function shapeText(shape) {
  if (shape.length === 1) return `${shape[0]}`;
  const [c, h, w] = shape;
  return h === w && c > 4 ? `${c}×${h}²` : `${c}×${h}×${w}`;
}

function fit(column, side) {
  const longest = Math.max(column.rows, column.cols);
  column.tile = { w: (side * column.cols) / longest, h: (side * column.rows) / longest };
}

function sizeColumns(columns, width, body, scale, roomy) {
  const maps = columns.filter((c) => c.type === "maps");
  for (const column of maps) {
    column.stacks = Math.ceil(column.maps / 16);
    const each = Math.ceil(column.maps / column.stacks);
    column.gap = each > 12 ? 2 : GAP * scale;
    column.room = (body - column.gap * (each - 1)) / each;
    fit(column, 1);
    column.room /= column.tile.h;
  }
  const several = maps.filter((c) => c.maps > 1);
  const cap = several.length && !roomy ? Math.max(...several.map((c) => c.room)) : body;
  let fixed = COLUMN_GAP * scale * (columns.length - 1);
  for (const column of columns) {
    if (column.type === "kernels") {
      const most = roomy ? 150 : column.in === 1 ? 28 * scale : 84 * scale;
      const gap = column.in > 8 ? 1 : 3;
      const perRow = Math.min(column.in, 8);
      const longest = Math.max(column.kh, column.kw);
      const side = roomy ? Math.min(most, 32 * longest) : (most - gap * (perRow - 1)) / perRow;
      // As many rows as the layer has maps must fit below one another.
      const lines = Math.ceil(column.in / 8);
      const room = (body / column.out - 1) / lines - gap;
      const fitted = Math.max(2, Math.min(side, (room * longest) / column.kh));
      column.cell = { w: (fitted * column.kw) / longest, h: (fitted * column.kh) / longest };
      column.gap = gap;
      column.width = perRow * column.cell.w + gap * (perRow - 1);
      column.numbers = fitted / longest >= 28;
      fixed += column.width + 4 * scale;
    } else if (column.type !== "maps") {
      column.width = { strips: 34, weights: 60, bars: 62, answer: 92 }[column.type] * scale;
      if (column.type === "answer") column.width = Math.max(column.width, 84);
      fixed += column.width;
    }
  }
  const total = (side) =>
    fixed +
    maps.reduce((sum, c) => {
      const s = Math.min(side, c.room);
      return sum + c.stacks * s * c.tile.w + (c.stacks - 1) * c.gap;
    }, 0);
  let [low, high] = [12, cap];
  if (total(high) > width) {
    for (let i = 0; i < 20; i++) {
      const middle = (low + high) / 2;
      if (total(middle) > width) high = middle;
      else low = middle;
    }
    high = low;
  }
  for (const column of maps) {
    fit(column, Math.min(high, column.room));
    column.width = column.stacks * column.tile.w + (column.stacks - 1) * column.gap;
  }
  setBeside(columns, body);
}

/** Strips and weights stand beside the map they belong to, so they take its height. */
function setBeside(columns, body) {
  let beside = { h: body, gap: GAP };
  for (const column of columns) {
    if (column.type === "maps") beside = { h: column.tile.h, gap: column.gap };
    if (column.type === "strips" || column.type === "weights") {
      const together = column.groups * beside.h + (column.groups - 1) * beside.gap;
      // More maps than fit below one another: then the strips share the height.
      const gap = together <= body + 1 ? beside.gap : 1;
      const h =
        column.groups === 1
          ? body
          : together <= body + 1
            ? beside.h
            : (body - (column.groups - 1) * gap) / column.groups;
      column.gap = gap;
      column.tile = { w: column.type === "strips" ? 12 : column.width, h };
    }
  }
}

function sizeRows(columns, width) {
  for (const column of columns) {
    column.gap = GAP;
    column.width = width;
    column.stacks = 1;
    const four = (width - 3 * GAP) / 4;
    if (column.type === "maps") {
      fit(
        column,
        column.maps === 1 ? Math.min(width, 220) : column.maps <= 3 ? (width - 2 * GAP) / 3 : four,
      );
    } else if (column.type === "kernels") {
      const perGroup = column.in === 1 ? 40 : (four - 9) / Math.min(4, column.in);
      const longest = Math.max(column.kh, column.kw);
      column.cell = { w: (perGroup * column.kw) / longest, h: (perGroup * column.kh) / longest };
      column.gap = 3;
    } else if (column.type === "strips") {
      column.tile = { w: 24, h: 120 };
    } else if (column.type === "weights") {
      column.tile = { w: column.groups === 1 ? width : four, h: column.groups === 1 ? 220 : four };
    }
  }
}
