/** The arrow keys in a grid. @module */

/** By key, the rows and columns that it goes. @type {Map<string, [number, number]>} */
export const ARROWS = new Map([
  ["ArrowUp", [-1, 0]],
  ["ArrowDown", [1, 0]],
  ["ArrowLeft", [0, -1]],
  ["ArrowRight", [0, 1]],
]);
