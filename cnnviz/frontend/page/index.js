/**
 * What every page does in the browser, whatever it shows.
 * @module
 */

// Every module below, so that a browser asks for all at once; a test holds the list complete.
import "../shared/clipboard.js";
import "../shared/dom.js";
import "../shared/numbers.js";
import "../shared/palette.js";
import "../shared/storage.js";
import "./share_words.js";
import { keepAddress, linkedWriter } from "../shared/address.js";
import { presentation, presentedFirst } from "../shared/presentation.js";
import { renderer } from "../shared/renderer.js";
import { keepSession } from "./links.js";
import { closeMenuOnChoice } from "./menu.js";
import { slidersHaveMinus } from "./minus.js";
import { Offer } from "./offer.js";
import { showWhatOpens } from "./opening.js";
import { popoversHaveRoom } from "./popovers.js";
import { Share } from "./share.js";
import { forgetTimings } from "./timings.js";
import { closeToastsOfOthers } from "./toasts.js";

/** @typedef {import("../shared/address.js").Linked & {presents: boolean}} Linked */

class Frame {
  /** @param {import("../shared/component.js").Component<Linked>} component */
  constructor({ parentElement }) {
    presentedFirst();
    this.share = new Share(parentElement);
    this.offer = new Offer(this.share.frame, this.share.copy);
    /** @type {(() => void) | undefined} */
    this.endPresentation = undefined;
    this.stops = [
      keepAddress(),
      closeMenuOnChoice(),
      showWhatOpens(),
      popoversHaveRoom(),
      slidersHaveMinus(),
      keepSession(),
      forgetTimings(),
    ];
    this.writeLinked = linkedWriter();
  }

  /** @param {import("../shared/component.js").Component<Linked>} component */
  receive({ data }) {
    closeToastsOfOthers(data.page);
    this.writeLinked(data);
    this.offer.receive(Boolean(data.entries.course));
    if (data.presents) this.endPresentation ??= presentation();
    else this.stopPresenting();
  }

  stopPresenting() {
    this.endPresentation?.();
    this.endPresentation = undefined;
  }

  close() {
    this.stopPresenting();
    this.share.close();
    this.offer.close();
    for (const stop of this.stops) stop();
  }
}

export default renderer((component) => new Frame(component));
