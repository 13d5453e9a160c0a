/**
 * The filmstrip of a run in a page of its own: its snapshots' networks, one after the other, on the
 * drawing that is there.
 * @module
 */
import { createRunner } from "../network_view/forward.js";
import { default as network, viewIn } from "../network_view/index.js";
import { decodeNetwork } from "../network_view/payload.js";
import { subscribe } from "../shared/answers.js";
import { CURVES, MARGIN, place, wholeRange } from "../training_view/axis.js";
import { default as training } from "../training_view/index.js";
import { component } from "./explorer.js";

/**
 * What cnnviz/export/run_page.py writes. Kernels that are null are among the weights. `part` says
 * how many of the snapshots are here, where not all are.
 * @typedef {Omit<import("../training_view/types.js").Frame, "kernels"> &
 *   {kernels: Record<string, import("../training_view/types.js").EncodedKernels | null>}} Sent
 * @typedef {{frames: Sent[], weights: import("../network_view/payload.js").WeightsData[],
 *   last: number, truth: string | null, part: string,
 *   curve: {steps: number[], losses: number[]}}} FilmData
 */

const FOOT = 22; // px under the curves, for the axis
const AFTER_MS = 120; // once the drawing rests: each snapshot reads it
const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {{film: ShadowRoot, curve: HTMLElement, network: ShadowRoot}} places
 * @param {FilmData} data
 * @param {import("./explorer.js").Data} explorer
 */
export function createFilm(places, data, explorer) {
  const { view, classes } = explorer.reading;
  const runners = data.weights.map((weights) => {
    network({ ...component, data: weights, parentElement: document.createElement("div") });
    return createRunner(decodeNetwork({ ...explorer.trace, weights: weights.id }));
  });
  const begun = data.frames.map((frame, at) => ({
    ...frame,
    kernels: kernelsOf(frame.kernels, data.weights[at]),
  }));
  let frames = begun;
  const last = data.frames.length - 1;
  let selected = last;
  let { truth } = data;

  function show() {
    training({
      ...component,
      parentElement: places.film,
      setStateValue(name, step) {
        if (name !== "step") return;
        selected = frames.findIndex((frame) => frame.step === step);
        viewIn(places.network)?.reweigh(data.weights[selected].id);
      },
      data: {
        chart: "curve",
        curve: "{}",
        last: data.last,
        truth,
        selected: frames[selected].step,
        frames,
      },
    });
  }

  paintCurve(places.curve, data);
  show();
  let timer = 0;
  subscribe(view, ({ source, drawn }) => {
    if (source === "torch") {
      // Undone: PyTorch has answered what the page began with, and nothing else.
      clearTimeout(timer);
      const known = frames === begun && truth === data.truth && selected === last;
      [frames, truth, selected] = [begun, data.truth, last];
      if (!known) show();
      return;
    }
    if (!drawn) return;
    truth = null; // only its author knows
    const image = drawn.image.slice();
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      frames = frames.map((frame, at) => ({ ...frame, ...read(runners[at], image, classes) }));
      show();
    }, AFTER_MS);
  });
}

/**
 * @param {ReturnType<typeof createRunner>} runner
 * @param {Float32Array} image
 * @param {string[]} classes
 */
function read(runner, image, classes) {
  runner.run(image);
  const shares = [...(runner.probabilities ?? [])];
  const confidence = Math.max(...shares);
  return { read: classes[shares.indexOf(confidence)], confidence };
}

/**
 * @param {Sent["kernels"]} kernels
 * @param {import("../network_view/payload.js").WeightsData} weights
 * @returns {import("../training_view/types.js").Frame["kernels"]}
 */
function kernelsOf(kernels, { layers }) {
  const filled = Object.entries(kernels).map(([name, own]) => {
    const { shape, values } = /** @type {{shape: number[], values: string}} */ (
      layers[name].weight
    );
    return [name, own ?? { shape, of: shape.slice(0, 2), values }];
  });
  return Object.fromEntries(filled);
}

/**
 * The loss over the steps, on the strip's own axis, which looks for a chart of this class.
 * @param {HTMLElement} element
 * @param {FilmData} data
 */
function paintCurve(element, { curve, last, part }) {
  const height = MARGIN.top + CURVES + FOOT;
  const most = Math.max(...curve.losses, 0.1);
  const y = (/** @type {number} */ loss) => MARGIN.top + CURVES * (1 - loss / most);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "js-plotly-plot");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "The training loss at each step");
  const holder = document.createElement("div");
  holder.append(svg);
  element.append(holder);
  const paint = () => {
    const width = element.clientWidth;
    const range = wholeRange(last);
    const x = (/** @type {number} */ step) => place(step, range, width);
    svg.setAttribute("width", String(width));
    svg.setAttribute("height", String(height));
    const points = curve.steps.map((step, at) => `${x(step)},${y(curve.losses[at])}`);
    const ticks = [0, 1, 10, 100, 1000, 10_000, 100_000].filter((step) => step <= last);
    svg.replaceChildren(
      shape("polyline", { class: "loss", points: points.join(" ") }),
      ...ticks.map((step) => words(step.toLocaleString("en"), x(step), height - 6, "middle")),
      words(part && `${part} are in this file`, MARGIN.left, 16, "start"),
      words("loss", MARGIN.left - 6, y(0), "end"),
      words(most.toFixed(1), MARGIN.left - 6, y(most) + 4, "end"),
    );
  };
  new ResizeObserver(paint).observe(element);
  paint();
}

/** @param {string} name @param {Record<string, string>} attributes */
function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** @param {string} text @param {number} x @param {number} y @param {string} anchor */
function words(text, x, y, anchor) {
  const element = shape("text", { x: String(x), y: String(y), "text-anchor": anchor });
  element.textContent = text;
  return element;
}
