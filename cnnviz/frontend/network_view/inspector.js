/**
 * The inspector: one unit's arithmetic as real tables. Its elements are built once for a kind and
 * shape of terms; while one draws, only the numbers that changed are written.
 *
 * @typedef {import("./view_types.js").Readable} Readable
 * @typedef {import("./types.js").Unit} Unit
 * @typedef {import("./forms/types.js").Explained} Explained
 * @typedef {{at: Explained, form: import("./forms/types.js").Built<any, any>}} Part
 *   the form of one of the units that made the number; its terms are those of the unit's kind
 */
import { h, setHidden, setText } from "../shared/dom.js";
import { exactly } from "../shared/numbers.js";
import { display, terms } from "./arithmetic.js";
import { showTerms } from "./backward/display.js";
import { createBackwards } from "./backward/inspected.js";
import { backwardPanel, shapeOfTerms } from "./backward/panel.js";
import { backwardTerms } from "./backward/terms.js";
import { backwardSentence, factorOf, wayWords } from "./backward/told.js";
import { chainOf, namesOf, seesWords, sentenceOf } from "./explained.js";
import { FORMS } from "./forms.js";
import { kindOf, layerAt } from "./kinds.js";
import { indexOf } from "./units.js";

const INK = "A pixel of the input: 0 is paper, 1 is full ink. Here every number begins.";
const NUMBER = "A number of the input. Here every number begins.";

const NOTHING = "How a number comes about";
const HERE =
  "Here one number of a map is taken apart: what its window covers, times the kernel's weights, " +
  "added up, plus the bias.";
const KEYS =
  "By keyboard: Tab goes from layer to layer, arrows move, Enter pins, Space plays, " +
  "x switches off and on, ? explains a layer, p is presentation size.";

/** Where nothing is explained: what will be here, and how one gets to see it. */
function hintOf() {
  return h(
    "div.hint",
    {},
    h("p", {}, HERE),
    h("span.by-mouse", {}, "Point at any pixel to see where it comes from; click to pin it. "),
    h("span.by-touch", {}, "Tap any pixel to see where it comes from. "),
    h("span.by-mouse.keys", {}, KEYS),
  );
}

/** The inspector's frame, around the form that the unit explained needs. */
function frameOf() {
  const [title, place, value, words] = [h("h2"), h("p.place"), h("p.big"), h("p.words")];
  const buttons = h("div.buttons");
  const [sentence, why] = [h("p.sentence"), h("p")];
  const summary = "Rounded for show; each sum is that of the unrounded numbers.";
  const note = h("details.note", {}, h("summary", {}, summary), why);
  const body = h("div.inspector-body");
  const head = h("div.inspector-head", {}, title, place);
  const info = h("div.info", {}, value, buttons, words);
  const foot = h("div.inspector-foot", {}, sentence, note);
  const panel = h(
    "div.inspector",
    { role: "region", "aria-label": "How the number came about", part: "inspector" },
    head,
    info,
    h("div.inspector-main", {}, body),
    foot,
    hintOf(),
  );
  return { title, place, value, words, buttons, sentence, why, note, body, head, panel };
}

/**
 * @param {HTMLElement} root
 * @param {Readable} view  whose network is null before the first trace
 */
