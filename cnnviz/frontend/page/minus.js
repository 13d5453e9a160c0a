/**
 * Streamlit writes a slider's negative numbers with a hyphen: here they get the minus that all other
 * numbers have. The value itself, in the page's address too, stays as it is.
 * @module
 */
import { MINUS } from "../shared/numbers.js";

const NUMBERS = '[data-testid="stSliderThumbValue"], [data-testid="stSliderTickBar"]';
const HYPHEN = /^-(?=[\d.])/;

/** @param {Element} element */
function mend(element) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const said = text.nodeValue ?? "";
    if (HYPHEN.test(said)) text.nodeValue = said.replace(HYPHEN, MINUS);
  }
}

/** @returns {() => void} stop doing so */
export function slidersHaveMinus() {
  const observer = new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      const numbers = (target instanceof Element ? target : target.parentElement)?.closest(NUMBERS);
      if (numbers) mend(numbers);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        if (node.matches(NUMBERS)) mend(node);
        for (const found of node.querySelectorAll(NUMBERS)) mend(found);
      }
    }
  });
  for (const found of document.querySelectorAll(NUMBERS)) mend(found);
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  return () => observer.disconnect();
}
