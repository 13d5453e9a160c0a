/** The theme in force, as a canvas needs it: colours and fonts spelled out. @module */
import { colormap } from "../shared/colormap.js";
import { themeAt } from "../shared/dom.js";

/**
 * @typedef {{palette: import("../shared/colormap.js").Colormap,
 *   background: string, surface: string, text: string, muted: string,
 *   line: string, accent: string, mono: string, sans: string}} Theme
 */

/**
 * @param {HTMLElement} root
 * @returns {Theme}
 */
export function readTheme(root) {
  const style = getComputedStyle(root);
  const variable = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const { background, surface, text, accent } = themeAt(root);
  const palette = colormap({ background, surface, text });
  root.classList.toggle("dark", palette.dark);
  return {
    palette,
    background,
    surface,
    text,
    // Read after the class is set: the muted text is another one on dark paper.
    muted: variable("--muted"),
    line: variable("--st-border-color"),
    accent,
    mono: `${variable("--st-code-font") || "monospace"}, ui-monospace, monospace`,
    sans: style.fontFamily,
  };
}
