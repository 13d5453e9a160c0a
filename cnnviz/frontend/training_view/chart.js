/**
 * The curve over the strip: Plotly's chart, which Streamlit draws and this brings up to date.
 *
 * Its step axis is the strip's too, so that zooming the curve zooms the strip. Streamlit would make
 * a new chart of new data and forget the zoom; its own Plotly, found at `window.Plotly`, updates
 * the one that is there. Where it can't be found, Streamlit has to draw anew after all.
 * @module
 */

import { MARGIN, wholeRange } from "./axis.js";

const AXES = ["xaxis", "yaxis", "yaxis2"];
const near = (a, b) => a.every((value, index) => Math.abs(value - b[index]) < 1e-6);

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
    this.plot = null;
    /** Ranges that somebody has chosen, by axis; null when the whole run is in sight. */
    this.zoom = null;
    /** Ranges of the whole run, as last given to the chart, by axis. */
    this.whole = {};
  }

  /** Find the chart, which may come later than the strip and come anew, and give it `curve`. */
  follow(curve) {
    const host = document.querySelector(`.st-key-${CSS.escape(this.key)}`);
    const plot = host?.querySelector(".js-plotly-plot") ?? null;
    if (plot !== this.plot) {
      this.plot = plot;
      plot?.on?.("plotly_relayout", (change) => {
        this.#zoomed(change ?? {});
        this.onChange();
      });
      this.onChange();
    }
    this.#update(curve);
  }

  /** The exponents at the ends of the step axis; those of a whole run where there is no chart. */
  range(last) {
    const range = this.plot?._fullLayout?.xaxis?.range;
    return range?.every(Number.isFinite) ? range : wholeRange(last);
  }

  /** The upper edge of the curves, in pixels below `top` of the screen; null without a chart. */
  below(top) {
    return this.plot ? this.plot.getBoundingClientRect().top + MARGIN.top - top : null;
  }

  /** Remember the ranges that somebody has chosen: Streamlit, drawing again, forgets them. */
  #zoomed(change) {
    if (!Object.keys(change).some((key) => /^[xy]axis2?\.(range|autorange)/.test(key))) return;
    const axes = AXES.filter((name) => this.plot._fullLayout[name]);
    const back =
      axes.some((name) => change[`${name}.autorange`]) || axes.every((name) => this.#isWhole(name));
    this.zoom = back
      ? null
      : Object.fromEntries(axes.map((name) => [name, [...this.plot._fullLayout[name].range]]));
    this.shown = null;
  }

  /** Whether an axis shows all: as when the chart was drawn, to which Plotly resets it, or now. */
  #isWhole(name) {
    const { range, _rangeInitial0, _rangeInitial1 } = this.plot._fullLayout[name];
    const now = this.whole[name];
    return near(range, [_rangeInitial0, _rangeInitial1]) || Boolean(now && near(range, now));
  }

  /** Whether the chart still shows the ranges that somebody has chosen. */
  #isKept() {
    return Object.entries(this.zoom ?? {}).every(([name, range]) =>
      near(this.plot._fullLayout[name]?.range ?? [], range),
    );
  }

  #update(curve) {
    const plot = this.plot;
    if (!plot?.data?.length || !plot._fullLayout?.xaxis) return;
    const plotly = window.Plotly;
    if (!plotly?.update) {
      this.onHelpless();
      return;
    }
    // Not in the middle of a drag: Plotly would forget where it began.
    if (document.querySelector(".dragcover")) return;
    // Streamlit draws its own figure again when the theme or the width changes.
    const current =
      plot.data[0].x?.length === this.points && plot.data[1]?.x?.length === this.tests;
    if (current && this.#isKept() && curve === this.shown && plot === this.updated) return;
    const { run, x, y, customdata, layout } = JSON.parse(curve);
    if (run !== this.run) this.zoom = null;
    this.run = run;
    // Copies: Plotly keeps a range it is given, and writes into it when somebody zooms.
    this.whole = Object.fromEntries(AXES.map((name) => [name, [...layout[`${name}.range`]]]));
    for (const [name, range] of Object.entries(this.zoom ?? {}))
      layout[`${name}.range`] = [...range];
    this.shown = curve;
    this.updated = plot;
    [this.points, this.tests] = [x[0].length, x[1].length];
    plotly.update(
      plot,
      { x, y, customdata },
      layout,
      x.map((_, index) => index),
    );
  }
}
