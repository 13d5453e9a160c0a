/**
 * What a step of a lesson means is marked in the page itself, and a step that asks before the app
 * shows covers the page.
 * @module
 */

const STYLE = "cnnviz-lesson-mark";
const RULE = "outline: 2px dashed var(--st-primary-color, #00806a); outline-offset: 3px;";
// Whatever makes itself visible within is hidden too: nothing is to be seen, read out or focused.
const CLOSED = `.stMainBlockContainer * { visibility: hidden !important; }
.stMainBlockContainer .st-key-course_bar_place,
.stMainBlockContainer .st-key-course_bar_place * { visibility: visible !important; }`;

/**
 * The page's sheet for a step.
 * @param {string} mark  a selector, or nothing
 * @param {string[]} parts  of the component there, where not all of it is meant
 * @param {boolean} closed  whether the page is covered
 */
export function sheetOf(mark, parts, closed) {
  const selectors = parts.length ? parts.map((part) => `${mark} *::part(${part})`) : [mark];
  const rules = mark ? [`${selectors.join(", ")} { ${RULE} border-radius: 4px; }`] : [];
  if (closed) rules.push(CLOSED);
  return rules.join("\n");
}

/**
 * What the sheet marks.
 * @param {string} mark  a selector
 * @param {string[]} parts  as in `sheetOf`
 * @returns {Element[]}
 */
export function marked(mark, parts) {
  if (!parts.length) return [...document.querySelectorAll(mark)];
  const within = parts.map((part) => `[part~="${part}"]`).join(", ");
  return [...document.querySelectorAll(`${mark} *`)].flatMap(({ shadowRoot }) => [
    ...(shadowRoot?.querySelectorAll(within) ?? []),
  ]);
}

/** Whose the sheet is. @type {object|null} */
let owner = null;

/**
 * @param {object} strip  which shows the step
 * @param {string} text  the sheet; "" takes it away
 */
export function setSheet(strip, text) {
  owner = strip;
  const there = document.getElementById(STYLE);
  if (!text) {
    there?.remove();
    return;
  }
  const style = there ?? Object.assign(document.createElement("style"), { id: STYLE });
  if (style.textContent !== text) style.textContent = text;
  if (!style.isConnected) document.head.append(style);
}

/** A strip has gone, maybe after the next one has come. @param {object} strip */
export function takeSheet(strip) {
  if (owner === strip) setSheet(strip, "");
}
