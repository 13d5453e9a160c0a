/**
 * What Python sends (cnnviz/components/builder.py). Types only.
 *
 * @typedef {{name: string, low: number, high: number, whole: boolean, start: string}} NumberOf
 * @typedef {{kind: string, title: string, words: string, numbers: NumberOf[]}} Kind
 * @typedef {{shape: string, parameters: string, multiplications: string,
 *   field: [number, number]}} Step  field: rows and columns of the picture that a unit sees
 *
 * @typedef {object} Data
 * @property {Kind[]} kinds
 * @property {[string, Record<string, string>][]} layers  kinds and what is typed for their numbers
 * @property {number} revision  of the draft that the page has put there
 * @property {number} sequence  of the last edit that Python has seen
 * @property {[number, number, number]} picture  (C, H, W)
 * @property {string[]} names  conv1, relu1, …
 * @property {Step[]} steps  of the layers that fit, from the first on
 * @property {string | null} problem
 * @property {number | null} at  the layer that it is about
 * @property {string | null} total
 *
 * @typedef {{id: number, kind: string, numbers: Record<string, string>}} Layer  as it is edited
 */

export {};
