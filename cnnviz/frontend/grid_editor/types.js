/**
 * What Python sends (cnnviz/components/grid_editor.py). Types only. Grids are text: rows by `;`,
 * values by `,`.
 *
 * @typedef {object} EditData
 * @property {string} id  of this editor, the same whenever it is put up anew
 * @property {string} label
 * @property {string} values
 * @property {number} sequence  the number of the last change that Python has seen
 * @property {number | null} scale  the magnitude of full colour; null for the largest there is
 * @property {import("./overlay.js").Place | null} place  of the cells, over another's picture
 * @property {number} [pace]  milliseconds between two grids sent while the pointer paints
 * @property {boolean} shown  whether the picture there shows these numbers
 * @property {boolean} paint  whether dragging paints at first
 * @property {number} brush  the number to paint with at first
 * @property {number} leastRows
 * @property {number} mostRows
 * @property {number} leastColumns
 * @property {number} mostColumns
 *
 * @typedef {(name: string, value: unknown) => void} Send
 */

export {};
