/**
 * The painted surface: one canvas for all that has a colour. What stays while the values change is
 * a picture of its own, the ground: a frame of new values begins with a copy of it. While only the
 * pointer moves, ground and values are one picture, kept: such a frame is a copy and what is
 * pointed at.
 * @module
 */
import { lightTable, magnitude } from "../shared/colormap.js";
import { contextOf } from "../shared/dom.js";
import { createAtlas } from "./atlas.js";
import { drawNumbers, drawRim } from "./cells.js";
import { showsLife } from "./kinds.js";
import { lightOf, scaleOf } from "./paint.js";
import { drawRoses } from "./roses.js";
import { drawShapes } from "./shapes.js";
import { drawAnswer, drawBars } from "./vectors.js";

/** Room around the stage for frames at its edges, in px. */
export const BLEED = 4;
const LIFE = { gap: 2, width: 3 }; // px: the bar beside a ReLU's map

/**
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("./scene.js").Tile} Tile
 *
 * What is painted: `values` are the image, each layer's output and, where there are any, the
 * probabilities. A `slide` has its map filled as far as it has come.
 * @typedef {{network: import("./types.js").Network, values: Float32Array[],
 *   scales: import("./view_types.js").Scales, scope: import("./view_types.js").Scope,
 *   options: import("./view_types.js").Options, theme: import("./theme.js").Theme, text: number,
 *   slide: {layer: number, channel: number, position: number}|null}} Shown
 */

