/**
 * What the parts of the view share: what is shown now, and what a person can do. Types only.
 *
 * @typedef {import("./types.js").Network} Network
 * @typedef {import("./types.js").Unit} Unit
 * @typedef {import("../shared/colormap.js").Colormap} Colormap
 *
 * @typedef {{layer: number, unit: Unit}} At  a unit of a layer
 * @typedef {import("./hit.js").Spot} Spot  what lies under the pointer
 *
 * Full-colour magnitudes: of the image and each layer, and of all maps together.
 * @typedef {{layers: number[], all: number}} Scales
 * @typedef {"layer" | "map" | "all"} Scope  what one scale of colours is for
 *
 * The colours of full light, a channel each, of the maps up to the layer `through`.
 * @typedef {{colours: string[], through: number}} Light
 *
 * @typedef {object} Options  from Python (cnnviz/components/network_view.py)
 * @property {boolean} inputInk  the input is ink on paper, not signed numbers
 * @property {Light | null} light  maps that are pictures are painted as light
 * @property {string[] | null} [classes]  names of what it tells apart, where they aren't numbers
 * @property {string} title
 * @property {boolean} markWinners
 * @property {boolean} linked
 * @property {boolean} demonstrate  show once, unasked, how a window slides
 * @property {string | null} pin
 * @property {boolean} [choosesWeight]  a click on a weight tells Python which
 * @property {string | null} checkpoint
 * @property {import("./roses.js").LooksFor | null} [looksFor] of the first kernels
 * @property {import("./what_if.js").ChangesData | null} changes null: it can't be changed here
 * @property {Record<string, {sentence: string, page: string, place: string}>} [glossary] what a
 *   column's heading means, by `meaning` of columns.js, and where to play with it, if anywhere
 * @property {boolean} [alone] no torch will answer: the browser's numbers are the last word
 *
 * A kernel's cell, and the unit for which it is marked what that multiplies.
 * @typedef {At & {channel: number, i: number, j: number}} Marked
 *
 * `lasting`: it brings itself up to date where weights change.
 * @typedef {{element: HTMLElement, update: () => void, lasting?: boolean,
 *   shows?: {layer: number, channel: number}}} Panel  `shows` the numbers of a map
 *
 * All that a person can do in the view (actions.js).
 * @typedef {object} Actions
 * @property {(layer: number, unit: Unit, how?: {remember?: boolean}) => void} pin
 * @property {(at: At, channel: number, i: number, j: number) => void} pinSource
 * @property {(at: At) => void} pinFirst
 * @property {(at: At, i: number) => void} pinContribution
 * @property {(at: At | null, channel?: number, i?: number, j?: number) => void} mark
 * @property {(spot: Spot | null, x?: number | null, y?: number | null) => void} point
 * @property {(spot: Spot | null, x: number, y: number) => void} tell
 * @property {(layer: number | null, unit?: Unit) => void} setCursor
 * @property {(scope: Scope) => void} setScope
 * @property {() => void} release
 * @property {() => void} back
 * @property {() => void} escape
 * @property {() => void} saveLink
 * @property {() => void} stop  the view goes: nothing is written any more
 * @property {(layer: number) => void} unfold
 * @property {(layer: number) => void} openLayer
 * @property {(layer: number, channel: number) => void} enlarge
 * @property {() => void} refreshPanel
 * @property {() => void} closePanel
 * @property {(target: string, values: import("./changes.js").Change["values"] | null) => void
 *   } set what if: `target` set to `values`, null to what it was
 * @property {(changes: import("./changes.js").Change[]) => void} setAll
 * @property {() => void} openWhatIf
 * @property {(single: boolean) => void} toggleOff what is pinned, off or on again: its map, or the
 *   `single` unit
 * @property {() => void} keep the changes as weights
 * @property {(weight: string) => void} chooseWeight  tells Python: conv1.weight[0,0,2,1]
 * @property {() => void} snippet
 * @property {(text: string) => Promise<boolean>} copy
 * @property {(layer: number, channel: number) => void} csv
 * @property {() => {layer: number, channel: number} | null} slidable
 * @property {() => void} playSlide
 * @property {(by: number) => void} stepSlide
 * @property {(position: number) => void} seekSlide
 * @property {(speed: number) => void} setSpeed
 * @property {() => void} endSlide
 *
 * What a form, a panel or the inspector reads of the view. There is a network: nothing of these is
 * shown before the first one has come.
 * @typedef {object} Readable
 * @property {Network} network
 * @property {Float32Array[]} values  the image, each layer's output, and probabilities if any
 * @property {import("./backward/terms.js").Back | null} back  where `values` are the gradients of
 *   the loss: what is known of its way back
 * @property {Options} options
 * @property {Colormap} palette
 * @property {Scales} scales
 * @property {Scope} scope
 * @property {At | null} pin
 * @property {boolean} opening  what is pinned is what the page opens with: no link says it
 * @property {string} structure  another one: everything is built anew
 * @property {ReturnType<typeof import("./what_if.js").createWhatIf>} whatIf
 * @property {Actions} actions
 *
 * What is shown, and what is pointed at. Before the first trace there is no network.
 * @typedef {object} State
 * @property {HTMLElement} root
 * @property {ReturnType<typeof import("./stage.js").createStage>} stage
 * @property {import("./scene.js").Scene | null} scene  null until it is laid out
 * @property {import("./theme.js").Theme} theme  there once anything is painted
 * @property {number} text  how much larger words and numbers are than 11 px
 * @property {"torch" | "preview"} source
 * @property {Uint8Array[]} exact  of the image and each layer, which maps are torch's own (a vector's
 *   first says it of all); the others are the browser's
 * @property {string} of  what torch's values are of: another picture has another
 * @property {number} lacking  how many maps and vectors in sight are the browser's still
 * @property {number | null} previewError  of the last preview, beside torch
 * @property {{values: Float32Array[], maps: Map<string, number>} | null} before the values without
 *   what is changed, and how much each map differs from them, 0 to 1; null where nothing is changed
 * @property {At | null} hover
 * @property {At | null} cursor  the keyboard's place, where nothing is pinned
 * @property {number} taps  how often a finger has tapped a unit since the mouse was last used
 * @property {import("../shared/answers.js").Drawn | null} drawn  the last drawing that was sampled
 * @property {Marked | null} marked
 * @property {At[]} history  what was pinned before
 * @property {import("./slide.js").Slide | null} slide
 * @property {number} speed  of slides, index of SPEEDS
 * @property {Panel | null} panel
 * @property {number[]} open  the layers of a large network that aren't folded (folding.js)
 * @property {Map<number, number[]>} shownMaps  which maps are, of layers with too many for all
 * @property {() => void} rearrange  lay out anew: other layers stand open, or other maps are shown
 * @property {() => void} resized
 * @property {(...parts: import("./frames.js").Part[]) => void} request  a frame
 * @property {() => At | null} shown  the unit that the inspector explains
 * @property {() => At | null} held  the slide's unit while there is one, else the pinned one
 *
 * What Python gives an input that can be dragged.
 * @typedef {{base: import("./payload.js").Encoded, shift: [number, number], limit: number,
 *   paper: number}} DragData
 *
 * @typedef {Readable & State & {options: {drag: DragData | null, key: string}}} View
 */

export {};
