/**
 * The inspector: one unit's arithmetic as real tables. Its elements are built once for a kind and
 * shape of terms; while one draws, only the numbers that changed are written.
 * @module
 */
import { display, terms } from "./arithmetic.js";
import { h, setText } from "../shared/dom.js";
import { FORMS } from "./forms.js";
import { kindOf, layerAt, shapeAt } from "./kinds.js";
import { exactly } from "../shared/numbers.js";
import { receptiveField } from "./receptive_field.js";
import { indexOf } from "./units.js";

/** "conv2 · map 5" and "row 4, column 6". */
export function namesOf(network, layer, unit) {
  const name =
    layer === -1
      ? "input"
      : layer === network.layers.length
        ? "softmax"
        : layer === network.layers.length - 1 && "index" in unit
          ? `${network.layers[layer].name} · logits`
          : network.layers[layer].name;
  if ("index" in unit)
    return {
      title: name,
      place: layer >= network.layers.length - 1 ? `digit ${unit.index}` : `unit ${unit.index}`,
    };
  const maps = shapeAt(network, layer)[0];
  return {
    title: maps > 1 || layer >= 0 ? `${name} · map ${unit.channel}` : name,
    place: `row ${unit.row}, column ${unit.col}`,
  };
}

/** How much of the input a unit sees, in words; "" where it is not a window of it. */
export function seesWords(network, layer, unit) {
  if (layer < 0) return "";
  // A share of the vote sees what the logits see: a linear layer's all see the same.
  if (layer >= network.layers.length) return seesWords(network, layer - 1, unit);
  const field = receptiveField(network, layer, unit).at(-1);
  if (!field || !field.size) return "Sees the whole input.";
  const [height, width] = field.size;
  const [, all, across] = network.image.shape;
  if (field.rows.length === all && field.cols.length === across) return "Sees the whole input.";
  const what =
    height * width === 1 ? "1 pixel" : `${height}×${width} of the ${all}×${across} pixels`;
  const outside = field.rows.length < height || field.cols.length < width;
  return `Sees ${what} of the input${outside ? " (part of that is padding or between the taps)" : ""}.`;
}

/** A unit and, where it only passes one number on (ReLU, flatten), the unit that made this. */
function chainOf(network, layer, unit) {
  const chain = [{ layer, unit }];
  while (layer > 0 && layer < network.layers.length) {
    const described = network.layers[layer];
    const kind = kindOf(described);
    if (kind.form !== "formula" && kind.form !== "place") break;
    [{ unit }] = kind.inputs(described, described.inShape, unit, null);
    layer -= 1;
    chain.push({ layer, unit });
  }
  return chain;
}

/** One unit's value and how it came about, in words. */
export function sentenceOf({ network, values }, layer, unit) {
  if (layer >= 0) return display(terms(network, values, layer, unit), 3).sentence;
  const { title, place } = namesOf(network, layer, unit);
  return `${title}, ${place} is ${exactly(values[0][indexOf(network.image.shape, unit)])}.`;
}

/** The inspector: its frame, around the form that the unit explained needs. */
export function createInspector(root, view) {
  const title = h("h3");
  const place = h("p.place");
  const value = h("p.big");
  const words = h("p.words");
  const buttons = h("div.buttons");
  const why = h("p");
  const note = h(
    "details.note",
    {},
    h("summary", {}, "Rounded for show; each sum is that of the unrounded numbers."),
    why,
  );
  const sentence = h("p.sentence");
  const body = h("div.inspector-body");
  const hint = h(
    "p.hint",
    {},
    h("span.by-mouse", {}, "Point at any pixel to see where it comes from; click to pin it. "),
    h("span.by-touch", {}, "Tap any pixel to see where it comes from. "),
    h(
      "span.by-mouse",
      {},
      "By keyboard: Tab goes from layer to layer, arrows move, Enter pins, Space plays.",
    ),
  );
  const info = h("div.info", {}, title, place, value, buttons, words);
  const main = h("div.inspector-main", {}, body);
  const foot = h("div.inspector-foot", {}, h("div", {}, sentence, note));
  const panel = h(
    "div.inspector",
    { role: "region", "aria-label": "How the number came about" },
    info,
    main,
    foot,
    hint,
  );
  root.replaceChildren(panel);
  let built = { key: "", parts: [] };

  function empty() {
    panel.classList.add("empty");
  }

  return {
    element: panel,
    info,
    buttons,
    foot,
    /** Show `unit` of `layer` with the values in force. */
    update(layer, unit) {
      const { network, values, palette } = view;
      if (!network) return;
      if (layer === null || unit === null) return empty();
      panel.classList.remove("empty");
      const names = namesOf(network, layer, unit);
      setText(title, names.title);
      setText(place, names.place);
      if (layer === -1) {
        const pixel = values[0][indexOf(network.image.shape, unit)];
        setText(value, exactly(pixel));
        setText(
          words,
          view.options.inputInk
            ? "A pixel of the input: 0 is paper, 1 is full ink. Here every number begins."
            : "A number of the input. Here every number begins.",
        );
        setText(sentence, sentenceOf(view, layer, unit));
        note.hidden = true;
        if (built.key !== "input") body.replaceChildren();
        built = { key: "input", parts: [] };
        return;
      }
      const described = layerAt(network, layer);
      const chain = chainOf(network, layer, unit).map((part) => {
        const given = terms(network, values, part.layer, part.unit);
        return { ...part, given, strings: display(given, 3) };
      });
      // A probability may be far below the three digits that sums are shown with.
      setText(
        value,
        kindOf(described).form === "shares"
          ? exactly(chain[0].given.value)
          : chain[0].strings.value,
      );
      setText(words, `${kindOf(described).words(described)} ${seesWords(network, layer, unit)}`);
      const key = `${layer}:${view.structure}`;
      if (built.key !== key) {
        const parts = chain.map((part, i) => {
          const at = { layer: part.layer, unit: part.unit, through: i > 0 };
          return {
            at,
            ...FORMS[kindOf(layerAt(network, part.layer)).form](view, part.layer, at, part.strings),
          };
        });
        // Who walks by keyboard stays in the tables.
        const walking = body.contains(panel.getRootNode().activeElement);
        body.replaceChildren(...parts.map((part) => part.element));
        built = { key, parts };
        if (walking) body.querySelector("button[tabindex='0'], button.link")?.focus();
      }
      chain.forEach((part, i) => {
        built.parts[i].at.unit = part.unit;
        built.parts[i].update(part.given, part.strings, palette);
      });
      setText(sentence, chain.map((part) => part.strings.sentence).join(" "));
      const rounding = chain
        .map((part) => part.strings.roundingNote)
        .filter(Boolean)
        .join("; ");
      note.hidden = !rounding;
      setText(why, rounding);
    },
  };
}
