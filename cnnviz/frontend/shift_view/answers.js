/**
 * What a network says of the digit at every shift, as Python has computed it.
 *
 * @typedef {{kind: string, name: string, note: string, mean: string, right: string, sure: string,
 *   says: string, cut: string}} MapData  arrays as base64
 * @typedef {ReturnType<typeof decodeMap>} Answers
 */

import { bytes, float32 } from "../shared/decoding.js";

/** @param {MapData} map */
export function decodeMap(map) {
  const [right, sure] = [float32(map.right), float32(map.sure)];
  return {
    kind: map.kind,
    right,
    cut: bytes(map.cut),
    says: bytes(map.says),
    /**
     * The answer at a shift.
     * @param {import("./geometry.js").Shift} shift
     * @param {number} limit
     */
    at([x, y], limit) {
      const index = (y + limit) * (2 * limit + 1) + x + limit;
      return { says: this.says[index], sure: sure[index], right: right[index] };
    },
  };
}
