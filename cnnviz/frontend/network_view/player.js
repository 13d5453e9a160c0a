/**
 * The play bar, at its place under the maps: the window slides over its input and the map fills.
 * It is there before it is used, so that nothing moves when it is.
 * @module
 */
import { h, setAttribute, setText } from "../shared/dom.js";
import { SPEEDS } from "./slide.js";

/** @param {import("./view_types.js").View} view */
export function createPlayer(view) {
  const { actions } = view;
  const step = (/** @type {number} */ by) => () => actions.stepSlide(by);
  const icon = (
    /** @type {string} */ name,
    /** @type {string} */ text,
    /** @type {() => void} */ onclick,
    title = name,
  ) => h("button.icon", { type: "button", "aria-label": name, title, onclick }, text);
  const back = icon("One step back", "‹", step(-1));
  const on = icon("One step on", "›", step(1));
  const play = h("button.icon.play", { type: "button", onclick: () => actions.playSlide() });
  const end = icon("End the slide", "✕", () => actions.endSlide(), "End the slide (Escape)");
  /** @type {HTMLInputElement} */
  const scrub = h("input", {
    type: "range",
    min: 0,
    step: 1,
    "aria-label": "Position of the window",
    oninput: () => actions.seekSlide(Number(scrub.value)),
  });
  /** @type {HTMLSelectElement} */
  const speed = h(
    "select",
    { "aria-label": "Speed", onchange: () => actions.setSpeed(Number(speed.value)) },
    ...SPEEDS.map(({ name }, i) => h("option", { value: i }, name)),
  );
  const where = h("span.where");
  const element = h(
    "div.player",
    { role: "group", "aria-label": "See it slide" },
    ...[play, back, on, scrub, where, speed, end],
  );
  return {
    element,
    update() {
      const { slide } = view;
      const able = slide !== null || actions.slidable() !== null;
      for (const control of [play, back, on, scrub, speed]) control.disabled = !able;
      end.disabled = !slide;
      const count = slide?.count ?? 1;
      if (scrub.max !== String(count - 1)) scrub.max = String(count - 1);
      if (scrub.value !== String(slide?.position ?? 0)) scrub.value = String(slide?.position ?? 0);
      if (speed.value !== String(view.speed)) speed.value = String(view.speed);
      const playing = slide?.playing ?? false;
      play.classList.toggle("pause", playing);
      play.classList.toggle("play", !playing);
      const label = playing ? "Pause" : "Play";
      setAttribute(play, "aria-label", label);
      setAttribute(play, "title", `${label}: the window slides over its input (Space)`);
      setText(where, slide ? `${slide.position + 1} / ${slide.count}` : "");
    },
  };
}
