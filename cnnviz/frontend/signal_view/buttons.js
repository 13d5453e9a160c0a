/** What the view's buttons and its scrubber do. @module */

import { download } from "../shared/dom.js";

/** @param {import("./view.js").View} view */
export function listenToButtons(view) {
  const { elements, sliding } = view;
  elements.play.onclick = () => sliding.play();
  elements.back.onclick = () => sliding.step(-1);
  elements.on.onclick = () => sliding.step(1);
  elements.scrubber.oninput = () => {
    sliding.pause();
    sliding.go(Number(elements.scrubber.value));
  };
  elements.guess.onsubmit = (event) => {
    event.preventDefault();
    view.guess();
  };
  elements.reveal.onclick = () => view.check(null);
  elements.next.onclick = () => {
    sliding.go(sliding.position.current + 1);
    elements.guess.hidden = false;
    elements.guessInput.focus();
  };
  elements.details.ontoggle = () => view.schedule();
  elements.csv.onclick = () => {
    const { flip } = view.model.numbers.setting;
    const name = flip ? "convolution.csv" : "cross-correlation.csv";
    download(name, view.model.csv(), "text/csv");
  };
}
