/**
 * The training view's entry: Streamlit calls it each time that Python has something new.
 * @module
 */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/address.js";
import "../shared/colormap.js";
import "../shared/decoding.js";
import "../shared/numbers.js";
import "../shared/palette.js";
import "../shared/presentation.js";
import "./axis.js";
import "./chart.js";
import "./kernels.js";
import "./names.js";
import "./strip.js";
import "./zoom.js";
import "../shared/dom.js";
import { renderer } from "../shared/renderer.js";
import { Film } from "./film.js";

export default renderer((component) => new Film(component));
