/**
 * Values come in: traces from Python, pictures from the pen or a drag. `arrivals.js` decides which
 * are shown; here they are decoded, and computed.
 * @module
 */
import { START, step } from "./arrivals.js";
import { unpainted } from "./changes.js";
import { isLive } from "./forward.js";
import {
  decodeBack,
  decodeNetwork,
  decodeTensor,
  decodeValues,
  structureOf,
  whenWeights,
} from "./payload.js";
import { isAsDrawn, isSame } from "./same_picture.js";

/**
 * @typedef {import("./arrivals.js").Event} Event
 * @typedef {import("./arrivals.js").Trace} Trace
 *
 * @param {import("./view_types.js").View} view
 * @param {ReturnType<typeof import("./what_if.js").createWhatIf>} whatIf
 * @param {{adopted: (trace: import("./payload.js").TraceData, fresh: boolean,
 *   before: import("./types.js").Network | null) => void, shown: () => void,
 *   previewed: (milliseconds: number) => void, changed: () => void}} hooks `adopted` once the view
 * has another network or other weights, `shown` once `view.values` are new, `previewed` with a
 * preview's script time, `changed` once other changes of the network are in force
 */
export function createIntake(view, whatIf, hooks) {
  let state = START;
  let timer = 0;
  /** @type {ReturnType<typeof import("./forward.js").createRunner>|null} */
  let runner = null;
  /** The picture that is shown, without the pixels that were changed. @type {Float32Array} */
  let drawn = new Float32Array(0);
  /** @type {Float32Array[]} torch's values, as shown last or about to be */
  let torchValues = [];
  /** What `torchValues` are of, and which of them are torch's own.
   * @type {{of: string, values: Float32Array[], exact: Uint8Array[]} | null} */
  let came = null;
  /** @type {Float32Array[]} the browser's, of the picture that it ran last */
  let runValues = [];

  /** @param {Event} event */
  function send(event) {
    const { state: next, effects } = step(state, event);
    state = next;
    for (const effect of effects) {
      if (effect.do === "adopt") adopt(effect.trace, effect.fresh);
      else if (effect.do === "show") show(effect.trace);
      else rerun();
    }
    clearTimeout(timer);
    if (state.due !== null) {
      const wait = Math.max(0, state.due - performance.now());
      timer = window.setTimeout(() => send({ type: "late", now: performance.now() }), wait);
    }
  }

  /** @param {Trace} trace @param {boolean} fresh */
  function adopt({ data }, fresh) {
    const before = view.network;
    whatIf.adopt(decodeNetwork(data), data.weights);
    ({ network: view.network, runner } = whatIf.made());
    view.structure = structureOf(data);
    view.options = data.options;
    hooks.adopted(data, fresh, before);
  }

  /** Other changes are in force. */
  function remake() {
    ({ network: view.network, runner } = whatIf.made());
    hooks.changed();
  }

  /** @param {Trace} trace */
  function show({ data }) {
    const of = data.of ?? "";
    const earlier = of && came?.of === of ? came : null;
    const decoded = decodeValues(data, view.network, run, runner?.fill, earlier);
    const { values, exact, probabilities } = decoded;
    came = { of, values, exact };
    torchValues = probabilities ? [...values, probabilities] : values;
    view.options = data.options;
    const told = data.options.changes;
    drawn = told ? unpainted(view.network, torchValues[0], told.under) : torchValues[0];
    compare(data.layers);
    view.back = decodeBack(data, torchValues);
    // The answer stays what it is: with it the way back begins.
    view.values = view.back ? [...view.back.gradients, ...torchValues.slice(-1)] : torchValues;
    view.exact = exact;
    view.of = of;
    view.source = "torch";
    view.drawn = null; // a preview that comes without the pen is of this picture
    view.before = view.back ? null : whatIf.beside(drawn, torchValues);
    if (view.before && told?.before)
      view.before.values[torchValues.length - 1] = decodeTensor(told.before).values;
    hooks.shown();
  }

  /** What is shown, anew with the weights in force. */
  function rerun() {
    preview();
    hooks.shown();
  }

  function preview() {
    view.values = run(drawn);
    view.before = whatIf.beside(drawn, view.values);
    view.source = "preview";
  }

  /** @param {Float32Array} image @returns {Float32Array[]} */
  function run(image) {
    if (!runner) throw new Error("a preview needs a network, and no trace has come yet");
    const values = runner.run(image);
    runValues = runner.probabilities ? [...values, runner.probabilities] : values;
    return runValues;
  }

  /**
   * The largest difference between torch's numbers and the browser's, just run for the same picture.
   * Where a layer chooses among the values before it, there is none that isn't there already.
   * @param {import("./payload.js").LayerData[]} layers
   */
  function compare(layers) {
    const ours = runValues;
    let most = 0;
    for (let l = 0; l < torchValues.length; l += 1) {
      if (layers[l - 1]?.derived) continue;
      for (let i = 0; i < torchValues[l].length; i += 1) {
        const difference = Math.abs(torchValues[l][i] - ours[l][i]);
        if (!(difference <= most)) most = difference;
      }
    }
    view.previewError = most;
    view.root.dataset.previewError = most.toExponential(2);
  }

  /** Whether a trace was made of the picture that is shown. */
  const fits = (/** @type {Trace} */ trace) =>
    view.values !== null && isAsDrawn(trace.image, view.values[0]);

  return {
    /** A message from Python: a trace. Its weights may come later.
     * @param {import("./payload.js").TraceData} data
     */
    trace(data) {
      const told = data.options.changes;
      let changed = false;
      if (told) {
        const known = state.last?.weights === data.weights && structureOf(data) === view.structure;
        const { old, others } = whatIf.receive(told, !known);
        // Of changes that aren't in force any more: torch's answer to those that are will come.
        if (known && old) return;
        changed = known && others;
        if (changed) remake();
      }
      const image = decodeTensor(data.image).values;
      const trace = { weights: data.weights, structure: structureOf(data), data, image };
      let here = false;
      whenWeights(data.weights, () => {
        here = true;
        // Not of the trace itself: that is sent below.
        send({ type: "weights", id: data.weights, fits: fits(trace), now: performance.now() });
      });
      const now = performance.now();
      send({ type: "trace", trace, ready: here, fits: fits(trace), changed, now });
    },
    /**
     * A picture that only the browser has.
     * @param {Float32Array} image
     * @param {number} [start] when the frame's work for it began, in ms
     */
    preview(image, start = performance.now()) {
      if (state.phase === "empty") return;
      // Made as the next network's picture is, whose weights are still on their way.
      if (image.length !== drawn.length) return;
      // Where nobody else will answer, late is better than never.
      if (!isLive(view.network) && !view.options.alone) return;
      drawn = image;
      preview();
      const { last } = state;
      const inForce = last !== null && whatIf.inForce(last.data.options.changes);
      const answered = inForce && isSame(last.image, view.values[0]);
      send({ type: "preview", fits: answered, now: performance.now() });
      if (view.source === "preview") hooks.shown();
      hooks.previewed(performance.now() - start);
    },
    /** Other weights, which are here, and torch's values of none. @param {string} weights id */
    reweigh(weights) {
      if (!state.last) return;
      const trace = {
        ...state.last,
        weights,
        data: { ...state.last.data, weights },
        image: new Float32Array(0), // of no picture that is ever shown
      };
      send({ type: "reweighed", trace, now: performance.now() });
    },
    /** Other changes, made here. @param {import("./changes.js").Change[]} changes */
    change(changes) {
      if (state.phase === "empty") return;
      whatIf.change(changes);
      remake();
      preview();
      send({ type: "preview", fits: false, now: performance.now() });
      hooks.shown();
    },
    down: () => send({ type: "down" }),
    up: () => send({ type: "up", now: performance.now() }),
    stop() {
      clearTimeout(timer);
      whatIf.stop();
      state = START;
    },
  };
}
