/** The component's entry, and the only module here that knows Streamlit. */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/colormap.js";
import "../shared/decoding.js";
import "../shared/numbers.js";
import "../shared/palette.js";
import "../shared/presentation.js";
import "./answers.js";
import "./geometry.js";
import "./hands.js";
import "./paint.js";
import "./panel.js";
import "./picture.js";
import "./pictures.js";
import "./rail.js";
import "./wipe.js";
import "./words.js";
import { one } from "../shared/dom.js";
import { renderer } from "../shared/renderer.js";
import { ShiftView } from "./view.js";

export default renderer(({ parentElement, setTriggerValue }) => {
  const view = new ShiftView(one(parentElement, ".shift-view", HTMLElement), setTriggerValue);
  return { receive: ({ data }) => view.receive(data), close: () => view.close() };
});
