/**
 * The stage's elements: the painted surface, and over it what is read and tabbed to, a group a
 * layer. Built once for a network and a width.
 * @module
 */
import { h, setText } from "../shared/dom.js";
import { brief, percent } from "../shared/numbers.js";
import { createSurface } from "./surface.js";
import { winnerOf } from "./vectors.js";

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
  /** @type {Scene} */
  let scene;

  /** @param {HTMLElement} element @param {import("./scene.js").Rect|null|undefined} rect */
  function lay(element, rect) {
    element.hidden = !rect;
    if (rect) element.style.cssText = css(rect);
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
      root.classList.toggle("draggable", drags);
      let heads = 0;
      columns.replaceChildren(
        ...scene.columns.map(({ column, rect, header, unsaid }) => {
          // With a text node from the start: filled while something is dragged, it makes no element.
          const words = h("span.hidden", {}, "");
          const section = group(column, rect, header, words);
          said.set(`${column.type},${column.layer}`, words);
          if (column.name) section.classList.toggle("high", heads++ % 2 === 1);
          section.classList.toggle("unsaid", Boolean(unsaid));
          return section;
        }),
      );
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
  if (column.type !== "answer") return "";
  const winner = winnerOf(values, false);
  return `${classes?.[winner] ?? winner} with ${percent(values[winner])}`;
}

/** @param {import("./scene.js").Rect} rect */
const css = ({ x, y, w, h: height }) => `left:${x}px;top:${y}px;width:${w}px;height:${height}px`;

/**
 * @param {Column} column @param {import("./scene.js").Rect} rect @param {number} header
 * @param {HTMLElement} words
 */
function group(column, rect, header, words) {
  const focusable = FOCUSABLE.has(column.type);
  return h(
    `div.column.${column.type}`,
    {
      style: css(rect),
      ...(focusable
        ? {
            role: "group",
            tabindex: "0",
            "aria-label": labelOf(column),
            "data-layer": column.layer,
            "data-type": column.type,
          }
        : { "aria-hidden": "true" }),
    },
    header
      ? h(
          "header",
          { title: `${column.shape}: ${column.words}`, style: `height:${header}px` },
          h("b", column.meaning ? { "data-meaning": column.meaning } : {}, column.name),
          h("span.shape", {}, column.shape),
          h("span.words", {}, column.words),
        )
      : null,
    words,
  );
}

/** @param {Column} column */
function labelOf(column) {
  const { name, words, n } = column;
  if (column.type === "answer") return `${name}: the probability of each of ${n} classes`;
  if (column.type === "bars") return `${name}: ${n} values, ${words}`;
  if (column.type === "strips") return `${name}: ${column.shape} values, ${words}`;
  const maps = `${column.maps} ${column.maps === 1 ? "map" : "maps"}`;
  return `${name}: ${maps} of ${column.rows} by ${column.cols}, ${words}`;
}
