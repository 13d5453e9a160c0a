/** The controls of a slide: play, step, scrub, speed. @module */
import { h, setText } from "../shared/dom.js";
import { SPEEDS } from "./slide.js";

/** @param {object} view @param {HTMLElement} place */
export function createPlayer(view, place) {
  const step = (by) => () => view.actions.seekSlide(view.slide.position + by);
  const play = h("button.icon", { type: "button", onclick: () => view.actions.playSlide() });
  const scrub = h("input", {
    type: "range",
    min: 0,
    step: 1,
    "aria-label": "Position of the window",
    oninput: () => view.actions.seekSlide(Number(scrub.value)),
  });
  const speed = h(
    "select",
    {
      "aria-label": "Speed",
      onchange: () => {
        view.slide.speed = Number(speed.value);
        view.slide.exact = view.slide.position;
      },
    },
    ...SPEEDS.map(({ name }, i) => h("option", { value: i }, name)),
  );
  const where = h("span.where");
  const element = h(
    "div.player",
    { role: "group", "aria-label": "See it slide", hidden: true },
    h(
      "div.player-row",
      {},
      h("button.icon", { type: "button", "aria-label": "One step back", onclick: step(-1) }, "‹"),
      play,
      h("button.icon", { type: "button", "aria-label": "One step on", onclick: step(1) }, "›"),
      where,
      h(
        "button.icon",
        { type: "button", "aria-label": "End the slide", onclick: () => view.actions.endSlide() },
        "✕",
      ),
    ),
    scrub,
    speed,
  );
  place.append(element);
  return {
    update() {
      const { slide } = view;
      element.hidden = !slide;
      if (!slide) return;
      if (scrub.max !== String(slide.count - 1)) scrub.max = String(slide.count - 1);
      if (scrub.value !== String(slide.position)) scrub.value = String(slide.position);
      if (speed.value !== String(slide.speed)) speed.value = String(slide.speed);
      play.classList.toggle("pause", slide.playing);
      play.classList.toggle("play", !slide.playing);
      const label = slide.playing ? "Pause" : "Play";
      if (play.getAttribute("aria-label") !== label) play.setAttribute("aria-label", label);
      setText(where, `${slide.position + 1} / ${slide.count}`);
    },
  };
}
