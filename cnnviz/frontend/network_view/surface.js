/**
 * The painted surface: one canvas for all that has a colour. What stays while the values change is
 * a picture of its own, the ground: a frame of new values begins with a copy of it. While only the
 * pointer moves, ground and values are one picture, kept: such a frame is a copy and what is
 * pointed at.
 * @module
 */
import { magnitude } from "../shared/colormap.js";
import { contextOf } from "../shared/dom.js";
import { drawNumbers, drawRim } from "./cells.js";
import { createColouring, kernelScale } from "./colouring.js";
import { showsLife } from "./kinds.js";
import { drawDead, drawLife } from "./life.js";
import { lightOf, scaleOf } from "./paint.js";
import { drawRoses } from "./roses.js";
import { drawShapes } from "./shapes.js";
import { drawAnswer, drawBars, outlineAnswer } from "./vectors.js";

/** Room around the stage for frames at its edges, in px. */
export const BLEED = 4;

/**
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("./scene.js").Tile} Tile
 *
 * What is painted: `values` are the image, each layer's output and, where there are any, the
 * probabilities. A `slide` has its map filled as far as it has come.
 * @typedef {{network: import("./types.js").Network, values: Float32Array[],
 *   scales: import("./view_types.js").Scales, scope: import("./view_types.js").Scope,
 *   back: import("./backward/terms.js").Back | null,
 *   before: import("./view_types.js").View["before"],
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
  /** @type {ReturnType<typeof createColouring>} */
  let colouring;

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
    colouring = createColouring(scene);
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
      copy(to, colouring.weights, at, tile, device(tile.rect));
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
    const { zeros } = colouring;
    to.setTransform(1, 0, 0, 1, 0, 0);
    to.imageSmoothingEnabled = false;
    to.drawImage(ground, 0, 0);
    scene.tiles.forEach((tile, at) => {
      if (tile.rim && !shown.back) drawRim(to, tile, device, shown);
      copy(to, colouring.maps, at, tile, device(tile.rect));
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
      if (!shown.back && zeros[at] >= 0 && showsLife(network.layers[tile.layer]))
        drawLife(to, tile.outer, 1 - zeros[at] / (tile.rows * tile.cols), theme);
    });
    for (const bars of scene.bars) {
      const ofClasses = bars.layer === network.layers.length - 1;
      const names = ofClasses ? options.classes : null;
      drawBars(to, bars, values[bars.layer + 1], scene.plan, theme, names);
    }
    if (scene.answer) {
      const blank = options.inputInk && values[0].every((pixel) => pixel === 0);
      const shares = values[scene.answer.layer + 1];
      drawAnswer(to, scene.answer, shares, blank, scene.plan, theme, options.classes);
      const before = shown.before?.values[scene.answer.layer + 1];
      if (before) outlineAnswer(to, scene.answer, before, scene.plan, theme, options.classes);
    }
  }

  /** @param {Tile} tile @param {number} at its place among the tiles */
  const isDead = (tile, at) => colouring.zeros[at] === tile.rows * tile.cols;

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
      if (isDead(tile, at)) drawDead(context, tile.rect, theme, scene.plan.text);
    });
  }

  return {
    arrange,
    colourMaps: (/** @type {Shown} */ shown) => colouring.colourMaps(shown),
    colourWeights: (/** @type {Shown} */ shown) => colouring.colourWeights(shown),
    paintGround,
    paint,
    /** The maps whose values are all 0: no ReLU or pooling lets anything through. */
    dead: () => scene.tiles.filter(isDead),
  };
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
 * @param {ReturnType<typeof import("./atlas.js").createAtlas>} atlas
 * @param {number} at
 * @param {{rows: number, cols: number}} tile
 * @param {import("./scene.js").Rect} rect
 */
function copy(context, atlas, at, { rows, cols }, { x, y, w, h }) {
  const spot = atlas.spots[at];
  context.drawImage(atlas.canvas, spot.x, spot.y, cols, rows, x, y, w, h);
}
