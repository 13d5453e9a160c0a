/** A map of ink on its canvas: the values, the drawing's outline, and what is pointed at. @module */

/**
 * @typedef {import("./geometry.js").Cells} Cells
 * @typedef {import("./geometry.js").Edge} Edge
 * @typedef {import("./geometry.js").Grid} Grid
 * @typedef {import("./geometry.js").Place} Place
 * @typedef {{
 *   picture: Grid, ink: ArrayLike<number>, grid: Grid, cells: Cells, values: ArrayLike<number>,
 *   scale: number, kind: "signed" | "ink", edges: Edge[],
 * }} Shown  `edges` are the lines of the drawing's outline
 * @typedef {{colours: import("../shared/colormap.js").Colormap, surface: string, text: string,
 *   accent: string}} Theme
 */

/**
 * @param {CanvasRenderingContext2D} context in CSS pixels
 * @param {number} width of the picture on the screen
 * @param {Shown} shown
 * @param {Theme} theme
 * @param {Place | null} at the pixel that is pointed at
 */
export function paint(context, width, shown, theme, at) {
  const { picture, grid, cells, values, scale, kind } = shown;
  const side = width / picture.columns;
  context.fillStyle = theme.surface;
  context.fillRect(0, 0, width, side * picture.rows);
  for (let row = 0; row < grid.rows; row += 1) {
    for (let column = 0; column < grid.columns; column += 1) {
      const value = values[row * grid.columns + column];
      if (!value) continue;
      context.fillStyle =
        kind === "signed" ? theme.colours.css(value, scale) : theme.colours.inkCss(value);
      context.fillRect(
        (cells.left + column * cells.width) * side,
        (cells.top + row * cells.height) * side,
        // A little over the edge, or what lies under it would shine through between neighbours.
        cells.width * side + 0.3,
        cells.height * side + 0.3,
      );
    }
  }
  lines(context, shown.edges, side, theme.text);
  if (!at) return;
  context.strokeStyle = theme.accent;
  context.lineWidth = 2;
  context.strokeRect(at.column * side, at.row * side, side, side);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Edge[]} edges
 * @param {number} side
 * @param {string} colour
 */
function lines(context, edges, side, colour) {
  context.beginPath();
  for (const [x, y, toX, toY] of edges) {
    context.moveTo(x * side, y * side);
    context.lineTo(toX * side, toY * side);
  }
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.stroke();
}
