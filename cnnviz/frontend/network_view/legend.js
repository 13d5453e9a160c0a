/** The line under the maps: whose numbers these are, the colour scope, the scale. @module */
import { h, setAttribute, setHidden, setText } from "../shared/dom.js";
import { brief, timesTen } from "../shared/numbers.js";
import { isLive, multiplications } from "./forward.js";
import { kindOf, showsLife } from "./kinds.js";
import { SCOPES, scaleOf } from "./paint.js";
import { isExact } from "./sight.js";

/** @type {Record<string, string>} */
const MARK = { torch: "PyTorch", preview: "preview" };
const WHOSE =
  "While the pen is down the browser computes a preview; then the numbers of PyTorch, the library " +
  "that the network is written in, take its place. Of a large network they come for the layers that " +
  "are looked at, in parts where the maps are large.";
const SIGNS =
  "Orange: were this value a little larger, the loss would rise; blue: it would fall. The live " +
  "preview is off: a gradient waits for PyTorch.";
const TOO_MANY = "too many for a browser to make while the pen moves";
const ALONE =
  "The numbers that this page opened with are PyTorch's; from the first stroke on it computes them " +
  "itself, with the same weights.";

/**
 * 3·10⁻⁶
 * @param {number} value
 */
export function scientific(value) {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return "nothing: not finite";
  // Rounded up: it is a bound.
  let exponent = Math.floor(Math.log10(value));
  let digit = Math.ceil(value / 10 ** exponent - 1e-9);
  if (digit === 10) [digit, exponent] = [1, exponent + 1];
  return `${digit}${timesTen(exponent)}`;
}

/** What the scale of colours is for.
 * @param {import("./types.js").Layer} layer
 * @param {import("./view_types.js").Scope} scope
 * @param {number | null} channel  of the map in question
 */
function scaleName({ name, shape }, scope, channel) {
  if (shape.length !== 3 || scope === "layer") return name;
  if (scope === "all") return "all maps";
  return channel === null ? `${name}, at most` : `${name} map ${channel}`;
}

/**
 * @param {import("./view_types.js").View} view
 * @param {HTMLElement} player stands in the middle of the line
 */
export function createLegend(view, player) {
  const source = h("b");
  const dot = h("i.dot", { "aria-hidden": "true" });
  const low = h("span.number");
  const high = h("span.number");
  const bar = h("i.ramp", { "aria-hidden": "true" });
  const of = h("span");
  const name = `scope-${Math.random().toString(36).slice(2)}`;
  const radios = SCOPES.map((scope) => {
    const radio = h("input", {
      type: "radio",
      name,
      value: scope,
      onchange: () => view.actions.setScope(scope),
    });
    return { scope, radio, label: h("label", {}, radio, h("span", {}, scope)) };
  });
  const life = h(
    "p.life",
    { title: "beside a ReLU's map: how much of it is above 0" },
    h("i.life-bar", { "aria-hidden": "true" }),
    "above 0",
  );
  const whose = h("p.source", {}, dot, source);
  const late = h("p.late", { hidden: true }, "follows when the pen is up");
  const element = h(
    "div.legend",
    {},
    whose,
    late,
    player,
    life,
    // A form: Chromium keeps radio buttons of a shadow root that belong to none, and all that they
    // lead to, after they have gone.
    h(
      "form",
      { onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
      h("fieldset", {}, h("legend", {}, "colour by"), ...radios.map((r) => r.label)),
    ),
    h("p.scale", {}, of, low, bar, high),
  );
  let signed = true;
  return {
    element,
    retheme() {
      bar.style.background = signed ? view.palette.gradient : view.palette.gradientPositive;
    },
    update() {
      const { alone } = view.options;
      const place = view.hover ?? view.shown();
      const ours = view.source === "torch" && place !== null && !isExact(view, place);
      setHidden(late, Boolean(alone) || isLive(view.network));
      if (!late.hidden) {
        const count = (multiplications(view.network) / 1e6).toFixed(0);
        setAttribute(late, "title", `${count} million multiplications a picture: ${TOO_MANY}`);
      }
      const from = ours ? "preview" : view.source;
      const mark = alone && from === "preview" ? "this page" : MARK[from];
      const lacking = from === "torch" && view.lacking && !view.back;
      const more = lacking ? `, ${view.lacking} more to come` : "";
      setText(source, (view.back ? MARK.torch : mark) + more);
      whose.classList.toggle("ours", ours);
      // Nothing slides there, and the place is needed for words.
      setHidden(player, Boolean(view.back));
      setHidden(life, Boolean(view.back) || !view.network.layers.some(showsLife));
      const agreement =
        view.previewError === null
          ? ""
          : ` Of this picture both say the same to ${scientific(view.previewError)}.`;
      const said = (alone ? ALONE : WHOSE) + agreement;
      setAttribute(whose, "title", view.back ? SIGNS : said);
      for (const { scope, radio } of radios)
        if (radio.checked !== (view.scope === scope)) radio.checked = view.scope === scope;
      let layer = place
        ? place.layer
        : view.network.layers.findIndex((l) => kindOf(l).form === "patches");
      if (layer < 0 || layer >= view.network.layers.length)
        layer = Math.max(0, Math.min(view.network.layers.length - 1, layer));
      const described = view.network.layers[layer];
      const isMap = described.shape.length === 3;
      const channel = place?.layer === layer && "channel" in place.unit ? place.unit.channel : null;
      const [, rows, cols] = described.shape;
      const tile = { layer, offset: (channel ?? 0) * rows * cols, rows, cols };
      const ofMap = view.scope === "map" && channel !== null;
      const all = view.scope === "all" && isMap;
      const most =
        isMap && (ofMap || all)
          ? scaleOf(tile, view.values, view.scales, view.scope, false)
          : view.scales.layers[layer + 1];
      const label = scaleName(described, view.scope, channel);
      let negative = false;
      for (const value of view.values[layer + 1])
        if (value < 0) {
          negative = true;
          break;
        }
      if (all) negative = true;
      if (negative !== signed) {
        signed = negative;
        this.retheme();
      }
      setText(of, label);
      setText(low, negative ? `−${brief(most)}` : "0");
      setText(high, brief(most));
    },
  };
}
