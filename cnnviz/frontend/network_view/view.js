/**
 * The view: holds what is shown (a network, its values, what is pointed at and pinned) and has it
 * drawn, at most once a frame.
 * @module
 */

import { h, setAttribute, setText, themeProbe, VIEWS_CHANGED } from "../shared/dom.js";
import { onPresentation } from "../shared/presentation.js";
import { createActions } from "./actions.js";
import { startOf } from "./address.js";
import { createAnnouncer } from "./announcer.js";
import { createArrangement } from "./arrangement.js";
import { answerFor } from "./asked.js";
import { createButtons } from "./buttons.js";
import { demonstrate } from "./demonstration.js";
import { createDrag } from "./drag.js";
import { openAtFirst, strongestMaps } from "./folding.js";
import { createFrames } from "./frames.js";
import { createInspector } from "./inspector.js";
import { createIntake } from "./intake.js";
import { listen } from "./interaction.js";
import { listenToKeys } from "./keys.js";
import { createLegend } from "./legend.js";
import { followPen } from "./live.js";
import { createMeanings } from "./meanings.js";
import { createNearby } from "./nearby.js";
import { createPainting } from "./painting.js";
import { decodeTensor } from "./payload.js";
import { readPin, writePin } from "./pins.js";
import { createPlayer } from "./player.js";
import { prepare } from "./preprocess.js";
import { createSight } from "./sight.js";
import { tick, unitOf } from "./slide.js";
import { createSoFar } from "./so_far.js";
import { createStage } from "./stage.js";
import { tell } from "./telling.js";
import { createTooltip } from "./tooltip.js";
import { sizeOf } from "./units.js";
import { createWhatIf } from "./what_if.js";
import { fulfilWishes } from "./wished.js";

/**
 * @param {HTMLElement} root
 * @param {(name: "shift" | "sight" | "changes" | "weight", value: unknown) => void} send a trigger to Python
 */
