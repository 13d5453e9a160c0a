/**
 * The view: holds what is shown (a network, its values, what is pointed at and pinned) and has it
 * drawn, at most once a frame.
 * @module
 */
import { palette as paletteOf } from "./colour.js";
import { h, setText } from "./dom.js";
import { createRunner } from "./forward.js";
import { createInspector, namesOf } from "./inspector.js";
import { listen } from "./interaction.js";
import { kindOf, shapeAt } from "./kinds.js";
import { layOut } from "./layout.js";
import { createLegend } from "./legend.js";
import { copyText, download, followPen, readLink, writeLink } from "./live.js";
import { box, drawOverlay, measure } from "./overlay.js";
import { exactly, paintAnswer, paintBars, paintMaps, paintWeights, SCOPES, scales as scalesOf } from "./paint.js";
import { filtersPanel, mapPanel, snippetPanel } from "./panels.js";
import { decodeTensor, decodeTrace, structureOf, whenWeights } from "./payload.js";
import { readPin, writePin } from "./pins.js";
import { prepare } from "./preprocess.js";
import { windowOf } from "./receptive_field.js";
import { createPlayer } from "./player.js";
import { createSlide, goTo, slides, tick, unitOf } from "./slide.js";
import { csv, pytorch } from "./snippet.js";
import { build } from "./stage.js";
import { indexOf, isMap, unitAt } from "./units.js";

const HISTORY = 50;
const FRAMES_KEPT = 1200;
const ANNOUNCE_AFTER = 400; // ms without a change, so that a screen reader isn't flooded

/**
 * @param {HTMLElement} root
 * @param {(name: string, value: any) => void} send a trigger to Python
 */
