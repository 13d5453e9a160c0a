/**
 * The way of an edge from what is read to the unit that reads it, clear of all numbers: through a
 * map that shows its numbers it runs between two rows of them, and before a kernel that shows its
 * own it ends, and goes on behind it. Pure.
 * @module
 */

/**
 * @typedef {import("./scene.js").Rect} Rect
 * @typedef {[number, number]} Point
 *
 * What an edge leaves or reaches; `tile` is the map that it lies in, if it lies in one.
 * @typedef {{rect: Rect, tile?: import("./scene.js").Tile}} End
 */

/**
 * Points that curves join, one list a line; side by side, or from above to below where `down`.
 * @param {End} from
 * @param {End} to
 * @param {{rects: Rect[], at: number}} kernels  those in between that show numbers, and where on
 *   their side the edge meets them, from 0 to 1
 * @param {boolean} down
 * @returns {Point[][]}
 */
export function waysOf(from, to, kernels, down) {
  if (down) {
    const turned = { rects: kernels.rects.map(turn), at: kernels.at };
    const ways = waysAcross(turnEnd(from), turnEnd(to), turned);
    return ways.map((way) => way.map(([x, y]) => [y, x]));
  }
  return waysAcross(from, to, kernels);
}

/** @param {End} from @param {End} to @param {{rects: Rect[], at: number}} kernels @returns {Point[][]} */
function waysAcross(from, to, { rects, at }) {
  const start = leave(from);
  if (!rects.length) return [[...start, ...reach(to, start[start.length - 1][1])]];
  const top = Math.min(...rects.map(({ y }) => y));
  const y = top + at * (Math.max(...rects.map((rect) => rect.y + rect.h)) - top);
  const [left, right] = [
    Math.min(...rects.map(({ x }) => x)),
    Math.max(...rects.map(({ x, w }) => x + w)),
  ];
  return [
    [...start, [left, y]],
    [[right, y], ...reach(to, y)],
  ];
}

/** @param {End} end @returns {Point[]} */
function leave({ rect, tile }) {
  const right = rect.x + rect.w;
  if (!tile?.numbers) return [[right, rect.y + rect.h / 2]];
  const cell = tile.rect.h / tile.rows;
  const y = rect.y + Math.round(rect.h / cell / 2) * cell;
  const end = tile.rect.x + tile.rect.w;
  return end > right
    ? [
        [right, y],
        [end, y],
      ]
    : [[right, y]];
}

/** @param {End} end @param {number} before  the height that the edge comes from @returns {Point[]} */
function reach({ rect, tile }, before) {
  if (!tile?.numbers) return [[rect.x, rect.y + rect.h / 2]];
  const above = Math.abs(before - rect.y) <= Math.abs(before - rect.y - rect.h);
  const y = above ? rect.y : rect.y + rect.h;
  return tile.rect.x < rect.x
    ? [
        [tile.rect.x, y],
        [rect.x, y],
      ]
    : [[rect.x, y]];
}

/** @param {Rect} rect @returns {Rect} with rows for columns */
const turn = ({ x, y, w, h }) => ({ x: y, y: x, w: h, h: w });

/** @param {End} end @returns {End} */
function turnEnd({ rect, tile }) {
  const turned = tile && { ...tile, rect: turn(tile.rect), rows: tile.cols, cols: tile.rows };
  return { rect: turn(rect), tile: turned };
}
