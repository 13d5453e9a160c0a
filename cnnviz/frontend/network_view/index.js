/**
 * The component's entry, and the only module that knows Streamlit: messages in, triggers out.
 *
 * It names every module below it. Mostly all come in one file (components/modules.py); where they
 * don't, a browser asks for all at once: found one import after another, each would cost a visitor
 * far away a round trip. A test holds the list complete.
 * @module
 */
import "./explained.js";
import "../shared/address.js";
import "../shared/answers.js";
import "../shared/arrows.js";
import "../shared/canvas.js";
import "../shared/clipboard.js";
import "../shared/colormap.js";
import "../shared/decoding.js";
import "../shared/numbers.js";
import "../shared/palette.js";
import "../shared/sums.js";
import "../shared/paced.js";
import "../shared/errors.js";
import "../shared/presentation.js";
import "../shared/wishes.js";
import "../grid_editor/brush.js";
import "../grid_editor/cells.js";
import "../grid_editor/editor.js";
import "../grid_editor/entry.js";
import "../grid_editor/grid.js";
import "../grid_editor/history.js";
import "../grid_editor/keyboard.js";
import "../grid_editor/overlay.js";
import "../grid_editor/parse.js";
import "../grid_editor/toolbar.js";
import "./actions.js";
import "./address.js";
import "./announcer.js";
import "./arithmetic.js";
import "./arrangement.js";
import "./arrivals.js";
import "./asked.js";
import "./backward/display.js";
import "./backward/inspected.js";
import "./backward/panel.js";
import "./backward/shapes.js";
import "./backward/terms.js";
import "./backward/told.js";
import "./atlas.js";
import "./buttons.js";
import "./cells.js";
import "./changes.js";
import "./colouring.js";
import "./column_sizes.js";
import "./columns.js";
import "./demonstration.js";
import "./drag.js";
import "./edges.js";
import "./enlarge.js";
import "./folded_sizes.js";
import "./folding.js";
import "./forms.js";
import "./forms/contributions.js";
import "./forms/formula.js";
import "./forms/normalisation.js";
import "./forms/patches.js";
import "./forms/place.js";
import "./forms/shares.js";
import "./forms/tables.js";
import "./forms/window.js";
import "./forward.js";
import "./frames.js";
import "./hit.js";
import "./in_columns.js";
import "./in_rows.js";
import "./inspector.js";
import "./intake.js";
import "./interaction.js";
import "./keys.js";
import "./kinds.js";
import "./kinds/activations.js";
import "./kinds/avgpool2d.js";
import "./kinds/batchnorm2d.js";
import "./kinds/conv2d.js";
import "./kinds/conv2d_forward.js";
import "./kinds/flatten.js";
import "./kinds/linear.js";
import "./kinds/maxpool2d.js";
import "./kinds/normalize.js";
import "./kinds/pointwise.js";
import "./kinds/pooling.js";
import "./kinds/python.js";
import "./kinds/sliding.js";
import "./kinds/softmax.js";
import "./kinds/weights.js";
import "./layout.js";
import "./legend.js";
import "./lens.js";
import "./life.js";
import "./live.js";
import "./map_sizes.js";
import "./marks.js";
import "./meanings.js";
import "./overlay.js";
import "./nearby.js";
import "./paint.js";
import "./painting.js";
import "./panels.js";
import "./pins.js";
import "./placing.js";
import "./player.js";
import "./preprocess.js";
import "./receptive_field.js";
import "./remembered.js";
import "./roses.js";
import "./row_sizes.js";
import "./same_picture.js";
import "./scene.js";
import "./shapes.js";
import "./sight.js";
import "./slide.js";
import "./slide_actions.js";
import "./snippet.js";
import "./so_far.js";
import "./stage.js";
import "./surface.js";
import "./telling.js";
import "./theme.js";
import "./tooltip.js";
import "./units.js";
import "./vectors.js";
import "./wished.js";
import "./what_if.js";
import "./what_if_actions.js";
import "./what_if_answers.js";
import "./what_if_field.js";
import "./what_if_kernel.js";
import "./what_if_panel.js";
import "./what_if_targets.js";
import "./what_if_weight.js";
import "./what_if_words.js";
import { one } from "../shared/dom.js";
import { onceGone } from "../shared/renderer.js";
import { releaseWeights, storeWeights } from "./payload.js";
import { createView } from "./view.js";

const AGAIN_AFTER = 2000; // ms: what a component tells can be lost

/** @type {WeakMap<HTMLElement | ShadowRoot, ReturnType<typeof createView>>} */
const views = new WeakMap();
/** The timers of elements that wait for weights. @type {WeakMap<HTMLElement | ShadowRoot, number>} */
const asking = new WeakMap();

/**
 * Weights that were sent before aren't here any more: a page that was left, say.
 * @param {string} id @param {HTMLElement | ShadowRoot} element
 * @param {import("../shared/component.js").Component<Data>["setTriggerValue"]} tell
 */
function ask(id, element, tell) {
  tell("lacking", id);
  asking.set(
    element,
    window.setTimeout(() => ask(id, element, tell), AGAIN_AFTER),
  );
}

/**
 * The view in an element, for whoever shows it without Streamlit.
 * @param {HTMLElement | ShadowRoot} parentElement
 */
export const viewIn = (parentElement) => views.get(parentElement);

/**
 * @typedef {import("./payload.js").WeightsData | import("./payload.js").TraceData} Data
 * @param {import("../shared/component.js").Component<Data>} component
 */
export default function render({ data, parentElement, setTriggerValue }) {
  if (data.role === "weights") {
    clearTimeout(asking.get(parentElement));
    if (!storeWeights(data, parentElement)) ask(data.id, parentElement, setTriggerValue);
    return onceGone(parentElement, () => {
      clearTimeout(asking.get(parentElement));
      releaseWeights(parentElement);
    });
  }
  const place = one(parentElement, ".network-view", HTMLElement);
  const made = views.get(parentElement) ?? createView(place, setTriggerValue);
  views.set(parentElement, made);
  made.setTrace(data);
  return onceGone(parentElement, () => {
    made.destroy();
    views.delete(parentElement);
  });
}
