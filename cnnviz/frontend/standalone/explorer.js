/**
 * The explorer without Streamlit: what that lends its components elsewhere (a canvas, and the
 * elements that they live in) comes from here, and they are the same.
 * @module
 */
import { default as network, viewIn } from "../network_view/index.js";
import { default as reading } from "../reading/index.js";
import { default as seen } from "../seen/index.js";
import { h } from "../shared/dom.js";
import { createPad } from "./pad.js";

/**
 * What torch makes of a picture (cnnviz/views/explorer.py).
 * @typedef {{trace: import("../network_view/payload.js").TraceData,
 *   reading: Parameters<typeof reading>[0]["data"], seen: import("../seen/index.js").Data}} Answer
 *
 * `centre` has the names of the steps to the network's picture, with centring and without; null
 * where a drawing always stays where it is.
 * @typedef {Answer & {weights: import("../network_view/payload.js").WeightsData,
 *   start: import("./pad.js").Start,
 *   centre: {on: boolean, steps: Record<string, import("../seen/index.js").Picture[]>} | null,
 *   film?: import("./film.js").FilmData}} Data
 *
 * @typedef {{network: ShadowRoot, reading: ShadowRoot, seen: ShadowRoot, pad: HTMLElement}} Places
 */

export const component = { setTriggerValue: () => {}, setStateValue: () => {} };

/**
 * A network that is looked at, and no pen.
 * @param {ShadowRoot} place
 * @param {Pick<Data, "weights" | "trace">} data
 * @returns {{show: (trace: Data["trace"]) => void, repaint: () => void, close: () => void}}
 */
export function createNetwork(place, data) {
  const kept = document.createElement("div");
  const forget = network({ ...component, data: data.weights, parentElement: kept });
  let close = () => {};
  /** @param {Data["trace"]} trace */
  const show = (trace) => {
    close = network({ ...component, data: trace, parentElement: place });
  };
  show(data.trace);
  return {
    show,
    repaint: () => viewIn(place)?.retheme(),
    close() {
      close();
      forget();
    },
  };
}

/**
 * @param {Places} places
 * @param {Data} data
 * @param {(ink: string, centre: boolean) => void} [drawn]  told of another drawing, as a picture
 * whose opacity is the ink; "" is the one that it began with
 */
export function createExplorer(places, data, drawn = () => {}) {
  const made = createNetwork(places.network, data);
  const key = data.reading.view;
  let centre = data.centre?.on ?? false;
  const words = (/** @type {Data["seen"]["pictures"]} */ pictures) => ({ view: key, pictures });
  const endReading = reading({ ...component, data: data.reading, parentElement: places.reading });
  const endSeen = seen({ ...component, data: data.seen, parentElement: places.seen });

  /** @param {Answer} answer */
  function receive(answer) {
    made.show(answer.trace);
    reading({ ...component, data: answer.reading, parentElement: places.reading });
    seen({ ...component, data: answer.seen, parentElement: places.seen });
  }

  const pad = createPad(places.pad, key, data.start, {
    restored() {
      if (centre === (data.centre?.on ?? false)) receive(data);
      else pad.lay();
    },
    changed: () => drawn(pad.ink(), centre),
  });
  if (data.centre) {
    const { steps } = data.centre;
    const box = h("input", { type: "checkbox", checked: centre });
    box.addEventListener("change", () => {
      centre = box.checked;
      seen({ ...component, data: words(steps[String(centre)]), parentElement: places.seen });
      viewIn(places.network)?.recentre(centre);
      // Anew, of the ink itself.
      pad.lay();
    });
    places.pad.append(h("label.centre", {}, box, "Centre and scale the drawing"));
  }
  return {
    receive,
    repaint() {
      pad.repaint();
      made.repaint();
    },
    close() {
      made.close();
      endReading();
      endSeen();
      pad.close();
    },
  };
}
