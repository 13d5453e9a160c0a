/**
 * The stage's elements: the painted surface, and over it what is read and tabbed to, a group a
 * layer. Built once for a network and a width.
 * @module
 */
import { h, setText } from "../shared/dom.js";
import { brief } from "../shared/numbers.js";
import { createSurface } from "./surface.js";
import { winnerWords } from "./vectors.js";

/**
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("./columns.js").Column} Column
 */

/** Types of columns that one can tab to; kernels and weights are reached with the maps they make. */
const FOCUSABLE = new Set(["maps", "strips", "bars", "answer"]);

/** @param {HTMLElement} root */
export function createStage(root) {
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas.surface", { "aria-hidden": "true" }));
  const surface = createSurface(canvas);
  const columns = h("div.columns");
  // Where a finger doesn't scroll the page: it moves the pin, or the input itself.
  const held = h("div.hold", { hidden: true });
  const draggable = h("div.hold.grab", { hidden: true });
  root.replaceChildren(canvas, held, draggable, columns);
  /** @type {Map<string, HTMLElement>} what a group holds, in words, by "type,layer" */
  const said = new Map();
  /** @type {Map<string, {says: string, section: HTMLElement, words: HTMLElement}>} */
  const groups = new Map();
  /** @type {Scene} */
  let scene;

  /** @param {HTMLElement} element @param {import("./scene.js").Rect|null|undefined} rect */
  function lay(element, rect) {
    element.hidden = !rect;
    if (rect) element.style.cssText = css(rect);
  }

  /** The group of a column, that of before where it says the same.
   * @param {Column} column @param {number} header px */
  function madeFor(column, header) {
    const { type, name, shape, words: does, meaning, folded } = column;
    const key = focusKey(column);
    const says = JSON.stringify([type, name, shape, does, meaning, header, folded, column.maps]);
    const before = groups.get(key);
    if (before?.says === says) return before;
    // With a text node from the start: filled while something is dragged, it makes no element.
    const words = h("span.hidden", {}, "");
    const section = before?.section ?? h("div");
    fill(section, column, header, words);
    const made = { says, section, words };
    groups.set(key, made);
    return made;
  }

  return {
    surface,
    /** @param {Scene} placed @param {boolean} drags whether the input can be dragged */
    arrange(placed, drags) {
      scene = placed;
      const { plan } = scene;
      said.clear();
      root.style.height = `${scene.height}px`;
      root.classList.toggle("rows", plan.rows);
      root.classList.toggle("compact", plan.compact);
      root.style.setProperty("--heads", String(plan.heads));
      root.classList.toggle("draggable", drags);
      let heads = 0;
      const sections = scene.columns.map(({ column, rect, header, unsaid }) => {
        const made = madeFor(column, header);
        made.section.style.cssText = css(rect);
        made.section.style.setProperty("--room", `${column.headRoom ?? rect.w}px`);
        said.set(`${column.type},${column.layer}`, made.words);
        if (column.name) made.section.classList.toggle("high", heads++ % 2 === 1 && plan.staggered);
        made.section.classList.toggle("unsaid", Boolean(unsaid));
        return made.section;
      });
      // What is there stays, and the keyboard's focus in it.
      for (const [key, { section }] of groups) {
        if (sections.includes(section)) continue;
        section.remove();
        groups.delete(key);
      }
      sections.forEach((section, at) => {
        if (columns.children[at] !== section)
          columns.insertBefore(section, columns.children[at] ?? null);
      });
      lay(draggable, drags ? scene.tileOf.get("-1,0")?.outer : null);
    },
    /**
     * A finger on the pinned unit's map moves the pin; on the others it scrolls the page.
     * @param {{layer: number, unit: import("./types.js").Unit}|null} pin
     */
    hold(pin) {
      const channel = pin && "channel" in pin.unit ? pin.unit.channel : null;
      const rect = pin ? scene.tileOf.get(`${pin.layer},${channel}`)?.rect : null;
      if (held.dataset.at === (rect ? css(rect) : "")) return;
      held.dataset.at = rect ? css(rect) : "";
      lay(held, rect);
    },
    /**
     * What the pictures say, for those who don't see them. Not while the pen moves.
     * @param {Float32Array[]} values
     * @param {string[] | null} [classes] the names of what the answer is among
     */
    describe(values, classes) {
      const dead = new Map();
      for (const { layer, channel } of surface.dead())
        dead.set(layer, [...(dead.get(layer) ?? []), channel]);
      for (const { column } of scene.columns) {
        const words = said.get(`${column.type},${column.layer}`);
        const all = values[column.layer + 1];
        if (words) setText(words, wordsFor(column, all, dead.get(column.layer) ?? [], classes));
      }
    },
  };
}

