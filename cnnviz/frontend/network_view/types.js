/**
 * The shapes of data that the maths modules share. Types only; nothing runs here.
 *
 * A map's shape is [channels, height, width], a vector's [length]; values lie in C order.
 *
 * @typedef {[number, number]} Pair  rows, then columns
 * @typedef {[number, number]} Range  half-open: from <= i < to
 * @typedef {{channel: number, row: number, col: number}} MapUnit
 * @typedef {{index: number}} VectorUnit
 * @typedef {MapUnit | VectorUnit} Unit  counted from 0, as torch does
 *
 * @typedef {object} Hyper
 * @property {Pair} [kernel]
 * @property {Pair} [stride]
 * @property {Pair} [padding]
 * @property {Pair} [dilation]
 * @property {"zeros"|"reflect"|"replicate"|"circular"} [padding_mode]
 * @property {boolean} [ceil_mode]
 * @property {boolean} [count_include_pad]
 *
 * @typedef {object} Layer
 * @property {string} name
 * @property {string} kind  a key of KINDS
 * @property {number[]} shape  of its output
 * @property {number[]} inShape
 * @property {Hyper} hyper
 * @property {Float32Array|null} weight  (C_out, C_in, kH, kW) or (N_out, N_in)
 * @property {number[]|null} weightShape
 * @property {Float32Array|null} bias
 *
 * @typedef {{image: {shape: number[]}, layers: Layer[]}} Network
 *
 * What a unit reads of a map: `rows` and `cols` are where the kernel's taps lie, also outside
 * the map; `sourceRows` and `sourceCols` where their values come from, -1 for padding without a
 * source (zeros; minus infinity for max pooling).
 * @typedef {{channels: Range, rows: number[], cols: number[], sourceRows: number[], sourceCols: number[]}} MapWindow
 * @typedef {{indices: Range}} VectorWindow
 * @typedef {MapWindow | VectorWindow} Window
 *
 * An input of a unit: its flat index and unit in the layer before, the weight that multiplies it
 * and, where values are known, its contribution (weight x value).
 * @typedef {{index: number, unit: Unit, weight: number, contribution: number}} Input
 *
 * @typedef {{factors: number, products: number, sums: number}} Digits  digits after the point
 *
 * One row of the table in kinds.js: all that the view knows about a kind of layer.
 * @typedef {object} Kind
 * @property {"patches"|"window"|"formula"|"place"|"contributions"|"shares"} form  which of the
 *   inspector's tables shows its arithmetic
 * @property {(layer: Layer) => string} short  what it does in a word or three, for a column's head
 * @property {(layer: Layer) => string} title  "3×3 convolution"
 * @property {(layer: Layer) => string} words  what it does, one short sentence
 * @property {(layer: Layer, inShape: number[]) => number[]} outShape
 * @property {(layer: Layer, input: Float32Array, inShape: number[], out: Float32Array) => void} forward
 * @property {(layer: Layer, inShape: number[], unit: any) => Window} window
 * @property {(layer: Layer, inShape: number[], unit: any, input: Float32Array|null) => Input[]} inputs
 * @property {(layer: Layer, input: Float32Array, inShape: number[], output: Float32Array, unit: any) => any} arithmetic
 * @property {(terms: any, digits: Digits) => any} display  the terms as strings, with rounding notes
 * @property {(shown: any) => string} sentence  how the value came about, from what `display` gave
 * @property {(layer: Layer, input: Float32Array, inShape: number[], unit: any, source: any) => string[]} snippet  lines of Python that end in `value = ...`
 */

export {};
