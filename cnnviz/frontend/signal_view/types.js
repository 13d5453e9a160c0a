/**
 * The shapes of data that the modules share. Types only.
 *
 * @typedef {"signal" | "filter"} EditableRow
 * @typedef {{flip: boolean, mode: "full" | "same" | "valid", stride: number, dilation: number}} Setting
 * @typedef {{start: number, step: number, count: number}} Kept  the positions n of the results
 *
 * One product under the filter.
 * @typedef {object} Term
 * @property {number} tap
 * @property {number} weight
 * @property {number} sample  its index; where `inside` is false it lies outside the signal
 * @property {boolean} inside
 * @property {number} value  of the sample, 0 outside
 * @property {number} product
 *
 * Entries as they were typed, such as 1/3; undefined where one was dragged since.
 * @typedef {{signal?: (string | undefined)[], kernel?: (string | undefined)[]}} Tokens
 *
 * What Python sends (cnnviz/components/signal_view.py); arrays are base64 of float64.
 * @typedef {object} Data
 * @property {string} signal
 * @property {string} filter
 * @property {string} result
 * @property {string} other  the result with the flip
 * @property {string} tokens  JSON of Tokens
 * @property {boolean} flip
 * @property {Setting["mode"]} mode
 * @property {number} stride
 * @property {number} dilation
 * @property {number} start
 * @property {boolean} predict
 * @property {number | null} position  the number of the result to open at
 * @property {string} sentence
 * @property {number} limit  of any entry's magnitude
 * @property {boolean} [alone]  nobody else computes: a page of its own
 * @property {number} echo  the number of the last edit that Python has seen
 *
 * @typedef {object} Numbers
 * @property {Float64Array} signal
 * @property {Float64Array} filter
 * @property {Setting} setting
 * @property {number} span  samples that the filter reaches over
 * @property {Kept} kept
 * @property {Float64Array} result
 * @property {Float64Array | null} other  the result with the flip, where `result` is without
 *
 * @typedef {import("../shared/palette.js").Theme & {line: string, muted: string, accent: string,
 *   positive: string, negative: string, mono: string, sans: string}} Colours
 *
 * Everything that one frame shows of the picture.
 * @typedef {object} PictureState
 * @property {import("./geometry.js").Geometry} geometry
 * @property {Colours} colours
 * @property {Term[]} terms
 * @property {number} current  the number of the present result
 * @property {number} at  where the filter is drawn: between positions while it moves
 * @property {(j: number) => boolean} hidden
 * @property {Map<number, number | null>} guesses  by result, where there was one
 * @property {boolean} inviting  to drag a stem: nobody has yet
 * @property {boolean} secret  the present products are not shown yet
 * @property {{row: EditableRow, index: number} | null} pointed
 * @property {{row: string, n: number} | null} read  a stem to be labelled
 * @property {(row: string, index: number, value: number) => string} words
 *
 * @typedef {Numbers & PictureState} Scene
 */

export {};
