/**
 * What the view's root answers to whoever tests or measures it, in the page's own pixels:
 *
 * - `root.where("conv2.5.4.6")`: the box {x, y, width, height} of what a name names, or null. A
 *   name is that of a unit as in the address (`conv2.5.4.6`, `fc.7`, `input.0.3.3`), of a map
 *   (`conv2.5`), or of a kernel, as torch counts its weights (`conv2.weight.5.0`).
 * - `root.at(x, y)`: the name of the unit painted there, or null.
 * - `root.inputBox(channel)`, `root.kernelBox(out, in)`: likewise the box of an input's map and of a
 *   kernel of the first convolution, for components that edit in place what is shown here.
 * - `root.frameTimes`: script milliseconds of the latest preview frames, from sample to paint.
 * @module
 */
import { spotAt } from "./hit.js";
import { readPin, writePin } from "./pins.js";
import { rectOfUnit } from "./scene.js";

/**
 * What the root's element answers.
 * @typedef {object} Answers
 * @property {number[]} frameTimes
 * @property {(name: string) => {x: number, y: number, width: number, height: number} | null} where
 * @property {(channel: number) => ReturnType<Answers["where"]>} inputBox
 * @property {(out: number, input: number) => ReturnType<Answers["where"]>} kernelBox
 * @property {(x: number, y: number) => string | null} at
 */

/**
 * @param {HTMLElement} element
 * @param {import("./view_types.js").View} view
 * @param {HTMLElement} stage
 * @param {number[]} times
 */
export function answerFor(element, view, stage, times) {
  const root = /** @type {HTMLElement & Answers} */ (element);
  root.frameTimes = times;
  root.where = (/** @type {string} */ name) => {
    const rect = view.scene ? rectOf(view.network, view.scene, name) : null;
    if (!rect) return null;
    const { left, top } = stage.getBoundingClientRect();
    return { x: left + rect.x, y: top + rect.y, width: rect.w, height: rect.h };
  };
  root.inputBox = (/** @type {number} */ channel) => root.where(`input.${channel}`);
  root.kernelBox = (/** @type {number} */ out, /** @type {number} */ input) => {
    const layer = view.scene?.kernels[0]?.layer;
    return layer === undefined
      ? null
      : root.where(`${view.network.layers[layer].name}.weight.${out}.${input}`);
  };
  root.at = (/** @type {number} */ x, /** @type {number} */ y) => {
    const { left, top } = stage.getBoundingClientRect();
    const spot = view.scene ? spotAt(view.scene, x - left, y - top) : null;
    return spot && "unit" in spot ? writePin(view.network, spot.layer, spot.unit) : null;
  };
}

/**
 * @param {import("./types.js").Network} network
 * @param {import("./scene.js").Scene} scene
 * @param {string} name
 */
function rectOf(network, scene, name) {
  const unit = readPin(network, name);
  if (unit) return rectOfUnit(scene, unit.layer, unit.unit);
  const [layerName, ...places] = name.split(".");
  const named = network.layers.findIndex((each) => each.name === layerName);
  const layer = layerName === "input" ? -1 : named;
  if (places.length === 1) return scene.tileOf.get(`${layer},${places[0]}`)?.outer ?? null;
  if (places.length !== 3 || places[0] !== "weight") return null;
  const [out, input] = places.slice(1).map(Number);
  const kernel = scene.kernels.find((k) => k.layer === layer && k.out === out && k.in === input);
  return kernel?.rect ?? null;
}
