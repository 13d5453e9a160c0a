/**
 * What Python sends (cnnviz/components/training_view.py, cnnviz/views/film.py). Types only.
 *
 * @typedef {object} EncodedKernels
 * @property {number[]} shape  kernels, input channels, rows, columns: those that have room
 * @property {number[]} of  how many kernels and input channels there are
 * @property {string} values  base64 of float32
 *
 * @typedef {object} Frame  one snapshot
 * @property {number} step
 * @property {string} read  the class that the drawing is read as
 * @property {number} confidence  0 to 1
 * @property {number} accuracy  0 to 1, over `tested` images
 * @property {number} tested
 * @property {Record<string, EncodedKernels>} kernels  by layer
 *
 * @typedef {object} Data
 * @property {string} chart  the key of Streamlit's chart
 * @property {number} last  step
 * @property {import("../shared/address.js").Linked} [linked]  not in a page of its own
 * @property {string} curve  JSON of Curve
 * @property {string | null} truth  the class that the drawing truly is of
 * @property {number} selected  step
 * @property {Frame[]} frames
 *
 * @typedef {object} Curve  what of the chart changes as training goes on
 * @property {string} run
 * @property {number[][]} x
 * @property {number[][]} y
 * @property {unknown[]} customdata
 * @property {Record<string, unknown> & Record<`${string}.range`, number[]>} layout
 *
 * @typedef {{shape: number[], of: number[], values: Float32Array}} Kernels
 * @typedef {{name: string, tensors: Kernels[], scale: number}} Layer
 *   the kernels of each frame, and the magnitude of full colour over all of them
 * @typedef {[number, number]} Range  exponents at the ends of the step axis
 */

export {};
