/**
 * What Python sends (cnnviz/components/grid_editor.py). Types only. Grids are text: rows by `;`,
 * values by `,`.
 *
 * @typedef {object} EditData
 * @property {"edit"} mode
 * @property {string} label
 * @property {string} values
 * @property {number} sequence  the number of the last change that Python has seen
 * @property {number | null} scale  the magnitude of full colour; null for the largest there is
 * @property {number} cell  width in CSS pixels
 * @property {boolean} paint  whether dragging paints at first
 * @property {number} brush  the number to paint with at first
 * @property {number} leastRows
 * @property {number} mostRows
 * @property {number} leastColumns
 * @property {number} mostColumns
 *
 * @typedef {object} LookData
 * @property {"pick" | "picture"} mode
 * @property {string} label
 * @property {string} values
 * @property {number} sequence
 * @property {number | null} scale
 * @property {number} cell
 * @property {string} [axis]  a line over the grid
 * @property {[string, string]} names  of rows and columns
 * @property {[number, number]} origin  how the first row and column are called
 * @property {boolean} percent  whether a value is a share
 * @property {[number, number] | null} [selected]
 * @property {[number, number]} [frame]  rows and columns at each edge that are padding
 * @property {string | null} [marked]  a grid of 0 and 1
 *
 * @typedef {(name: string, value: unknown) => void} Send
 */

export {};
