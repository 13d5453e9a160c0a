/**
 * What somebody has zoomed the curve to, read from the chart itself.
 *
 * Its layout's `meta` (cnnviz/figures/training.py) carries the ranges that show the whole run: those
 * with which it was drawn first, to which its own button resets it, and those last given to it. So
 * a zoom is known whenever one looks, whoever was there when it was made.
 *
 * @typedef {"xaxis" | "yaxis" | "yaxis2"} AxisName
 * @typedef {Partial<Record<AxisName, number[]>>} Ranges
 *
 * @typedef {{range?: number[], autorange?: boolean | string}} Axis
 *
 * @typedef {object} Meta
 * @property {Ranges} [first]
 * @property {Ranges} [whole]
 *
 * @typedef {object} Settings
 * @property {string} [uirevision]  the run
 * @property {Meta} [meta]
 * @typedef {Settings & Partial<Record<AxisName, Axis>>} Layout
 */

/** @type {AxisName[]} */
export const AXES = ["xaxis", "yaxis", "yaxis2"];

/** @param {number[]} a @param {number[]} b */
export const near = (a, b) => a.every((value, index) => Math.abs(value - b[index]) < 1e-6);

/** Whether a part of the layout that has changed is an axis's range. @param {string} part */
export const isRange = (part) => /^[xy]axis2?\.(range|autorange)/.test(part);

/**
 * Copies of what each axis shows: Plotly writes into its own when somebody zooms.
 * @param {Layout} layout
 * @returns {Ranges}
 */
export function rangesOf(layout) {
  return Object.fromEntries(
    AXES.flatMap((name) => {
      const range = layout[name]?.range;
      return range ? [[name, [...range]]] : [];
    }),
  );
}

/**
 * The ranges that somebody has chosen; null where the whole run is in sight.
 * @param {Layout} layout
 * @returns {Ranges | null}
 */
export function chosen(layout) {
  if (!layout.meta) return null;
  const { first, whole } = layout.meta;
  const ranges = rangesOf(layout);
  // Twice clicked where nothing was zoomed, Plotly looks for ranges of its own.
  if (AXES.some((name) => layout[name]?.autorange === true)) return null;
  const isWhole = AXES.every((name) => {
    const range = ranges[name];
    return !range || [first?.[name], whole?.[name]].some((all) => all && near(range, all));
  });
  return isWhole ? null : ranges;
}
