/**
 * What a person can do with the slide: begin it, pause it, step and seek in it, end it. What was
 * pinned before stays pinned; the slide's own unit is only explained while it lasts.
 * @module
 */
import { formAt } from "./kinds.js";
import { createSlide, firstWithInk, goTo, slides } from "./slide.js";

/** @param {import("./view_types.js").View} view */
export function createSlideActions(view) {
  /** The map that would be slid over: the explained unit's, else the nearest before it. */
  function slidable() {
    // What slides over the input are values; a gradient comes the other way.
    if (!view.network || view.back) return null;
    const { layers } = view.network;
    const focus = view.shown();
    const slidesAt = (/** @type {number} */ layer) => slides(formAt(view.network, layer));
    let layer = Math.min(focus?.layer ?? layers.length, layers.length - 1);
    while (layer >= 0 && !slidesAt(layer)) layer -= 1;
    if (layer < 0) layer = layers.findIndex((_, l) => slidesAt(l));
    if (layer < 0) return null;
    const channel = focus && "channel" in focus.unit ? focus.unit.channel : 0;
    return { layer, channel: channel < layers[layer].shape[0] ? channel : 0 };
  }

  /** @param {boolean} playing */
  function startSlide(playing) {
    const map = slidable();
    if (!map) return null;
    const { layer, channel } = map;
    const [, rows, cols] = view.network.layers[layer].shape;
    const position = firstWithInk(view.network, layer, view.values[0]);
    const { speed } = view;
    view.slide = createSlide({ layer, channel, rows, cols, position, playing, speed });
    view.cursor = null;
    view.request("values");
    return view.slide;
  }

  /** @param {number} position */
  function seekSlide(position) {
    const slide = view.slide ?? startSlide(false);
    if (!slide) return;
    slide.playing = false;
    goTo(slide, position);
    view.request("values");
  }

  return {
    slidable,
    seekSlide,

    /** Begin the slide, or go on with it, or pause it. */
    playSlide() {
      if (!view.slide) {
        startSlide(!matchMedia("(prefers-reduced-motion: reduce)").matches);
        return;
      }
      if (view.slide.position >= view.slide.count - 1) goTo(view.slide, 0);
      view.slide.playing = !view.slide.playing;
      view.request("pointing");
    },

    /** @param {number} by */
    stepSlide(by) {
      if (!view.slide) startSlide(false);
      else seekSlide(view.slide.position + by);
    },

    /** @param {number} speed index of SPEEDS */
    setSpeed(speed) {
      view.speed = speed;
      if (!view.slide) return;
      view.slide.speed = speed;
      view.slide.exact = view.slide.position;
    },

    endSlide() {
      view.slide = null;
      view.request("values");
    },
  };
}
