/**
 * Values and weights as colours: an atlas of all maps and one of all kernels, a pixel a value, from
 * which the surface is painted.
 * @module
 */
import { lightTable, magnitude } from "../shared/colormap.js";
import { createAtlas } from "./atlas.js";
import { lightOf, scaleOf } from "./paint.js";

/**
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("./surface.js").Shown} Shown
 */

/** @param {Scene} scene */
export function createColouring(scene) {
  const maps = createAtlas(scene.tiles);
  const weights = createAtlas([...scene.kernels, ...scene.weights]);
  /** For each tile, how many of its values are 0; -1 where that says nothing. */
  const zeros = new Int32Array(scene.tiles.length);

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

  return { maps, weights, zeros, colourMaps, colourWeights };
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
export function kernelScale(scope, weight, kernel, count, ofLayer, ofAll) {
  if (scope === "map") return magnitude(weight, kernel.offset, count);
  return scope === "all" ? ofAll : ofLayer;
}