/** @param {HTMLCanvasElement} canvas */
export function createSurface(canvas) {
  const context = contextOf(canvas, { alpha: false });
  const ground = document.createElement("canvas");
  const groundContext = contextOf(ground, { alpha: false });
  const kept = document.createElement("canvas");
  const keptContext = contextOf(kept, { alpha: false });
  let stale = true; // whether `kept` is of older values
  /** @type {Scene} */
  let scene;
  let ratio = 1;
  /** @type {ReturnType<typeof createAtlas>} */
  let maps;
  /** @type {ReturnType<typeof createAtlas>} */
  let weights;
  /** For each tile, how many of its values are 0; -1 where that says nothing. */
  let zeros = new Int32Array(0);

  /** @param {Scene} placed @param {number} devicePixels a CSS pixel */
  function arrange(placed, devicePixels) {
    scene = placed;
    ratio = devicePixels;
    stale = true;
    const [width, height] = [scene.width + 2 * BLEED, scene.height + 2 * BLEED];
    for (const each of [canvas, ground, kept]) {
      each.width = Math.round(width * ratio);
      each.height = Math.round(height * ratio);
    }
    canvas.style.cssText =
      `left:${-BLEED}px;top:${-BLEED}px;` +
      `width:${canvas.width / ratio}px;height:${canvas.height / ratio}px`;
    maps = createAtlas(scene.tiles);
    weights = createAtlas([...scene.kernels, ...scene.weights]);
    zeros = new Int32Array(scene.tiles.length);
  }

  /**
   * A rectangle of the stage as whole device pixels.
   * @param {import("./scene.js").Rect} rect
   */
  function device({ x, y, w, h }) {
    const [left, top] = [Math.round((x + BLEED) * ratio), Math.round((y + BLEED) * ratio)];
    return {
      x: left,
      y: top,
      w: Math.round((x + w + BLEED) * ratio) - left,
      h: Math.round((y + h + BLEED) * ratio) - top,
    };
  }

  /** @param {Shown} shown */
  function colourMaps(shown) {
    const { network, values, scales, scope, options, theme, slide } = shown;
    const { palette } = theme;
    scene.tiles.forEach((tile, at) => {
      const all = values[tile.layer + 1];
      const count = tile.rows * tile.cols;
      const sliding =
        slide && slide.layer === tile.layer && slide.channel === tile.channel && !tile.vector;
      const filled = sliding ? Math.min(count, slide.position + 1) : count;
      const ink = tile.layer === -1 && options.inputInk;
      const light = lightOf(tile, options);
      const scale = light ? 1 : scaleOf(tile, values, scales, scope, options.inputInk);
      const signed = ink ? palette.ink : palette.signed;
      const table = light ? lightTable(light) : signed;
      maps.fill(at, all, tile.offset, filled, scale, table, palette.surface);
      const lives = tile.layer >= 0 && !tile.vector && !network.layers[tile.layer].weight;
      zeros[at] = lives ? zerosIn(all, tile.offset, count) : -1;
    });
    maps.upload();
  }

  /** @param {Shown} shown */
  function colourWeights({ network, scope, theme }) {
    const { layers } = network;
    const most = layers.map(({ weight }) => (weight ? magnitude(weight) : 0));
    const all = Math.max(0, ...most.filter((_, l) => layers[l].weightShape?.length === 4));
    const table = theme.palette.signed;
    scene.kernels.forEach((kernel, at) => {
      const { weight } = layers[kernel.layer];
      if (!weight) return;
      const count = kernel.rows * kernel.cols;
      const scale = kernelScale(scope, weight, kernel, count, most[kernel.layer], all);
      weights.fill(at, weight, kernel.offset, count, scale, table, 0);
    });
    scene.weights.forEach((tile, at) => {
      const { weight } = layers[tile.layer];
      if (!weight) return;
      const first = tile.group * tile.rows;
      weights.fillFrom(
        scene.kernels.length + at,
        (row, col) => weight[col * tile.inputs + first + row],
        most[tile.layer],
        table,
      );
    });
    weights.upload();
  }

  /**
   * All that stays while only values change: the ground, the maps' edges, kernels, weights.
   * @param {Shown} shown
   */
  function paintGround({ network, scope, theme, options }) {
    const to = groundContext;
    to.setTransform(1, 0, 0, 1, 0, 0);
    to.fillStyle = theme.background;
    to.fillRect(0, 0, ground.width, ground.height);
    to.imageSmoothingEnabled = false;
    to.fillStyle = theme.line;
    const hair = Math.max(1, Math.round(ratio));
    for (const { outer, vector } of scene.tiles) if (!vector) frame(to, device(outer), hair);
    for (const { rect } of scene.kernels) frame(to, device(rect), hair);
    [...scene.kernels, ...scene.weights].forEach((tile, at) => {
      copy(to, weights, at, tile, device(tile.rect));
    });
    to.setTransform(ratio, 0, 0, ratio, BLEED * ratio, BLEED * ratio);
    if (options.looksFor) drawRoses(to, scene.roses, options.looksFor, theme);
    for (const kernel of scene.kernels) {
      const { weight } = network.layers[kernel.layer];
      if (!kernel.numbers || !weight) continue;
      const count = kernel.rows * kernel.cols;
      const layerScale = magnitude(weight);
      const scale = kernelScale(scope, weight, kernel, count, layerScale, layerScale);
      drawNumbers(to, kernel, weight, { theme, text: scene.plan.text, slide: null }, (value) =>
        theme.palette.on(value, scale),
      );
    }
  }

  /**
   * The ground and the values on it.
   * @param {CanvasRenderingContext2D} to
   * @param {Shown} shown
   */
  function paintValues(to, shown) {
    const { network, values, theme, options } = shown;
    const { palette } = theme;
    to.setTransform(1, 0, 0, 1, 0, 0);
    to.imageSmoothingEnabled = false;
    to.drawImage(ground, 0, 0);
    scene.tiles.forEach((tile, at) => {
      if (tile.rim) drawRim(to, tile, device, shown);
      copy(to, maps, at, tile, device(tile.rect));
    });
    to.setTransform(ratio, 0, 0, ratio, BLEED * ratio, BLEED * ratio);
    scene.tiles.forEach((tile, at) => {
      if (tile.numbers) {
        const ink = tile.layer === -1 && options.inputInk;
        const light = lightOf(tile, options);
        const scale = scaleOf(tile, values, shown.scales, shown.scope, false);
        drawNumbers(to, tile, values[tile.layer + 1], shown, (value) => {
          if (light) return value > 0.5 ? "#000000" : "#ffffff";
          return ink ? palette.onInk(value) : palette.on(value, scale);
        });
      }
      if (zeros[at] >= 0 && showsLife(network.layers[tile.layer]))
        drawLife(to, tile.outer, 1 - zeros[at] / (tile.rows * tile.cols), theme);
    });
    for (const bars of scene.bars) {
      drawBars(to, bars, values[bars.layer + 1], scene.plan, theme);
    }
    if (scene.answer) {
      const blank = options.inputInk && values[0].every((pixel) => pixel === 0);
      const shares = values[scene.answer.layer + 1];
      drawAnswer(to, scene.answer, shares, blank, scene.plan, theme, options.classes);
    }
  }

  /**
   * The values, and over them what is pointed at.
   * @param {Shown} shown
   * @param {{shapes: import("./overlay.js").Shape[], opacity: number}[]} groups back to front
   * @param {boolean} changed whether values or ground are others than in the frame before
   */
  function paint(shown, groups, changed) {
    const { theme } = shown;
    if (changed) {
      // Nothing that was painted stays, so the browser needn't copy the last frame first.
      paintValues(context, shown);
      stale = true;
    } else {
      if (stale) paintValues(keptContext, shown);
      stale = false;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.drawImage(kept, 0, 0);
    }
    context.setTransform(ratio, 0, 0, ratio, BLEED * ratio, BLEED * ratio);
    for (const { shapes, opacity } of groups) drawShapes(context, shapes, theme.accent, opacity);
    scene.tiles.forEach((tile, at) => {
      if (zeros[at] === tile.rows * tile.cols) drawDead(context, tile.rect, theme, scene.plan.text);
    });
  }

  return {
    arrange,
    colourMaps,
    colourWeights,
    paintGround,
    paint,
    /** The maps whose values are all 0: no ReLU or pooling lets anything through. */
    dead: () => scene.tiles.filter((tile, at) => zeros[at] === tile.rows * tile.cols),
  };
}

