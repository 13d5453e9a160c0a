/** What is said of a map as a whole: how much of it is above zero, or that nothing is. @module */

const LIFE = { gap: 2, width: 3 }; // px: the bar beside a ReLU's map

/**
 * How much of a map is above zero, as a thin bar beside it.
 * @param {CanvasRenderingContext2D} context
 * @param {import("./scene.js").Rect} rect
 * @param {number} share
 * @param {import("./theme.js").Theme} theme
 */
export function drawLife(context, rect, share, theme) {
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
export function drawDead(context, rect, theme, text) {
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
