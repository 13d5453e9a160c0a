/**
 * Puts the elements around the picture where its geometry wants them.
 *
 * @typedef {import("./types.js").Scene} Scene
 * @typedef {import("./elements.js").Elements} Elements
 */

import { plain } from "../shared/numbers.js";

const THUMB = 20; // px of the scrubber's handle

/** @param {Elements} elements @param {Scene} scene */
export function place(elements, scene) {
  const { geometry } = scene;
  elements.root.classList.toggle("compact", geometry.compact);
  for (const [name, label] of Object.entries(elements.labels)) {
    const row = geometry.rows[name];
    label.element.hidden = !row;
    if (row) label.element.style.top = `${row.top + (geometry.compact ? -24 : 12)}px`;
  }
  for (const [name, element] of Object.entries(elements.rows)) {
    const row = geometry.rows[name];
    element.style.left = `${geometry.left}px`;
    element.style.top = `${row.top - 2}px`;
    element.style.height = `${row.height + 4}px`;
  }
  elements.axisName.style.top = `${geometry.axis}px`;
  name(elements, scene);
  scrub(elements, scene);
}

/** What each row is. @param {Elements} elements @param {Scene} scene */
function name({ labels }, { setting, kept, current }) {
  const { filter, result, other } = labels;
  filter.name.textContent = setting.flip ? "filter h, flipped" : "filter h, not flipped";
  filter.detail.textContent = `slid to n = ${plain(kept.start + current * kept.step)}`;
  result.name.textContent = setting.flip ? "result f ∗ h" : "result f ⋆ h";
  result.detail.textContent = setting.flip ? "convolution: sum at each n" : "cross-correlation";
  other.name.textContent = "result f ∗ h";
  other.detail.textContent = "convolution, for comparison";
}

/** The scrubber's handle stands under its position. @param {Elements} elements @param {Scene} scene */
function scrub({ scrubber, controls }, { geometry, kept }) {
  const from = geometry.x(kept.start);
  const to = geometry.x(kept.start + (kept.count - 1) * kept.step);
  const { compact } = geometry;
  scrubber.style.left = compact ? "0" : `${from - THUMB / 2}px`;
  scrubber.style.width = compact ? "100%" : `${Math.max(to - from, 0) + THUMB}px`;
  controls.classList.toggle("below", compact);
  scrubber.max = String(Math.max(kept.count - 1, 0));
  scrubber.disabled = kept.count < 2;
}