export function createView(root, send) {
  const stageRoot = h("div.stage");
  const inspectorRoot = h("div");
  const panelRoot = h("div");
  const tooltip = h("div.tooltip", { "aria-hidden": "true", hidden: true });
  const announcer = h("div.hidden", { "aria-live": "polite" });
  const probe = h("i.probe", { "aria-hidden": "true" });
  const notice = h("p.notice", { role: "status", hidden: true });
  const view = {
    root, stage: null, plan: null, network: null, values: null, probabilities: null, torch: null,
    options: {}, structure: "", palette: null, scales: null, scope: "layer",
    pin: null, hover: null, kernelHover: null, cursor: null, tapped: null, history: [], slide: null, source: "torch",
    previewError: null, panel: null, actions: null,
  };
  let weightsId = "";
  let runner = null;
  let pen = null;
  let penKey = null;
  let live = null;
  let width = 0;
  let pending = 0;
  let dirty = 0; // bit 1: values, bit 2: pointing, bit 4: weights
  let announceTimer = 0;
  let linked = false;
  let latest = null;
  // For whoever measures: script milliseconds of the latest preview frames, each from sample to paint.
  const frameTimes = [];
  root.frameTimes = frameTimes;
  const preparedImage = new Float32Array(28 * 28);
  const legend = createLegend(view);
  const heading = h("h3.title", { hidden: true });
  root.append(probe, heading, notice, stageRoot, legend.element, inspectorRoot, panelRoot, tooltip, announcer);
  const inspector = createInspector(inspectorRoot, view);
  root.dataset.cnnviz = "network-view";
  root.dataset.revision = "0";

  const VALUES = 1, POINTING = 2, WEIGHTS = 4;

  // --- what is shown -------------------------------------------------------------------------

  /** A message from Python: a trace. Its weights may come later. */
  function setTrace(data) {
    latest = data;
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
    live = data.live;
    heading.hidden = !data.options.title;
    setText(heading, data.options.title);
    inspector.element.setAttribute("aria-label", ["How the number came about", data.options.title].filter(Boolean).join(": "));
    if (fresh || reweighed) {
      view.network = decoded.network;
      weightsId = data.weights;
      runner = createRunner(view.network);
    }
    view.structure = structure;
    view.torch = withProbabilities(decoded.values, decoded.probabilities);
    follow(live?.canvas ?? null);
    if (fresh) {
      view.hover = view.cursor = view.kernelHover = view.tapped = null;
      view.slide = null;
      view.history.length = 0;
      closePanel();
      if (!linked) restore(data.options);
      else if (view.pin && !readPin(view.network, writePinSafely())) view.pin = null;
      width = 0;
    }
    // While the pen is down what it draws is newer than what torch answers.
    if (pen?.penDown() && view.values && !fresh) return reweighed && request(WEIGHTS | VALUES);
    comparePreview(reweighed || fresh);
    show(view.torch, "torch");
    if (fresh) layout();
    else if (reweighed) request(WEIGHTS);
    paintNow();
  }

  function withProbabilities(values, probabilities) {
    return probabilities ? [...values, probabilities] : values;
  }

  function writePinSafely() {
    try {
      return writePin(view.network, view.pin.layer, view.pin.unit);
    } catch {
      return "";
    }
  }

  /** The largest difference between the browser's numbers and torch's for the same drawing. */
  function comparePreview(changed) {
    let ours = view.source === "preview" && !changed ? view.values : null;
    if (!ours) {
      const run = runner.run(view.torch[0]);
      ours = withProbabilities(run, runner.probabilities);
    }
    let most = 0;
    for (let l = 0; l < view.torch.length; l++) {
      for (let i = 0; i < view.torch[l].length; i++) {
        const difference = Math.abs(view.torch[l][i] - ours[l][i]);
        if (!(difference <= most)) most = difference;
      }
    }
    view.previewError = most;
    root.dataset.previewError = most.toExponential(2);
  }

  function show(values, source) {
    view.values = values;
    view.probabilities = values.length > view.network.layers.length + 1 ? values.at(-1) : null;
    view.source = source;
    request(VALUES);
  }

  /** Ink from the drawing canvas, while the pen moves. */
  function preview(pixels, inkWidth, inkHeight, start) {
    if (!runner || !live) return;
    prepare(pixels, inkWidth, inkHeight, { centre: live.centre }, preparedImage);
    const run = runner.run(preparedImage);
    show(withProbabilities(run, runner.probabilities), "preview");
    paintNow();
    frameTimes.push(performance.now() - start);
    if (frameTimes.length > FRAMES_KEPT) frameTimes.shift();
  }

  function follow(key) {
    if (key === penKey) return;
    pen?.stop();
    penKey = key;
    pen = key === null ? null : followPen(key, preview);
  }

  // --- drawing -------------------------------------------------------------------------------

  function request(what) {
    dirty |= what;
    if (!pending) pending = requestAnimationFrame(frame);
  }

  function frame(now) {
    pending = 0;
    if (view.slide && tick(view.slide, now)) {
      view.pin = { layer: view.slide.layer, unit: unitOf(view.slide) };
      dirty |= VALUES;
    }
    paintNow();
    if (view.slide?.playing) request(POINTING);
  }

  function layout() {
    const available = stageRoot.clientWidth;
    if (!view.network || !available) return;
    width = available;
    view.plan = layOut(view.network, width, (layer) => kindOf(layer).short(layer));
    view.stage = build(stageRoot, view.plan, view.network);
    stageRoot.classList.toggle("draggable", Boolean(view.options.drag));
    measure(view.stage);
    request(VALUES | WEIGHTS);
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
    request(VALUES | WEIGHTS);
  }

  function paintNow() {
    if (!view.stage || !view.values || !dirty) return;
    if (!view.palette) retheme();
    const what = dirty;
    dirty = 0;
    if (what & VALUES) {
      view.scales = scalesOf(view.network, view.values);
      paintMaps(view.stage, view.network, view.values, {
        palette: view.palette, scope: view.scope, inputInk: view.options.inputInk, scale: view.scales, slide: view.slide,
      });
      paintBars(view.stage, view.values, view.palette);
      paintAnswer(view.stage, view.probabilities);
      root.dataset.source = view.source;
      root.dataset.revision = String(Number(root.dataset.revision) + 1);
    }
    if (what & WEIGHTS) paintWeights(view.stage, view.network, view);
    paintPointing();
    view.panel?.update();
    legend.update();
  }

  function shown() {
    return view.pin ?? view.cursor ?? (view.hover?.unit ? view.hover : null);
  }

  function paintPointing() {
    const focuses = [];
    if (view.pin) focuses.push({ ...view.pin, style: "pinned" });
    const other = view.hover?.unit ? view.hover : view.cursor;
    if (other) focuses.push({ ...other, style: "hovered" });
    drawOverlay(view.stage, view.network, view.values, view.probabilities, view.palette, focuses, winnersText() + tapText());
    const focus = shown();
    inspector.update(focus?.layer ?? null, focus?.unit ?? null);
    player.update();
    buttons.update(focus);
    announce();
  }

  /** What a kernel's cell multiplies, for the unit explained. */
  function tapText() {
    if (!view.tapped) return "";
    const { layer, unit, channel, i, j } = view.tapped;
    const window = windowOf(view.network, layer, unit);
    const tile = view.stage.tileOf.get(`${layer - 1},${channel}`);
    const kernel = view.stage.kernels.find((k) => k.layer === layer && k.out === unit.channel && k.in === channel);
    let text = "";
    for (const [at, r, c] of [[tile, window.rows[i], window.cols[j]], [kernel, i, j]]) {
      if (!at) continue;
      const b = box(at, r, r + 1, c, c + 1);
      text += `<rect class="tapped" x="${b.x.toFixed(1)}" y="${b.y.toFixed(1)}" width="${b.w.toFixed(1)}" height="${b.h.toFixed(1)}"/>`;
    }
    return text;
  }

  /** Rings around what each window of a max pooling passes on. */
  function winnersText() {
    if (!view.options.markWinners) return "";
    let text = "";
    view.network.layers.forEach((layer, l) => {
      if (layer.kind !== "maxpool2d") return;
      const count = layer.shape[0] * layer.shape[1] * layer.shape[2];
      for (let at = 0; at < count; at++) {
        const unit = unitAt(layer.shape, at);
        const taken = kindOf(layer).arithmetic(layer, view.values[l], layer.inShape, view.values[l + 1], unit).taken;
        const tile = taken && view.stage.tileOf.get(`${l - 1},${unit.channel}`);
        if (!tile) continue;
        const b = box(tile, taken.row, taken.row + 1, taken.col, taken.col + 1);
        text += `<circle class="winner" cx="${(b.x + b.w / 2).toFixed(1)}" cy="${(b.y + b.h / 2).toFixed(1)}" r="${Math.max(1.5, Math.min(b.w, b.h) * 0.42).toFixed(1)}"/>`;
      }
    });
    return text;
  }

  function announce() {
    clearTimeout(announceTimer);
    if (!view.pin && !view.cursor) return;
    announceTimer = setTimeout(() => {
      if (!pen?.penDown() && !view.slide?.playing) setText(announcer, inspector.sentence());
    }, ANNOUNCE_AFTER);
  }

  // --- what a person can do ------------------------------------------------------------------

  function setPin(layer, unit, { remember = true } = {}) {
    if (remember && view.pin && !(view.pin.layer === layer && sameUnit(view.pin.unit, unit))) {
      view.history.push(view.pin);
      if (view.history.length > HISTORY) view.history.shift();
    }
    if (view.slide && (view.slide.layer !== layer || view.slide.channel !== unit.channel)) endSlide();
    else if (view.slide) goTo(view.slide, unit.row * view.slide.cols + unit.col);
    view.pin = { layer, unit };
    saveLink();
    request(view.slide ? VALUES : POINTING);
  }

  const sameUnit = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  function saveLink() {
    if (!view.options.linked) return;
    writeLink({ pin: view.pin && writePin(view.network, view.pin.layer, view.pin.unit), scope: view.scope === "layer" ? null : view.scope });
  }

  /** The pinned unit and the scope at first: the URL's, else those that Python asks for. */
  function restore(options) {
    linked = true;
    const wanted = options.linked ? readLink() : { pin: null, scope: null };
    const problems = [];
    view.pin = readPin(view.network, wanted.pin);
    if (wanted.pin !== null && !view.pin) problems.push(`pin=${wanted.pin.slice(0, 40)} names no unit of this network`);
    if (wanted.scope !== null && !SCOPES.includes(wanted.scope)) problems.push(`scope=${wanted.scope.slice(0, 40)} is none of ${SCOPES.join(", ")}`);
    else if (wanted.scope) view.scope = wanted.scope;
    view.pin ??= readPin(view.network, options.pin);
    notice.hidden = !problems.length;
    setText(notice, problems.length ? `In the address ${problems.join("; ")}: ignored.` : "");
  }

  function endSlide() {
    view.slide = null;
    request(VALUES);
  }

  function openPanel(panel) {
    view.panel = panel;
    panelRoot.replaceChildren(panel.element);
    panel.update();
    panel.element.scrollIntoView({ block: "nearest" });
  }

  function closePanel() {
    view.panel = null;
    panelRoot.replaceChildren();
  }

  let drag = null;
  let justDragged = false;

  function shifted(base, [right, down], [, rows, cols]) {
    const moved = new Float32Array(base.length);
    for (let row = 0; row < rows; row++) {
      for (let col = 0; col < cols; col++) {
        const [r, c] = [row - down, col - right];
        if (r >= 0 && r < rows && c >= 0 && c < cols) moved[row * cols + col] = base[r * cols + c];
      }
    }
    return moved;
  }

  view.actions = {
    pin: (layer, unit, how) => setPin(layer, unit, { remember: !how?.step }),
    release() {
      if (view.slide) endSlide();
      view.pin = view.cursor = view.tapped = null;
      view.history.length = 0;
      saveLink();
      request(POINTING);
    },
    back() {
      const last = view.history.pop();
      if (last) setPin(last.layer, last.unit, { remember: false });
    },
    point(spot, x = null, y = null) {
      view.hover = spot?.unit ? spot : null;
      view.kernelHover = spot?.kernel || spot?.weights ? spot : null;
      view.tapped = spot?.kernel && view.pin?.layer === spot.kernel.layer && view.pin.unit.channel === spot.kernel.out ? { layer: view.pin.layer, unit: view.pin.unit, channel: spot.kernel.in, i: spot.row, j: spot.col } : null;
      placeTooltip(spot, x, y);
      request(POINTING);
    },
    setCursor(layer, unit) {
      view.cursor = layer === null ? null : { layer, unit };
      request(POINTING);
    },
    tap(at, channel, i, j) {
      view.tapped = at && { layer: at.layer, unit: at.unit, channel, i, j };
      request(POINTING);
    },
    pinSource({ layer, unit }, channel, i, j) {
      const window = windowOf(view.network, layer, unit);
      const [row, col] = [window.sourceRows[i], window.sourceCols[j]];
      if (row >= 0 && col >= 0) setPin(layer - 1, { channel, row, col });
    },
    pinFirst({ layer, unit }) {
      const [source] = kindOf(view.network.layers[layer]).inputs(view.network.layers[layer], view.network.layers[layer].inShape, unit, null);
      setPin(layer - 1, source.unit);
    },
    pinContribution({ layer, unit }, i) {
      const described = view.network.layers[layer];
      const { contributions } = kindOf(described).arithmetic(described, view.values[layer], described.inShape, view.values[layer + 1], unit);
      setPin(layer - 1, { index: contributions[i].index });
    },
    setScope(scope) {
      view.scope = scope;
      saveLink();
      request(VALUES | WEIGHTS);
    },
    openLayer(layer) {
      if (view.network.layers[layer]?.kind === "conv2d") openPanel(filtersPanel(view, layer));
      else if (isMap(shapeAt(view.network, layer))) openPanel(mapPanel(view, layer, 0));
    },
    enlarge: (layer, channel) => openPanel(mapPanel(view, layer, channel)),
    closePanel,
    async snippet() {
      const { layer, unit } = shown();
      if (layer < 0) return;
      const code = pytorch(view.network, view.values, layer, unit, { checkpoint: view.options.checkpoint });
      const copied = await copyText(code);
      openPanel(snippetPanel(view, code, copied));
    },
    copy: copyText,
    csv(layer, channel) {
      const shape = shapeAt(view.network, layer);
      const name = layer === -1 ? "input" : view.network.layers[layer].name;
      const count = isMap(shape) ? shape[1] * shape[2] : shape[0];
      const values = view.values[layer + 1].subarray(channel * count, (channel + 1) * count);
      download(`${name}${isMap(shape) ? `-map-${channel}` : ""}.csv`, csv(values, isMap(shape) ? shape.slice(1) : shape), "text/csv");
    },
    startSlide() {
      const { layer, unit } = shown();
      const [, rows, cols] = shapeAt(view.network, layer);
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      view.slide = createSlide({ layer, channel: unit.channel, rows, cols, playing: !still });
      setPin(layer, unitOf(view.slide));
      request(VALUES);
    },
    endSlide,
    playSlide() {
      if (view.slide.position >= view.slide.count - 1) goTo(view.slide, 0);
      view.slide.playing = !view.slide.playing;
      request(POINTING);
    },
    seekSlide(position) {
      view.slide.playing = false;
      goTo(view.slide, position);
      view.pin = { layer: view.slide.layer, unit: unitOf(view.slide) };
      request(VALUES);
    },
    repaint: () => request(VALUES),
    dragStart() {
      drag = { base: decodeTensor(view.options.drag.base).values, from: view.options.drag.shift, to: view.options.drag.shift };
      justDragged = false;
    },
    dragTo(x, y) {
      const tile = view.stage.tileOf.get("-1,0");
      const { limit } = view.options.drag;
      const clamp = (v) => Math.max(-limit, Math.min(limit, v));
      const to = [clamp(drag.from[0] + Math.round((x / tile.rect.w) * tile.cols)), clamp(drag.from[1] + Math.round((y / tile.rect.h) * tile.rows))];
      if (to[0] === drag.to[0] && to[1] === drag.to[1]) return;
      drag.to = to;
      justDragged = true;
      const run = runner.run(shifted(drag.base, to, view.network.image.shape));
      show(withProbabilities(run, runner.probabilities), "preview");
    },
    dragEnd() {
      if (drag && justDragged) send("shift", drag.to);
      drag = null;
      setTimeout(() => (justDragged = false));
    },
    dragged: () => justDragged,
  };

  function placeTooltip(spot, x, y) {
    if (!spot || x === null) {
      tooltip.hidden = true;
      return;
    }
    let text;
    if (spot.unit) {
      const names = namesOf(view.network, spot.layer, spot.unit);
      const all = spot.layer === view.network.layers.length ? view.probabilities : view.values[spot.layer + 1];
      text = `${names.title}, ${names.place}: ${exactly(all[indexOf(shapeAt(view.network, spot.layer), spot.unit)])}`;
    } else if (spot.kernel) {
      const { kernel } = spot;
      const { weight, name } = view.network.layers[kernel.layer];
      text = `${name} kernel ${kernel.out},${kernel.in}: ${exactly(weight[kernel.offset + spot.row * kernel.cols + spot.col])}`;
    } else {
      const tile = spot.weights;
      const { weight, name } = view.network.layers[tile.layer];
      const input = tile.group * tile.rows + spot.row;
      text = `${name} weight of input ${input} for ${spot.col}: ${exactly(weight[spot.col * tile.inputs + input])}`;
    }
    tooltip.hidden = false;
    setText(tooltip, text);
    const frame = root.getBoundingClientRect();
    const left = Math.min(x - frame.left + 14, frame.width - tooltip.offsetWidth - 4);
    tooltip.style.transform = `translate(${Math.max(0, left).toFixed(0)}px, ${(y - frame.top + 18).toFixed(0)}px)`;
  }

  // --- buttons of the inspector, and the player ------------------------------------------------

  const player = createPlayer(view, inspector.info);
  const buttons = createButtons(view, inspector.buttons);

  const stopListening = listen(stageRoot, view);
  const observer = new ResizeObserver(() => {
    if (Math.abs(stageRoot.clientWidth - width) >= 1) {
      layout();
      paintNow();
    }
  });
  observer.observe(stageRoot);
  probe.addEventListener("transitionend", retheme);
  document.fonts?.ready.then(() => view.stage && (measure(view.stage), request(POINTING)));

  return {
    view,
    setTrace,
    destroy() {
      pen?.stop();
      stopListening();
      observer.disconnect();
      cancelAnimationFrame(pending);
      clearTimeout(announceTimer);
      latest = null;
    },
  };
}

function createButtons(view, place) {
  const { actions } = view;
  const snippet = h("button", { type: "button", onclick: () => actions.snippet() }, "as PyTorch");
  const slide = h("button.icon", { type: "button", "aria-label": "Slide the window over its input", title: "see it slide", onclick: () => (view.slide ? actions.endSlide() : actions.startSlide()) }, "▶");
  const map = h("button", { type: "button", onclick: () => view.large && actions.enlarge(...view.large) }, "enlarge");
  const back = h("button", { type: "button", onclick: () => actions.back() }, "‹ back");
  const release = h("button", { type: "button", title: "Escape does the same", onclick: () => actions.release() }, "unpin");
  place.append(back, snippet, slide, map, release);
  return {
    update(focus) {
      place.hidden = !focus;
      if (!focus) return;
      const kind = view.network.layers[focus.layer]?.kind;
      snippet.hidden = focus.layer < 0;
      slide.hidden = !slides(kind);
      slide.setAttribute("aria-pressed", String(Boolean(view.slide)));
      view.large = "channel" in focus.unit ? [focus.layer, focus.unit.channel] : null;
      map.hidden = !view.large;
      back.hidden = !view.history.length;
      release.hidden = !view.pin;
    },
  };
}
