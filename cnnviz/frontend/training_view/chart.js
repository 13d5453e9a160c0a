/**
 * The curve over the strip: Plotly's chart, which Streamlit draws and this brings up to date.
 *
 * Its step axis is the strip's too, so that zooming the curve zooms the strip. Streamlit would make
 * a new chart of new data and forget the zoom; its own Plotly, found at `window.Plotly`, updates
 * the one that is there. Where it can't be found, Streamlit has to draw anew after all.
 *
 * @typedef {import("./types.js").Curve} Curve
 * @typedef {import("./types.js").Range} Range
 * @typedef {import("./zoom.js").Layout} Layout
 * @typedef {import("./zoom.js").Ranges} Ranges
 * @typedef {import("./zoom.js").AxisName} AxisName
 *
 * Of Plotly only what its documentation names is used: `data` and `layout` of its element, events,
 * and `Plotly.update`.
 *
 * @typedef {{x?: ArrayLike<unknown>}} Trace
 * @typedef {Record<string, unknown>} Relayout  what of the layout changed
 *
 * What Plotly makes of its element.
 * @typedef {object} PlotParts
 * @property {Trace[]} [data]
 * @property {Layout} [layout]
 * @property {(event: "plotly_relayout" | "plotly_doubleclick",
 *   act: (change?: Relayout | null) => void) => void} [on]
 * @typedef {HTMLElement & PlotParts} Plot
 *
 * @typedef {object} Plotly
 * @property {(plot: Plot, data: object, layout: object, traces: number[]) => void} [update]
 */

import { zoomOf } from "../shared/presentation.js";
import { MARGIN, wholeRange } from "./axis.js";
import { AXES, chosen, isRange, near } from "./zoom.js";

/**
 * By run, what somebody has zoomed to: it outlives the strip and the chart, which Streamlit may make
 * anew, both at once.
 * @type {Map<string, Ranges>}
 */
const zooms = new Map();

/** @returns {Plotly | undefined} Streamlit's own */
const plotly = () => /** @type {{Plotly?: Plotly}} */ (/** @type {unknown} */ (window)).Plotly;

export class Chart {
  /**
   * @param {string} key of Streamlit's chart
   * @param {() => void} onChange called when its axis or its place may have changed
   * @param {() => void} onHelpless called when it is there, but can't be brought up to date
   */
  constructor(key, onChange, onHelpless) {
    this.key = key;
    this.onChange = onChange;
    this.onHelpless = onHelpless;
    /** @type {Plot | null} */
    this.plot = null;
    /** Whether the next change of ranges takes the zoom back, as a double click does. */
    this.isReset = false;
    /** What the chart was last brought up to: a curve, and how many points that has.
     * @type {{curve: string | null, plot: Plot | null, points: number[]}}
     */
    this.shown = { curve: null, plot: null, points: [] };
  }

  /**
   * Find the chart, which may come later than the strip and come anew, and give it `curve`.
   * @param {string} curve  JSON of Curve
   */
  follow(curve) {
    const host = document.querySelector(`.st-key-${CSS.escape(this.key)}`);
    const plot = /** @type {Plot | null} */ (host?.querySelector(".js-plotly-plot") ?? null);
    if (plot !== this.plot) {
      this.plot = plot;
      // Zoomed before the strip was there to hear of it.
      this.#adopt();
      // Comes just before the change of ranges that it brings about.
      plot?.on?.("plotly_doubleclick", () => {
        this.isReset = true;
      });
      plot?.on?.("plotly_relayout", (change) => {
        this.#zoomed(change ?? {});
        this.onChange();
      });
      this.onChange();
    }
    this.#update(curve);
  }

  /**
   * The exponents at the ends of the step axis; those of a whole run where there is no chart.
   * @param {number} last  step
   * @returns {Range}
   */
  range(last) {
    const range = this.#range("xaxis");
    return range?.every(Number.isFinite) ? [range[0], range[1]] : wholeRange(last);
  }

  /** What an axis shows now. @param {AxisName} name */
  #range(name) {
    return this.plot?.layout?.[name]?.range;
  }

  /** The run that the chart was drawn for, and is zoomed for. */
  #run() {
    return this.plot?.layout?.uirevision ?? "";
  }

  /** Remember what the chart is zoomed to, if it is. */
  #adopt() {
    const ranges = chosen(this.plot?.layout ?? {});
    if (ranges) zooms.set(this.#run(), ranges);
  }

  /** The upper edge of the curves, in `root`'s own pixels below its top; null without a chart.
   * @param {HTMLElement} root  as large as the chart is: zoomed, if that is
   */
  below(root) {
    if (!this.plot) return null;
    const above = this.plot.getBoundingClientRect().top - root.getBoundingClientRect().top;
    return above / zoomOf(root) + MARGIN.top;
  }

  /** Remember the ranges that somebody has chosen: Streamlit, drawing again, forgets them.
   * @param {Relayout} change
   */
  #zoomed(change) {
    if (!Object.keys(change).some(isRange)) return;
    zooms.delete(this.#run());
    if (!this.isReset) this.#adopt();
    this.isReset = false;
    this.shown.curve = null;
  }

  /** Whether the chart still shows the ranges that somebody has chosen. */
  #isKept() {
    const zoom = zooms.get(this.#run());
    return AXES.every((name) => {
      const range = this.#range(name);
      return !zoom?.[name] || Boolean(range && near(range, zoom[name]));
    });
  }

  /** Whether the chart has `curve` already.
   * @param {Trace[]} traces
   * @param {string} curve
   */
  #isCurrent(traces, curve) {
    // Streamlit draws its own figure again when the theme or the width changes.
    const same = this.shown.points.every((count, index) => traces[index]?.x?.length === count);
    return same && this.#isKept() && curve === this.shown.curve && this.plot === this.shown.plot;
  }

  /** @param {string} curve */
  #update(curve) {
    const { plot } = this;
    if (!plot?.data?.length || !this.#range("xaxis")) return;
    const { update } = plotly() ?? {};
    if (!update) {
      this.onHelpless();
      return;
    }
    // Not in the middle of a drag: Plotly would forget where it began.
    if (document.querySelector(".dragcover") || this.#isCurrent(plot.data, curve)) return;
    const { run, x, y, customdata, layout } = /** @type {Curve} */ (JSON.parse(curve));
    // Another run's chart is still in its place, or is there already.
    if (run !== this.#run()) return;
    const zoom = zooms.get(run);
    const whole = Object.fromEntries(AXES.map((name) => [name, layout[`${name}.range`]]));
    // Copies: Plotly keeps a range it is given, and writes into it when somebody zooms.
    for (const name of AXES) layout[`${name}.range`] = [...(zoom?.[name] ?? whole[name])];
    layout["meta.whole"] = whole;
    this.shown = { curve, plot, points: x.slice(0, 2).map((steps) => steps.length) };
    update(plot, { x, y, customdata }, layout, [...x.keys()]);
  }
}
