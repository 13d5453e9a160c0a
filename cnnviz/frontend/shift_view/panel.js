/** A picture with words around it that have their room before they are filled. @module */

import { h, setHidden, setStyle } from "../shared/dom.js";
import { fieldOf, placeOf } from "./geometry.js";

/** @typedef {ReturnType<typeof panel>} Panel */

/** @param {"digit" | "map"} kind */
export function panel(kind) {
  const canvas = h("canvas.picture");
  const [cursor, pointed] = [h("i.cursor", { hidden: true }), h("i.pointed", { hidden: true })];
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "slider");
  const made = {
    element: h(`section.panel.${kind}`),
    name: h("h3.name"),
    note: h("p.note"),
    says: h("p.says"),
    mean: h("p.note.mean"),
    canvas,
    paper: h("div.paper", {}, canvas, cursor, pointed),
    cursor,
    pointed,
    field: fieldOf(0, 1),
    width: 0,
    height: 0,
  };
  made.element.append(made.name, made.note, made.paper, made.says, made.mean);
  return made;
}

/**
 * Put a frame around the cell of a shift; away with it where there is none.
 * @param {HTMLElement} frame
 * @param {import("./geometry.js").Field} field
 * @param {import("./geometry.js").Shift | null} shift
 */
export function lay(frame, field, shift) {
  setHidden(frame, !shift);
  if (!shift) return;
  const { x, y } = placeOf(field, shift);
  setStyle(frame, "transform", `translate(${x}px, ${y}px)`);
}
