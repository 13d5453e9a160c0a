/**
 * The pictures painted on their canvases, at the screen's own resolution. They stay while one of
 * them is dragged: what moves lies over them.
 * @module
 */

import { colormap } from "../shared/colormap.js";
import { cleared, h, themeAt } from "../shared/dom.js";
import { zoomOf } from "../shared/presentation.js";
import { fieldOf } from "./geometry.js";
import { paintMap, paintOutline, paintPicture } from "./paint.js";

/**
 * @typedef {import("./panel.js").Panel} Panel
 * @typedef {import("./picture.js").Picture} Picture
 */

/**
 * @param {HTMLElement} root whose theme they follow
 * @param {Panel} digit
 */
export function createPictures(root, digit) {
  const ink = h("canvas.ink", { "aria-hidden": "true" });
  const within = h("div.within", {}, ink);
  digit.paper.prepend(within);
  let ratio = 1;

  /**
   * Paint a canvas as large as a panel's picture.
   * @param {HTMLCanvasElement} canvas
   * @param {Panel} made
   * @param {(context: CanvasRenderingContext2D, made: Panel) => void} paint
   */
  function on(canvas, made, paint) {
    const { width, height } = made;
    if (!width) return;
    paint(cleared(canvas, width, height, ratio), made);
  }

  /**
   * @param {Picture} picture unmoved
   * @param {boolean} moved whether it has left the middle
   */
  function outline(picture, moved) {
    const theme = themeOf(root);
    on(digit.canvas, digit, (context, { field }) =>
      paintOutline(context, field, picture, moved, theme),
    );
  }

  return {
    /** The picture alone, which is moved over its paper. */
    ink,
    /** Device pixels of a CSS pixel. */
    ratio: () => ratio,
    outline,
    /**
     * All of them, where answers, sizes or the theme have changed.
     * @param {Panel[]} maps
     * @param {import("./answers.js").Answers[]} answers of each map
     * @param {Picture} picture
     * @param {number} limit
     * @param {boolean} moved
     */
    paint(maps, answers, picture, limit, moved) {
      const theme = themeOf(root);
      ratio = Math.min((window.devicePixelRatio || 1) * zoomOf(root), 3);
      // All sizes are read before anything is written: then the page is laid out once.
      const panels = [digit, ...maps];
      const sizes = panels.map(({ canvas }) => [canvas.clientWidth, canvas.clientHeight]);
      panels.forEach((made, index) => {
        const [width, height] = sizes[index];
        const count = index ? 2 * limit + 1 : Math.max(picture.rows, picture.cols);
        made.field = fieldOf(width, count);
        made.width = width;
        made.height = height;
      });
      outline(picture, moved);
      const { cell } = digit.field;
      within.style.width = `${picture.cols * cell}px`;
      within.style.height = `${picture.rows * cell}px`;
      within.style.background = picture.light ? `rgb(${Array(3).fill(255 * picture.paper)})` : "";
      on(ink, digit, (context, { field }) => {
        // In a box of its own, without the axes' gutters.
        paintPicture(context, { ...field, left: 0 }, picture, theme);
      });
      answers.forEach((map, index) => {
        const made = maps[index];
        on(made.canvas, made, (context, { field }) => paintMap(context, field, map, theme));
        for (const cursor of [made.cursor, made.pointed]) {
          cursor.style.width = `${made.field.cell}px`;
          cursor.style.height = `${made.field.cell}px`;
        }
      });
      return theme;
    },
  };
}

/** @param {HTMLElement} root @returns {import("./paint.js").Theme} */
function themeOf(root) {
  const style = getComputedStyle(root);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    colours: colormap(themeAt(root)),
    text: read("--st-text-color"),
    muted: read("--st-gray-text-color"),
    line: read("--st-border-color"),
    accent: read("--st-primary-color"),
    mono: read("--st-code-font"),
    sans: read("--st-font"),
  };
}