export function createInspector(root, view) {
  const frame = frameOf();
  const { panel, body, note } = frame;
  root.replaceChildren(panel);
  /** What `parts` were built for. */
  let built = "";
  /** @type {Part[]} */
  let parts = [];
  /** @type {ReturnType<typeof createBackwards> | null} */
  let backwards = null;
  /** What the words are of: how far a unit sees is walked back layer by layer. */
  let worded = /** @type {unknown[]} */ ([]);

  /** @param {Unit} unit */
  function showInput(unit) {
    const pixel = view.values[0][indexOf(view.network.image.shape, unit)];
    setText(frame.value, exactly(pixel));
    setText(frame.words, view.options.inputInk ? INK : NUMBER);
    worded = [];
    setText(frame.sentence, sentenceOf(view, -1, unit));
    setHidden(note, true);
    if (built !== "input") body.replaceChildren();
    built = "input";
    parts = [];
  }

  /** The values, with what `layer` itself makes of what it reads. @param {number} layer */
  function computed(layer) {
    const { network, values } = view;
    const described = network.layers[layer];
    const out = new Float32Array(values[layer + 1].length);
    kindOf(described).forward(described, values[layer], described.inShape, out);
    return values.with(layer + 1, out);
  }

  /** @param {number} layer @param {Unit} unit */
  function showLayer(layer, unit) {
    const { network, values, palette } = view;
    const kind = kindOf(layerAt(network, layer));
    const chain = chainOf(network, layer, unit).map((at) => {
      const set = view.whatIf.setTo(at.layer, at.unit);
      const given = terms(network, set === null ? values : computed(at.layer), at.layer, at.unit);
      return { at, given, strings: display(given, 3), set };
    });
    const [first] = chain;
    // A probability may be far below the three digits that sums are shown with.
    const shares = kind.form === "shares";
    const value = shares ? exactly(first.given.value) : first.strings.value;
    setText(frame.value, first.set === null ? value : exactly(first.set));
    const of = [network, layer, unit];
    if (of.some((each, i) => each !== worded[i])) {
      setText(
        frame.words,
        `${kind.words(layerAt(network, layer))} ${seesWords(network, layer, unit)}`,
      );
      worded = of;
    }
    const key = `${layer}:${view.structure}`;
    if (built !== key) {
      build(chain);
      built = key;
    }
    for (const [i, { at, given, strings }] of chain.entries()) {
      parts[i].at.unit = at.unit;
      parts[i].form.update(given, strings, palette);
    }
    const sentences = chain.map(({ at, strings, set }) =>
      set === null
        ? strings.sentence
        : `What if: ${namesOf(network, at.layer, at.unit).title} is set to ${exactly(set)} here. ` +
          `Computed, it would be ${strings.value}: ${strings.sentence}`,
    );
    setText(frame.sentence, sentences.join(" "));
    const notes = chain.map(({ strings }) => strings.roundingNote).filter(Boolean);
    setHidden(note, !notes.length);
    setText(frame.why, notes.join("; "));
  }

  /** @param {import("./backward/terms.js").Back} back @param {number} layer @param {Unit} unit */
  function showBack(back, layer, unit) {
    const { network } = view;
    const given = backwardTerms(network, back, layer, unit);
    const shown = showTerms(given);
    setText(frame.value, `${shown.value}${shown.power}`);
    setText(frame.words, wayWords(network, layer));
    worded = [];
    const key = `back:${shapeOfTerms(given)}:${view.structure}`;
    if (built !== key) {
      const made = backwardPanel(view, given, shown, factorOf(network, layer));
      backwards = createBackwards(view, made);
      parts = [];
      replaceBody(backwards.element);
      built = key;
    }
    backwards?.panel.update(given, shown);
    backwards?.update(layer, unit);
    setText(frame.sentence, backwardSentence(network, back, layer, unit, shown));
    setHidden(note, !shown.note);
    setText(frame.why, shown.note ?? "");
  }

  /** Who walks by keyboard stays in the tables.
   * @param {HTMLElement[]} elements
   */
  function replaceBody(...elements) {
    const shadow = panel.getRootNode();
    const walking = shadow instanceof ShadowRoot && body.contains(shadow.activeElement);
    body.replaceChildren(...elements);
    /** @type {HTMLElement | null} */
    const next = body.querySelector("button[tabindex='0'], button.link");
    if (walking) next?.focus();
  }

  /** @param {{at: import("./view_types.js").At, strings: ReturnType<typeof display>}[]} chain */
  function build(chain) {
    parts = chain.map(({ at: { layer, unit }, strings }, i) => {
      const at = { layer, unit, through: i > 0 };
      const { form } = kindOf(layerAt(view.network, layer));
      return { at, form: FORMS[form](view, layer, at, strings) };
    });
    replaceBody(...parts.map(({ form }) => form.element));
  }

  return {
    element: panel,
    buttons: frame.buttons,
    head: frame.head,
    /**
     * Show `unit` of `layer` with the values in force; null for none.
     * @param {number | null} layer
     * @param {Unit | null} unit
     */
    update(layer, unit) {
      if (!view.network) return;
      const nothing = layer === null || unit === null;
      panel.classList.toggle("empty", nothing);
      if (nothing) {
        setText(frame.title, NOTHING);
        setText(frame.place, "");
        return;
      }
      const names = namesOf(view.network, layer, unit);
      setText(frame.title, names.title);
      setText(frame.place, names.place);
      if (view.back) showBack(view.back, layer, unit);
      else if (layer === -1) showInput(unit);
      else showLayer(layer, unit);
    },
  };
}
