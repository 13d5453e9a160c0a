/**
 * What a step means is brought into view, once, as the step opens: it may lie below the window. Whoever
 * has done something meanwhile looks elsewhere, and nothing moves under their pointer.
 * @module
 */

const LOOK_MS = 100;
const STILL = 4; // looks in a row that find it in one place
const GAP = 12; // px around it
const MOST = 5; // times: parts of the page come only as one scrolls to them, and move it
const ACTS = ["pointerdown", "wheel", "touchmove", "keydown"];

/** @typedef {{top: number, bottom: number}} Span  of the window, in px */

/**
 * How far down a page is to be scrolled so that `mark` lies in `free`, or begins there where it is
 * higher than that; 0 where it does.
 * @param {Span} mark
 * @param {Span} free  what neither the navigation nor the strip lies over
 */
export function scrolledBy(mark, free) {
  const isHigher = mark.bottom - mark.top > free.bottom - free.top;
  if (mark.top < free.top || isHigher) return mark.top - free.top;
  return Math.max(0, mark.bottom - free.bottom);
}

/** @param {Element[]} marked @returns {Span|null} of all of them; null where nothing is there */
function spanOf(marked) {
  const boxes = marked
    .map((each) => each.getBoundingClientRect())
    .filter(({ width, height }) => width > 0 && height > 0);
  if (!boxes.length) return null;
  return {
    top: Math.min(...boxes.map(({ top }) => top)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}

/**
 * @param {Element} strip  under the navigation, where it stays, or a sheet from below
 * @param {Element} scroller
 * @returns {Span}
 */
function freeBeside(strip, scroller) {
  const header = document.querySelector("[data-testid=stHeader]")?.getBoundingClientRect().bottom;
  const page = scroller.getBoundingClientRect();
  const top = Math.max(page.top, header ?? 0);
  const box = strip.getBoundingClientRect();
  const isSheet = box.bottom > page.bottom - GAP;
  // The strip sticks to the navigation once the page is scrolled.
  if (isSheet) return { top: top + GAP, bottom: box.top - GAP };
  return { top: top + box.height + 2 * GAP, bottom: page.bottom - GAP };
}

const isStill = () =>
  document.querySelector('[data-testid="stApp"]')?.getAttribute("data-test-script-state") ===
  "notRunning";

// Outlives the strip, which is another element on another page.
/** The step that was begun with last. */
let step = "";
/** @type {HTMLElement|null} */ let strip = null;
let timer = 0;
let isDone = false;

function end() {
  isDone = true;
  if (strip) strip.dataset.settled = step;
  clearInterval(timer);
  for (const type of ACTS) removeEventListener(type, end, { capture: true });
}

/**
 * @param {HTMLElement} shown  the strip; its data-settled names the step while there is nothing that
 *   is yet to be brought into view: it has been, the step marks nothing, or the page is covered
 * @param {string} at  names the step
 * @param {(() => Element[])|null} marked  null where the step marks nothing, or the page is covered
 */
export function bringIntoView(shown, at, marked) {
  if (at !== step) {
    end();
    step = at;
    isDone = false;
  }
  strip = shown;
  clearInterval(timer);
  if (isDone || !marked) {
    strip.dataset.settled = step;
    return;
  }
  delete strip.dataset.settled;
  for (const type of ACTS) addEventListener(type, end, { capture: true, passive: true });
  let last = "";
  let still = 0;
  let tries = 0;
  timer = window.setInterval(() => {
    const scroller = document.querySelector("[data-testid=stMain]");
    const span = spanOf(marked());
    const now = JSON.stringify(span);
    still = span && isStill() && now === last ? still + 1 : 0;
    last = now;
    if (!span || !scroller || !strip?.isConnected || still < STILL) return;
    const top = scrolledBy(span, freeBeside(strip, scroller));
    tries += 1;
    if (Math.abs(top) < 1 || tries > MOST) {
      end();
      return;
    }
    still = 0;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scroller.scrollBy({ top, behavior: calm ? "instant" : "smooth" });
  }, LOOK_MS);
}

/** The lesson has been left. */
export function forgetStep() {
  end();
  step = "";
}
