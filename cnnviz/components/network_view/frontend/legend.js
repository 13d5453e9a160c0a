/** The line under the maps: whose numbers these are, the colour scope, the scale. @module */
import { h, setText } from "./dom.js";
import { brief, SCOPES, SCOPE_NAMES } from "./paint.js";

const MARK = { torch: "PyTorch", preview: "preview" };
const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 3·10⁻⁶ */
export function scientific(value) {
  if (value === 0) return "0";
  const exponent = Math.floor(Math.log10(value));
  const digits = [...String(Math.abs(exponent))].map((d) => SUPERSCRIPT[d]).join("");
  return `${Math.round(value / 10 ** exponent)}·10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** @param {object} view */
export function createLegend(view) {
  const source = h("b");
  const dot = h("i.dot", { "aria-hidden": "true" });
  const agree = h("span.agree");
  const low = h("span.number");
  const high = h("span.number");
  const bar = h("i.ramp", { "aria-hidden": "true" });
  const of = h("span");
  const name = `scope-${Math.random().toString(36).slice(2)}`;
  const radios = SCOPES.map((scope) => {
    const radio = h("input", { type: "radio", name, value: scope, onchange: () => view.actions.setScope(scope) });
    return { scope, radio, label: h("label", {}, radio, h("span", {}, SCOPE_NAMES[scope])) };
  });
  const life = h("p.life", {}, h("i.life-bar", { "aria-hidden": "true" }), "share of a map above 0");
  const element = h("div.legend", {},
    h("p.source", { title: "While the pen is down the browser computes a preview; then torch's numbers take its place." }, dot, source, agree),
    life,
    h("fieldset", {}, h("legend", {}, "colour by"), ...radios.map((r) => r.label)),
    h("p.scale", {}, of, low, bar, high));
  let signed = true;
  return {
    element,
    retheme() {
      bar.style.background = signed ? view.palette.gradient : view.palette.gradientPositive;
    },
    update() {
      setText(source, MARK[view.source]);
      life.hidden = !view.network.layers.some((layer) => layer.kind === "relu" && layer.shape.length === 3);
      setText(agree, view.source === "torch" && view.previewError !== null ? ` · browser and PyTorch agree to ${scientific(view.previewError)}` : view.source === "preview" ? " · computed in the browser while you draw" : "");
      for (const { scope, radio } of radios) if (radio.checked !== (view.scope === scope)) radio.checked = view.scope === scope;
      const focus = view.hover?.unit ? view.hover : view.pin ?? view.cursor;
      let layer = focus ? focus.layer : view.network.layers.findIndex((l) => l.kind === "conv2d");
      if (layer < 0 || layer >= view.network.layers.length) layer = Math.max(0, Math.min(view.network.layers.length - 1, layer));
      const all = view.scope === "all" && view.network.layers[layer].shape.length === 3;
      let most = all ? view.scales.all : view.scales.layers[layer + 1];
      const described = view.network.layers[layer];
      let label = all ? "all maps" : described.name;
      if (view.scope === "map" && focus?.unit && "channel" in focus.unit && focus.layer >= 0) {
        const count = described.shape[1] * described.shape[2];
        most = 0;
        for (let i = 0; i < count; i++) most = Math.max(most, Math.abs(view.values[layer + 1][focus.unit.channel * count + i]));
        label = `${described.name} map ${focus.unit.channel}`;
      }
      let negative = false;
      for (const value of view.values[layer + 1]) if (value < 0) { negative = true; break; }
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
