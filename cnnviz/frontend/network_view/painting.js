/**
 * A frame of the view: the surface painted anew as far as values, weights or what is pointed at
 * have changed, and everything that tells of them.
 * @module
 */
import { shapesBack } from "./backward/shapes.js";
import { changeMarks, markedWeight, winnerMarks } from "./marks.js";
import { shapesFor } from "./overlay.js";
import { scales as scalesOf } from "./paint.js";
import { readTheme } from "./theme.js";

const BEHIND = 0.45; // opacity of the pinned unit's frames while another is pointed at

/**
 * What says in words or buttons what the surface shows, each brought up to date once a frame.
 * @typedef {object} Told
 * @property {ReturnType<typeof import("./inspector.js").createInspector>} inspector
 * @property {() => void} nearby
 * @property {ReturnType<typeof import("./player.js").createPlayer>} player
 * @property {ReturnType<typeof import("./buttons.js").createButtons>} buttons
 * @property {ReturnType<typeof import("./announcer.js").createAnnouncer>} announcer
 * @property {ReturnType<typeof import("./tooltip.js").createTooltip>} tooltip
 * @property {ReturnType<typeof import("./so_far.js").createSoFar>} soFar
 * @property {ReturnType<typeof import("./legend.js").createLegend>} legend
 * @property {ReturnType<typeof import("./sight.js").createSight>} sight
 */

/**
 * @param {import("./view_types.js").View} view
 * @param {Told} told
 */
export function createPainting(view, told) {
  function readColours() {
    view.theme = readTheme(view.root);
    view.palette = view.theme.palette;
    told.legend.retheme();
  }

  /** The page's colours have changed. */
  function retheme() {
    readColours();
    view.actions.refreshPanel();
    view.request("values", "weights");
  }

  /** @param {Set<import("./frames.js").Part>} dirty */
  function paint(dirty) {
    if (!view.scene || !view.values) return;
    if (!view.theme) readColours();
    const { surface } = view.stage;
    if (dirty.has("values")) {
      // Without ink there is little but biases: on a scale of their own they would look like much.
      const blank = view.options.inputInk && view.values[0].every((pixel) => pixel === 0);
      if (!blank || view.scales?.layers.length !== view.values.length)
        view.scales = scalesOf(view.network, view.values);
      surface.colourMaps(view);
    }
    if (dirty.has("weights")) surface.colourWeights(view);
    if (dirty.has("weights")) surface.paintGround(view);
    if (dirty.has("values")) {
      view.root.dataset.source = view.source;
      view.root.dataset.revision = String(Number(view.root.dataset.revision) + 1);
    }
    paintPointing(dirty.has("values") || dirty.has("weights"));
    view.panel?.update();
    told.tooltip.update();
    told.soFar.update();
    told.sight.update();
    told.legend.update();
  }

  /** @param {boolean} changed whether there are other values or weights */
  function paintPointing(changed) {
    const { scene, network, values, back, palette, pin } = view;
    if (!scene) return;
    // A slide stands before the pin, which stays where it is.
    const other = view.hover ?? view.cursor ?? (view.slide && view.held());
    const groups = [{ shapes: changeMarks(view), opacity: 1 }];
    const shapesOf = (
      /** @type {import("./view_types.js").At} */ focus,
      /** @type {boolean} */ edges,
    ) =>
      back
        ? shapesBack(scene, network, back, palette, focus, edges)
        : shapesFor(scene, network, values, palette, focus, edges);
    if (pin) groups.push({ shapes: shapesOf(pin, !other), opacity: other ? BEHIND : 1 });
    if (other) groups.push({ shapes: shapesOf(other, true), opacity: 1 });
    if (view.options.markWinners && !back) groups.push({ shapes: winnerMarks(view), opacity: 1 });
    groups.push({ shapes: markedWeight(view), opacity: 1 });
    view.stage.surface.paint(view, groups, changed);
    view.stage.hold(pin);
    const focus = view.shown();
    told.inspector.update(focus?.layer ?? null, focus?.unit ?? null);
    told.nearby();
    told.player.update();
    told.buttons.update(focus);
    told.announcer.update();
  }

  return { paint, retheme };
}
