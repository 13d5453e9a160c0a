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
 * @property {number[]} [mean]  of each channel, taken off
 * @property {number[]} [std]  of each channel, divided by
 * @property {number} [eps]  of a batch normalisation
 * @property {number} [slope]  of a leaky ReLU, below 0
 * @property {number} [share]  of the values that dropout makes 0
 *
 * @typedef {object} Layer
 * @property {string} name
 * @property {string} kind  a key of KINDS
 * @property {number[]} shape  of its output
 * @property {number[]} inShape
 * @property {Hyper} hyper
 * @property {Float32Array|null} weight  (C_out, C_in, kH, kW), (N_out, N_in) or (C,)
 * @property {number[]|null} weightShape
 * @property {Float32Array|null} bias
 * @property {Record<string, Float32Array>} [buffers]  what it keeps besides, by torch's names
 *
 * @typedef {{image: {shape: number[]}, layers: Layer[]}} Network
 *
 * What a unit reads of a map: `rows` and `cols` are where the kernel's taps lie, also outside
 * the map; `sourceRows` and `sourceCols` where their values come from, -1 for padding without a
 * source (zeros; minus infinity for max pooling).
 * @typedef {object} MapWindow
 * @property {Range} channels
 * @property {number[]} rows
 * @property {number[]} cols
 * @property {number[]} sourceRows
 * @property {number[]} sourceCols
 * @typedef {{indices: Range}} VectorWindow
 * @typedef {MapWindow | VectorWindow} Window
 *
 * An input of a unit: its flat index and unit in the layer before, the weight that multiplies it
 * and, where values are known, its contribution (weight x value).
 * @typedef {{index: number, unit: Unit, weight: number, contribution: number}} Input
 *
 * @typedef {{factors: number, products: number, sums: number}} Digits  digits after the point
 *
 * Where a snippet's weights come from: a safetensors file, or null to write them out.
 * @typedef {{checkpoint: string | null}} Source
 *
 * @typedef {"patches" | "window" | "formula" | "normalisation" | "place" | "contributions" |
 *   "shares"} Form
 *
 * What `display` gives of any kind: numbers as strings.
 * @typedef {{value: string, roundingNote: string | null}} ShownValue
 */

/**
 * One row of the table in kinds.js: all that the view knows about a kind of layer.
 *
 * @template {Unit} U  its units
 * @template {{value: number}} T  the terms of a value
 * @template {ShownValue} S  the terms as strings
 * @typedef {object} KindOf
 * @property {Form} form  which of the inspector's tables shows its arithmetic
 * @property {(layer: Layer) => string} short  what it does in a word or three, for a column's head
 * @property {(layer: Layer) => string} title  "3×3 convolution"
 * @property {(layer: Layer) => string} words  what it does, one short sentence
 * @property {(layer: Layer, inShape: number[]) => number[]} outShape
 * @property {Forward} forward
 * @property {(layer: Layer, inShape: number[], unit: U) => Window} window
 * @property {(layer: Layer, inShape: number[], unit: U, input: Float32Array | null) => Input[]
 *   } inputs
 * @property {(layer: Layer, input: Float32Array, inShape: number[], output: Float32Array, unit: U
 *   ) => T} arithmetic
 * @property {(terms: T, digits: Digits) => S} display  the terms as strings, with rounding notes
 * @property {(shown: S) => string} sentence  how the value came about, from what `display` gave
 * @property {(layer: Layer, input: Float32Array, inShape: number[], unit: U, source: Source
 *   ) => string[]} snippet  lines of Python that end in `value = ...`
 * @property {Backward} backward  the way back, from its units' gradients to those of what it read
 */

/**
 * A unit of a layer that read another one: its value's derivative by that one, and for a kernel
 * its row and column there. With several taps on one unit, as mirrored padding has them, each tap
 * is a reader of its own.
 * @typedef {{unit: Unit, weight: number, tap?: {row: number, col: number}}} Reader
 *
 * The readers of one unit of what a layer reads (`inShape`, `input`): tables by rows and columns,
 * one for each of a convolution's maps, else a single one.
 * @typedef {(layer: Layer, inShape: number[], unit: Unit, input: Float32Array) => Reader[][][]
 *   } Readers
 *
 * @typedef {object} Backward
 * @property {Readers} readers
 * @property {(layer: Layer) => string} words  what becomes of a gradient, one short sentence
 * @property {string} factor  what a gradient is multiplied by, in a word
 */

/**
 * @typedef {(layer: Layer, input: Float32Array, inShape: number[], out: Float32Array) => void
 *   } Forward
 *
 * A row of which one doesn't know the kind. Its units and terms are those of its own module, which
 * checks them; whoever holds a row by its layer's name can't.
 * @typedef {KindOf<any, any, any>} Kind
 */

