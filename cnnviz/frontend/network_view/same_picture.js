/** Whether two pictures are of the same drawing. @module */

const SAME_AS_DRAWN = 0.25; // in ink: what torch got may be sampled a little differently
const SAME = 1 / 255;

/**
 * Whether torch's picture is of the drawing that the browser has.
 * @param {ArrayLike<number>} picture torch's @param {ArrayLike<number>} drawn
 */
export const isAsDrawn = (picture, drawn) => near(picture, drawn, SAME_AS_DRAWN);

/** Whether what torch has answered needn't be asked again. @type {typeof isAsDrawn} */
export const isSame = (picture, drawn) => near(picture, drawn, SAME);

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} within */
function near(a, b, within) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (Math.abs(a[i] - b[i]) > within) return false;
  return true;
}
