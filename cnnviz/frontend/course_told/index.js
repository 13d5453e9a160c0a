/**
 * What a page tells the strip of a lesson: how far its task is done. Nothing is shown here.
 * @module
 */

import { tell } from "../shared/lesson_state.js";
// Every module below, so that a browser asks for all at once; a test holds the list complete.
import { renderer } from "../shared/renderer.js";

/** @typedef {import("../shared/lesson_state.js").State} State */

export default renderer(() => ({
  /** @param {import("../shared/component.js").Component<State>} component */
  receive({ data }) {
    tell(data);
  },
  close() {},
}));
