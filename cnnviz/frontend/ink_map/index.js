/** The component's entry, and the only module here that knows Streamlit. @module */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/address.js";
import "../shared/arrows.js";
import "../shared/colormap.js";
import "../shared/decoding.js";
import "../shared/numbers.js";
import "../shared/palette.js";
import "../shared/presentation.js";
import "../shared/wishes.js";
import "./geometry.js";
import "./paint.js";
import "./words.js";
import { one } from "../shared/dom.js";
import { renderer } from "../shared/renderer.js";
import { InkMap } from "./view.js";

export default renderer(({ parentElement }) => {
  const map = new InkMap(one(parentElement, ".ink-map", HTMLElement));
  return { receive: ({ data }) => map.receive(data), close: () => map.close() };
});