export function createView(root, send) {
  const stageRoot = h("div.stage");
  const inspectorRoot = h("div.inspector-place");
  const panelRoot = h("div.over", { popover: "manual" });
  const probe = themeProbe(() => painting.retheme());
  const heading = h("h2.title", { hidden: true });
  const notice = h("p.notice", { role: "status", hidden: true });
  // `values` are the image, each layer's output and, where there are any, the probabilities.
  const made = {
    root,
    stage: createStage(stageRoot),
    scene: null,
    network: null,
    values: null,
    back: null,
    options: {},
    structure: "",
    theme: null,
    palette: null,
    scales: null,
    scope: "layer",
    source: "torch",
    previewError: null,
    before: null,
    pin: null,
    opening: false,
    hover: null,
    cursor: null,
    taps: 0,
    drawn: null,
    marked: null,
    history: [],
    slide: null,
    speed: 1,
    panel: null,
    text: 1,
    exact: [],
    of: "",
    lacking: 0,
    open: [],
    shownMaps: new Map(),
    rearrange,
    resized,
    request: (/** @type {import("./frames.js").Part[]} */ ...parts) => frames.request(...parts),
    shown,
    held,
  };
  // Nothing reads what is null here before the first trace has filled it.
  const view = /** @type {import("./view_types.js").View} */ (/** @type {unknown} */ (made));
  const frames = createFrames((dirty) => painting.paint(dirty), play);
  const whatIf = createWhatIf((message) => send("changes", message));
  const hooks = { adopted, shown: valuesCame, previewed: frames.note, changed };
  const intake = createIntake(view, whatIf, hooks);
  view.whatIf = whatIf;
  let image = new Float32Array(0);
  /** @type {Omit<NonNullable<import("./payload.js").TraceData["live"]>, "beneath"> &
   *   {beneath: Float32Array | null} | null} */
  let live = null;
  /** @type {ReturnType<typeof followPen>|null} */
  let pen = null;
  /** @type {string|null} */
  let penKey = null;
  let restored = false;

  const arrangement = createArrangement(view, stageRoot);
  const tooltip = createTooltip(view);
  const { change } = intake;
  // With the time: the same weight chosen again is news too.
  const chooseWeight = (/** @type {string} */ name) => send("weight", { name, at: Date.now() });
  view.actions = createActions(view, { panelRoot, tooltip, change, chooseWeight });
  const player = createPlayer(view);
  const legend = createLegend(view, player.element);
  const soFar = createSoFar(view);
  const announcer = createAnnouncer(view, () => pen?.penDown() || Boolean(view.slide?.playing));
  root.replaceChildren(
    probe,
    heading,
    notice,
    soFar.element,
    stageRoot,
    legend.element,
    inspectorRoot,
    panelRoot,
    tooltip.element,
    announcer.element,
  );
  const inspector = createInspector(inspectorRoot, view);
  const nearby = createNearby(view, stageRoot, inspectorRoot, inspector.element);
  const buttons = createButtons(view, inspector.buttons, inspector.head);
  const sight = createSight(view, (layers, there) =>
    send("sight", { layers, there, of: view.of, at: Date.now() }),
  );
  const told = { inspector, nearby, player, buttons, announcer, tooltip, soFar, legend, sight };
  const painting = createPainting(view, told);
  const drag = createDrag(view, intake, (shift) => send("shift", shift));
  root.dataset.cnnviz = "network-view";
  root.dataset.revision = "0";
  answerFor(root, view, stageRoot, frames.times);
  document.dispatchEvent(new Event(VIEWS_CHANGED));

  // --- values come in --------------------------------------------------------------------------

  /**
   * Another network, or other weights.
   * @param {import("./payload.js").TraceData} data @param {boolean} fresh
   * @param {import("./types.js").Network | null} before
   */
  function adopted(data, fresh, before) {
    if (!fresh) {
      view.actions.refreshPanel();
      frames.mark("values", "weights");
      return;
    }
    view.hover = view.cursor = view.marked = view.slide = null;
    view.history.length = 0;
    view.scene = null;
    root.classList.toggle("answers", Boolean(data.probabilities));
    view.actions.closePanel();
    if (!restored) restore(data.options);
    else if (view.pin && before) {
      // What was pinned stays if it is there too.
      view.pin = readPin(view.network, writePin(before, view.pin.layer, view.pin.unit));
      view.actions.saveLink();
    }
    view.open = openAtFirst(view.network, view.pin?.layer);
  }

  /** @param {import("./view_types.js").Options} options */
  function restore(options) {
    restored = true;
    const start = startOf(view.network, options);
    view.pin = start.pin;
    view.opening = start.opening;
    view.scope = start.scope;
    const problems = [...start.problems];
    if (options.changes?.problem) problems.push(`changes=…: ${options.changes.problem}`);
    notice.hidden = !problems.length;
    const said = problems.join("; ");
    setText(notice, said && `In the address ${said}: ignored.`);
  }

  /** Other changes of the network are in force. */
  function changed() {
    view.actions.refreshPanel();
    view.actions.saveLink();
    frames.mark("values", "weights");
  }

  function valuesCame() {
    if (view.source === "torch") {
      drag.settled();
      follow();
      name(view.options.title);
      chooseMaps();
      if (!view.scene) arrangement.arrange();
    }
    frames.mark("values");
    frames.flush();
    tell(view);
    if (view.source === "torch") demonstrate(view, { stage: stageRoot, inspector: inspectorRoot });
  }

  /** Of many maps the strongest of this picture: never while the hand is down. */
  function chooseMaps() {
    const { network, values, pin, shownMaps } = view;
    const chosen = strongestMaps(network, values, pin);
    const same = JSON.stringify([...chosen]) === JSON.stringify([...shownMaps]);
    if (same) return;
    view.shownMaps = chosen;
    view.scene = null;
  }

  /** @param {string} title */
  function name(title) {
    heading.hidden = !title;
    setText(heading, title);
    root.classList.toggle("aside", !view.options.linked);
    const label = ["How the number came about", title].filter(Boolean).join(": ");
    setAttribute(inspector.element, "aria-label", label);
  }

  /**
   * Ink from the drawing canvas, while the pen moves; `start` is when the frame's work began.
   * @param {Uint8ClampedArray} pixels @param {number} inkWidth @param {number} inkHeight
   * @param {number} start
   */
  function sampled(pixels, inkWidth, inkHeight, start) {
    if (!live) return;
    const { from, to } = prepare(pixels, inkWidth, inkHeight, live, image);
    const { frame } = live;
    view.drawn = { image, frame, pixels, width: inkWidth, height: inkHeight, from, to };
    intake.preview(image, start);
  }

  function follow() {
    const key = live?.canvas ?? null;
    if (key === penKey) return;
    pen?.stop();
    penKey = key;
    pen = key === null ? null : followPen(key, sampled, { down: intake.down, up: intake.up });
  }

  // --- drawing ---------------------------------------------------------------------------------

  /** The slide, moved on to the time `now`; true while it plays. @param {number} now */
  function play(now) {
    if (!view.slide) return false;
    if (tick(view.slide, now)) frames.mark("values");
    return view.slide.playing;
  }

  /** Lay out anew where the width, the window or its pixels ask for that. */
  function resized() {
    if (arrangement.outgrown()) rearrange();
  }

  function rearrange() {
    arrangement.arrange();
    frames.flush();
  }

  /** The slide's unit while there is one, else the pinned one. */
  function held() {
    return view.slide ? { layer: view.slide.layer, unit: unitOf(view.slide) } : view.pin;
  }

  /** The unit that the inspector explains: the held one, else the keyboard's, else the pointer's. */
  function shown() {
    return held() ?? view.cursor ?? view.hover;
  }

  const stopMeanings = createMeanings(view, stageRoot);
  const stopListening = listen(stageRoot, view, drag);
  const stopKeys = listenToKeys(root, view);
  const stopPresentation = onPresentation(resized);
  const stopWishes = fulfilWishes(view);
  const observer = new ResizeObserver(resized);
  observer.observe(stageRoot);
  window.addEventListener("resize", resized);
  const fontsCame = () => frames.request("values", "weights");
  document.fonts?.addEventListener("loadingdone", fontsCame);

  return {
    /** @param {import("./payload.js").TraceData} data */
    setTrace(data) {
      live = data.live && {
        ...data.live,
        beneath: data.live.beneath && decodeTensor(data.live.beneath).values,
      };
      const size = live ? sizeOf(live.frame.shape) : 0;
      if (image.length !== size) image = new Float32Array(size);
      intake.trace(data);
    },
    /** Other weights of the same network, sent before, without torch's values.
     * @param {string} weights id */
    reweigh: (weights) => intake.reweigh(weights),
    /** Whether drawings are centred from now on; what is on the canvas is looked at when it says so.
     * @param {boolean} centre */
    recentre(centre) {
      if (live) live = { ...live, centre };
    },
    /** The page's colours have changed, maybe while nothing of it was shown: no transition tells then. */
    retheme: painting.retheme,
    destroy() {
      pen?.stop();
      drag.stop();
      stopListening();
      stopMeanings();
      stopKeys();
      stopPresentation();
      stopWishes();
      observer.disconnect();
      window.removeEventListener("resize", resized);
      document.fonts?.removeEventListener("loadingdone", fontsCame);
      frames.stop();
      announcer.stop();
      sight.stop();
      intake.stop();
      view.actions.stop();
      // It may still be in the page for a moment, beside the one that stands for it.
      delete root.dataset.cnnviz;
      document.dispatchEvent(new Event(VIEWS_CHANGED));
    },
  };
}
