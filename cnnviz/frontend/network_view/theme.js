/** The theme in force, as a canvas needs it: colours and fonts spelled out. @module */
import { colormap } from "../shared/colormap.js";
import { themeAt } from "../shared/dom.js";
import { PALETTE } from "../shared/palette.js";

/**
 * @typedef {{palette: import("../shared/colormap.js").Colormap,
 *   background: string, surface: string, text: string, muted: string,
 *   line: string, accent: string, mono: string, sans: string}} Theme
 */

/**
 * Of the page's variables and the palette alone: the view's own style may come after its first
 * frame, and nothing says when.
 * @param {HTMLElement} root
 * @returns {Theme}
 */
export function readTheme(root) {
  const style = getComputedStyle(root);
  const variable = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const { background, surface, text, accent } = themeAt(root);
  const palette = colormap({ background, surface, text });
  const { muted, line } = PALETTE[palette.dark ? "dark" : "light"];
  root.classList.toggle("dark", palette.dark);
  return {
    palette,
    background,
    surface,
    text,
    muted,
    line: variable("--st-border-color") || line,
    accent,
    mono: `${variable("--st-code-font") || "monospace"}, ui-monospace, monospace`,
    sans: `${variable("--st-font") || "system-ui"}, sans-serif`,
  };
}