/**
 * @param {Column} column @param {Float32Array} values @param {number[]} dead
 * @param {string[] | null} [classes]
 */
function wordsFor(column, values, dead, classes) {
  if (column.type === "maps") {
    const looksFor = (column.looksFor ?? []).map(
      (/** @type {string} */ said, /** @type {number} */ map) => `kernel ${map}: ${said}`,
    );
    return [...dead.map((channel) => `map ${channel} is all 0`), ...looksFor].join(", ");
  }
  if (column.type === "bars")
    return Array.from(values, (value, i) => `${i}: ${brief(value)}`).join(", ");
  return column.type === "answer" ? winnerWords(values, classes) : "";
}

/** @param {import("./scene.js").Rect} rect */
const css = ({ x, y, w, h: height }) => `left:${x}px;top:${y}px;width:${w}px;height:${height}px`;

/**
 * Which group a column has, whether its layer is folded or not.
 * @param {Column} column
 */
const focusKey = ({ type, layer, name }) =>
  FOCUSABLE.has(type) && type !== "answer" ? `${layer},${name}` : `${type},${layer}`;

/**
 * @param {HTMLElement} section
 * @param {Column} column
 * @param {number} header px
 * @param {HTMLElement} words
 */
function fill(section, column, header, words) {
  const focusable = FOCUSABLE.has(column.type);
  section.className = `column ${column.type}${column.folded ? " folded" : ""}`;
  const attributes = focusable
    ? {
        role: "group",
        tabindex: "0",
        "aria-label": labelOf(column),
        "data-layer": column.layer,
        "data-type": column.type,
        // What a lesson marks in a page (course_bar/marks.js).
        part: column.name,
      }
    : { "aria-hidden": "true" };
  for (const [name, value] of Object.entries(attributes)) section.setAttribute(name, String(value));
  section.replaceChildren(...(header ? [headOf(column, header)] : []), words);
}

/** @param {Column} column @param {number} header px */
function headOf(column, header) {
  const { name, shape, words, meaning, channels, of, folded } = column;
  const size =
    channels && !folded
      ? h(
          "button.shape",
          { type: "button", "aria-label": `all ${of} maps of ${name}` },
          `${channels.length} of ${of}`,
        )
      : h("span.shape", {}, shape);
  return h(
    "header",
    { title: `${shape}: ${words}`, style: `height:${header}px` },
    h("b", meaning ? { "data-meaning": meaning } : {}, name),
    size,
    h("span.words", {}, words),
  );
}

/** @param {Column} column */
function labelOf(column) {
  const { name, words, n } = column;
  const folded = column.folded ? ", folded" : "";
  if (column.type === "answer") return `${name}: the probability of each of ${n} classes`;
  if (column.type === "bars") return `${name}: ${n} values, ${words}`;
  if (column.type === "strips") return `${name}: ${column.shape} values, ${words}${folded}`;
  const maps = `${column.of ?? column.maps} ${column.of === 1 ? "map" : "maps"}`;
  const some = column.channels ? `, the strongest ${column.maps} shown` : "";
  return `${name}: ${maps} of ${column.rows} by ${column.cols}, ${words}${some}${folded}`;
}