/**
 * The terms of a kind, as numbers (`Value` is number) or as shown (string).
 *
 * One input channel under a convolution's kernel, each table [kh][kw].
 * @template Value
 * @typedef {object} Channel
 * @property {number} index
 * @property {Value[][]} patch
 * @property {boolean[][]} inside  false: padding
 * @property {({row: number, col: number} | null)[][]} source  null: padding without a source
 * @property {Value[][]} kernel
 * @property {Value[][]} products
 * @property {Value} sum
 */

/**
 * @typedef {{channels: Channel<number>[], bias: number | null, value: number}} PatchesTerms
 * @typedef {Channel<string> & {note: string | null}} ShownChannel
 * @typedef {object} PatchesParts
 * @property {ShownChannel[]} channels
 * @property {string | null} bias
 * @property {string | null} totalNote
 * @property {string | null} factorsNote
 * @typedef {ShownValue & PatchesParts} PatchesShown
 */

/**
 * One cell of a pooling's window; `value` is null (shown: what padding counts as) in padding.
 * @template Value
 * @typedef {object} WindowCell
 * @property {number} channel
 * @property {number} row
 * @property {number} col
 * @property {boolean} padding
 * @property {Value} value
 * @property {boolean} [winner]  as large as the one taken
 * @property {boolean} [taken]  the one that max pooling passes on
 */

/**
 * @typedef {{row: number, col: number}} Place
 * @typedef {object} MaxParts
 * @property {number} channel
 * @property {Place[]} winners  all that tie
 * @property {Place | null} taken
 * @typedef {MaxParts & {window: WindowCell<number | null>[][], value: number}} MaxTerms
 * @typedef {ShownValue & MaxParts & {window: WindowCell<string>[][]}} MaxShown
 *
 * @typedef {object} MeanTerms
 * @property {WindowCell<number | null>[][]} window
 * @property {number} channel
 * @property {number} sum
 * @property {number} divisor
 * @property {number} value
 * @typedef {object} MeanParts
 * @property {WindowCell<string>[][]} window
 * @property {number} channel
 * @property {string} sum
 * @property {number} divisor
 * @property {string | null} totalNote
 * @property {string | null} quotientNote
 * @typedef {ShownValue & MeanParts} MeanShown
 *
 * @typedef {{from: Unit, hyper: Hyper, input: number, value: number}} FormulaTerms
 * @typedef {ShownValue & {from: Unit, hyper: Hyper, input: string, formula: string}} FormulaShown
 *
 * Step by step: input - mean = centred; centred / deviation = normalised, the deviation being the
 * root of variance + eps; normalised x weight = scaled; scaled + bias = value.
 * @typedef {{from: MapUnit, input: number, mean: number, centred: number, variance: number,
 *   eps: number, deviation: number, normalised: number, weight: number, scaled: number,
 *   bias: number, value: number}} NormalisationTerms
 * @typedef {ShownValue & {from: MapUnit, input: string, mean: string, centred: string,
 *   variance: string, eps: string, deviation: string, normalised: string, weight: string,
 *   scaled: string, bias: string, notes: (string | null)[]}} NormalisationShown
 *
 * @typedef {{from: Unit, inShape: number[], value: number}} PlaceTerms
 * @typedef {ShownValue & {from: Unit, inShape: number[]}} PlaceShown
 */

/**
 * @template Value
 * @typedef {{index: number, input: Value, weight: Value, product: Value}} Contribution
 */

/**
 * Contributions by size, of which `shown` are shown one by one, the other restCount as restSum.
 * @typedef {object} ContributionsTerms
 * @property {Contribution<number>[]} contributions
 * @property {number} shown
 * @property {number} restCount
 * @property {number} restSum
 * @property {number | null} bias
 * @property {number} value
 * @typedef {object} ContributionsParts
 * @property {Contribution<string>[]} contributions
 * @property {number} restCount
 * @property {string | null} restSum
 * @property {string | null} bias
 * @property {string | null} totalNote
 * @property {string | null} factorsNote
 * @typedef {ShownValue & ContributionsParts} ContributionsShown
 */

/**
 * @template Value
 * @typedef {{index: number, logit: Value, exponential: Value}} Exponential
 */

/**
 * The largest logit, `max`, is subtracted from each before its exponential is taken.
 * @typedef {object} SharesTerms
 * @property {number} index
 * @property {number} max
 * @property {Exponential<number>[]} exponentials
 * @property {number} sum
 * @property {number} value
 * @typedef {object} SharesParts
 * @property {number} index
 * @property {string} max
 * @property {Exponential<string>[]} exponentials
 * @property {string} ownExponential  of the unit itself, never a 0 that isn't one
 * @property {string} sum
 * @property {string | null} totalNote
 * @property {string | null} quotientNote
 * @property {string | null} factorsNote
 * @typedef {ShownValue & SharesParts} SharesShown
 */

export {};
