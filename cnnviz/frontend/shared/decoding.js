/** Arrays as Python's components send them: base64 of little-endian floats in C order. @module */

/** @param {string} text @returns {ArrayBuffer} */
function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}

/** @param {string} text */
export const bytes = (text) => new Uint8Array(bytesOf(text));

/** @param {string} text */
export const float32 = (text) => new Float32Array(bytesOf(text));

/** @param {string} text */
export const float64 = (text) => new Float64Array(bytesOf(text));
