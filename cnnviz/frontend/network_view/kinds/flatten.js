/** Flatten: the maps' values in one row, map by map, row by row. */

import { format } from "../../shared/numbers.js";
import { indexOf, isMap, mapUnitAt, placeOf, sizeOf, unitAt } from "../units.js";
import { literal } from "./python.js";

/**
 * @type {import("../types.js").KindOf<import("../types.js").VectorUnit,
 *   import("../types.js").PlaceTerms, import("../types.js").PlaceShown>}
 */
export const flatten = {
  form: "place",
  short: () => "in a row",
  title: () => "Flatten",
  words: () => "Lays all maps out in one row: map by map, row by row.",
  outShape: (_layer, inShape) => [sizeOf(inShape)],
  forward(_layer, input, _inShape, out) {
    out.set(input);
  },
  window(_layer, inShape, unit) {
    if (!isMap(inShape)) return { indices: [unit.index, unit.index + 1] };
    const { channel, row, col } = mapUnitAt(inShape, unit.index);
    return {
      channels: [channel, channel + 1],
      rows: [row],
      cols: [col],
      sourceRows: [row],
      sourceCols: [col],
    };
  },
  inputs: (_layer, inShape, unit, input) => [
    {
      index: unit.index,
      unit: unitAt(inShape, unit.index),
      weight: 1,
      contribution: input ? input[unit.index] : 1,
    },
  ],
  arithmetic: (layer, _input, inShape, output, unit) => ({
    from: unitAt(inShape, unit.index),
    inShape: [...inShape],
    value: output[indexOf(layer.shape, unit)],
  }),
  display: (terms, digits) => ({
    ...terms,
    value: format(terms.value, digits.sums),
    roundingNote: null,
  }),
  sentence(shown) {
    const place = `it is ${placeOf(shown.from)} of the layer before`;
    if ("index" in shown.from) return place;
    const { channel, row, col } = shown.from;
    const [, height, width] = shown.inShape;
    return `${place}: ${channel} × ${height * width} + ${row} × ${width} + ${col}`;
  },
  snippet: (_layer, input, _inShape, unit) => [
    `value = torch.tensor(${literal(input[unit.index])})`,
  ],
  backward: {
    readers: (_layer, inShape, unit) => [
      [[{ unit: { index: indexOf(inShape, unit) }, weight: 1 }]],
    ],
    words: () => "Every gradient goes back to the place in the maps that its value came from.",
    factor: "slope",
  },
};
