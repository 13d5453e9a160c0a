/**
 * Boxes and edges over the maps: the unit pointed at, its window, its receptive field back to the
 * input, and edges as strong as their contributions. Geometry is measured once a layout.
 * @module
 */
import { formAt } from "./kinds.js";
import { inputs, receptiveField, windowOf } from "./receptive_field.js";

/** Measure where tiles, kernels and bars lie, relative to the stage. */
export function measure(stage) {
  boxesOf.delete(stage);
  const origin = stage.root.getBoundingClientRect();
  const rectOf = (element) => {
    const r = element.getBoundingClientRect();
    return { x: r.left - origin.left, y: r.top - origin.top, w: r.width, h: r.height };
  };
  for (const tile of stage.tiles) tile.rect = rectOf(tile.canvas);
  for (const kernel of stage.kernels) kernel.rect = rectOf(kernel.canvas);
  for (const tile of stage.weights) tile.rect = rectOf(tile.canvas);
  for (const { items } of stage.bars) for (const part of items) part.rect = rectOf(part.item);
  for (const part of stage.answer?.items ?? []) part.rect = rectOf(part.item);
  stage.overlay.setAttribute("width", origin.width);
  stage.overlay.setAttribute("height", origin.height);
  stage.tileOf = new Map(stage.tiles.map((tile) => [`${tile.layer},${tile.channel}`, tile]));
  stage.stripsOf = new Map();
  for (const tile of stage.tiles) {
    if (!tile.vector) continue;
    if (!stage.stripsOf.has(tile.layer)) stage.stripsOf.set(tile.layer, []);
    stage.stripsOf.get(tile.layer).push(tile);
  }
}

/** The rectangle of a unit on the stage, or null where the stage doesn't show it. */
export function rectOfUnit(stage, layer, unit) {
  if ("index" in unit) {
    if (stage.answer && layer === stage.answer.layer)
      return stage.answer.items[unit.index]?.rect ?? null;
    const bars = stage.bars.find((b) => b.layer === layer);
    if (bars) return bars.items[unit.index]?.rect ?? null;
    const strip = stage.stripsOf
      .get(layer)
      ?.find((t) => unit.index >= t.offset && unit.index < t.offset + t.rows);
    return strip
      ? box(strip, unit.index - strip.offset, unit.index - strip.offset + 1, 0, 1)
      : null;
  }
  const tile = stage.tileOf.get(`${layer},${unit.channel}`);
  return tile ? box(tile, unit.row, unit.row + 1, unit.col, unit.col + 1) : null;
}

/** Half-open rows and columns of a map as pixels on the stage; may lie outside the map (padding). */
export function box(tile, r0, r1, c0, c1) {
  const [cw, ch] = [tile.rect.w / tile.cols, tile.rect.h / tile.rows];
  return {
    x: tile.rect.x + c0 * cw,
    y: tile.rect.y + r0 * ch,
    w: (c1 - c0) * cw,
    h: (r1 - r0) * ch,
  };
}

const SMALLEST = 5;
const TICK = 24; // px of the largest contribution

function outline(r, kind) {
  // A one-pixel unit must still be seen: never smaller than a few pixels.
  const w = Math.max(r.w, SMALLEST);
  const h = Math.max(r.h, SMALLEST);
  const x = r.x - (w - r.w) / 2 - 0.5;
  const y = r.y - (h - r.h) / 2 - 0.5;
  return `<rect class="${kind}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(w + 1).toFixed(1)}" height="${(h + 1).toFixed(1)}" rx="1.5"/>`;
}

function edge(from, to, strength, colour, rows) {
  const width = 1 + 3.5 * strength;
  const opacity = 0.4 + 0.6 * strength;
  const style = `stroke="${colour}" stroke-width="${width.toFixed(2)}" opacity="${opacity.toFixed(2)}"`;
  if (rows) {
    const [x0, y0, x1, y1] = [from.x + from.w / 2, from.y + from.h, to.x + to.w / 2, to.y];
    const bend = (y1 - y0) / 2;
    return `<path class="edge" d="M${x0.toFixed(1)} ${y0.toFixed(1)}C${x0.toFixed(1)} ${(y0 + bend).toFixed(1)} ${x1.toFixed(1)} ${(y1 - bend).toFixed(1)} ${x1.toFixed(1)} ${y1.toFixed(1)}" ${style}/>`;
  }
  const [x0, y0, x1, y1] = [from.x + from.w, from.y + from.h / 2, to.x, to.y + to.h / 2];
  const bend = Math.max(14, (x1 - x0) / 2);
  return `<path class="edge" d="M${x0.toFixed(1)} ${y0.toFixed(1)}C${(x0 + bend).toFixed(1)} ${y0.toFixed(1)} ${(x1 - bend).toFixed(1)} ${y1.toFixed(1)} ${x1.toFixed(1)} ${y1.toFixed(1)}" ${style}/>`;
}

/** Boxes are pixels of the layout and the unit alone, so they are kept between frames. */
const boxesOf = new WeakMap();

