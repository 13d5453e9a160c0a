/**
 * What a form gives. Types only.
 *
 * @typedef {import("../view_types.js").Readable} Readable
 * @typedef {import("../../shared/colormap.js").Colormap} Colormap
 *
 * The unit explained now, which changes while the form stays; `through`: it stands here only to
 * say how the unit that somebody points at came about.
 * @typedef {import("../view_types.js").At & {through: boolean}} Explained
 */

/**
 * @template Terms
 * @template Shown
 * @typedef {{element: HTMLElement, update: (terms: Terms, shown: Shown, palette: Colormap) => void}
 *   } Built
 */

/**
 * Builds its element for the shape of `shown`; `update` writes the numbers.
 * @template Terms
 * @template Shown
 * @typedef {(view: Readable, layer: number, at: Explained, shown: Shown) => Built<Terms, Shown>
 *   } Form
 */

export {};