/**
 * @param {Float32Array} values
 * @param {number} offset
 * @param {number} count
 */
function zerosIn(values, offset, count) {
  let zeros = 0;
  for (let i = offset; i < offset + count; i += 1) if (values[i] === 0) zeros += 1;
  return zeros;
}

/**
 * The magnitude of full colour for a kernel under the scope in force.
 * @param {string} scope
 * @param {Float32Array} weight
 * @param {import("./scene.js").Kernel} kernel
 * @param {number} count
 * @param {number} ofLayer
 * @param {number} ofAll
 */
function kernelScale(scope, weight, kernel, count, ofLayer, ofAll) {
  if (scope === "map") return magnitude(weight, kernel.offset, count);
  return scope === "all" ? ofAll : ofLayer;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./scene.js").Rect} rect
 * @param {number} hair
 */
function frame(context, { x, y, w, h }, hair) {
  context.fillRect(x - hair, y - hair, w + 2 * hair, h + 2 * hair);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {ReturnType<typeof createAtlas>} atlas
 * @param {number} at
 * @param {{rows: number, cols: number}} tile
 * @param {import("./scene.js").Rect} rect
 */
function copy(context, atlas, at, { rows, cols }, { x, y, w, h }) {
  const spot = atlas.spots[at];
  context.drawImage(atlas.canvas, spot.x, spot.y, cols, rows, x, y, w, h);
}

/**
 * How much of a map is above zero, as a thin bar beside it.
 * @param {CanvasRenderingContext2D} context
 * @param {import("./scene.js").Rect} rect
 * @param {number} share
 * @param {import("./theme.js").Theme} theme
 */
function drawLife(context, rect, share, theme) {
  const x = rect.x + rect.w + LIFE.gap;
  context.fillStyle = theme.line;
  context.fillRect(x, rect.y, LIFE.width, rect.h);
  context.fillStyle = theme.muted;
  context.fillRect(x, rect.y + (1 - share) * rect.h, LIFE.width, share * rect.h);
}

/**
 * On a plate of its own: frames may run through the map.
 * @param {CanvasRenderingContext2D} context
 * @param {import("./scene.js").Rect} rect
 * @param {import("./theme.js").Theme} theme
 * @param {number} text
 */
function drawDead(context, rect, theme, text) {
  const size = 11 * text;
  context.font = `${size}px ${theme.sans}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const [x, y] = [rect.x + rect.w / 2, rect.y + rect.h / 2];
  const width = context.measureText("all 0").width + 6;
  context.fillStyle = theme.surface;
  context.fillRect(x - width / 2, y - size * 0.7, width, size * 1.4);
  context.fillStyle = theme.muted;
  context.fillText("all 0", x, y + 0.5);
}
