/** Whether what was worked out for a picture still is of the picture in view. @module */

/**
 * A preview is a picture that nothing but the network view has seen yet.
 * @param {Pick<import("../shared/answers.js").Answer, "source" | "image"> | null} shown  in the view
 * @param {Float32Array} image  that which all else was worked out for
 */
export function isBefore(shown, image) {
  if (!shown) return false;
  if (shown.source === "preview") return true;
  return (
    shown.image.length !== image.length || shown.image.some((value, at) => value !== image[at])
  );
}
