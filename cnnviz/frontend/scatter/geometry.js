/** Where points lie on a canvas, and which is meant by a pointer or a key. All pure. @module */

/**
 * From the points' own coordinates to pixels: x · scale + left, top − y · scale.
 * @typedef {{scale: number, left: number, top: number}} Fit
 *
 * @typedef {"left"|"right"|"up"|"down"} Direction
 */

/**
 * All points (x, y, x, y, …) in the middle of a canvas, one scale for both axes.
 * @param {ArrayLike<number>} points
 * @param {number} width @param {number} height
 * @param {number} margin pixels around them
 * @returns {Fit}
 */
export function fit(points, width, height, margin) {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < points.length; at += 2) {
    x0 = Math.min(x0, points[at]);
    x1 = Math.max(x1, points[at]);
    y0 = Math.min(y0, points[at + 1]);
    y1 = Math.max(y1, points[at + 1]);
  }
  if (!Number.isFinite(x0)) [x0, y0, x1, y1] = [0, 0, 1, 1];
  const room = [Math.max(1, width - 2 * margin), Math.max(1, height - 2 * margin)];
  const scale = Math.min(room[0] / (x1 - x0 || 1), room[1] / (y1 - y0 || 1));
  return {
    scale,
    left: width / 2 - (scale * (x0 + x1)) / 2,
    top: height / 2 + (scale * (y0 + y1)) / 2,
  };
}

/**
 * The pixel of a point.
 * @param {Fit} to @param {number} x @param {number} y
 * @returns {[number, number]}
 */
export const pixelOf = ({ scale, left, top }, x, y) => [x * scale + left, top - y * scale];

/**
 * The same within the canvas: what lies outside is moved to its edge.
 * @param {[number, number]} pixel @param {number} width @param {number} height
 * @param {number} margin
 * @returns {[number, number]}
 */
export const within = ([x, y], width, height, margin) => [
  Math.max(margin, Math.min(width - margin, x)),
  Math.max(margin, Math.min(height - margin, y)),
];

/**
 * The number of the point nearest to a pixel, and not further than `reach` pixels; null for none.
 * Only points for which `counts` is true.
 * @param {ArrayLike<number>} points @param {Fit} to
 * @param {[number, number]} pixel @param {number} reach
 * @param {(index: number) => boolean} [counts]
 */
export function pointAt(points, to, [x, y], reach, counts = () => true) {
  let [found, least] = [/** @type {number|null} */ (null), reach * reach];
  for (let index = 0; 2 * index < points.length; index += 1) {
    const [px, py] = pixelOf(to, points[2 * index], points[2 * index + 1]);
    const distance = (px - x) ** 2 + (py - y) ** 2;
    if (distance <= least && counts(index)) {
      if (distance < least || found === null) found = index;
      least = distance;
    }
  }
  return found;
}

/** @type {Record<Direction, [number, number]>} */
const WAYS = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

/**
 * The nearest point in a direction from a pixel, no more than 45° off it; null for none.
 * @param {ArrayLike<number>} points @param {Fit} to
 * @param {[number, number]} from @param {Direction} direction
 * @param {(index: number) => boolean} [counts]
 */
export function pointTowards(points, to, from, direction, counts = () => true) {
  const [wx, wy] = WAYS[direction];
  let [found, least] = [/** @type {number|null} */ (null), Infinity];
  for (let index = 0; 2 * index < points.length; index += 1) {
    const [px, py] = pixelOf(to, points[2 * index], points[2 * index + 1]);
    const [dx, dy] = [px - from[0], py - from[1]];
    const along = dx * wx + dy * wy;
    const aside = Math.abs(dx * wy) + Math.abs(dy * wx);
    const distance = along * along + aside * aside;
    if (along > 0.01 && aside <= along && distance < least && counts(index))
      [found, least] = [index, distance];
  }
  return found;
}

/**
 * Where values lie in the plane of two directions: (values − mean) · axes.
 * @param {ArrayLike<number>} values K numbers
 * @param {ArrayLike<number>} mean K numbers
 * @param {ArrayLike<number>} axes the first direction's K numbers, then the second's
 * @returns {[number, number]}
 */
export function project(values, mean, axes) {
  const count = mean.length;
  let [x, y] = [0, 0];
  for (let at = 0; at < count; at += 1) {
    const moved = values[at] - mean[at];
    x += moved * axes[at];
    y += moved * axes[count + at];
  }
  return [x, y];
}
