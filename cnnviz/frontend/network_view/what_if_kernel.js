/** The kernel that makes the pinned map, edited in place: typed, painted, pasted, or a preset. @module */
import { Editor } from "../grid_editor/editor.js";
import { gridText, parseGrid } from "../grid_editor/grid.js";
import { magnitude } from "../shared/colormap.js";
import { h, setHidden, setText } from "../shared/dom.js";
import { brief, shortest } from "../shared/numbers.js";
import { numberForm } from "./what_if_field.js";
import { kernelLayer, readsOf } from "./what_if_targets.js";

const PACE = 0; // ms: the browser itself computes what follows

/** By name, the values of a kernel of so many rows and columns; null where it isn't of that size.
 * @type {[string, (rows: number, cols: number) => number[] | null][]}
 */
const PRESETS = [
  ["Sobel x", (rows, cols) => (rows === 3 && cols === 3 ? [-1, 0, 1, -2, 0, 2, -1, 0, 1] : null)],
  ["Sobel y", (rows, cols) => (rows === 3 && cols === 3 ? [-1, -2, -1, 0, 0, 0, 1, 2, 1] : null)],
  ["blur", (rows, cols) => Array(rows * cols).fill(shortest(1 / (rows * cols)))],
  ["off", (rows, cols) => Array(rows * cols).fill(0)],
];

/** What another editor is needed for. */
const KERNEL = /** @type {const} */ (["layer", "name", "out", "rows", "cols"]);

/** @typedef {{layer: number, name: string, out: number, inputs: number, rows: number,
 *   cols: number}} Kernel */

/** @param {import("./view_types.js").View} view @returns {Kernel | null} */
function kernelOf({ network, pin }) {
  if (!pin || !("channel" in pin.unit)) return null;
  const layer = kernelLayer(network, pin.layer);
  const shape = layer === null ? null : network.layers[layer].weightShape;
  if (layer === null || !shape) return null;
  const [, inputs, rows, cols] = shape;
  return { layer, name: network.layers[layer].name, out: pin.unit.channel, inputs, rows, cols };
}

/**
 * @param {import("./view_types.js").View} view
 * @param {(text: string) => void} complain
 */
export function createKernelEditor(view, complain) {
  /** @type {Kernel | null} */
  let kernel = null;
  let input = 0;
  /** What the choice says. */
  let read = "";
  /** @type {Editor | null} */
  let editor = null;
  let shown = "";
  /** The colours it is shown in. @type {import("./view_types.js").View["palette"] | null} */
  let palette = null;
  const title = h("b");
  const choice = h("select", {
    "aria-label": "Which map the kernel reads",
    onchange: () => {
      input = Number(choice.value);
      update();
    },
  });
  const presets = PRESETS.map(([name, of]) => {
    const onclick = () => {
      const values = kernel && of(kernel.rows, kernel.cols);
      if (values) set(values);
    };
    return { of, element: h("button", { type: "button", onclick }, name) };
  });
  const trained = h(
    "button",
    { type: "button", onclick: () => kernel && view.actions.set(target(kernel), null) },
    "as trained",
  );
  const place = h("div.kernel-editor");
  const { field: bias, form: biasForm } = numberForm({
    set: (value) => kernel && view.actions.set(`${kernel.name}.bias.${kernel.out}`, [value]),
    name: () => "bias",
    complain,
    label: "bias",
  });
  const element = h(
    "div.kernel",
    {},
    h("div.setter", {}, title, choice, ...presets.map((each) => each.element), trained),
    place,
    h("div.setter", {}, biasForm),
  );

  /** @param {Kernel} of */
  const target = ({ name, out }) => `${name}.weight.${out}.${input}`;

  /** @param {number[]} values */
  function set(values) {
    if (!kernel) return;
    const same = weightsOf(view.whatIf.original, kernel);
    const kept = same?.every((value, i) => value === Math.fround(values[i]));
    view.actions.set(target(kernel), kept ? null : values);
  }

  /** @param {import("./types.js").Network | null} network @param {Kernel} of */
  function weightsOf(network, { layer, out, inputs, rows, cols }) {
    const from = (out * inputs + input) * rows * cols;
    return network?.layers[layer].weight?.subarray(from, from + rows * cols) ?? null;
  }

  function update() {
    const now = kernelOf(view);
    setHidden(element, now === null);
    if (!now) return;
    const { layer, out, inputs, rows, cols, name } = now;
    const other = KERNEL.some((part) => kernel?.[part] !== now[part]);
    kernel = now;
    const reads = readsOf(view.network, layer);
    if (choice.length !== inputs) input = 0;
    // Another layer may read as many maps, of another name.
    if (reads.join() !== read) {
      read = reads.join();
      choice.replaceChildren(...reads.map((words, i) => h("option", { value: String(i) }, words)));
    }
    if (choice.value !== String(input)) choice.value = String(input);
    setHidden(choice, inputs === 1);
    setText(title, `${name} kernel of map ${out}`);
    for (const { of, element: button } of presets) setHidden(button, of(rows, cols) === null);
    trained.disabled = !view.whatIf.changes.some((change) => change.target === target(now));
    const held = view.network.layers[layer].bias;
    setHidden(biasForm, held === null);
    if (held) bias.placeholder = brief(held[out]);
    bias.setAttribute("aria-label", `Bias of ${name} map ${out}`);
    const weights = weightsOf(view.network, now);
    if (weights) showWeights(now, weights, other);
  }

  /** @param {Kernel} of @param {Float32Array} weights @param {boolean} other */
  function showWeights(of, weights, other) {
    const grid = Array.from({ length: of.rows }, (_, row) =>
      Array.from(weights.subarray(row * of.cols, (row + 1) * of.cols), shortest),
    );
    const text = gridText(grid);
    const key = `${target(of)}=${text}`;
    if (key === shown && view.palette === palette) return;
    shown = key;
    palette = view.palette;
    const data = {
      id: target(of),
      label: `Kernel of ${of.name} map ${of.out}, ${of.rows} by ${of.cols}`,
      values: text,
      sequence: Number.MAX_SAFE_INTEGER,
      scale: magnitude(view.network.layers[of.layer].weight ?? []) || 1,
      place: null,
      shown: false,
      paint: false,
      brush: 1,
      pace: PACE,
      leastRows: of.rows,
      mostRows: of.rows,
      leastColumns: of.cols,
      mostColumns: of.cols,
    };
    if (other || !editor || editor.data.id !== data.id) {
      editor?.destroy();
      const cells = h("div.kernel-cells", { style: `--cells:${of.cols}` });
      const root = h("div");
      place.replaceChildren(cells, root);
      editor = new Editor(root, data, cells);
      editor.send = (name, value) => {
        // What was typed last may come when another kernel is here already.
        if (name !== "grid" || !kernel || target(kernel) !== data.id) return;
        const { text: grid } = /** @type {{text: string}} */ (value);
        shown = `${target(of)}=${grid}`;
        set(parseGrid(grid).flat());
      };
    }
    editor.show(data);
  }

  return { element, update };
}
