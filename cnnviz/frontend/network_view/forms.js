/**
 * How arithmetic is shown: one entry a form, named as the kinds do.
 * @module
 */

import { contributions } from "./forms/contributions.js";
import { formula } from "./forms/formula.js";
import { normalisation } from "./forms/normalisation.js";
import { patches } from "./forms/patches.js";
import { place } from "./forms/place.js";
import { shares } from "./forms/shares.js";
import { window } from "./forms/window.js";

/**
 * A form gets the terms of its own kinds; who takes one from this table by a kind's name can't say
 * which those are.
 * @type {Record<import("./types.js").Form, import("./forms/types.js").Form<any, any>>}
 */
export const FORMS = { patches, window, formula, normalisation, place, contributions, shares };
