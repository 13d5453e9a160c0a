/**
 * The signal view's entry: Streamlit calls it each time that Python has something new.
 * @module
 */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/colormap.js";
import "../shared/decoding.js";
import "../shared/dom.js";
import "../shared/numbers.js";
import "../shared/palette.js";
import "../shared/presentation.js";
import "../shared/wishes.js";
import "./buttons.js";
import "./canvas.js";
import "./elements.js";
import "./enter.js";
import "./geometry.js";
import "./hands.js";
import "./maths.js";
import "./model.js";
import "./paint.js";
import "./place.js";
import "./pointer.js";
import "./position.js";
import "./prediction.js";
import "./sliding.js";
import "./stems.js";
import "./tell.js";
import "./words.js";
import { renderer } from "../shared/renderer.js";
import { View } from "./view.js";

export default renderer((component) => new View(component));
