/**
 * What the rest of the page says of the shift while the picture is dragged: Streamlit's sliders, which
 * Python moves once it has been told, follow at once, and what Python works out for a shift is marked
 * as of the one before.
 * @module
 */
import { setAttribute, setText } from "../shared/dom.js";
import { MINUS } from "../shared/numbers.js";
import { same } from "./geometry.js";

/** @typedef {import("./geometry.js").Shift} Shift */

const NUMBER = /^[-\u2212]?\d+/;
const VALUE = '[data-testid="stSliderThumbValue"]';

/**
 * The slider's number with another value; what follows it, its unit, stays.
 * @param {string} text
 * @param {number} value
 * @param {string} minus
 */
export function withValue(text, value, minus) {
  return text.replace(NUMBER, String(value).replace("-", minus));
}

/**
 * A slider's track, filled up to another place. Its last two places are where the fill ends.
 * @param {string} gradient as CSS: paper 0%, accent 0%, accent x%, paper x%
 * @param {number} percent
 */
export function filled(gradient, percent) {
  return gradient.replace(/[\d.]+%(, [^%]* )[\d.]+%\)$/, `${percent}%$1${percent}%)`);
}

/**
 * @param {HTMLElement} root of the view, in the page that has the sliders
 */
export function createRail(root) {
  const within = root.getRootNode();
  const host = within instanceof ShadowRoot ? within.host : root;
  /** What the sliders were given that Python hasn't said yet. @type {Shift | null} */
  let ahead = null;

  /** @param {boolean} before */
  function mark(before) {
    host.closest(".st-key-stage")?.toggleAttribute("data-before", before);
  }

  return {
    /**
     * @param {[string, string]} keys of the sliders, right and down
     * @param {Shift} shift that is shown
     * @param {Shift} known the one that Python has said last
     */
    show(keys, shift, known) {
      const news = !same(shift, known);
      if (!news && !ahead) return; // the sliders are Streamlit's own
      ahead = news ? shift : null;
      keys.forEach((key, axis) => {
        moveSlider(key, shift[axis], !news);
      });
      mark(news);
    },
    close() {
      mark(false);
    },
  };
}

/**
 * Streamlit sets what differs from what it has set last; so a slider that it isn't going to set has
 * to be brought back to that very place.
 * @param {string} key
 * @param {number} value
 * @param {boolean} own whether it is the slider's own value again
 */
function moveSlider(key, value, own) {
  const slider = document.querySelector(`.st-key-${key} [data-testid="stSlider"]`);
  const input = slider?.querySelector("input");
  const number = slider?.querySelector(`${VALUE} p`);
  const thumb = slider?.querySelector(VALUE)?.parentElement;
  const track = thumb?.parentElement?.firstElementChild;
  if (!input || !number || !thumb || !(track instanceof HTMLElement)) return;
  const [least, most] = [Number(input.min), Number(input.max)];
  const percent = (100 * (value - least)) / (most - least);
  const text = number.textContent ?? "";
  input.value = String(value);
  setAttribute(input, "aria-valuetext", withValue(text, value, "-"));
  setText(number, withValue(text, value, MINUS));
  thumb.style.left = `${percent}%`;
  const { backgroundImage } = getComputedStyle(track);
  track.style.backgroundImage = own ? "" : filled(backgroundImage, percent);
}
