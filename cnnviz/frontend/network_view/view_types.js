/**
 * What the parts of the view share: what is shown now, and what a person can do. Types only.
 *
 * @typedef {import("./types.js").Network} Network
 * @typedef {import("./types.js").Unit} Unit
 * @typedef {import("../shared/colormap.js").Colormap} Colormap
 *
 * @typedef {{layer: number, unit: Unit}} At  a unit of a layer
 *
 * Full-colour magnitudes: of the image and each layer, and of all maps together.
 * @typedef {{layers: number[], all: number}} Scales
 * @typedef {"layer" | "map" | "all"} Scope  what one scale of colours is for
 *
 * @typedef {object} Options  from Python (cnnviz/components/network_view.py)
 * @property {boolean} inputInk  the input is ink on paper, not signed numbers
 * @property {{colours: string[], through: number} | null} light  maps that are pictures: the
 *   colour of full light by channel, in the layers up to `through`
 * @property {string} title
 * @property {boolean} markWinners
 * @property {boolean} linked
 * @property {string | null} pin
 * @property {string | null} checkpoint
 *
 * What the inspector's tables and the panels can have done; all of it is in actions.js.
 * @typedef {object} Actions
 * @property {(layer: number, unit: Unit, how?: {remember?: boolean}) => void} pin
 * @property {(at: At, channel: number, i: number, j: number) => void} pinSource
 * @property {(at: At) => void} pinFirst
 * @property {(at: At, i: number) => void} pinContribution
 * @property {(at: At | null, channel?: number, i?: number, j?: number) => void} mark
 * @property {(spot: At | null, x?: number | null, y?: number | null) => void} point
 * @property {(layer: number, channel: number) => void} enlarge
 * @property {(layer: number, channel: number) => void} csv
 * @property {(text: string) => Promise<boolean>} copy
 * @property {() => void} closePanel
 *
 * What a form, a panel or the inspector reads of the view. There is a network: nothing of these is
 * shown before the first one has come.
 * @typedef {object} Readable
 * @property {Network} network
 * @property {Float32Array[]} values  the image, each layer's output, and probabilities if any
 * @property {Options} options
 * @property {Colormap} palette
 * @property {Scales} scales
 * @property {Scope} scope
 * @property {At | null} pin
 * @property {string} structure  another one: everything is built anew
 * @property {Actions} actions
 */

export {};