function boxes(stage, network, focus) {
  const { layer, unit } = focus;
  const key = `${layer}:${Object.values(unit).join(",")}`;
  const kept = boxesOf.get(stage);
  if (kept?.has(key)) return kept.get(key);
  let text = "";
  const sources = [];
  if (layer >= 0 && layer < network.layers.length) {
    const window = windowOf(network, layer, unit);
    if ("rows" in window) {
      const [r0, r1] = [window.rows[0], window.rows.at(-1) + 1];
      const [c0, c1] = [window.cols[0], window.cols.at(-1) + 1];
      for (let channel = window.channels[0]; channel < window.channels[1]; channel++) {
        const tile = stage.tileOf.get(`${layer - 1},${channel}`);
        if (!tile) continue;
        const around = box(tile, r0, r1, c0, c1);
        sources.push({ channel, rect: around });
        text += outline(around, "window");
        const spread = window.rows.length < r1 - r0 || window.cols.length < c1 - c0;
        if (spread)
          for (const row of window.rows)
            for (const col of window.cols)
              text += outline(box(tile, row, row + 1, col, col + 1), "tap");
      }
    } else if (formAt(network, layer) === "place" || formAt(network, layer) === "formula") {
      const [source] = inputs(network, layer, unit, null);
      const rect = rectOfUnit(stage, layer - 1, source.unit);
      if (rect) {
        text += outline(rect, "window");
        sources.push({ channel: source.unit.channel ?? 0, rect });
      }
    }
    if (formAt(network, layer) !== "contributions") {
      for (const field of receptiveField(network, layer, unit)) {
        if (field.layerIndex >= layer - 1) continue;
        for (let channel = field.channels[0]; channel < field.channels[1]; channel++) {
          const tile = stage.tileOf.get(`${field.layerIndex},${channel}`);
          if (tile && !tile.vector)
            text += outline(box(tile, field.r0, field.r1, field.c0, field.c1), "field");
        }
      }
    }
    if (formAt(network, layer) === "patches") {
      for (const kernel of stage.kernels)
        if (kernel.layer === layer && kernel.out === unit.channel)
          text += outline(kernel.rect, "used");
    }
  }
  const own = rectOfUnit(stage, layer, unit);
  if (own) text += outline(own, "unit");
  const made = { text, sources, own };
  const all = kept ?? new Map();
  if (all.size > 2000) all.clear();
  all.set(key, made);
  boxesOf.set(stage, all);
  return made;
}

/** [{rect, contribution}] that lead into a unit. */
function contributions(stage, network, values, focus, sources) {
  const { layer, unit } = focus;
  if (stage.answer && layer === stage.answer.layer) {
    const bars = stage.bars.find((b) => b.layer === layer - 1);
    return bars
      ? bars.items.map((part, i) => ({
          rect: part.rect,
          contribution: i === unit.index ? values[layer + 1][i] : -values[layer + 1][i],
        }))
      : [];
  }
  const form = formAt(network, layer);
  if (form === "patches" && sources.length) {
    const sums = new Map(sources.map((s) => [s.channel, 0]));
    for (const input of inputs(network, layer, unit, values[layer]))
      sums.set(input.unit.channel, sums.get(input.unit.channel) + input.contribution);
    return sources.map((s) => ({ rect: s.rect, contribution: sums.get(s.channel) }));
  }
  if (form === "contributions") {
    const strips = stage.stripsOf.get(layer - 1);
    const all = inputs(network, layer, unit, values[layer]);
    if (!strips) {
      const bars = stage.bars.find((b) => b.layer === layer - 1);
      return bars
        ? all.map((input) => ({
            rect: bars.items[input.index].rect,
            contribution: input.contribution,
          }))
        : [];
    }
    return strips.map((strip) => {
      let contribution = 0;
      for (const input of all)
        if (input.index >= strip.offset && input.index < strip.offset + strip.rows)
          contribution += input.contribution;
      return { rect: strip.rect, contribution };
    });
  }
  return sources.map((s) => ({ rect: s.rect, contribution: 1 }));
}

/** For a unit of a linear layer: what every input contributes, as a bar beside its strip. */
function ticks(stage, network, values, palette, { layer, unit }) {
  const strips = formAt(network, layer) === "contributions" ? stage.stripsOf.get(layer - 1) : null;
  if (!strips || stage.plan.rows) return "";
  const all = inputs(network, layer, unit, values[layer]);
  const most = Math.max(...all.map((input) => Math.abs(input.contribution)), 1e-12);
  let text = "";
  for (const strip of strips) {
    const height = strip.rect.h / strip.rows;
    for (let row = 0; row < strip.rows; row++) {
      const { contribution } = all[strip.offset + row];
      const length = (Math.abs(contribution) / most) * TICK;
      if (length < 0.5) continue;
      text += `<path class="contribution" d="M${(strip.rect.x + strip.rect.w + 1).toFixed(1)} ${(strip.rect.y + (row + 0.5) * height).toFixed(1)}h${length.toFixed(1)}" stroke="${palette.sign(contribution)}" stroke-width="${Math.max(1, height - 0.4).toFixed(2)}"/>`;
    }
  }
  return text;
}

/**
 * Draw the pinned and the hovered unit. `focuses` are [{layer, unit, style}], the last on top
 * and the only one with edges.
 */
export function drawOverlay(stage, network, values, palette, focuses, extra = "") {
  let text = "";
  focuses.forEach((focus, i) => {
    const made = boxes(stage, network, focus);
    let edges = "";
    if (i === focuses.length - 1 && focus.layer >= 0 && made.own) {
      const into = contributions(stage, network, values, focus, made.sources);
      const most = Math.max(...into.map((e) => Math.abs(e.contribution)), 1e-12);
      for (const { rect, contribution } of into) {
        // One edge alone has nothing to be compared with.
        const strength = into.length === 1 ? 0.1 : Math.abs(contribution) / most;
        if (strength > 0.004)
          edges += edge(rect, made.own, strength, palette.sign(contribution), stage.plan.rows);
      }
    }
    text += `<g class="${focus.style}">${edges}${made.text}${i === focuses.length - 1 ? ticks(stage, network, values, palette, focus) : ""}</g>`;
  });
  text += extra;
  if (stage.overlayText !== text) {
    stage.overlay.innerHTML = text;
    stage.overlayText = text;
  }
}
