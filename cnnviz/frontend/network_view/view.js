/**
 * The view: holds what is shown (a network, its values, what is pointed at and pinned) and has it
 * drawn, at most once a frame.
 * @module
 */
import { createActions } from "./actions.js";
import { readLink } from "./browser.js";
import { createButtons } from "./buttons.js";
import { colormap as paletteOf } from "../shared/colormap.js";
import { h, setAttribute, setText } from "../shared/dom.js";
import { createDrag } from "./drag.js";
import { createRunner } from "./forward.js";
import { createInspector, sentenceOf } from "./inspector.js";
import { listen } from "./interaction.js";
import { kindOf } from "./kinds.js";
import { layOut } from "./layout.js";
import { createLegend } from "./legend.js";
import { followPen } from "./live.js";
import { markedWeight, winnerMarks } from "./marks.js";
import { drawOverlay, measure } from "./overlay.js";
import {
  paintAnswer,
  paintBars,
  paintMaps,
  paintWeights,
  SCOPES,
  scales as scalesOf,
} from "./paint.js";
import { decodeTrace, structureOf, whenWeights } from "./payload.js";
import { readPin, writePin } from "./pins.js";
import { createPlayer } from "./player.js";
import { IMAGE_SIZE, prepare } from "./preprocess.js";
import { tick, unitOf } from "./slide.js";
import { build } from "./stage.js";
import { createTooltip } from "./tooltip.js";

const FRAMES_KEPT = 1200;
const LATE = 700; // ms within which torch may still answer to an earlier drawing
const ANNOUNCE_AFTER = 400; // ms without a change, so that a screen reader isn't flooded

/**
 * @param {HTMLElement} root
 * @param {(name: string, value: any) => void} send a trigger to Python
 */
export function createView(root, send) {
  const stageRoot = h("div.stage");
  const inspectorRoot = h("div");
  const panelRoot = h("div");
  const announcer = h("div.hidden", { "aria-live": "polite" });
  const probe = h("i.probe", { "aria-hidden": "true" });
  const heading = h("h3.title", { hidden: true });
  const notice = h("p.notice", { role: "status", hidden: true });
  // `values` are the image, each layer's output and, where there are any, the probabilities.
  const view = {
    root,
    stage: null,
    plan: null,
    network: null,
    values: null,
    options: {},
    structure: "",
    palette: null,
    scales: null,
    scope: "layer",
    source: "torch",
    previewError: null,
    pin: null,
    hover: null,
    cursor: null,
    marked: null,
    history: [],
    slide: null,
    panel: null,
    request,
    shown,
  };
  let torchValues = null;
  let weightsId = "";
  let runner = null;
  let pen = null;
  let penKey = null;
  let live = null;
  let width = 0;
  let pending = 0;
  const dirty = new Set();
  let announceTimer = 0;
  let restored = false;
  let latest = null;
  let previewed = 0; // when the last preview was made
  let lateTimer = 0;
  let heldBack = false;
  let held = null;
  // For whoever measures: script milliseconds of the latest preview frames, each from sample to paint.
  const frameTimes = [];
  root.frameTimes = frameTimes;
  // For components that edit what is shown here, in place: where the input's and a kernel's
  // pictures stand in the window. Null for what isn't there.
  root.inputBox = (channel) => view.stage?.tileOf?.get(`-1,${channel}`)?.box.getBoundingClientRect();
  root.kernelBox = (out, input) =>
    view.stage?.kernels.find((k) => k.out === out && k.in === input)?.box.getBoundingClientRect();
  const preparedImage = new Float32Array(IMAGE_SIZE ** 2);

  const tooltip = createTooltip(view);
  view.actions = createActions(view, { panelRoot, tooltip });
  const legend = createLegend(view);
  root.replaceChildren(
    probe,
    heading,
    notice,
    stageRoot,
    legend.element,
    inspectorRoot,
    panelRoot,
    tooltip.element,
    announcer,
  );
  const inspector = createInspector(inspectorRoot, view);
  const player = createPlayer(view, inspector.info);
  const buttons = createButtons(view, inspector.buttons);
  const drag = createDrag(
    view,
    (image) => show(run(image), "preview"),
    (shift) => send("shift", shift),
  );
  root.dataset.cnnviz = "network-view";
  root.dataset.revision = "0";

  // --- values come in --------------------------------------------------------------------------

  /** A message from Python: a trace. Its weights may come later. */
  function setTrace(data) {
    latest = data;
    if (data.weights === weightsId) return applyTrace(data);
    whenWeights(data.weights, () => {
      if (latest === data) applyTrace(data);
    });
  }

  function applyTrace(data) {
    const decoded = decodeTrace(data);
    const structure = structureOf(data);
    const fresh = structure !== view.structure;
    const reweighed = weightsId !== data.weights;
    view.options = data.options;
    view.structure = structure;
    live = data.live;
    const before = view.network;
    if (fresh || reweighed) {
      view.network = decoded.network;
      weightsId = data.weights;
      runner = createRunner(view.network);
    }
    name(data.options);
    torchValues = decoded.probabilities
      ? [...decoded.values, decoded.probabilities]
      : decoded.values;
    follow(live?.canvas ?? null);
    if (fresh) begin(data.options, before);
    else if (reweighed) view.actions.refreshPanel();
    if (fresh) layout();
    else if (reweighed) request("values", "weights");
    clearTimeout(lateTimer);
    // While the pen is down what it draws is newer than what torch answers; shortly after, torch
    // may still be answering to the stroke before.
    heldBack = !fresh && Boolean(pen?.penDown() || drag.active());
    if (heldBack) return;
    drag.settled();
    const recent = view.source === "preview" && !reweighed && performance.now() - previewed < LATE;
    if (!fresh && recent && !samePicture(0.25)) lateTimer = setTimeout(accept, LATE);
    else accept(fresh || reweighed);
  }

  /** Show what torch computed. */
  function accept(changed = false) {
    heldBack = false;
    comparePreview(changed);
    show(torchValues, "torch");
    paintNow();
  }

  /** Whether torch was given the very picture that the preview shows, but for rounding. */
  const samePicture = (tolerance = 1 / 255) =>
    torchValues[0].every((pixel, i) => Math.abs(pixel - view.values[0][i]) <= tolerance);

  function name({ title }) {
    heading.hidden = !title;
    setText(heading, title);
    root.classList.toggle("aside", !view.options.linked);
    setAttribute(
      inspector.element,
      "aria-label",
      ["How the number came about", title].filter(Boolean).join(": "),
    );
  }

  /** Another network, or the first: what was pinned stays if it is there too. */
  function begin(options, before) {
    view.hover = view.cursor = view.marked = view.slide = null;
    view.history.length = 0;
    view.stage = null;
    view.actions.closePanel();
    if (!restored) restore(options);
    else if (view.pin) {
      view.pin = readPin(view.network, writePin(before, view.pin.layer, view.pin.unit));
      view.actions.saveLink();
    }
  }

  /** The pinned unit and the scope at first: the URL's, else those that Python asks for. */
  function restore(options) {
    restored = true;
    const wanted = options.linked ? readLink() : { pin: null, scope: null };
    const problems = [];
    view.pin = readPin(view.network, wanted.pin);
    if (wanted.pin !== null && !view.pin)
      problems.push(`pin=${wanted.pin.slice(0, 40)} names no unit of this network`);
    if (wanted.scope !== null && !SCOPES.includes(wanted.scope))
      problems.push(`scope=${wanted.scope.slice(0, 40)} is none of ${SCOPES.join(", ")}`);
    else if (wanted.scope) view.scope = wanted.scope;
    view.pin ??= readPin(view.network, options.pin);
    notice.hidden = !problems.length;
    setText(notice, problems.length ? `In the address ${problems.join("; ")}: ignored.` : "");
  }

  function run(image) {
    const values = runner.run(image);
    return runner.probabilities ? [...values, runner.probabilities] : values;
  }

  /** The largest difference between the browser's numbers and torch's for the same picture. */
  function comparePreview(changed) {
    const ours =
      view.source === "preview" && !changed && samePicture() ? view.values : run(torchValues[0]);
    let most = 0;
    for (let l = 0; l < torchValues.length; l++) {
      for (let i = 0; i < torchValues[l].length; i++) {
        const difference = Math.abs(torchValues[l][i] - ours[l][i]);
        if (!(difference <= most)) most = difference;
      }
    }
    view.previewError = most;
    root.dataset.previewError = most.toExponential(2);
  }

  function show(values, source) {
    view.values = values;
    view.source = source;
    request("values");
  }

  /** Ink from the drawing canvas, while the pen moves; `start` is when the frame's work began. */
  function preview(pixels, inkWidth, inkHeight, start) {
    if (!runner || !live) return;
    clearTimeout(lateTimer);
    prepare(pixels, inkWidth, inkHeight, { centre: live.centre }, preparedImage);
    show(run(preparedImage), "preview");
    paintNow();
    previewed = performance.now();
    frameTimes.push(performance.now() - start);
    if (frameTimes.length > FRAMES_KEPT) frameTimes.shift();
  }

  function follow(key) {
    if (key === penKey) return;
    pen?.stop();
    penKey = key;
    pen =
      key === null
        ? null
        : followPen(key, preview, () => heldBack && view.source === "torch" && accept());
  }

  // --- drawing ---------------------------------------------------------------------------------

  /** Ask for a frame. @param {...("values"|"weights"|"pointing")} what has changed */
  function request(...what) {
    for (const part of what) dirty.add(part);
    if (!pending) pending = requestAnimationFrame(frame);
  }

  function frame(now) {
    pending = 0;
    if (view.slide && tick(view.slide, now)) {
      view.pin = { layer: view.slide.layer, unit: unitOf(view.slide) };
      if (!view.slide.playing) view.actions.saveLink();
      dirty.add("values");
    }
    paintNow();
    if (view.slide?.playing && !pending) pending = requestAnimationFrame(frame);
  }

  function layout() {
    const available = stageRoot.clientWidth;
    if (!view.network || !available) return;
    width = available;
    view.plan = layOut(
      view.network,
      width,
      (layer) => kindOf(layer).short(layer),
      view.options.drag ? "drag it" : null,
    );
    view.stage = build(stageRoot, view.plan, view.network);
    stageRoot.classList.toggle("draggable", Boolean(view.options.drag));
    measure(view.stage);
    request("values", "weights");
  }

  function retheme() {
    const style = getComputedStyle(root);
    view.palette = paletteOf({
      background: style.getPropertyValue("--st-background-color"),
      surface: style.getPropertyValue("--st-secondary-background-color"),
      text: style.getPropertyValue("--st-text-color"),
    });
    root.classList.toggle("dark", view.palette.dark);
    legend.retheme();
    view.actions.refreshPanel();
    request("values", "weights");
  }

  function paintNow() {
    if (!view.stage || !view.values || !dirty.size) return;
    if (!view.palette) retheme();
    const { stage, network, values, palette } = view;
    if (dirty.has("values")) {
      view.scales = scalesOf(network, values);
      paintMaps(stage, network, values, {
        palette,
        scope: view.scope,
        inputInk: view.options.inputInk,
        scale: view.scales,
        slide: view.slide,
      });
      paintBars(stage, values, palette);
      const blank = view.options.inputInk && values[0].every((pixel) => pixel === 0);
      paintAnswer(stage, values[network.layers.length + 1], blank);
      root.dataset.source = view.source;
      root.dataset.revision = String(Number(root.dataset.revision) + 1);
    }
    if (dirty.has("weights")) paintWeights(stage, network, view);
    dirty.clear();
    paintPointing();
    view.panel?.update();
    legend.update();
  }

  /** The unit that the inspector explains: the pinned one, else the keyboard's, else the pointer's. */
  function shown() {
    return view.pin ?? view.cursor ?? view.hover;
  }

  function paintPointing() {
    const { stage, network, values, palette } = view;
    const focuses = [];
    if (view.pin) focuses.push({ ...view.pin, style: "pinned" });
    const other = view.hover ?? view.cursor;
    if (other) focuses.push({ ...other, style: "hovered" });
    const marks = (view.options.markWinners ? winnerMarks(view) : "") + markedWeight(view);
    drawOverlay(stage, network, values, palette, focuses, marks);
    const focus = shown();
    hold(view.pin);
    inspector.update(focus?.layer ?? null, focus?.unit ?? null);
    player.update();
    buttons.update(focus);
    announce();
  }

  /** A finger on the pinned unit's map moves the pin; on the others it scrolls the page. */
  function hold(pin) {
    const tile = pin ? view.stage.tileOf.get(`${pin.layer},${pin.unit.channel}`) : null;
    if (held === tile?.box) return;
    held?.classList.remove("held");
    held = tile?.box;
    held?.classList.add("held");
  }

  /** In a sentence, for screen readers: the unit that the keyboard is at, else the pinned one. */
  function announce() {
    clearTimeout(announceTimer);
    const unit = view.cursor ?? view.pin;
    if (!unit) return;
    announceTimer = setTimeout(() => {
      if (!pen?.penDown() && !view.slide?.playing)
        setText(announcer, sentenceOf(view, unit.layer, unit.unit));
    }, ANNOUNCE_AFTER);
  }

  const stopListening = listen(stageRoot, view, drag);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") view.actions.escape();
  });
  const observer = new ResizeObserver(() => {
    if (Math.abs(stageRoot.clientWidth - width) >= 1) {
      layout();
    } else if (view.stage) {
      measure(view.stage);
      request("pointing");
    }
    paintNow();
  });
  observer.observe(stageRoot);
  // Streamlit changes the theme's variables in place; a colour that follows them tells.
  probe.addEventListener("transitionend", retheme);
  document.fonts?.ready.then(() => {
    if (view.stage) measure(view.stage);
    request("pointing");
  });

  return {
    setTrace,
    destroy() {
      pen?.stop();
      drag.stop();
      stopListening();
      observer.disconnect();
      cancelAnimationFrame(pending);
      clearTimeout(announceTimer);
      clearTimeout(lateTimer);
      latest = null;
    },
  };
}
